import { CONTROL_FRAMES } from "./layout";
import { allocate, copyFrames } from "./memory";
import { kaiserSinc } from "./kaiser";

const TAPS: i32 = 48;
const BETA: f64 = 7.0;
/** Taps a phase of the ITU-R BS.1770-5 Annex 2 example filter. */
const ITU_TAPS: i32 = 12;
/** Frames by which the shorter ITU filter is read later, so that both look at the same interval. */
const ITU_OFFSET: i32 = (TAPS - ITU_TAPS) / 2;
const HISTORY: i32 = TAPS;
const FRAME_BYTES: usize = 8;
/**
 * Largest ratio of a detected peak to the largest sample in reach: 2.691 is the sum of the absolute taps of the worst
 * phase, and a parabola rises at most an eighth above its points.
 */
const WORST_GAIN: f32 = 2.691 * 1.125 + 0.01;

// Phases 0 and 1 of the ITU filter; phases 3 and 2 are the same reversed.
const ITU_PHASE_0 = memory.data<f64>([
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625,
  0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
]);
const ITU_PHASE_1 = memory.data<f64>([
  -0.0291748046875, 0.029296875, -0.0517578125, 0.0891113281250, -0.16650390625, 0.465087890625,
  0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.018920898437,
]);

/**
 * The limiter's true-peak detector. For each frame it gives the largest magnitude that the sound reaches between
 * that frame and the next, as two meters would read it: a four-fold Kaiser interpolator of 48 taps a phase with a
 * parabola at each local maximum, and the example filter of BS.1770-5 Annex 2.
 *
 * Works in f32, two frames of two channels at a time: the rounding of a reading stays below 1e-5 dB.
 */
export class PeakDetector {
  /** Frames by which a reading is late. */
  static readonly DELAY: i32 = TAPS / 2;
  /** Readings of the last `run`: [left, right] as f32, one pair a frame; valid unless `quiet`. */
  readings: usize = 0;
  private window: usize = 0;
  private taps: usize = 0;
  private ituTaps: usize = 0;
  /** Magnitudes of the interpolator's last phase at the frame before: lanes 2 and 3. */
  private lastPhase: v128 = f32x4.splat(0.0);

  prepare(): void {
    this.readings = allocate(<usize>(CONTROL_FRAMES + 1) * FRAME_BYTES);
    this.window = allocate(<usize>(HISTORY + CONTROL_FRAMES + 2) * FRAME_BYTES);
    this.taps = allocate(TAPS * 3 * 8);
    this.ituTaps = allocate(ITU_TAPS * 4 * 8);
    const half = TAPS / 2;
    for (let k = 0; k < half; k++) {
      const first = tap(k, 1);
      const third = tap(k, 3);
      const entry = this.taps + <usize>(k * 3 * 16);
      v128.store(entry, f32x4.splat(<f32>((first + third) * 0.5)));
      v128.store(entry + 16, f32x4.splat(<f32>((first - third) * 0.5)));
      v128.store(entry + 32, f32x4.splat(<f32>tap(k, 2)));
    }
    for (let k = 0; k < ITU_TAPS / 2; k++) {
      const entry = this.ituTaps + <usize>(k * 4 * 16);
      storeFolded(entry, ITU_PHASE_0, k);
      storeFolded(entry + 32, ITU_PHASE_1, k);
    }
  }

  reset(): void {
    memory.fill(this.window, 0, <usize>(HISTORY + CONTROL_FRAMES + 2) * FRAME_BYTES);
    this.lastPhase = f32x4.splat(0.0);
  }

  /**
   * Takes the next frames and writes their readings; the reading of frame n covers the time from frame
   * n - DELAY to the one after. False when nothing in reach can exceed `threshold`: then nothing is written.
   */
  run(io: usize, frames: i32, threshold: f32): bool {
    const newest = this.window + HISTORY * FRAME_BYTES;
    for (let i = 0; i < frames; i++) {
      const narrow = f32x4.demote_f64x2_zero(v128.load(io + (<usize>i << 4)));
      v128.store64_lane(newest + <usize>i * FRAME_BYTES, narrow, 0);
    }
    const loud = this.largest(frames) * WORST_GAIN > threshold;
    if (loud) {
      this.interpolate(frames, threshold);
    } else {
      this.lastPhase = f32x4.splat(0.0);
    }
    copyFrames(this.window, this.window + <usize>frames * FRAME_BYTES, HISTORY / 2); // two narrow frames at a time
    return loud;
  }

  /** Largest magnitude among the history and the new frames. */
  private largest(frames: i32): f32 {
    let worst = f32x4.splat(0.0);
    const end = this.window + <usize>(HISTORY + frames) * FRAME_BYTES;
    let p = this.window;
    for (; p + 16 <= end; p += 16) worst = f32x4.pmax(worst, f32x4.abs(v128.load(p)));
    if (p < end) worst = f32x4.pmax(worst, f32x4.abs(v128.load64_zero(p)));
    worst = f32x4.pmax(worst, v128.shuffle<f32>(worst, worst, 2, 3, 0, 1));
    return max(f32x4.extract_lane(worst, 0), f32x4.extract_lane(worst, 1));
  }

