import { Biquad } from "./biquad";
import { exp2, exp2x2, log2x2, tanx2 } from "./math";

/** Point, as a share of the Nyquist frequency, where the warped axis meets the true one besides f0. */
const WARP_POINT: f64 = 0.73;
/** Nearest that the second point of the warp comes to f0, relative. */
const WARP_GAP: f64 = 1e-4;

/**
 * Designs a digital second-order section whose magnitude follows an analog prototype up to Nyquist.
 *
 * The prototype is given by its squared magnitude, a ratio of polynomials in v = (f / f0)^2. On the digital side
 * the squared magnitude of every second-order section is such a ratio in u = (tan(pi f / fs) / tan(pi f0 / fs))^2
 * (the bilinear transform's own axis). So a design is a ratio in u that comes close to the prototype; its
 * polynomials are factored into s^2, s and 1 with positive coefficients, which makes every result stable and
 * minimum-phase, and put through the bilinear transform. The plain bilinear transform takes u for v and cramps;
 * `warp` and `fit` do better. (Matching squared magnitudes: M. Vicanek, "Matched second order digital filters",
 * 2016; here with an own choice of unknowns.)
 */
export class MatchedSection {
  // Squared magnitude of the prototype: (num2 v^2 + num1 v + num0) / (den2 v^2 + den1 v + den0).
  num2: f64 = 0;
  num1: f64 = 0;
  num0: f64 = 1;
  den2: f64 = 0;
  den1: f64 = 0;
  den0: f64 = 1;
  // Designed section in s, with f0 at 1.
  n2: f64 = 0;
  n1: f64 = 0;
  n0: f64 = 1;
  d2: f64 = 0;
  d1: f64 = 0;
  d0: f64 = 1;
  private sampleRateHz: f64 = 48000;
  private angle: f64 = 0;
  private log2Nyquist: f64 = 0;
  private log2Hz: f64 = 0;
  private freqHz: f64 = 1;
  /** tan(pi f0 / fs). */
  private k: f64 = 1;
  private readonly nodesU: StaticArray<f64> = new StaticArray<f64>(4);
  private readonly nodesQ: StaticArray<f64> = new StaticArray<f64>(4);

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.angle = Math.PI / sampleRateHz;
    this.log2Nyquist = Math.log2(0.5 * sampleRateHz);
  }

  /** Sets f0 by the base-2 logarithm of its Hz; kept below 0.499 fs. */
  tune(log2Hz: f64): void {
    this.freqHz = Math.min(exp2(log2Hz), 0.499 * this.sampleRateHz);
    this.log2Hz = log2Hz;
    this.k = tangent(this.freqHz * this.angle);
  }

  numerator(square: f64, linear: f64, constant: f64): void {
    this.num2 = square;
    this.num1 = linear;
    this.num0 = constant;
  }

  denominator(square: f64, linear: f64, constant: f64): void {
    this.den2 = square;
    this.den1 = linear;
    this.den0 = constant;
  }

  /**
   * Follows the prototype along a frequency axis v = (1 + b) u / (1 + b u) that is true at f0 and at `point` times
   * the Nyquist frequency: the response has the exact shape, its frequencies are off by a few percent at most.
   * Works for every prototype whose squared magnitude is not negative.
   */
  warp(point: f64 = WARP_POINT): void {
    let ratio = (0.5 * point * this.sampleRateHz) / this.freqHz;
    // At f0 itself the condition becomes one on the slope; beside it the quotient still says the same.
    if (Math.abs(ratio - 1.0) < WARP_GAP) ratio = 1.0 + WARP_GAP;
    const v = ratio * ratio;
    const t = tangent(ratio * this.freqHz * this.angle) / this.k;
    const u = t * t;
    const b = (u - v) / (u * (v - 1.0));
    const a = 1.0 + b;
    const num2 = this.num2 * a * a + this.num1 * a * b + this.num0 * b * b;
    const den2 = this.den2 * a * a + this.den1 * a * b + this.den0 * b * b;
    this.n2 = Math.sqrt(Math.max(0.0, num2));
    this.n0 = Math.sqrt(this.num0);
    this.n1 = Math.sqrt(Math.max(0.0, this.num1 * a + 2.0 * (this.num0 * b + this.n2 * this.n0)));
    this.d2 = Math.sqrt(Math.max(0.0, den2));
    this.d0 = Math.sqrt(this.den0);
    this.d1 = Math.sqrt(Math.max(0.0, this.den1 * a + 2.0 * (this.den0 * b + this.d2 * this.d0)));
  }

  /**
   * Meets the prototype at zero frequency and at the four frequencies of `nodes`. The prototype must be 1 at zero frequency with num = den + depth times
   * (rise2 v^2 + rise1 v): as `depth` divides out, the fit is as good for a gain of nothing.
   * Returns false, leaving the section as it was, when the fit has no stable form.
   */
  fit(nodes: FitNodes, depth: f64, rise2: f64, rise1: f64): bool {
    this.place(nodes, rise2, rise1);
    const u = this.nodesU;
    const q = this.nodesQ;
    // q (1 + g1 u + g2 u^2) = r1 + r2 u at the nodes; second divided differences remove r1 and r2.
    const a0 = curvature(u, 0, q[0], q[1], q[2]);
    const a1 = curvature(u, 0, q[0] * u[0], q[1] * u[1], q[2] * u[2]);
    const a2 = curvature(u, 0, q[0] * u[0] * u[0], q[1] * u[1] * u[1], q[2] * u[2] * u[2]);
    const b0 = curvature(u, 1, q[1], q[2], q[3]);
    const b1 = curvature(u, 1, q[1] * u[1], q[2] * u[2], q[3] * u[3]);
    const b2 = curvature(u, 1, q[1] * u[1] * u[1], q[2] * u[2] * u[2], q[3] * u[3] * u[3]);
    const determinant = a1 * b2 - a2 * b1;
    const g1 = (a2 * b0 - a0 * b2) / determinant;
    const g2 = (a0 * b1 - a1 * b0) / determinant;
    const first = q[0] * (1.0 + u[0] * (g1 + g2 * u[0]));
    const last = q[3] * (1.0 + u[3] * (g1 + g2 * u[3]));
    const r2 = (last - first) / (u[3] - u[0]);
    const r1 = first - r2 * u[0];
    return this.factor(g2, g1, g2 + depth * r2, g1 + depth * r1);
  }

  /** Takes the square roots of 1 + den1 u + den2 u^2 and 1 + num1 u + num2 u^2, if both are those of a stable section. */
  private factor(den2: f64, den1: f64, num2: f64, num1: f64): bool {
    const d2 = Math.sqrt(den2);
    const n2 = Math.sqrt(num2);
    const d1 = Math.sqrt(den1 + 2.0 * d2);
    const n1 = Math.sqrt(num1 + 2.0 * n2);
    // Roots of negative numbers are not numbers, and neither comparison holds.
    if (!(d2 * d1 > 0.0 && n2 * n1 > 0.0)) return false;
    this.n2 = n2;
    this.n1 = n1;
    this.n0 = 1.0;
    this.d2 = d2;
    this.d1 = d1;
    this.d0 = 1.0;
    return true;
  }

  /** Places the four nodes: u, and q = v / u times (rise2 v + rise1) / den(v), for each. */
  private place(nodes: FitNodes, rise2: f64, rise1: f64): void {
    const bend = f64x2.splat(nodes.bend);
    const centre = f64x2.splat(this.log2Hz);
    const reach = f64x2.splat(this.log2Nyquist + nodes.reach);
    const angle = f64x2.splat(this.freqHz * this.angle);
    const k = f64x2.splat(1.0 / this.k);
    const one = f64x2.splat(1.0);
    for (let pair = 0; pair < 2; pair++) {
      const at = f64x2.add(centre, pair == 0 ? nodes.low : nodes.high);
      const over = exp2x2(f64x2.mul(bend, f64x2.sub(at, reach)));
      const bent = f64x2.sub(at, f64x2.div(log2x2(f64x2.add(one, over)), bend));
      const ratios = exp2x2(f64x2.sub(bent, centre));
      const t = f64x2.mul(tanx2(f64x2.mul(ratios, angle)), k);
      const u = f64x2.mul(t, t);
      const v = f64x2.mul(ratios, ratios);
      const rise = f64x2.add(f64x2.mul(f64x2.splat(rise2), v), f64x2.splat(rise1));
      const steep = f64x2.add(f64x2.mul(f64x2.splat(this.den2), v), f64x2.splat(this.den1));
      const den = f64x2.add(f64x2.mul(steep, v), f64x2.splat(this.den0));
      v128.store(changetype<usize>(this.nodesU) + (<usize>pair << 4), u);
      v128.store(changetype<usize>(this.nodesQ) + (<usize>pair << 4), f64x2.div(f64x2.mul(v, rise), f64x2.mul(u, den)));
    }
  }

  /** Turns the section into its inverse. */
  invert(): void {
    const n2 = this.n2;
    const n1 = this.n1;
    const n0 = this.n0;
    this.n2 = this.d2;
    this.n1 = this.d1;
    this.n0 = this.d0;
    this.d2 = n2;
    this.d1 = n1;
    this.d0 = n0;
  }

  /** Multiplies the response by `gain`. */
  scale(gain: f64): void {
    this.n2 *= gain;
    this.n1 *= gain;
    this.n0 *= gain;
  }

  /** Hands the section, mixed with the dry sound in the ratio share : 1 - share, to `biquad` as its next target. */
  apply(biquad: Biquad, share: f64): void {
    const k = this.k;
    const kk = k * k;
    const norm = 1.0 / (this.d2 + this.d1 * k + this.d0 * kk);
    const e2 = this.n2 - this.d2;
    const e1 = (this.n1 - this.d1) * k;
    const e0 = (this.n0 - this.d0) * kk;
    const scale = share * norm;
    biquad.toE0 = scale * (e2 + e1 + e0);
    biquad.toE1 = scale * 2.0 * (e0 - e2);
    biquad.toE2 = scale * (e2 - e1 + e0);
    biquad.toA1 = 2.0 * norm * (this.d0 * kk - this.d2);
    biquad.toA2 = norm * (this.d2 - this.d1 * k + this.d0 * kk);
  }
}

