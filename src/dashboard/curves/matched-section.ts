import { clamp } from "./scales.js";

/** Point, as a share of the Nyquist frequency, where the warped axis meets the true one besides f0. */
const WARP_POINT = 0.73;
/** Nearest that the second point of the warp comes to f0, relative. */
const WARP_GAP = 1e-4;

/** Squared magnitude of an analog prototype as a polynomial of (f / f0)²: [square, linear, constant]. */
export type Polynomial = readonly [number, number, number];

/** Where a fit meets its prototype: four offsets from f0 in octaves, bent to stay below `reach`. */
export interface FitNodes {
  readonly offsets: readonly [number, number, number, number];
  readonly bend: number;
  /** In octaves from the Nyquist frequency. */
  readonly reach: number;
}

/** A second-order section in s with its frequency at 1: numerator and denominator, [s², s, 1]. */
export interface Section {
  readonly num: Polynomial;
  readonly den: Polynomial;
  /** tan(pi f0 / fs): where on the axis of the bilinear transform its frequency lies. */
  readonly k: number;
}

/** Magnitude in dB of `section` at `hz`, for the digital filter that it becomes at `sampleRateHz`. */
export function sectionDb(section: Section, hz: number, sampleRateHz: number): number {
  const w = Math.tan((Math.PI * Math.min(hz, 0.499 * sampleRateHz)) / sampleRateHz) / section.k;
  const [n2, n1, n0] = section.num;
  const [d2, d1, d0] = section.den;
  const over = (n0 - n2 * w * w) ** 2 + (n1 * w) ** 2;
  const under = (d0 - d2 * w * w) ** 2 + (d1 * w) ** 2;
  return 10 * Math.log10(Math.max(over, 1e-20) / Math.max(under, 1e-20));
}

/** `section` turned into its inverse. */
export function inverse({ num, den, k }: Section): Section {
  return { num: den, den: num, k };
}

/** `section` with its response multiplied by `gain`. */
export function scaled({ num, den, k }: Section, gain: number): Section {
  return { num: [num[0] * gain, num[1] * gain, num[2] * gain], den, k };
}

