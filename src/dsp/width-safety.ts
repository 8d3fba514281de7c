import { CONTROL_FRAMES } from "./layout";

const MEMORY_MS: f64 = 100.0;
const PATIENCE_MS: f64 = 300.0;
const NARROW_MS: f64 = 200.0;
const RECOVER_MS: f64 = 8000.0;
const RELEASE_MS: f64 = 500.0;
/**
 * Energy of S over that of M from which the correlation counts as negative: -0.05. A sound in one channel alone has
 * a correlation of 0, and rounding must not tip it.
 */
const NEGATIVE_RATIO: f64 = 1.1;
/** How far below the edge of negative correlation the width is brought: a correlation of +0.02. */
const MARGIN: f64 = 0.98;
/** Narrowest that it goes. Beyond, one channel is inverted, which no width can mend: it would only mute the sound. */
const NARROWEST: f64 = 0.25;
/** Mean square of a side signal too quiet to matter, -100 dBFS. */
const QUIET: f64 = 1e-10;

/**
 * Narrows an image whose channels work against each other. The correlation of L = M + S and R = M - S has the sign of
 * the energy of M less that of S; when its 100 ms average has been negative for 300 ms, S is turned down, with a time
 * constant of 200 ms, until the average is 0, and comes back within 8 s after. Down to -0.88 it brings any
 * correlation over zero.
 */
export class WidthSafety {
  /** Factor on S at the beginning of the present control period, 0.25..1; exactly 1 when idle. */
  start: f64 = 1;
  /** Factor at its end. */
  value: f64 = 1;
  private memoryStep: f64 = 0;
  private narrowStep: f64 = 0;
  private recoverStep: f64 = 0;
  private releaseStep: f64 = 0;
  private patienceTicks: i32 = 0;
  private negativeTicks: i32 = 0;
  private mid: f64 = 0;
  private side: f64 = 0;

  prepare(sampleRateHz: f64): void {
    const tickMs = (1000.0 * CONTROL_FRAMES) / sampleRateHz;
    this.memoryStep = 1.0 - Math.exp(-tickMs / MEMORY_MS);
    this.narrowStep = 1.0 - Math.exp(-tickMs / NARROW_MS);
    this.recoverStep = tickMs / RECOVER_MS;
    this.releaseStep = tickMs / RELEASE_MS;
    this.patienceTicks = <i32>Math.ceil(PATIENCE_MS / tickMs);
  }

  reset(): void {
    this.start = 1;
    this.value = 1;
    this.negativeTicks = 0;
    this.mid = 0;
    this.side = 0;
  }

  /**
   * Moves by one control period.
   * @param mid mean square of M over the last one
   * @param side that of S, before this factor
   */
  next(on: bool, mid: f64, side: f64): void {
    this.mid += this.memoryStep * (mid - this.mid);
    this.side += this.memoryStep * (side - this.side);
    const isNegative = this.side > NEGATIVE_RATIO * this.mid && this.side > QUIET;
    this.negativeTicks = isNegative ? min(this.negativeTicks + 1, this.patienceTicks) : 0;
    let target: f64 = 1;
    if (on && this.negativeTicks == this.patienceTicks) {
      target = Math.max(NARROWEST, MARGIN * Math.sqrt(this.mid / this.side));
    }
    this.start = this.value;
    if (target < this.value) this.value += this.narrowStep * (target - this.value);
    else this.value = Math.min(target, this.value + (on ? this.recoverStep : this.releaseStep));
  }

  /** Change of the factor a frame. */
  get slope(): f64 {
    return (this.value - this.start) / CONTROL_FRAMES;
  }
}
