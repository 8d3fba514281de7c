import { CONTROL_FRAMES } from "./layout";
import { kaiserSinc } from "./kaiser";
import { allocate } from "./memory";

/** Taps of the half-sample interpolator on either side, and the shape of its Kaiser window. */
const SIDE: i32 = 12;
const BETA: f64 = 7.0;
/** Frames that both buffers keep before the next to be interpolated. */
const HISTORY: i32 = 24;
/** Frames interpolated at a time, counted from `reset`. */
const GROUP: i32 = 4;
const BUFFER_FRAMES: i32 = 1024;
/**
 * Half of the symmetric filter that finds the points midway in the doubled rate: minimax over 0..0.2 of that
 * rate (error 0.0006 dB), unit gain at 0 Hz.
 */
const QUARTER_TAPS: StaticArray<f32> = [0.60638256, -0.13536745, 0.03393385, -0.00494896];
/** A parabola rises above its largest point by an eighth of it at most. */
const RISE: f32 = 1.126;

/**
 * True peak of a stereo signal (ITU-R BS.1770-5 Annex 2): four-fold interpolation, by a Kaiser-windowed sinc of
 * 24 taps (beta 7) for the points midway between samples and a half-band filter of 8 taps for the points midway
 * between those and the samples; and a parabola through the three over-sampled magnitudes at each local maximum.
 * Reads a steady sine up to 0.45 fs within -0.043/+0.006 dB. Works in f32: that adds less than 0.0001 dB.
 * A peak is seen late, by at most TAP_PEAK_LATE_FRAMES of the layout.
 */
export class TruePeak {
  /** The filter's taps from the middle out, each in four lanes. */
  private taps: usize = 0;
  /** Left and right in f32, 8 bytes a frame; and the points 11.5 frames before each frame of the first. */
  private samples: usize = 0;
  private halves: usize = 0;
  /** Frames in the buffers: those written, and those interpolated. */
  private filled: i32 = HISTORY;
  private done: i32 = HISTORY;
  /** Left, right, left, right. */
  private peak: v128 = f32x4.splat(0.0);
  /** The last interpolated points of the pair of frames before, a quarter before the present frame. */
  private before: v128 = f32x4.splat(0.0);

  prepare(): void {
    this.taps = allocate(SIDE * 16);
    let sum: f64 = 0;
    for (let k = 0; k < SIDE; k++) sum += 2.0 * kaiserSinc(<f64>k + 0.5, 2.0 * SIDE, BETA);
    for (let k = 0; k < SIDE; k++) {
      const tap = <f32>(kaiserSinc(<f64>k + 0.5, 2.0 * SIDE, BETA) / sum);
      v128.store(this.taps + (<usize>k << 4), f32x4.splat(tap));
    }
    this.samples = allocate(BUFFER_FRAMES * 8);
    this.halves = allocate(BUFFER_FRAMES * 8);
  }

  reset(): void {
    memory.fill(this.samples, 0, BUFFER_FRAMES * 8);
    memory.fill(this.halves, 0, BUFFER_FRAMES * 8);
    this.filled = HISTORY;
    this.done = HISTORY;
    this.peak = f32x4.splat(0.0);
    this.before = f32x4.splat(0.0);
  }

  /** Takes at most CONTROL_FRAMES frames. */
  run(io: usize, frames: i32): void {
    const to = this.samples + (<usize>this.filled << 3);
    const bytes = <usize>frames << 3;
    for (let i: usize = 0; i < bytes; i += 8) {
      v128.store64_lane(to + i, f32x4.demote_f64x2_zero(v128.load(io + (i << 1))), 0);
    }
    this.filled += frames;
    const ready = this.filled - ((this.filled - this.done) & (GROUP - 1));
    if (ready == this.done) return;
    this.interpolateHalves(ready);
    this.interpolateQuarters(ready);
    this.done = ready;
    if (this.filled > BUFFER_FRAMES - CONTROL_FRAMES) this.rewind();
  }

