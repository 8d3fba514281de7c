import { flush } from "./math";

/**
 * K-weighting of a stereo signal: head shelf, then RLB high-pass (ITU-R BS.1770-5 Annex 1, tables 1 and 2).
 * The analog form reproduces the tables at 48 kHz to 1e-15; at other rates the high-pass is scaled so that the
 * pass band keeps the gain it has at 48 kHz.
 */
export class KWeighting {
  private b0: f64 = 0;
  private b1: f64 = 0;
  private b2: f64 = 0;
  private a1: f64 = 0;
  private a2: f64 = 0;
  private c0: f64 = 0;
  private d1: f64 = 0;
  private d2: f64 = 0;
  // Transposed direct form II states of the two sections.
  private s1: v128 = f64x2.splat(0.0);
  private s2: v128 = f64x2.splat(0.0);
  private t1: v128 = f64x2.splat(0.0);
  private t2: v128 = f64x2.splat(0.0);
  private sum: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    const shelfGain = Math.pow(10.0, 3.999843853973347 / 20.0);
    const shelfBand = Math.pow(shelfGain, 0.4996667741545416);
    const shelfQ: f64 = 0.7071752369554196;
    const k = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz);
    const a0 = 1.0 + k / shelfQ + k * k;
    this.b0 = (shelfGain + (shelfBand * k) / shelfQ + k * k) / a0;
    this.b1 = (2.0 * (k * k - shelfGain)) / a0;
    this.b2 = (shelfGain - (shelfBand * k) / shelfQ + k * k) / a0;
    this.a1 = (2.0 * (k * k - 1.0)) / a0;
    this.a2 = (1.0 - k / shelfQ + k * k) / a0;
    const r = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
    const rlb = rlbDenominator(r);
    this.c0 = rlbDenominator(Math.tan((Math.PI * 38.13547087602444) / 48000.0)) / rlb;
    this.d1 = (2.0 * (r * r - 1.0)) / rlb;
    this.d2 = (1.0 - r / RLB_Q + r * r) / rlb;
  }

  reset(): void {
    this.s1 = f64x2.splat(0.0);
    this.s2 = f64x2.splat(0.0);
    this.t1 = f64x2.splat(0.0);
    this.t2 = f64x2.splat(0.0);
    this.sum = f64x2.splat(0.0);
  }

  /** Adds the squares of the K-weighted frames at `io` to the sum. */
  run(io: usize, frames: i32): void {
    const b0 = f64x2.splat(this.b0);
    const b1 = f64x2.splat(this.b1);
    const b2 = f64x2.splat(this.b2);
    const a1 = f64x2.splat(this.a1);
    const a2 = f64x2.splat(this.a2);
    const c0 = f64x2.splat(this.c0);
    const c1 = f64x2.splat(-2.0 * this.c0);
    const d1 = f64x2.splat(this.d1);
    const d2 = f64x2.splat(this.d2);
    let s1 = this.s1;
    let s2 = this.s2;
    let t1 = this.t1;
    let t2 = this.t2;
    let sum = this.sum;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const y = f64x2.add(f64x2.mul(b0, x), s1);
      s1 = f64x2.sub(f64x2.add(f64x2.mul(b1, x), s2), f64x2.mul(a1, y));
      s2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
      const scaled = f64x2.mul(c0, y);
      const k = f64x2.add(scaled, t1);
      t1 = f64x2.sub(f64x2.add(f64x2.mul(c1, y), t2), f64x2.mul(d1, k));
      t2 = f64x2.sub(scaled, f64x2.mul(d2, k));
      sum = f64x2.add(sum, f64x2.mul(k, k));
    }
    this.s1 = s1;
    this.s2 = s2;
    this.t1 = t1;
    this.t2 = t2;
    this.sum = sum;
  }

  /** Returns the sum of squares since the last call, a lane a channel, and clears it. */
  takeSum(): v128 {
    const sum = this.sum;
    this.sum = f64x2.splat(0.0);
    return sum;
  }

  /** Keeps the states out of the subnormal range; call now and then. */
  settle(): void {
    this.s1 = flush(this.s1);
    this.s2 = flush(this.s2);
    this.t1 = flush(this.t1);
    this.t2 = flush(this.t2);
  }
}

const RLB_Q: f64 = 0.5003270373238773;

function rlbDenominator(k: f64): f64 {
  return 1.0 + k / RLB_Q + k * k;
}
