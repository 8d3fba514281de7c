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
  private d1: f64 = 0;
  private d2: f64 = 0;
  // Direct form I: the last two inputs, shelved samples and outputs. Its feedback loop is the shortest.
  private x1: v128 = f64x2.splat(0.0);
  private x2: v128 = f64x2.splat(0.0);
  private y1: v128 = f64x2.splat(0.0);
  private y2: v128 = f64x2.splat(0.0);
  private k1: v128 = f64x2.splat(0.0);
  private k2: v128 = f64x2.splat(0.0);
  private sum: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    const shelfGain = Math.pow(10.0, 3.999843853973347 / 20.0);
    const shelfBand = Math.pow(shelfGain, 0.4996667741545416);
    const shelfQ: f64 = 0.7071752369554196;
    const k = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz);
    const r = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
    const rlb = rlbDenominator(r);
    // The gain of the high-pass is taken by the shelf, which leaves its numerator 1, -2, 1 without a multiplication.
    const gain = rlbDenominator(Math.tan((Math.PI * 38.13547087602444) / 48000.0)) / rlb;
    const a0 = 1.0 + k / shelfQ + k * k;
    this.b0 = (gain * (shelfGain + (shelfBand * k) / shelfQ + k * k)) / a0;
    this.b1 = (gain * 2.0 * (k * k - shelfGain)) / a0;
    this.b2 = (gain * (shelfGain - (shelfBand * k) / shelfQ + k * k)) / a0;
    this.a1 = (2.0 * (k * k - 1.0)) / a0;
    this.a2 = (1.0 - k / shelfQ + k * k) / a0;
    this.d1 = (2.0 * (r * r - 1.0)) / rlb;
    this.d2 = (1.0 - r / RLB_Q + r * r) / rlb;
  }

  reset(): void {
    this.x1 = f64x2.splat(0.0);
    this.x2 = f64x2.splat(0.0);
    this.y1 = f64x2.splat(0.0);
    this.y2 = f64x2.splat(0.0);
    this.k1 = f64x2.splat(0.0);
    this.k2 = f64x2.splat(0.0);
    this.sum = f64x2.splat(0.0);
  }

  /** Adds the squares of the K-weighted frames at `io` to the sum. */
  run(io: usize, frames: i32): void {
    const b0 = f64x2.splat(this.b0);
    const b1 = f64x2.splat(this.b1);
    const b2 = f64x2.splat(this.b2);
    const a1 = f64x2.splat(this.a1);
    const a2 = f64x2.splat(this.a2);
    const d1 = f64x2.splat(this.d1);
    const d2 = f64x2.splat(this.d2);
    let x1 = this.x1;
    let x2 = this.x2;
    let y1 = this.y1;
    let y2 = this.y2;
    let k1 = this.k1;
    let k2 = this.k2;
    let sum = this.sum;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const ahead = f64x2.add(f64x2.add(f64x2.mul(b0, x), f64x2.mul(b1, x1)), f64x2.mul(b2, x2));
      const y = f64x2.sub(f64x2.sub(ahead, f64x2.mul(a2, y2)), f64x2.mul(a1, y1));
      const bend = f64x2.add(f64x2.sub(y, f64x2.add(y1, y1)), y2);
      const k = f64x2.sub(f64x2.sub(bend, f64x2.mul(d2, k2)), f64x2.mul(d1, k1));
      sum = f64x2.add(sum, f64x2.mul(k, k));
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      k2 = k1;
      k1 = k;
    }
    this.x1 = x1;
    this.x2 = x2;
    this.y1 = y1;
    this.y2 = y2;
    this.k1 = k1;
    this.k2 = k2;
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
    this.x1 = flush(this.x1);
    this.x2 = flush(this.x2);
    this.y1 = flush(this.y1);
    this.y2 = flush(this.y2);
    this.k1 = flush(this.k1);
    this.k2 = flush(this.k2);
  }
}

const RLB_Q: f64 = 0.5003270373238773;

function rlbDenominator(k: f64): f64 {
  return 1.0 + k / RLB_Q + k * k;
}
