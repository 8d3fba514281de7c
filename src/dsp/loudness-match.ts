import { KWeighting } from "./k-weighting";
import { CONTROL_FRAMES } from "./layout";

const MEMORY_S: f64 = 3.0;
/** Below this K-weighted mean square (-70 LUFS) the match is frozen. */
const GATE: f64 = 1.1724653e-7;

/**
 * Slow loudness comparison of two versions of one programme: the gain that gives the second the K-weighted
 * loudness of the first, averaged over 3 s (over all there is, in the first 3 s), frozen in silence.
 */
export class LoudnessMatch {
  /** 10 log10 of the first's energy over the second's, clamped to +-`limitDb`. */
  gainDb: f64 = 0;
  private reference: KWeighting = new KWeighting();
  private other: KWeighting = new KWeighting();
  private referenceEnergy: f64 = 0;
  private otherEnergy: f64 = 0;
  private slowest: f64 = 0;
  private ticks: i32 = 0;

  constructor(private readonly limitDb: f64) {}

  prepare(sampleRateHz: f64): void {
    this.reference.prepare(sampleRateHz);
    this.other.prepare(sampleRateHz);
    this.slowest = 1.0 - Math.exp(-CONTROL_FRAMES / (MEMORY_S * sampleRateHz));
  }

  reset(): void {
    this.reference.reset();
    this.other.reset();
    this.referenceEnergy = 0;
    this.otherEnergy = 0;
    this.ticks = 0;
    this.gainDb = 0;
  }

  /** Takes the same frames of the first version, and of the second (without the gain). */
  run(first: usize, second: usize, frames: i32): void {
    this.reference.run(first, frames);
    this.other.run(second, frames);
  }

  /** Ends a control period: brings `gainDb` up to date. */
  control(): void {
    const reference = meanSquare(this.reference);
    const other = meanSquare(this.other);
    if (!(reference > GATE)) return;
    this.ticks++;
    const step = Math.max(this.slowest, 1.0 / <f64>this.ticks);
    this.referenceEnergy += step * (reference - this.referenceEnergy);
    this.otherEnergy += step * (other - this.otherEnergy);
    if (this.otherEnergy < GATE * 1e-3) return;
    const db = 10.0 * Math.log10(this.referenceEnergy / this.otherEnergy);
    this.gainDb = Math.max(-this.limitDb, Math.min(this.limitDb, db));
  }
}

function meanSquare(weighting: KWeighting): f64 {
  weighting.settle();
  const sum = weighting.takeSum();
  return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) / CONTROL_FRAMES;
}
