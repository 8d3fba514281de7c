import { CONTROL_FRAMES } from "./layout";
import { flush } from "./math";

/** Below this (-300 dBFS) what a neutral section still adds is dropped, and the section rests. */
const SILENT: f64 = 1e-15;

/**
 * A stereo second-order section in difference form, y = x + d with
 * d[n] = e0 u[n] + e1 u[n-1] + e2 u[n-2] - a1 d[n-1] - a2 d[n-2] and e = b - a: direct form I of H - 1.
 * Where H is 1 the coefficients e are 0, d rings out and the sound passes bit for bit; a small boost adds only a
 * small rounding noise. `u` is the input, its mid or its side, by `same` and `other`.
 *
 * The owner sets the `to...` fields and calls `step` once a control period. Coefficients run linearly through the
 * period; as the stable region of (a1, a2) is a triangle, every section on the way is stable.
 * A section with nothing to do rests and costs nothing; it wakes over one period in which it learns its history.
 */
export class Biquad {
  /** Nothing to do: the section need not run. */
  resting: bool = true;
  /** Waking: `prime` must see the sound of this period. */
  priming: bool = false;
  /** Coefficients stand still and both channels are filtered as they come. */
  plain: bool = false;
  // Coefficients wanted at the end of the next period.
  toE0: f64 = 0;
  toE1: f64 = 0;
  toE2: f64 = 0;
  toA1: f64 = 0;
  toA2: f64 = 0;
  /** Shares of the own and of the other channel in what is filtered: 1, 0 stereo; 1/2, 1/2 mid; 1/2, -1/2 side. */
  toSame: f64 = 1;
  toOther: f64 = 0;
  // Present coefficients, and their change a frame.
  e0: v128 = f64x2.splat(0.0);
  e1: v128 = f64x2.splat(0.0);
  e2: v128 = f64x2.splat(0.0);
  a1: v128 = f64x2.splat(0.0);
  a2: v128 = f64x2.splat(0.0);
  // Input and difference history.
  u1: v128 = f64x2.splat(0.0);
  u2: v128 = f64x2.splat(0.0);
  d1: v128 = f64x2.splat(0.0);
  d2: v128 = f64x2.splat(0.0);
  private same: v128 = f64x2.splat(1.0);
  private other: v128 = f64x2.splat(0.0);
  private e0Slope: v128 = f64x2.splat(0.0);
  private e1Slope: v128 = f64x2.splat(0.0);
  private e2Slope: v128 = f64x2.splat(0.0);
  private a1Slope: v128 = f64x2.splat(0.0);
  private a2Slope: v128 = f64x2.splat(0.0);
  private sameSlope: v128 = f64x2.splat(0.0);
  private otherSlope: v128 = f64x2.splat(0.0);
  // Coefficients at the end of the present period.
  private atE0: f64 = 0;
  private atE1: f64 = 0;
  private atE2: f64 = 0;
  private atA1: f64 = 0;
  private atA2: f64 = 0;
  private atSame: f64 = 1;
  private atOther: f64 = 0;
  private moving: bool = false;
  private inPlace: bool = false;
  private fresh: bool = true;

  /** Clears the history and the target; the next `step` jumps. */
  reset(): void {
    this.fresh = true;
    this.resting = true;
    this.priming = false;
    this.toE0 = 0;
    this.toE1 = 0;
    this.toE2 = 0;
    this.u1 = f64x2.splat(0.0);
    this.u2 = f64x2.splat(0.0);
    this.d1 = f64x2.splat(0.0);
    this.d2 = f64x2.splat(0.0);
  }

  /** Begins a control period that ends at the wanted coefficients. */
  step(): void {
    const neutral = this.toE0 == 0.0 && this.toE1 == 0.0 && this.toE2 == 0.0;
    if (this.fresh) {
      this.fresh = false;
      this.resting = neutral;
      this.jump();
      if (neutral) return;
    } else if (this.resting) {
      if (neutral) return;
      this.wake();
      return;
    }
    this.settle();
    const moving = this.wantsToMove();
    // Coefficients that stood still and shall go on doing so are in place.
    if (moving || this.moving || !this.inPlace) this.glide(moving);
    this.priming = false;
    if (neutral && !this.moving) this.restWhenSilent();
  }

  private wantsToMove(): bool {
    return (
      this.toE0 != this.atE0 || this.toE1 != this.atE1 || this.toE2 != this.atE2 ||
      this.toA1 != this.atA1 || this.toA2 != this.atA2 || this.toSame != this.atSame || this.toOther != this.atOther
    );
  }

