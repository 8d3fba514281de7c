import { BandSplit } from "./band-split";
import { Dynamics } from "./dynamics";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  MULTIBAND_BANDS,
  MULTIBAND_BAND_DYNAMICS,
  MULTIBAND_BAND_ON,
  MULTIBAND_BAND_SLOTS,
  MULTIBAND_BAND_SOLO,
  MULTIBAND_CROSSOVER1_HZ,
  MULTIBAND_CROSSOVER2_HZ,
  MULTIBAND_CROSSOVER3_HZ,
  MULTIBAND_MAX_BANDS,
  READOUT_MULTIBAND_REDUCTION_DB,
} from "./layout";
import { allocate, param, paramChoice, paramOn, readoutPeak } from "./memory";
import { Stage } from "./stage";

const BAND_BYTES: usize = CONTROL_FRAMES * 16;

/**
 * Multiband compressor: three or four phase-compensated bands, each with its own dynamics; any of them can be
 * heard alone. Parallel mixes are against the band itself, so they never comb. A band that is off passes as the
 * split gives it.
 */
export class Multiband extends Stage {
  private split: BandSplit = new BandSplit();
  private dynamics: StaticArray<Dynamics> = new StaticArray<Dynamics>(MULTIBAND_MAX_BANDS);
  private audible: StaticArray<Glide> = new StaticArray<Glide>(MULTIBAND_MAX_BANDS);
  private gains: StaticArray<f64> = new StaticArray<f64>(MULTIBAND_MAX_BANDS);
  private bands: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.split.prepare(sampleRateHz);
    this.bands = allocate(<usize>MULTIBAND_MAX_BANDS * BAND_BYTES);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.dynamics[b] = new Dynamics(MULTIBAND_BAND_DYNAMICS + b * MULTIBAND_BAND_SLOTS);
      this.dynamics[b].prepare(sampleRateHz);
      this.audible[b] = new Glide();
      this.audible[b].prepare(sampleRateHz);
    }
  }

  reset(): void {
    this.split.reset();
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.dynamics[b].reset();
      this.audible[b].reset();
    }
  }

  control(): void {
    const bandCount = paramChoice(MULTIBAND_BANDS) == 0 ? 3 : 4;
    this.split.control(
      param(MULTIBAND_CROSSOVER1_HZ),
      param(MULTIBAND_CROSSOVER2_HZ),
      param(MULTIBAND_CROSSOVER3_HZ),
      bandCount,
    );
    let alone = false;
    for (let b = 0; b < bandCount; b++) alone = alone || this.soloed(b);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      readoutPeak(READOUT_MULTIBAND_REDUCTION_DB + b, this.dynamics[b].takeReductionDb());
      this.dynamics[b].control(b < bandCount && paramOn(MULTIBAND_BAND_ON + b * MULTIBAND_BAND_SLOTS));
      this.audible[b].next(!alone || this.soloed(b) ? 1.0 : 0.0);
      this.gains[b] = this.audible[b].start;
    }
  }

  private soloed(band: i32): bool {
    return paramOn(MULTIBAND_BAND_SOLO + band * MULTIBAND_BAND_SLOTS);
  }

  run(io: usize, frames: i32): void {
    this.split.run(io, frames, this.bands);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.dynamics[b].run(this.bands + <usize>b * BAND_BYTES, frames);
    }
    this.sum(io, frames);
  }

  /** Sum of the audible bands. */
  private sum(io: usize, frames: i32): void {
    const slope1 = f64x2.splat(this.audible[0].slope);
    const slope2 = f64x2.splat(this.audible[1].slope);
    const slope3 = f64x2.splat(this.audible[2].slope);
    const slope4 = f64x2.splat(this.audible[3].slope);
    let gain1 = f64x2.splat(this.gains[0]);
    let gain2 = f64x2.splat(this.gains[1]);
    let gain3 = f64x2.splat(this.gains[2]);
    let gain4 = f64x2.splat(this.gains[3]);
    let band = this.bands;
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      const low = f64x2.add(
        f64x2.mul(gain1, v128.load(band)),
        f64x2.mul(gain2, v128.load(band, BAND_BYTES)),
      );
      const high = f64x2.add(
        f64x2.mul(gain3, v128.load(band, 2 * BAND_BYTES)),
        f64x2.mul(gain4, v128.load(band, 3 * BAND_BYTES)),
      );
      v128.store(io, f64x2.add(low, high));
      gain1 = f64x2.add(gain1, slope1);
      gain2 = f64x2.add(gain2, slope2);
      gain3 = f64x2.add(gain3, slope3);
      gain4 = f64x2.add(gain4, slope4);
      band += 16;
    }
    this.gains[0] = f64x2.extract_lane(gain1, 0);
    this.gains[1] = f64x2.extract_lane(gain2, 0);
    this.gains[2] = f64x2.extract_lane(gain3, 0);
    this.gains[3] = f64x2.extract_lane(gain4, 0);
  }
}
