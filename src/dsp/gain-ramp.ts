import { Glide } from "./glide";
import { CONTROL_FRAMES } from "./layout";
import { dbToLinear } from "./math";

/** A gain that glides in dB, and linearly within a control period; its logarithms are taken only while it moves. */
export class GainRamp {
  /** Linear gain at the present frame; whoever runs the frames adds `slope` for each. */
  now: f64 = 1;
  slope: f64 = 0;
  private glide: Glide = new Glide();

  prepare(sampleRateHz: f64, timeMs: f64 = 10.0): void {
    this.glide.prepare(sampleRateHz, timeMs);
  }

  /** Makes the next `next` jump to its target. */
  reset(): void {
    this.glide.reset();
    this.slope = 0;
  }

  /** Begins a control period on the way to `targetDb`. */
  next(targetDb: f64): void {
    if (!this.glide.next(targetDb) && this.slope == 0.0) return;
    this.now = dbToLinear(this.glide.start);
    this.slope = this.glide.moving ? (dbToLinear(this.glide.value) - this.now) / CONTROL_FRAMES : 0.0;
  }
}