  /** Finds the points midway between samples, four frames at a time. */
  private interpolateHalves(ready: i32): void {
    const taps = this.taps;
    const shift = this.halves - this.samples;
    const end = this.samples + (<usize>ready << 3);
    for (let p = this.samples + (<usize>this.done << 3); p < end; p += GROUP * 8) {
      const x = p - (2 * SIDE - 1) * 8;
      const a0 = f32x4.add(f32x4.add(fold(x, taps, 0), fold(x, taps, 2)), fold(x, taps, 4));
      const a1 = f32x4.add(f32x4.add(fold(x, taps, 1), fold(x, taps, 3)), fold(x, taps, 5));
      const a2 = f32x4.add(f32x4.add(fold(x, taps, 6), fold(x, taps, 8)), fold(x, taps, 10));
      const a3 = f32x4.add(f32x4.add(fold(x, taps, 7), fold(x, taps, 9)), fold(x, taps, 11));
      v128.store(p + shift, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)));
      const y = x + 16;
      const b0 = f32x4.add(f32x4.add(fold(y, taps, 0), fold(y, taps, 2)), fold(y, taps, 4));
      const b1 = f32x4.add(f32x4.add(fold(y, taps, 1), fold(y, taps, 3)), fold(y, taps, 5));
      const b2 = f32x4.add(f32x4.add(fold(y, taps, 6), fold(y, taps, 8)), fold(y, taps, 10));
      const b3 = f32x4.add(f32x4.add(fold(y, taps, 7), fold(y, taps, 9)), fold(y, taps, 11));
      v128.store(p + shift, f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)), 16);
    }
  }

  /** Finds the remaining points and the peak, two frames at a time. */
  private interpolateQuarters(ready: i32): void {
    const g0 = f32x4.splat(QUARTER_TAPS[0]);
    const g1 = f32x4.splat(QUARTER_TAPS[1]);
    const g2 = f32x4.splat(QUARTER_TAPS[2]);
    const g3 = f32x4.splat(QUARTER_TAPS[3]);
    const rise = f32x4.splat(RISE);
    let peak = this.peak;
    let before = this.before;
    const shift = this.halves - this.samples;
    const end = this.samples + (<usize>ready << 3);
    for (let p = this.samples + (<usize>this.done << 3); p < end; p += 16) {
      // Samples -1..2 and halves -2..2 around the frame 14 before p.
      const x = p - 15 * 8;
      const h = p + shift - 4 * 8;
      const x0 = v128.load(x, 8);
      const x1 = v128.load(x, 16);
      const h0 = v128.load(h, 16);
      const hm = v128.load(h, 8);
      const h1 = v128.load(h, 24);
      const xm = v128.load(x);
      const x2 = v128.load(x, 24);
      const first = f32x4.add(
        f32x4.add(f32x4.mul(g0, f32x4.add(x0, h0)), f32x4.mul(g1, f32x4.add(hm, x1))),
        f32x4.add(f32x4.mul(g2, f32x4.add(xm, h1)), f32x4.mul(g3, f32x4.add(v128.load(h), x2))),
      );
      const third = f32x4.add(
        f32x4.add(f32x4.mul(g0, f32x4.add(h0, x1)), f32x4.mul(g1, f32x4.add(x0, h1))),
        f32x4.add(f32x4.mul(g2, f32x4.add(hm, x2)), f32x4.mul(g3, f32x4.add(xm, v128.load(h, 32)))),
      );
      const m0 = f32x4.abs(x0);
      const m1 = f32x4.abs(first);
      const m2 = f32x4.abs(h0);
      const m3 = f32x4.abs(third);
      const largest = f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3));
      if (v128.any_true(f32x4.gt(f32x4.mul(largest, rise), peak))) {
        const previous = v128.shuffle<f32>(before, m3, 2, 3, 4, 5);
        peak = f32x4.pmax(peak, f32x4.pmax(vertex(previous, m0, m1), vertex(m0, m1, m2)));
        peak = f32x4.pmax(peak, f32x4.pmax(vertex(m1, m2, m3), vertex(m2, m3, f32x4.abs(x1))));
        peak = f32x4.pmax(peak, v128.shuffle<f32>(peak, peak, 2, 3, 0, 1));
      }
      before = m3;
    }
    this.peak = peak;
    this.before = before;
  }

  /** Moves what is still needed to the front of the buffers. */
  private rewind(): void {
    const from = <usize>(this.done - HISTORY) << 3;
    const bytes = <usize>(this.filled - this.done + HISTORY) << 3;
    memory.copy(this.samples, this.samples + from, bytes);
    memory.copy(this.halves, this.halves + from, HISTORY * 8);
    this.filled -= this.done - HISTORY;
    this.done = HISTORY;
  }

  /** Returns the largest magnitude since the last call, a lane a channel, and clears it. */
  takePeak(): v128 {
    const peak = this.peak;
    this.peak = f32x4.splat(0.0);
    return f64x2.promote_low_f32x4(peak);
  }
}

/** Tap `k` of the half-sample filter times the two frames that it weighs, for two successive outputs. */
// @ts-ignore: decorator
@inline
function fold(x: usize, taps: usize, k: i32): v128 {
  return f32x4.mul(
    v128.load(taps + (<usize>k << 4)),
    f32x4.add(v128.load(x + (<usize>(SIDE - 1 - k) << 3)), v128.load(x + (<usize>(SIDE + k) << 3))),
  );
}

/** Height of the parabola through three equidistant magnitudes where the middle one is a maximum, else the middle. */
// @ts-ignore: decorator
@inline
function vertex(left: v128, middle: v128, right: v128): v128 {
  const isMaximum = v128.and(f32x4.ge(middle, left), f32x4.ge(middle, right));
  const slope = f32x4.sub(left, right);
  const curve = f32x4.sub(f32x4.sub(f32x4.add(middle, middle), left), right);
  const safe = f32x4.pmax(f32x4.splat(1e-30), curve);
  const rise = f32x4.div(f32x4.mul(slope, slope), f32x4.mul(f32x4.splat(8.0), safe));
  return f32x4.add(middle, v128.and(rise, isMaximum));
}
