import { DitherShapes, SHAPER_TAPS } from "./dither-shapes";
import { CONTROL_FRAMES, DITHER_AUTO_BLANK, DITHER_BITS, DITHER_SHAPE, READOUT_OUTPUT_CLIPS } from "./layout";
import { allocate, paramChoice, paramOn, readoutCount } from "./memory";
import { Stage } from "./stage";

const BLANK_MS: f64 = 50.0;
const HISTORY_BYTES: usize = SHAPER_TAPS * 16;

/**
 * Word-length reduction to 16, 20 or 24 bit with TPDF dither of two LSB peak to peak, flat or noise-shaped, which
 * makes mean and variance of the error independent of the signal (S. P. Lipshitz, R. A. Wannamaker, J. Vanderkooy,
 * "Quantization and Dither: A Theoretical Survey", J. Audio Eng. Soc. 40 (5), 1992).
 *
 * The output is a multiple of 2^-(bits-1), held within -1 and 1 - LSB. A sample counts as clipped when it exceeds
 * full scale by more than half an LSB before it is rounded. With auto blank, 50 ms of digital silence on both
 * channels turn the dither off; the first other sample turns it on again. Nothing glides: a change of bits or
 * shape changes the noise alone. The noise is the same after every `reset`.
 */
export class Dither extends Stage {
  private shapes: DitherShapes = new DitherShapes();
  private shape: i32 = 0;
  private lsb: f64 = 1;
  private blanking: bool = false;
  private blankFrames: i32 = 0;
  /** Frames of digital silence up to now, counted no further than `blankFrames`. */
  private silentFrames: i32 = 0;
  /** The last errors in LSB, newest last, and room for a block of new ones. */
  private errors: usize = 0;
  // xorshift128+ state, a generator a lane.
  private a: v128 = i64x2.splat(0);
  private b: v128 = i64x2.splat(0);

  prepare(sampleRateHz: f64): void {
    this.shapes.prepare(sampleRateHz);
    this.blankFrames = <i32>Math.round(sampleRateHz * BLANK_MS * 0.001);
    this.errors = allocate(HISTORY_BYTES + CONTROL_FRAMES * 16);
    this.reset();
  }

  reset(): void {
    // Any seeds but zeros do; these are the first outputs of splitmix64 seeded with 0.
    this.a = i64x2(0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4);
    this.b = i64x2(0x06c45d188009454f, 0xf88bb8a8724c81ec);
    this.silentFrames = 0;
    this.clearErrors();
  }

  control(): void {
    this.lsb = 1.0 / <f64>(1 << (15 + 4 * paramChoice(DITHER_BITS)));
    this.blanking = paramOn(DITHER_AUTO_BLANK);
    const shape = paramChoice(DITHER_SHAPE);
    if (shape != this.shape) this.clearErrors();
    this.shape = shape;
  }

  run(io: usize, frames: i32): void {
    const silent = leadingSilence(io, frames);
    const trailing = silent == frames ? this.silentFrames + frames : trailingSilence(io, frames);
    const dithered = this.blanking ? this.blankFrames - this.silentFrames : frames;
    if (dithered < silent) {
      this.quantise(io, dithered);
      memory.fill(io + (<usize>dithered << 4), 0, <usize>(silent - dithered) << 4);
      this.clearErrors();
      this.quantise(io + (<usize>silent << 4), frames - silent);
    } else {
      this.quantise(io, frames);
    }
    this.silentFrames = min(trailing, this.blankFrames);
  }

  private clearErrors(): void {
    memory.fill(this.errors, 0, HISTORY_BYTES);
  }

  private quantise(io: usize, frames: i32): void {
    if (frames == 0) return;
    if (this.shapes.isShaped(this.shape)) this.quantiseShaped(io, frames);
    else this.quantiseFlat(io, frames);
  }

