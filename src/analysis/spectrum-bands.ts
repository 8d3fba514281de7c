import type { Band } from "./band-powers.js";

const LOWEST_HZ = 20;
const HIGHEST_HZ = 20_000;
const FINE_POINTS = 128;
/** From a point of the fine spectrum to the edges of its band, which is a sixth of an octave wide. */
const FINE_EDGE = 2 ** (1 / 12);
/** From a centre to the edges of a third of an octave, and from centre to centre (IEC 61260-1, base ten). */
const THIRD_EDGE = 10 ** (1 / 20);
const THIRD_STEP = 10 ** (1 / 10);
/** Bands below and above that of 1 kHz: 20 Hz to 20 kHz. */
const THIRDS_BELOW = 17;
const THIRDS_ABOVE = 13;

/** Frequencies of the points of the fine spectrum, evenly spaced in their logarithm. */
export const FINE_FREQ_HZ: readonly number[] = Array.from({ length: FINE_POINTS },
  (_, k) => LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (k / (FINE_POINTS - 1)));

/** Exact centres of the 31 third-octave bands from 20 Hz to 20 kHz, by IEC 61260-1. */
export const THIRD_OCTAVE_FREQ_HZ: readonly number[] = Array.from({ length: THIRDS_BELOW + 1 + THIRDS_ABOVE },
  (_, k) => 1000 * THIRD_STEP ** (k - THIRDS_BELOW));

export const FINE_BANDS: readonly Band[] = FINE_FREQ_HZ.map((hz) => ({ fromHz: hz / FINE_EDGE, toHz: hz * FINE_EDGE }));
export const THIRD_OCTAVE_BANDS: readonly Band[] = THIRD_OCTAVE_FREQ_HZ.map((hz) => ({ fromHz: hz / THIRD_EDGE, toHz: hz * THIRD_EDGE }));