  private interpolate(frames: i32, threshold: f32): void {
    const near = f32x4.splat(threshold / 1.125);
    let lastPhase = this.lastPhase;
    for (let i = 0; i < frames; i += 2) {
      const at = this.window + <usize>(HISTORY + i) * FRAME_BYTES;
      let sum = f32x4.splat(0.0);
      let difference = f32x4.splat(0.0);
      let middle = f32x4.splat(0.0);
      let sum2 = f32x4.splat(0.0);
      let difference2 = f32x4.splat(0.0);
      let middle2 = f32x4.splat(0.0);
      for (let k: usize = 0; k < <usize>(TAPS / 2); k += 2) {
        const newer = at - k * FRAME_BYTES;
        const older = at - (TAPS - 1 - k) * FRAME_BYTES;
        const entry = this.taps + k * 48;
        const late = v128.load(newer);
        const early = v128.load(older);
        const s = f32x4.add(late, early);
        sum = f32x4.add(sum, f32x4.mul(v128.load(entry), s));
        difference = f32x4.add(difference, f32x4.mul(v128.load(entry, 16), f32x4.sub(late, early)));
        middle = f32x4.add(middle, f32x4.mul(v128.load(entry, 32), s));
        const late2 = v128.load(newer - FRAME_BYTES);
        const early2 = v128.load(older, FRAME_BYTES);
        const s2 = f32x4.add(late2, early2);
        sum2 = f32x4.add(sum2, f32x4.mul(v128.load(entry, 48), s2));
        difference2 = f32x4.add(difference2, f32x4.mul(v128.load(entry, 64), f32x4.sub(late2, early2)));
        middle2 = f32x4.add(middle2, f32x4.mul(v128.load(entry, 80), s2));
      }
      sum = f32x4.add(sum, sum2);
      difference = f32x4.add(difference, difference2);
      middle = f32x4.add(middle, middle2);
      const m0 = f32x4.abs(v128.load(at - (TAPS / 2) * FRAME_BYTES));
      const m1 = f32x4.abs(f32x4.add(sum, difference));
      const m2 = f32x4.abs(middle);
      const m3 = f32x4.abs(f32x4.sub(sum, difference));
      let peak = f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3));
      const before = v128.shuffle<f32>(lastPhase, m3, 2, 3, 4, 5);
      lastPhase = m3;
      if (v128.any_true(f32x4.gt(peak, near))) {
        const after = f32x4.abs(v128.load(at - (TAPS / 2 - 1) * FRAME_BYTES));
        peak = f32x4.pmax(peak, vertex(before, m0, m1));
        peak = f32x4.pmax(peak, vertex(m0, m1, m2));
        peak = f32x4.pmax(peak, vertex(m1, m2, m3));
        peak = f32x4.pmax(peak, vertex(m2, m3, after));
      }
      peak = f32x4.pmax(peak, this.itu(at - ITU_OFFSET * FRAME_BYTES));
      v128.store(this.readings + <usize>i * FRAME_BYTES, peak);
    }
    // With an odd count the last pair's second frame was not there yet: its lanes 0 and 1 are the newest.
    this.lastPhase = (frames & 1) != 0 ? v128.shuffle<f32>(lastPhase, lastPhase, 0, 1, 0, 1) : lastPhase;
  }

  /** Largest magnitude of the four phases of the ITU filter, for the frame at `at` and the next. */
  private itu(at: usize): v128 {
    let outerSum = f32x4.splat(0.0);
    let outerDifference = f32x4.splat(0.0);
    let innerSum = f32x4.splat(0.0);
    let innerDifference = f32x4.splat(0.0);
    for (let k: usize = 0; k < <usize>(ITU_TAPS / 2); k++) {
      const late = v128.load(at - k * FRAME_BYTES);
      const early = v128.load(at - (ITU_TAPS - 1 - k) * FRAME_BYTES);
      const s = f32x4.add(late, early);
      const d = f32x4.sub(late, early);
      const entry = this.ituTaps + k * 64;
      outerSum = f32x4.add(outerSum, f32x4.mul(v128.load(entry), s));
      outerDifference = f32x4.add(outerDifference, f32x4.mul(v128.load(entry, 16), d));
      innerSum = f32x4.add(innerSum, f32x4.mul(v128.load(entry, 32), s));
      innerDifference = f32x4.add(innerDifference, f32x4.mul(v128.load(entry, 48), d));
    }
    // max(|a + b|, |a - b|) = |a| + |b|
    const outer = f32x4.add(f32x4.abs(outerSum), f32x4.abs(outerDifference));
    const inner = f32x4.add(f32x4.abs(innerSum), f32x4.abs(innerDifference));
    return f32x4.pmax(outer, inner);
  }
}

/** Tap k of a phase, scaled to unit gain at DC. */
function tap(k: i32, phase: i32): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < TAPS; j++) sum += kaiserSinc(<f64>j - <f64>TAPS / 2.0 + <f64>phase / 4.0, <f64>TAPS, BETA);
  return kaiserSinc(<f64>k - <f64>TAPS / 2.0 + <f64>phase / 4.0, <f64>TAPS, BETA) / sum;
}

/** Stores half the sum and half the difference of taps k and ITU_TAPS - 1 - k. */
function storeFolded(entry: usize, phase: usize, k: i32): void {
  const late = load<f64>(phase + (<usize>k << 3));
  const early = load<f64>(phase + (<usize>(ITU_TAPS - 1 - k) << 3));
  v128.store(entry, f32x4.splat(<f32>((late + early) * 0.5)));
  v128.store(entry + 16, f32x4.splat(<f32>((late - early) * 0.5)));
}

/** Height of the parabola through three equidistant magnitudes where the middle one is a maximum, else 0. */
function vertex(left: v128, middle: v128, right: v128): v128 {
  const isMaximum = v128.and(f32x4.ge(middle, left), f32x4.ge(middle, right));
  const slope = f32x4.sub(left, right);
  const curve = f32x4.sub(f32x4.sub(f32x4.add(middle, middle), left), right);
  const rise = f32x4.div(f32x4.mul(slope, slope), f32x4.mul(f32x4.splat(8.0), f32x4.pmax(curve, f32x4.splat(1e-20))));
  return v128.and(f32x4.add(middle, rise), isMaximum);
}
