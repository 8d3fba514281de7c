import { RECORDS_PER_SECOND } from "./layout";
import { allocate } from "./memory";

/** Bins of 10 ms in each of the two means. */
const MEAN_BINS: i32 = 10;
/** Bins for which the offset must last, or be gone. */
const LASTING_BINS: i32 = RECORDS_PER_SECOND / 4;
/** -30 dBFS; the offset counts as gone below -36 dBFS. */
const OFFSET: f64 = 0.0316227766;
const GONE: f64 = 0.0158489319;

/**
 * Watches for a constant offset, which heats loudspeakers and takes room from the sound. The offset is the mean over
 * 200 ms under a triangle (a mean of 100 ms of means of 100 ms), which bass does not reach: 25 Hz at full scale reads
 * -36 dBFS. It must lie beyond -30 dBFS on the same side for 250 ms, so that a thump, which a high-pass lets die, passes.
 */
export class DcWatch {
  /** Whether there is an offset on either channel. */
  isTripped: bool = false;
  private sum: v128 = f64x2.splat(0.0);
  /** The last means of 10 ms, and behind them the last means of 100 ms. */
  private means: usize = 0;
  private head: usize = 0;
  private positiveBins: i32 = 0;
  private negativeBins: i32 = 0;
  private positiveBinsRight: i32 = 0;
  private negativeBinsRight: i32 = 0;
  private goneBins: i32 = 0;

  prepare(): void {
    this.means = allocate(2 * MEAN_BINS * 16);
  }

  reset(): void {
    memory.fill(this.means, 0, 2 * MEAN_BINS * 16);
    this.sum = f64x2.splat(0.0);
    this.head = 0;
    this.isTripped = false;
    this.positiveBins = 0;
    this.negativeBins = 0;
    this.positiveBinsRight = 0;
    this.negativeBinsRight = 0;
    this.goneBins = 0;
  }

  /** Adds the sum of some frames of the present bin, a lane a channel. */
  add(sum: v128): void {
    this.sum = f64x2.add(this.sum, sum);
  }

  /** Ends a bin of 10 ms. */
  endBin(frames: i32): void {
    v128.store(this.means + this.head, f64x2.mul(this.sum, f64x2.splat(1.0 / <f64>frames)));
    v128.store(this.means + this.head, mean(this.means), MEAN_BINS * 16);
    this.head = this.head + 16 == MEAN_BINS * 16 ? 0 : this.head + 16;
    this.sum = f64x2.splat(0.0);
    const offset = mean(this.means + MEAN_BINS * 16);
    const left = f64x2.extract_lane(offset, 0);
    const right = f64x2.extract_lane(offset, 1);
    this.positiveBins = left > OFFSET ? this.positiveBins + 1 : 0;
    this.negativeBins = left < -OFFSET ? this.negativeBins + 1 : 0;
    this.positiveBinsRight = right > OFFSET ? this.positiveBinsRight + 1 : 0;
    this.negativeBinsRight = right < -OFFSET ? this.negativeBinsRight + 1 : 0;
    this.goneBins = Math.max(Math.abs(left), Math.abs(right)) < GONE ? this.goneBins + 1 : 0;
    const longest = max(max(this.positiveBins, this.negativeBins), max(this.positiveBinsRight, this.negativeBinsRight));
    if (longest >= LASTING_BINS) this.isTripped = true;
    else if (this.goneBins >= LASTING_BINS) this.isTripped = false;
  }
}

function mean(bins: usize): v128 {
  let sum = f64x2.splat(0.0);
  for (let at: usize = 0; at < <usize>MEAN_BINS * 16; at += 16) sum = f64x2.add(sum, v128.load(bins + at));
  return f64x2.mul(sum, f64x2.splat(1.0 / <f64>MEAN_BINS));
}