/**
 * Where `MatchedSection.fit` meets its prototype: four offsets from f0, bent to stay below `reach`,
 * f / (1 + (f / reach)^bend)^(1 / bend).
 */
export class FitNodes {
  /** Octaves from f0 of the two lower nodes. */
  low: v128 = f64x2.splat(0.0);
  /** Octaves from f0 of the two upper nodes. */
  high: v128 = f64x2.splat(0.0);
  bend: f64 = 1;
  /** In octaves from the Nyquist frequency. */
  reach: f64 = 0;

  /** Sets the four offsets from f0, in octaves, rising. */
  offsets(first: f64, second: f64, third: f64, fourth: f64): void {
    this.low = f64x2.replace_lane(f64x2.splat(first), 1, second);
    this.high = f64x2.replace_lane(f64x2.splat(third), 1, fourth);
  }
}

/** Second divided difference of the values x, y, z at nodes[first] and the two after it. */
function curvature(nodes: StaticArray<f64>, first: i32, x: f64, y: f64, z: f64): f64 {
  const a = nodes[first];
  const b = nodes[first + 1];
  const c = nodes[first + 2];
  return ((z - y) / (c - b) - (y - x) / (b - a)) / (c - a);
}

/** Tangent of an angle in 0..0.499 pi. */
function tangent(angle: f64): f64 {
  return f64x2.extract_lane(tanx2(f64x2.splat(angle)), 0);
}
