import { Chain } from "../../src/engine/chain.js";
import { fft } from "./measure.js";
import { dbToLinear, linearToDb } from "./signals.js";

export const EQ_TYPES = ["bell", "lowShelf", "highShelf", "tilt", "notch"] as const;
export type EqType = (typeof EQ_TYPES)[number];

export interface EqCurve {
  readonly type: EqType;
  readonly freqHz: number;
  readonly gainDb: number;
  readonly q: number;
}

/** Coefficients of s^2, s and 1 above and below, s relative to f0 (R. Bristow-Johnson, Audio EQ Cookbook; tilt: first order). */
function prototype({ type, gainDb, q }: EqCurve): [number, number, number, number, number, number] {
  const a = dbToLinear(gainDb / 2);
  const root = Math.sqrt(a) / q;
  const gain = dbToLinear(gainDb);
  switch (type) {
    case "bell":
      return [1, a / q, 1, 1, 1 / (a * q), 1];
    case "lowShelf":
      return [a, a * root, a * a, a, root, 1];
    case "highShelf":
      return [a * a, a * root, a, 1, root, a];
    case "tilt":
      return [0, gain, 1, 0, 1, gain];
    case "notch":
      return [1, 0, 1, 1, 1 / q, 1];
  }
}

/** Magnitude in dB of the analog prototype of an equaliser band. */
export function analogEqDb(curve: EqCurve, freqHz: number): number {
  const [n2, n1, n0, d2, d1, d0] = prototype(curve);
  const w = freqHz / curve.freqHz;
  return linearToDb(Math.hypot(n0 - n2 * w * w, n1 * w) / Math.hypot(d0 - d2 * w * w, d1 * w));
}

/** Magnitude in dB of an analog Butterworth low-pass or high-pass. */
export function butterworthDb(pass: "high" | "low", order: number, cutoffHz: number, freqHz: number): number {
  const ratio = pass === "low" ? freqHz / cutoffHz : cutoffHz / freqHz;
  return -10 * Math.log10(1 + ratio ** (2 * order));
}

/** A chain whose response is measured again and again: `reset` makes it jump to its parameters. */
export class ResponseProbe {
  readonly #chain: Chain;
  readonly #frames: number;

  /** @param frames length of the impulse response, a power of two */
  constructor(stage: "eq" | "filters", sampleRateHz: number, frames = 32768) {
    this.#chain = new Chain({ sampleRateHz, maxFrames: frames, taps: "none", stages: [stage] });
    this.#frames = frames;
  }

  /** Magnitudes in dB at bins 0..frames/2 (bin k at k fs / frames), by an impulse of -40 dBFS on the left. */
  measure(parameters: Readonly<Record<string, number>>): Float64Array {
    for (const [id, value] of Object.entries(parameters)) this.#chain.set(id, value);
    this.#chain.reset();
    this.#chain.io.fill(0);
    this.#chain.io[0] = 0.01;
    this.#chain.process(this.#frames);
    const left = Float64Array.from({ length: this.#frames }, (_, n) => this.#chain.io[2 * n]!);
    const { re, im } = fft(left);
    return re.map((x, k) => linearToDb(Math.hypot(x, im[k]!)) + 40);
  }

  /** Largest |measured - expected| in dB over the bins from `fromHz` to `toHz`. */
  worstErrorDb(
    parameters: Readonly<Record<string, number>>,
    expectedDb: (freqHz: number) => number,
    [fromHz, toHz]: readonly [number, number],
  ): number {
    const response = this.measure(parameters);
    const binHz = this.#chain.sampleRateHz / this.#frames;
    let worst = 0;
    for (let k = Math.ceil(fromHz / binHz); k * binHz <= toHz; k++) {
      worst = Math.max(worst, Math.abs(response[k]! - expectedDb(k * binHz)));
    }
    return worst;
  }
}

/** Parameters that set band `band` to `curve`. */
export function bandParameters(band: number, curve: EqCurve): Record<string, number> {
  const id = `eq.band${band}`;
  return {
    [`${id}.type`]: EQ_TYPES.indexOf(curve.type),
    [`${id}.freqHz`]: curve.freqHz,
    [`${id}.gainDb`]: curve.gainDb,
    [`${id}.q`]: curve.q,
  };
}
