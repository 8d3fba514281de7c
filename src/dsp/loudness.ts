import { Glide } from "./glide";
import { CONTROL_FRAMES, LOUDNESS_DRIVE_DB } from "./layout";
import { dbToLinear } from "./math";
import { param } from "./memory";
import { Stage } from "./stage";

/** Loudness drive: the gain, in dB, with which the programme is pushed into the true-peak limiter, and the ride's beside it. */
export class Loudness extends Stage {
  /** Gain of the ride at the end of the next control period, dB. */
  rideDb: f64 = 0;
  private drive: Glide = new Glide();
  private gain: f64 = 1;
  private slope: f64 = 0;

  prepare(sampleRateHz: f64): void {
    this.drive.prepare(sampleRateHz);
  }

  reset(): void {
    this.drive.reset();
  }

  control(): void {
    if (!this.drive.next(param(LOUDNESS_DRIVE_DB) + this.rideDb) && this.slope == 0.0) return;
    this.gain = dbToLinear(this.drive.start);
    this.slope = (dbToLinear(this.drive.value) - this.gain) / CONTROL_FRAMES;
  }

  run(io: usize, frames: i32): void {
    let gain = this.gain;
    const slope = this.slope;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      v128.store(p, f64x2.mul(v128.load(p), f64x2.splat(gain)));
      gain += slope;
    }
    this.gain = gain;
  }
}
