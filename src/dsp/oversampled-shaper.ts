import {
  DECIMATOR,
  INTERPOLATOR,
  kaiserHalfBand,
  symmetric16,
  symmetric26,
  symmetric28,
  symmetric8,
  withMeanDroopUndone,
} from "./half-band";
import { CONTROL_FRAMES } from "./layout";
import { flush } from "./math";
import { allocate, copyFrames } from "./memory";

/** Corner of each of the two one-pole high-passes of the square. */
const SQUARE_HIGHPASS_HZ: f64 = 60.0;

const FRAME: usize = 16;
// Frames of the past that each filter looks back on.
const UP_HISTORY: usize = 27 * FRAME;
const INNER_HISTORY: usize = 15 * FRAME;
const SHAPED_HISTORY: usize = 8 * FRAME;
const DOWN_HISTORY: usize = 25 * FRAME;
// Offsets of the taps, each in both lanes, in their block.
const TAP: usize = 16;
const UP_TAPS: usize = 0;
const DOWN_TAPS: usize = 14 * TAP;
const INNER_SUM: usize = DOWN_TAPS + 13 * TAP;
const INNER_DIFFERENCE: usize = INNER_SUM + 4 * TAP;
const INNER_TAPS: usize = INNER_DIFFERENCE + 4 * TAP;
const DECIMATOR_TAPS: usize = INNER_TAPS + 8 * TAP;
const TAPS_BYTES: usize = DECIMATOR_TAPS + 4 * TAP;

/**
 * The waveshaper y + k y^2, y = x / sqrt(1 + c x^2), run at 176.4 or 192 kHz: four times oversampled at 44.1 and
 * 48 kHz, twice at 88.2 and 96, not at all above. Its small-signal gain is 1. The symmetric curve ends at
 * +-1 / sqrt(c); the square, k = q sqrt(c), lifts both ends by q / sqrt(c) and adds even harmonics. The mean of the
 * square would follow the loudness of the sound: a second-order high-pass takes it out before it can thump.
 *
 * What the oversampling leaves of aliases, first-order antiderivative antialiasing lowers (J. D. Parker,
 * V. Zavalishin, E. Le Bivic, "Reducing the Aliasing of Nonlinear Waveshaping Using Continuous-Time Convolution",
 * DAFx-16): the mean of y between two samples, which for this curve is (x0 + x1) / (r0 + r1),
 * r = sqrt(1 + c x^2), with no difference of nearly equal numbers in it.
 *
 * The outer half-band interpolator has 55 taps, since its images fold with the full level of the sound; the outer
 * decimator, which meets harmonics alone, 51. The inner interpolator has an even number of taps: its half sample and
 * that of the antiderivative make the delay a whole number of frames, and it undoes the antiderivative's droop. The
 * inner decimator has 15 taps. Flat within 0.1 dB to 20 kHz of 48.
 */