/** `from` moved toward `to` by `share`, coefficient by coefficient. */
export function blended(from: Section, to: Section, share: number): Section {
  const mix = (a: Polynomial, b: Polynomial): Polynomial => [
    a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
  return { num: mix(from.num, to.num), den: mix(from.den, to.den), k: from.k };
}

/** Square root of a polynomial in u, as the section in s whose squared magnitude it is. */
function root([square, linear, constant]: Polynomial): Polynomial {
  const s2 = Math.sqrt(Math.max(0, square));
  const s0 = Math.sqrt(Math.max(0, constant));
  return [s2, Math.sqrt(Math.max(0, linear + 2 * s2 * s0)), s0];
}

/** Second divided difference of the values x, y, z at three neighbours of `u` from `first` on. */
function curvature(u: readonly number[], first: number, [x, y, z]: readonly [number, number, number]): number {
  const [a = 0, b = 0, c = 0] = u.slice(first, first + 3);
  return ((z - y) / (c - b) - (y - x) / (b - a)) / (c - a);
}

/**
 * Designs sections as the equaliser of the box does, so that a curve on the screen is the curve that is heard: squared
 * magnitudes of the analog prototype are met on the axis of the bilinear transform (after M. Vicanek, "Matched second
 * order digital filters", 2016). src/dsp/matched-section.ts says more; a test holds both together within 0.1 dB.
 */
export class SectionDesign {
  readonly #freqHz: number;
  readonly #sampleRateHz: number;
  readonly #k: number;

  constructor(freqHz: number, sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#freqHz = clamp(freqHz, 1, 0.499 * sampleRateHz);
    this.#k = Math.tan((Math.PI * this.#freqHz) / sampleRateHz);
  }

  /** Follows the prototype along a frequency axis that is true at f0 and at `point` times the Nyquist frequency. */
  warp(num: Polynomial, den: Polynomial, point = WARP_POINT): Section {
    let ratio = (0.5 * point * this.#sampleRateHz) / this.#freqHz;
    if (Math.abs(ratio - 1) < WARP_GAP) ratio = 1 + WARP_GAP;
    const v = ratio * ratio;
    const u = (Math.tan((Math.PI * ratio * this.#freqHz) / this.#sampleRateHz) / this.#k) ** 2;
    const b = (u - v) / (u * (v - 1));
    const a = 1 + b;
    const bent = ([p2, p1, p0]: Polynomial): Polynomial => root([p2 * a * a + p1 * a * b + p0 * b * b, p1 * a + 2 * p0 * b, p0]);
    return { num: bent(num), den: bent(den), k: this.#k };
  }

  /**
   * Meets the prototype at zero frequency and at four nodes. It must be 1 at zero frequency with
   * num = den + depth (rise2 v² + rise1 v). Undefined when the fit has no stable form.
   */
  fit(den: Polynomial, nodes: FitNodes, depth: number, rise: readonly [number, number]): Section | undefined {
    const { u, q } = this.#place(den, nodes, rise);
    const [q0 = 0, q1 = 0, q2 = 0, q3 = 0] = q;
    const [u0 = 0, u1 = 0, u2 = 0, u3 = 0] = u;
    const a0 = curvature(u, 0, [q0, q1, q2]);
    const a1 = curvature(u, 0, [q0 * u0, q1 * u1, q2 * u2]);
    const a2 = curvature(u, 0, [q0 * u0 * u0, q1 * u1 * u1, q2 * u2 * u2]);
    const b0 = curvature(u, 1, [q1, q2, q3]);
    const b1 = curvature(u, 1, [q1 * u1, q2 * u2, q3 * u3]);
    const b2 = curvature(u, 1, [q1 * u1 * u1, q2 * u2 * u2, q3 * u3 * u3]);
    const determinant = a1 * b2 - a2 * b1;
    const g1 = (a2 * b0 - a0 * b2) / determinant;
    const g2 = (a0 * b1 - a1 * b0) / determinant;
    const first = q0 * (1 + u0 * (g1 + g2 * u0));
    const last = q3 * (1 + u3 * (g1 + g2 * u3));
    const r2 = (last - first) / (u3 - u0);
    const r1 = first - r2 * u0;
    return this.#factor([g2, g1, 1], [g2 + depth * r2, g1 + depth * r1, 1]);
  }

  #factor([den2, den1]: Polynomial, [num2, num1]: Polynomial): Section | undefined {
    const d2 = Math.sqrt(den2);
    const n2 = Math.sqrt(num2);
    const d1 = Math.sqrt(den1 + 2 * d2);
    const n1 = Math.sqrt(num1 + 2 * n2);
    // Roots of negative numbers are not numbers, and neither comparison holds.
    return d2 * d1 > 0 && n2 * n1 > 0 ? { num: [n2, n1, 1], den: [d2, d1, 1], k: this.#k } : undefined;
  }

  #place([den2, den1, den0]: Polynomial, { offsets, bend, reach }: FitNodes, [rise2, rise1]: readonly [number, number]): { u: number[]; q: number[] } {
    const u: number[] = [];
    const q: number[] = [];
    const octaves = Math.log2(this.#freqHz);
    const top = Math.log2(0.5 * this.#sampleRateHz) + reach;
    for (const offset of offsets) {
      const at = octaves + offset;
      const ratio = 2 ** (at - Math.log2(1 + 2 ** (bend * (at - top))) / bend - octaves);
      const t = Math.tan((Math.PI * ratio * this.#freqHz) / this.#sampleRateHz) / this.#k;
      const v = ratio * ratio;
      u.push(t * t);
      q.push((v * (rise2 * v + rise1)) / (t * t * ((den2 * v + den1) * v + den0)));
    }
    return { u, q };
  }
}
