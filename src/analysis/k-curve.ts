import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";

/** The two sections of the K-weighting at 48 kHz (ITU-R BS.1770-5, Annex 1, tables 1 and 2): numerator, then denominator without its 1. */
const SECTIONS = [
  [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585],
  [1, -2, 1, -1.99004745483398, 0.99007225036621],
] as const;
const RATE_HZ = 48_000;

function powerGain(freqHz: number): number {
  const w = (2 * Math.PI * freqHz) / RATE_HZ;
  const square = (c0: number, c1: number, c2: number): number =>
    (c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w)) ** 2 + (c1 * Math.sin(w) + c2 * Math.sin(2 * w)) ** 2;
  return SECTIONS.reduce((gain, [b0, b1, b2, a1, a2]) => (gain * square(b0, b1, b2)) / square(1, a1, a2), 1);
}

/** Gain of the K-weighting in power at the centre of each third-octave band. */
export const K_GAINS: readonly number[] = THIRD_OCTAVE_FREQ_HZ.map(powerGain);
