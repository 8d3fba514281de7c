import { it } from "vitest";
import { bandParameters } from "../support/analog-eq.js";
import { expectGate } from "../support/gates.js";
import { nullDb } from "../support/measure.js";
import { dual, runChain } from "../support/run-chain.js";
import { sine } from "../support/signals.js";

const RATE_HZ = 48_000;

interface Section {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number, number];
}

/** Bilinear transform of n(s)/d(s), highest power first, s relative to a frequency whose tan(pi f / fs) is k. */
function bilinear(n: readonly number[], d: readonly number[], k: number): Section {
  const turn = ([s2, s1, s0]: readonly number[]): [number, number, number] =>
    [s2! + s1! * k + s0! * k * k, 2 * (s0! * k * k - s2!), s2! - s1! * k + s0! * k * k];
  return { b: turn(n), a: turn(d) };
}

/** y[n] = (b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]) / a0, the plain difference equation. */
function directForm({ b, a }: Section, x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let n = 0; n < x.length; n++) {
    const past = b[1] * (x[n - 1] ?? 0) + b[2] * (x[n - 2] ?? 0) - a[1] * (y[n - 1] ?? 0) - a[2] * (y[n - 2] ?? 0);
    y[n] = (b[0] * x[n]! + past) / a[0];
  }
  return y;
}

/** Gaussian elimination with pivoting. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    const pivot = rows.slice(i).reduce((best, row, j) => (Math.abs(row[i]!) > Math.abs(rows[best]![i]!) ? i + j : best), i);
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= n; k++) rows[j]![k]! -= factor * rows[i]![k]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    x[i] = (rows[i]![n]! - rows[i]!.reduce((sum, value, k) => (k > i && k < n ? sum + value * x[k]! : sum), 0)) / rows[i]![i]!;
  }
  return x;
}

/** The bell as src/dsp/eq-design.ts describes it: |H|^2 meets the analog one at zero frequency and at four nodes. */
function matchedBell(freqHz: number, gainDb: number, q: number): Section {
  const a = 10 ** (gainDb / 40);
  const width = Math.asinh(1 / (2 * a * q)) / Math.LN2;
  const reach = 0.895 * (RATE_HZ / 2);
  const bend = 1.9 + 0.77 * a * q;
  const k = Math.tan((Math.PI * freqHz) / RATE_HZ);
  const rows = [-1.9 * width, 0, 0.03 + 1.15 * width, 4.46 + 0.25 * width].map((octaves) => {
    const far = freqHz * 2 ** octaves;
    const hz = far / (1 + (far / reach) ** bend) ** (1 / bend);
    const v = (hz / freqHz) ** 2;
    const u = (Math.tan((Math.PI * hz) / RATE_HZ) / k) ** 2;
    const h = (1 + ((a / q) ** 2 - 2) * v + v * v) / (1 + (1 / (a * q) ** 2 - 2) * v + v * v);
    // h (1 + den1 u + den2 u^2) = 1 + num1 u + num2 u^2
    return [h * u, h * u * u, -u, -u * u, 1 - h];
  });
  const [den1, den2, num1, num2] = solve(rows) as [number, number, number, number];
  const factor = (square: number, linear: number): number[] =>
    [Math.sqrt(square), Math.sqrt(linear + 2 * Math.sqrt(square)), 1];
  return bilinear(factor(num2, num1), factor(den2, den1), k);
}

/** 997 Hz at -6 dBFS and 61 Hz at -12 dBFS. */
function programme(): Float64Array {
  const low = sine(96_000, RATE_HZ, { freqHz: 61, levelDbfs: -12 });
  return sine(96_000, RATE_HZ, { freqHz: 997, levelDbfs: -6 }).map((x, n) => x + low[n]!);
}

it.each([[40, 6, 4], [200, 12, 1], [1000, 18, 10], [12_000, 6, 0.7]])(
  "nulls a bell of %i Hz, %i dB, Q %d against the plain difference equation below -150 dBFS", (freqHz, gainDb, q) => {
    const x = programme();
    const { left } = runChain(dual(x), { stages: ["eq"], parameters: bandParameters(2, { type: "bell", freqHz, gainDb, q }) });
    const residueDb = nullDb(left, directForm(matchedBell(freqHz, gainDb, q), x));
    expectGate({ stage: "eq", what: "bells against the plain difference equation in f64", measured: residueDb, unit: "dBFS", must: -150, stretch: -150 });
  });

it("nulls the 20 Hz high-pass against the plain difference equation below -150 dBFS", () => {
  const x = programme();
  const { left } = runChain(dual(x), { stages: ["filters"], parameters: { "filters.highpassHz": 20, "filters.highpassSlope": 1 } });
  // The warped axis v = (1 + b) u / (1 + b u), true at 20 Hz and at 0.4 of Nyquist, in |H|^2 = v^2 / (1 + v^2).
  const k = Math.tan((Math.PI * 20) / RATE_HZ);
  const v = ((0.4 * RATE_HZ) / 2 / 20) ** 2;
  const u = (Math.tan(0.2 * Math.PI) / k) ** 2;
  const b = (u - v) / (u * (v - 1));
  const d2 = Math.hypot(1 + b, b);
  const section = bilinear([1 + b, 0, 0], [d2, Math.sqrt(2 * (b + d2)), 1], k);
  const residueDb = nullDb(left, directForm(section, x));
  expectGate({ stage: "filters", what: "20 Hz high-pass against the plain difference equation in f64", measured: residueDb, unit: "dBFS", must: -150, stretch: -150 });
});
