import { kaiserHalfFrames, kaiserImpulse } from "./kaiser.js";
import type { KaiserDesign } from "./kaiser.js";

/** A short low-pass for every position between two input frames that an output can have. */
export interface PolyphaseFilter {
  /** Output rate = input rate * up / down, in lowest terms. */
  readonly up: number;
  readonly down: number;
  /** Taps of one phase, even; phase 0 lies on the tap before the middle. */
  readonly phaseTaps: number;
  /** Phases from one input frame to the next, both ends stored; `up` or fewer, then to be interpolated. */
  readonly phases: number;
  /** (phases + 1) * phaseTaps numbers, phase by phase. */
  readonly taps: Float64Array;
}

/**
 * More are not stored, but interpolated. For sound below half the Nyquist frequency of the input the error of linear
 * interpolation is at most (pi / 2 / phases)^2 / 8: -143 dB (Smith, Digital Audio Resampling Home Page).
 */
const MAX_PHASES = 2048;

/** Designs the filter between two whole rates; `design` is relative to the input rate. */
export function designPolyphase(inputRateHz: number, outputRateHz: number, design: KaiserDesign): PolyphaseFilter {
  const divisor = gcd(inputRateHz, outputRateHz);
  const [up, down] = [outputRateHz / divisor, inputRateHz / divisor];
  const phases = Math.min(up, MAX_PHASES);
  const half = kaiserHalfFrames(design);
  const phaseTaps = 2 * half;
  const impulse = kaiserImpulse(design);
  const taps = new Float64Array((phases + 1) * phaseTaps);
  for (let phase = 0; phase <= phases; phase++) {
    const row = taps.subarray(phase * phaseTaps, (phase + 1) * phaseTaps);
    for (let k = 0; k < phaseTaps; k++) row[k] = impulse(k - (half - 1) - phase / phases);
    // Equal gain of all phases at 0 Hz: a constant stays constant.
    const sum = row.reduce((total, tap) => total + tap, 0);
    row.forEach((tap, k) => (row[k] = tap / sum));
  }
  return { up, down, phaseTaps, phases, taps };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
