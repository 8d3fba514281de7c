import { Glide } from "./glide";
import { CONTROL_FRAMES } from "./layout";
import { flush } from "./math";
import { allocate } from "./memory";
import { WarmFade } from "./warm-fade";

const GLIDE_MS: f64 = 20.0;
const WARM_MS: f64 = 60.0;
const FADE_MS: f64 = 40.0;
/** Damping of a second-order Butterworth section, 1/Q. */
const DAMPING: f64 = Math.SQRT2;
const COEFFICIENT_BYTES: usize = 48;

/**
 * Takes the side signal out of the bass: a Linkwitz-Riley high-pass of 24 dB/oct on S. M passes the second-order
 * all-pass of the same phase, without which S and M would part above the crossover and a hard-panned sound would
 * leak into the other channel. Works on [M, S] lanes; trapezoidal state-variable filters (V. Zavalishin, "The Art of
 * VA Filter Design"). Adds no latency.
 */
export class MonoBass {
  private fade: WarmFade = new WarmFade();
  private octaves: Glide = new Glide();
  private radiansPerHz: f64 = 0;
  private share: f64 = 0;
  /** a1, a2 and a3 of each frame of the control period, or of all of them where `stride` is 0. */
  private coefficients: usize = 0;
  private stride: usize = 0;
  private next: usize = 0;
  // States of the first filter in both lanes, and of the second, of which the side lane counts.
  private s1: v128 = f64x2.splat(0.0);
  private s2: v128 = f64x2.splat(0.0);
  private t1: v128 = f64x2.splat(0.0);
  private t2: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.fade.prepare(sampleRateHz, WARM_MS, FADE_MS);
    this.octaves.prepare(sampleRateHz, GLIDE_MS);
    this.radiansPerHz = Math.PI / sampleRateHz;
    this.coefficients = allocate(CONTROL_FRAMES * COEFFICIENT_BYTES);
  }

  reset(): void {
    this.fade.reset();
    this.octaves.reset();
    this.clear();
  }

  private clear(): void {
    this.s1 = f64x2.splat(0.0);
    this.s2 = f64x2.splat(0.0);
    this.t1 = f64x2.splat(0.0);
    this.t2 = f64x2.splat(0.0);
  }

  /** Whether `run` changes anything in this control period. */
  get isActive(): bool {
    return !this.fade.isOff;
  }

  /** Begins a control period. */
  control(on: bool, cutoffHz: f64): void {
    if (this.fade.next(on)) this.clear();
    this.share = this.fade.start;
    if (this.octaves.next(Math.log2(cutoffHz)) || this.stride != 0) this.design();
    this.next = this.coefficients;
    this.s1 = flush(this.s1);
    this.s2 = flush(this.s2);
    this.t1 = flush(this.t1);
    this.t2 = flush(this.t2);
  }

  private design(): void {
    const moving = this.octaves.moving;
    this.stride = moving ? COEFFICIENT_BYTES : 0;
    let warped = Math.tan(this.radiansPerHz * Math.pow(2.0, this.octaves.start));
    const end = Math.tan(this.radiansPerHz * Math.pow(2.0, this.octaves.value));
    const slope = (end - warped) / CONTROL_FRAMES;
    const frames = moving ? CONTROL_FRAMES : 1;
    let to = this.coefficients;
    for (let i = 0; i < frames; i++) {
      const a1 = 1.0 / (1.0 + warped * (warped + DAMPING));
      v128.store(to, f64x2.splat(a1));
      v128.store(to, f64x2.splat(warped * a1), 16);
      v128.store(to, f64x2.splat(warped * warped * a1), 32);
      warped += slope;
      to += COEFFICIENT_BYTES;
    }
  }

  /** Processes [M, S] frames in place. */
  run(io: usize, frames: i32): void {
    const damping = f64x2.splat(DAMPING);
    const two = f64x2.splat(2.0);
    // The first filter is the all-pass x - 2k bp in the mid lane, the high-pass x - k bp - lp in the side lane.
    const bandShare = f64x2(2.0 * DAMPING, DAMPING);
    const lowShare = f64x2(0.0, 1.0);
    const shareSlope = f64x2.splat(this.fade.slope);
    const stride = this.stride;
    let share = f64x2.splat(this.share);
    let c = this.next;
    let s1 = this.s1;
    let s2 = this.s2;
    let t1 = this.t1;
    let t2 = this.t2;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const a1 = v128.load(c);
      const a2 = v128.load(c, 16);
      const a3 = v128.load(c, 32);
      const x = v128.load(p);
      const d = f64x2.sub(x, s2);
      const band = f64x2.add(f64x2.mul(a1, s1), f64x2.mul(a2, d));
      const low = f64x2.add(s2, f64x2.add(f64x2.mul(a2, s1), f64x2.mul(a3, d)));
      s1 = f64x2.sub(f64x2.mul(two, band), s1);
      s2 = f64x2.sub(f64x2.mul(two, low), s2);
      const first = f64x2.sub(x, f64x2.add(f64x2.mul(bandShare, band), f64x2.mul(lowShare, low)));
      const e = f64x2.sub(first, t2);
      const secondBand = f64x2.add(f64x2.mul(a1, t1), f64x2.mul(a2, e));
      const secondLow = f64x2.add(t2, f64x2.add(f64x2.mul(a2, t1), f64x2.mul(a3, e)));
      t1 = f64x2.sub(f64x2.mul(two, secondBand), t1);
      t2 = f64x2.sub(f64x2.mul(two, secondLow), t2);
      const second = f64x2.sub(f64x2.sub(first, f64x2.mul(damping, secondBand)), secondLow);
      const filtered = v128.shuffle<f64>(first, second, 0, 3);
      v128.store(p, f64x2.add(x, f64x2.mul(share, f64x2.sub(filtered, x))));
      share = f64x2.add(share, shareSlope);
      c += stride;
    }
    this.next = c;
    this.share = f64x2.extract_lane(share, 0);
    this.s1 = s1;
    this.s2 = s2;
    this.t1 = t1;
    this.t2 = t2;
  }
}