  /** Jumps to the wanted coefficients; `glide` puts them in place. */
  private jump(): void {
    this.inPlace = false;
    this.atE0 = this.toE0;
    this.atE1 = this.toE1;
    this.atE2 = this.toE2;
    this.atA1 = this.toA1;
    this.atA2 = this.toA2;
    this.atSame = this.toSame;
    this.atOther = this.toOther;
  }

  /** Stands neutral, with the poles to come, for one period. */
  private wake(): void {
    this.resting = false;
    this.priming = true;
    this.plain = false;
    this.jump();
    this.atE0 = 0;
    this.atE1 = 0;
    this.atE2 = 0;
    this.same = f64x2.splat(this.toSame);
    this.other = f64x2.splat(this.toOther);
  }

  private restWhenSilent(): void {
    const silent = f64x2.splat(SILENT);
    if (v128.any_true(v128.or(f64x2.gt(f64x2.abs(this.d1), silent), f64x2.gt(f64x2.abs(this.d2), silent)))) return;
    this.resting = true;
    this.d1 = f64x2.splat(0.0);
    this.d2 = f64x2.splat(0.0);
  }

  private settle(): void {
    this.u1 = flush(this.u1);
    this.u2 = flush(this.u2);
    this.d1 = flush(this.d1);
    this.d2 = flush(this.d2);
  }

  private glide(moving: bool): void {
    this.moving = moving;
    this.e0 = f64x2.splat(this.atE0);
    this.e1 = f64x2.splat(this.atE1);
    this.e2 = f64x2.splat(this.atE2);
    this.a1 = f64x2.splat(this.atA1);
    this.a2 = f64x2.splat(this.atA2);
    this.same = f64x2.splat(this.atSame);
    this.other = f64x2.splat(this.atOther);
    this.plain = !moving && this.atSame == 1.0 && this.atOther == 0.0;
    this.e0Slope = slope(this.atE0, this.toE0);
    this.e1Slope = slope(this.atE1, this.toE1);
    this.e2Slope = slope(this.atE2, this.toE2);
    this.a1Slope = slope(this.atA1, this.toA1);
    this.a2Slope = slope(this.atA2, this.toA2);
    this.sameSlope = slope(this.atSame, this.toSame);
    this.otherSlope = slope(this.atOther, this.toOther);
    this.jump();
    this.inPlace = true;
  }

  /** Learns the history from the sound that passes, and leaves it as it is. */
  prime(io: usize, frames: i32): void {
    const last = io + (<usize>(frames - 1) << 4);
    this.u2 = frames > 1 ? this.mixed(v128.load(last - 16)) : this.u1;
    this.u1 = this.mixed(v128.load(last));
  }

  private mixed(x: v128): v128 {
    return f64x2.add(f64x2.mul(this.same, x), f64x2.mul(this.other, v128.shuffle<f64>(x, x, 1, 0)));
  }

  /** Filters while coefficients run, or the mid or the side alone. */
  run(io: usize, frames: i32): void {
    let e0 = this.e0;
    let e1 = this.e1;
    let e2 = this.e2;
    let a1 = this.a1;
    let a2 = this.a2;
    let same = this.same;
    let other = this.other;
    let u1 = this.u1;
    let u2 = this.u2;
    let d1 = this.d1;
    let d2 = this.d2;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const u = f64x2.add(f64x2.mul(same, x), f64x2.mul(other, v128.shuffle<f64>(x, x, 1, 0)));
      const forward = f64x2.add(f64x2.add(f64x2.mul(e2, u2), f64x2.mul(e1, u1)), f64x2.mul(e0, u));
      const d = f64x2.sub(f64x2.sub(forward, f64x2.mul(a2, d2)), f64x2.mul(a1, d1));
      v128.store(p, f64x2.add(x, d));
      u2 = u1;
      u1 = u;
      d2 = d1;
      d1 = d;
      e0 = f64x2.add(e0, this.e0Slope);
      e1 = f64x2.add(e1, this.e1Slope);
      e2 = f64x2.add(e2, this.e2Slope);
      a1 = f64x2.add(a1, this.a1Slope);
      a2 = f64x2.add(a2, this.a2Slope);
      same = f64x2.add(same, this.sameSlope);
      other = f64x2.add(other, this.otherSlope);
    }
    this.e0 = e0;
    this.e1 = e1;
    this.e2 = e2;
    this.a1 = a1;
    this.a2 = a2;
    this.same = same;
    this.other = other;
    this.u1 = u1;
    this.u2 = u2;
    this.d1 = d1;
    this.d2 = d2;
  }
}

function slope(from: f64, to: f64): v128 {
  return f64x2.splat((to - from) / CONTROL_FRAMES);
}