export class OversampledShaper {
  /** Delay in frames of the host's rate: 30 at 44.1 and 48 kHz, 8 above. */
  latencyFrames: i32 = 0;
  /** Whether k is other than 0; set it before `reset`. */
  isAsymmetric: bool = false;
  private factor: i32 = 4;
  private taps: usize = 0;
  /** Input of the outer interpolator. */
  private input: usize = 0;
  /** Input of the inner interpolator; at 176.4 kHz and above, of the shaper's low-pass. */
  private inner: usize = 0;
  // What the shaper and then the inner decimator put out, even and odd samples apart.
  private shapedEven: usize = 0;
  private shapedOdd: usize = 0;
  private halvedEven: usize = 0;
  private halvedOdd: usize = 0;
  // The last sample and its root.
  private lastSample: v128 = f64x2.splat(0.0);
  private lastRoot: v128 = f64x2.splat(1.0);
  private slowStep: f64 = 0;
  // The slow part of the square, in two stages.
  private slowFirst: v128 = f64x2.splat(0.0);
  private slowSecond: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.factor = sampleRateHz < 50000.0 ? 4 : sampleRateHz < 100000.0 ? 2 : 1;
    this.latencyFrames = this.factor == 4 ? 30 : 8;
    const squareRateHz = this.factor == 4 ? 2.0 * sampleRateHz : sampleRateHz;
    this.slowStep = 1.0 - Math.exp((-2.0 * Math.PI * SQUARE_HIGHPASS_HZ) / squareRateHz);
    this.taps = allocate(TAPS_BYTES);
    // The interpolators have a gain of 2.
    for (let i = 0; i < 14; i++) this.put(UP_TAPS, i, 2.0 * INTERPOLATOR[i]);
    for (let i = 0; i < 13; i++) this.put(DOWN_TAPS, i, DECIMATOR[i]);
    const inner = withMeanDroopUndone(kaiserHalfBand(14, 6.5));
    for (let i = 0; i < 4; i++) {
      // Half the sum and half the difference of the two phases, which are each other's mirror image.
      this.put(INNER_SUM, i, inner[2 * i] + inner[2 * i + 1]);
      this.put(INNER_DIFFERENCE, i, inner[2 * i] - inner[2 * i + 1]);
    }
    for (let i = 0; i < 8; i++) this.put(INNER_TAPS, i, inner[i]);
    const decimator = kaiserHalfBand(15, 6.5);
    for (let i = 0; i < 4; i++) this.put(DECIMATOR_TAPS, i, decimator[2 * i]);
    this.input = allocate(UP_HISTORY + CONTROL_FRAMES * FRAME);
    this.inner = allocate(INNER_HISTORY + CONTROL_FRAMES * 2 * FRAME);
    this.shapedEven = allocate(SHAPED_HISTORY + CONTROL_FRAMES * 2 * FRAME);
    this.shapedOdd = allocate(SHAPED_HISTORY + CONTROL_FRAMES * 2 * FRAME);
    this.halvedEven = allocate(DOWN_HISTORY + CONTROL_FRAMES * FRAME);
    this.halvedOdd = allocate(DOWN_HISTORY + CONTROL_FRAMES * FRAME);
  }

  private put(group: usize, tap: i32, value: f64): void {
    v128.store(this.taps + group + (<usize>tap << 4), f64x2.splat(value));
  }

  /** Clears the past. */
  reset(): void {
    memory.fill(this.input, 0, UP_HISTORY);
    memory.fill(this.inner, 0, INNER_HISTORY);
    memory.fill(this.shapedEven, 0, SHAPED_HISTORY);
    memory.fill(this.shapedOdd, 0, SHAPED_HISTORY);
    memory.fill(this.halvedEven, 0, DOWN_HISTORY);
    memory.fill(this.halvedOdd, 0, DOWN_HISTORY);
    this.lastSample = f64x2.splat(0.0);
    this.lastRoot = f64x2.splat(1.0);
    this.slowFirst = f64x2.splat(0.0);
    this.slowSecond = f64x2.splat(0.0);
  }

  /** Keeps the states clean; once a control period. */
  control(): void {
    this.slowFirst = flush(this.slowFirst);
    this.slowSecond = flush(this.slowSecond);
  }

  /**
   * Shapes frames in place.
   * @param shape for each frame c and k, each in both lanes
   * @param stride bytes from one frame's shape to the next; 0 when all have the same
   */
  run(io: usize, frames: i32, shape: usize, stride: usize): void {
    const bytes = <usize>frames << 4;
    if (this.factor == 1) {
      copyFrames(this.inner + INNER_HISTORY, io, frames);
      this.shapeDirectly(io, frames, shape, stride);
      copyFrames(this.inner, this.inner + bytes, <i32>(INNER_HISTORY >> 4));
      return;
    }
    const innerBytes = this.factor == 4 ? bytes << 1 : bytes;
    if (this.factor == 4) {
      copyFrames(this.input + UP_HISTORY, io, frames);
      this.interpolate(frames);
      copyFrames(this.input, this.input + bytes, <i32>(UP_HISTORY >> 4));
    } else {
      copyFrames(this.inner + INNER_HISTORY, io, frames);
    }
    this.interpolateAndShape(frames, shape, stride);
    if (this.isAsymmetric) this.addSquares(frames, shape, stride);
    copyFrames(this.inner, this.inner + innerBytes, <i32>(INNER_HISTORY >> 4));
    if (this.factor == 4) this.decimateTwice(io, frames);
    else this.decimate(io, frames);
    copyFrames(this.shapedEven, this.shapedEven + innerBytes, <i32>(SHAPED_HISTORY >> 4));
    copyFrames(this.shapedOdd, this.shapedOdd + innerBytes, <i32>(SHAPED_HISTORY >> 4));
  }

  /** From the host's rate to twice it. */
  private interpolate(frames: i32): void {
    const taps = this.taps + UP_TAPS;
    let out = this.inner + INNER_HISTORY;
    const end = this.input + (<usize>frames << 4);
    for (let oldest = this.input; oldest < end; oldest += FRAME) {
      v128.store(out, symmetric28(taps, oldest));
      v128.store(out, v128.load(oldest, 14 * FRAME), FRAME);
      out += 2 * FRAME;
    }
  }

  /** From half the shaper's rate to it, and through the symmetric curve; then the square. */
  private interpolateAndShape(frames: i32, shape: usize, stride: usize): void {
    const taps = this.taps;
    const one = f64x2.splat(1.0);
    const steps = this.factor >> 1;
    let lastSample = this.lastSample;
    let lastRoot = this.lastRoot;
    let even = this.shapedEven + SHAPED_HISTORY;
    let odd = this.shapedOdd + SHAPED_HISTORY;
    // The interpolator looks back 7 frames only.
    let oldest = this.inner + INNER_HISTORY - 7 * FRAME;
    const end = oldest + (<usize>(frames * steps) << 4);
    let step = 0;
    while (oldest < end) {
      const curvature = v128.load(shape);
      const sum = symmetric8(taps + INNER_SUM, oldest);
      const difference = antisymmetric8(taps + INNER_DIFFERENCE, oldest);
      const first = f64x2.add(sum, difference);
      const second = f64x2.sub(sum, difference);
      const firstRoot = f64x2.sqrt(f64x2.add(one, f64x2.mul(curvature, f64x2.mul(first, first))));
      const secondRoot = f64x2.sqrt(f64x2.add(one, f64x2.mul(curvature, f64x2.mul(second, second))));
      v128.store(even, f64x2.div(f64x2.add(lastSample, first), f64x2.add(lastRoot, firstRoot)));
      v128.store(odd, f64x2.div(f64x2.add(first, second), f64x2.add(firstRoot, secondRoot)));
      lastSample = second;
      lastRoot = secondRoot;
      even += FRAME;
      odd += FRAME;
      oldest += FRAME;
      if (++step == steps) {
        step = 0;
        shape += stride;
      }
    }
    this.lastSample = lastSample;
    this.lastRoot = lastRoot;
  }

  /** Adds the square, less its slow part, which is followed at half the shaper's rate. */
  private addSquares(frames: i32, shape: usize, stride: usize): void {
    const steps = this.factor >> 1;
    const slowStep = f64x2.splat(this.slowStep);
    const halfStep = f64x2.splat(0.5 * this.slowStep);
    let slowFirst = this.slowFirst;
    let slowSecond = this.slowSecond;
    let at: usize = SHAPED_HISTORY;
    const end = at + (<usize>(frames * steps) << 4);
    let step = 0;
    while (at < end) {
      const share = v128.load(shape, FRAME);
      const first = v128.load(this.shapedEven + at);
      const second = v128.load(this.shapedOdd + at);
      const firstSquare = f64x2.mul(share, f64x2.mul(first, first));
      const secondSquare = f64x2.mul(share, f64x2.mul(second, second));
      const slow = f64x2.add(slowFirst, slowSecond);
      v128.store(this.shapedEven + at, f64x2.add(first, f64x2.sub(firstSquare, slow)));
      v128.store(this.shapedOdd + at, f64x2.add(second, f64x2.sub(secondSquare, slow)));
      const mean = f64x2.mul(halfStep, f64x2.add(firstSquare, secondSquare));
      const firstMove = f64x2.sub(mean, f64x2.mul(slowStep, slowFirst));
      slowSecond = f64x2.add(slowSecond, f64x2.sub(firstMove, f64x2.mul(slowStep, slowSecond)));
      slowFirst = f64x2.add(slowFirst, firstMove);
      at += FRAME;
      if (++step == steps) {
        step = 0;
        shape += stride;
      }
    }
    this.slowFirst = slowFirst;
    this.slowSecond = slowSecond;
  }

  /** At the shaper's rate: low-pass, both curves. */
  private shapeDirectly(io: usize, frames: i32, shape: usize, stride: usize): void {
    const taps = this.taps + INNER_TAPS;
    const one = f64x2.splat(1.0);
    const slowStep = f64x2.splat(this.slowStep);
    let slowFirst = this.slowFirst;
    let slowSecond = this.slowSecond;
    let lastSample = this.lastSample;
    let lastRoot = this.lastRoot;
    let oldest = this.inner;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += FRAME) {
      const sample = symmetric16(taps, oldest);
      const root = f64x2.sqrt(f64x2.add(one, f64x2.mul(v128.load(shape), f64x2.mul(sample, sample))));
      const mean = f64x2.div(f64x2.add(lastSample, sample), f64x2.add(lastRoot, root));
      const square = f64x2.mul(v128.load(shape, FRAME), f64x2.mul(mean, mean));
      v128.store(p, f64x2.add(mean, f64x2.sub(square, f64x2.add(slowFirst, slowSecond))));
      const firstMove = f64x2.mul(slowStep, f64x2.sub(square, slowFirst));
      slowSecond = f64x2.add(slowSecond, f64x2.sub(firstMove, f64x2.mul(slowStep, slowSecond)));
      slowFirst = f64x2.add(slowFirst, firstMove);
      lastSample = sample;
      lastRoot = root;
      oldest += FRAME;
      shape += stride;
    }
    this.slowFirst = slowFirst;
    this.slowSecond = slowSecond;
    this.lastSample = lastSample;
    this.lastRoot = lastRoot;
  }

  /** From the shaper's rate to half of it, the host's. */
  private decimate(io: usize, frames: i32): void {
    const taps = this.taps + DECIMATOR_TAPS;
    let even = this.shapedEven + SHAPED_HISTORY - 4 * FRAME;
    let odd = this.shapedOdd;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += FRAME) {
      v128.store(p, decimated(taps, even, odd));
      even += FRAME;
      odd += FRAME;
    }
  }

  /** From the shaper's rate to the host's, a quarter of it. */
  private decimateTwice(io: usize, frames: i32): void {
    const bytes = <usize>frames << 4;
    const inner = this.taps + DECIMATOR_TAPS;
    const outer = this.taps + DOWN_TAPS;
    let even = this.shapedEven + SHAPED_HISTORY - 4 * FRAME;
    let odd = this.shapedOdd;
    let newestEven = this.halvedEven + DOWN_HISTORY;
    let newestOdd = this.halvedOdd + DOWN_HISTORY;
    const half = f64x2.splat(0.5);
    const end = io + bytes;
    for (let p = io; p < end; p += FRAME) {
      v128.store(newestEven, decimated(inner, even, odd));
      v128.store(newestOdd, decimated(inner, even + FRAME, odd + FRAME));
      const middle = f64x2.mul(half, v128.load(newestOdd - 13 * FRAME));
      v128.store(p, f64x2.add(symmetric26(outer, newestEven - DOWN_HISTORY), middle));
      even += 2 * FRAME;
      odd += 2 * FRAME;
      newestEven += FRAME;
      newestOdd += FRAME;
    }
    copyFrames(this.halvedEven, this.halvedEven + bytes, <i32>(DOWN_HISTORY >> 4));
    copyFrames(this.halvedOdd, this.halvedOdd + bytes, <i32>(DOWN_HISTORY >> 4));
  }
}

/** One output of the half-band decimator: 8 taps over the odd samples, and the middle one, an even sample. */
// @ts-ignore: decorator
@inline
function decimated(taps: usize, even: usize, odd: usize): v128 {
  return f64x2.add(symmetric8(taps, odd), f64x2.mul(f64x2.splat(0.5), v128.load(even)));
}

/** Antisymmetric FIR filter of 8 taps, positive at the new end. */
// @ts-ignore: decorator
@inline
function antisymmetric8(taps: usize, oldest: usize): v128 {
  const outer = f64x2.add(difference(taps, oldest, 0, 7), difference(taps, oldest, 1, 6));
  const inner = f64x2.add(difference(taps, oldest, 2, 5), difference(taps, oldest, 3, 4));
  return f64x2.add(outer, inner);
}

// @ts-ignore: decorator
@inline
function difference(taps: usize, oldest: usize, first: usize, last: usize): v128 {
  const between = f64x2.sub(v128.load(oldest + (last << 4)), v128.load(oldest + (first << 4)));
  return f64x2.mul(v128.load(taps + (first << 4)), between);
}
