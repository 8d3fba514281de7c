import { KWeighting } from "./k-weighting";
import { CONTROL_FRAMES } from "./layout";
import { linearToDb } from "./math";

const MEMORY_S: f64 = 3.0;
const LIMIT_DB: f64 = 24.0;
/** Below this K-weighted mean square, -70 LUFS (the absolute gate of ITU-R BS.1770-5), the makeup is frozen. */
const GATE: f64 = 1.1724653e-7;
/** Speed at which the makeup falls to the present reduction, when the programme has become quieter. */
const FALL_DB_PER_S: f64 = 3.0;

/**
 * Makeup that gives back the K-weighted loudness which a varying gain takes: the mean over 3 s (over all there
 * is, in the first 3 s) of the input's energy against the same energy times the square of the gain. It is never more than the reduction of the last moments: what a
 * loud passage lost does not lift the quiet one after it.
 */
export class AutoMakeup {
  /** 0..24 dB. */
  gainDb: f64 = 0;
  private weighting: KWeighting = new KWeighting();
  private slowest: f64 = 0;
  private before: f64 = 0;
  private after: f64 = 0;
  private ticks: i32 = 0;
  /** The largest reduction in dB, falling. */
  private recentDb: f64 = 0;
  private fallDb: f64 = 0;

  prepare(sampleRateHz: f64): void {
    this.weighting.prepare(sampleRateHz);
    this.slowest = 1.0 - Math.exp(-CONTROL_FRAMES / (MEMORY_S * sampleRateHz));
    this.fallDb = (FALL_DB_PER_S * CONTROL_FRAMES) / sampleRateHz;
  }

  reset(): void {
    this.weighting.reset();
    this.before = 0;
    this.after = 0;
    this.ticks = 0;
    this.recentDb = 0;
    this.gainDb = 0;
  }

  /** Takes frames of the input. */
  run(io: usize, frames: i32): void {
    this.weighting.run(io, frames);
  }

  /** Ends a control period in which the channels passed with these gains. */
  control(gains: v128): void {
    this.weighting.settle();
    const energy = this.weighting.takeSum();
    const kept = f64x2.mul(energy, f64x2.mul(gains, gains));
    const before = (f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1)) / CONTROL_FRAMES;
    const after = (f64x2.extract_lane(kept, 0) + f64x2.extract_lane(kept, 1)) / CONTROL_FRAMES;
    if (!(before > GATE)) return;
    this.ticks++;
    const step = Math.max(this.slowest, 1.0 / <f64>this.ticks);
    this.before += step * (before - this.before);
    this.after += step * (after - this.after);
    const lowest = Math.min(f64x2.extract_lane(gains, 0), f64x2.extract_lane(gains, 1));
    this.recentDb = Math.max(-linearToDb(lowest), this.recentDb - this.fallDb);
    const lostDb = 10.0 * Math.log10(this.before / this.after);
    this.gainDb = Math.max(0.0, Math.min(Math.min(LIMIT_DB, this.recentDb), lostDb));
  }
}