  private quantiseFlat(io: usize, frames: i32): void {
    const lsb = f64x2.splat(this.lsb);
    const steps = f64x2.splat(1.0 / this.lsb);
    const limit = f64x2.splat(1.0 + 0.5 * this.lsb);
    const top = f64x2.splat(1.0 - this.lsb);
    let a = this.a;
    let b = this.b;
    let clips = i64x2.splat(0);
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const noise = tpdf(a, b);
      const next = xorshift(a, b);
      a = b;
      b = next;
      clips = i64x2.sub(clips, f64x2.gt(f64x2.abs(x), limit));
      const rounded = f64x2.mul(lsb, f64x2.nearest(f64x2.add(f64x2.mul(x, steps), noise)));
      v128.store(p, f64x2.max(f64x2.splat(-1.0), f64x2.min(top, rounded)));
    }
    this.a = a;
    this.b = b;
    countClips(clips);
  }

  private quantiseShaped(io: usize, frames: i32): void {
    const coefficients = this.shapes.coefficients(this.shape);
    const lsb = f64x2.splat(this.lsb);
    const steps = f64x2.splat(1.0 / this.lsb);
    const limit = f64x2.splat(1.0 + 0.5 * this.lsb);
    const top = f64x2.splat(1.0 - this.lsb);
    let a = this.a;
    let b = this.b;
    let clips = i64x2.splat(0);
    let error = this.errors + HISTORY_BYTES;
    let newest = v128.load(error - 16);
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const noise = tpdf(a, b);
      const next = xorshift(a, b);
      a = b;
      b = next;
      clips = i64x2.sub(clips, f64x2.gt(f64x2.abs(x), limit));
      let wanted = f64x2.mul(x, steps);
      // The newest error comes last, so that only one product waits for it.
      for (let tap = SHAPER_TAPS - 1; tap > 0; tap--) {
        const past = v128.load(error - (<usize>tap << 4) - 16);
        wanted = f64x2.add(wanted, f64x2.mul(v128.load64_splat(coefficients + (<usize>tap << 3)), past));
      }
      wanted = f64x2.add(wanted, f64x2.mul(v128.load64_splat(coefficients), newest));
      const rounded = f64x2.nearest(f64x2.add(wanted, noise));
      // The error is taken before the clamp, or a clipped passage would wind the shaper up.
      newest = f64x2.sub(wanted, rounded);
      v128.store(error, newest);
      error += 16;
      v128.store(p, f64x2.max(f64x2.splat(-1.0), f64x2.min(top, f64x2.mul(lsb, rounded))));
    }
    memory.copy(this.errors, error - HISTORY_BYTES, HISTORY_BYTES);
    this.a = a;
    this.b = b;
    countClips(clips);
  }
}

/**
 * Triangular noise between -1 and 1: the difference of the two halves of a + b, which are uniform and, in
 * xorshift128+, independent. The integer difference turns into f64 by the mantissa of 1.5 * 2^52.
 */
function tpdf(a: v128, b: v128): v128 {
  const random = i64x2.add(a, b);
  const difference = i64x2.sub(i64x2.shr_u(random, 32), v128.and(random, i64x2.splat(0xffffffff)));
  const whole = f64x2.sub(i64x2.add(difference, i64x2.splat(0x4338000000000000)), f64x2.splat(6755399441055744.0));
  return f64x2.mul(whole, f64x2.splat(1.0 / 4294967296.0));
}

/** Next state word of xorshift128+ (S. Vigna, "Further scramblings of Marsaglia's xorshift generators", 2017). */
function xorshift(a: v128, b: v128): v128 {
  const mixed = v128.xor(a, i64x2.shl(a, 23));
  return v128.xor(v128.xor(mixed, b), v128.xor(i64x2.shr_u(mixed, 18), i64x2.shr_u(b, 5)));
}

function leadingSilence(io: usize, frames: i32): i32 {
  let count = 0;
  while (count < frames && isSilent(io + (<usize>count << 4))) count++;
  return count;
}

function trailingSilence(io: usize, frames: i32): i32 {
  let count = 0;
  while (count < frames && isSilent(io + (<usize>(frames - 1 - count) << 4))) count++;
  return count;
}

function isSilent(frame: usize): bool {
  return !v128.any_true(f64x2.ne(v128.load(frame), f64x2.splat(0.0)));
}

function countClips(clips: v128): void {
  const count = i64x2.extract_lane(clips, 0) + i64x2.extract_lane(clips, 1);
  if (count != 0) readoutCount(READOUT_OUTPUT_CLIPS, <f64>count);
}
