import { RECORDS_PER_SECOND } from "./layout";
import { allocate } from "./memory";

/** Bins of 10 ms in each of the two means. */
const MEAN_BINS: i32 = 10;
/** Bins for which the offset must last, or be gone. */
const LASTING_BINS: f64 = RECORDS_PER_SECOND / 4;
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
  // Bins for which the offset has lain on either side, a lane a channel; and for which there was none.
  private above: v128 = f64x2.splat(0.0);
  private below: v128 = f64x2.splat(0.0);
  private gone: v128 = f64x2.splat(0.0);

  prepare(): void {
    this.means = allocate(2 * MEAN_BINS * 16);
  }

  reset(): void {
    memory.fill(this.means, 0, 2 * MEAN_BINS * 16);
    this.sum = f64x2.splat(0.0);
    this.head = 0;
    this.isTripped = false;
    this.above = f64x2.splat(0.0);
    this.below = f64x2.splat(0.0);
    this.gone = f64x2.splat(0.0);
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
    this.above = counted(this.above, f64x2.gt(offset, f64x2.splat(OFFSET)));
    this.below = counted(this.below, f64x2.lt(offset, f64x2.splat(-OFFSET)));
    this.gone = counted(this.gone, f64x2.lt(f64x2.abs(offset), f64x2.splat(GONE)));
    const lasting = f64x2.splat(LASTING_BINS);
    if (v128.any_true(f64x2.ge(f64x2.max(this.above, this.below), lasting))) this.isTripped = true;
    else if (i64x2.all_true(f64x2.ge(this.gone, lasting))) this.isTripped = false;
  }
}

/** Counts one more in each lane where `holds` is all ones, and begins again at 0 in the others. */
function counted(bins: v128, holds: v128): v128 {
  return v128.and(f64x2.add(bins, f64x2.splat(1.0)), holds);
}

function mean(bins: usize): v128 {
  let sum = f64x2.splat(0.0);
  for (let at: usize = 0; at < <usize>MEAN_BINS * 16; at += 16) sum = f64x2.add(sum, v128.load(bins + at));
  return f64x2.mul(sum, f64x2.splat(1.0 / <f64>MEAN_BINS));
}
