import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";

type Point = readonly [hz: number, db: number];

/** Points of the neutral curve: level of a band of constant relative width. */
const BALANCE: readonly Point[] = [
  [20, -22], [31.5, -6], [50, 2], [63, 4.5], [100, 6.64], [1000, 0], [4000, -4], [10_000, -10.5], [16_000, -17], [20_000, -25],
];

/** Points of the spread of steps: one standard deviation of the change from a band to the next. */
const STEP_SPREAD: readonly Point[] = [[20, 5.7], [31.5, 5.7], [80, 5.5], [160, 4.5], [400, 3.5], [1600, 2.8], [20_000, 2.8]];

/**
 * Tonal balance in third-octave bands that suits no genre more than another, in dB, 0 at 1 kHz. Between 100 Hz and 4 kHz the
 * mean of 772 number-one hits, -5 dB an octave a hertz, which is -2 dB an octave in bands of constant relative width (Pestana,
 * Ma, Reiss et al., AES 135 (2013), paper 8960, as Schedin 2021 quotes it); beyond, where the paper gives no numbers, falling as
 * the median of 199 tracks does that we measured (STEP_SPREAD_DB), half as steep above 4 kHz: half of them are orchestral.
 */
export const NEUTRAL_BALANCE_DB: readonly number[] = THIRD_OCTAVE_FREQ_HZ.map((hz) => at(BALANCE, hz));

/**
 * How far songs differ from their middle in the step from each third-octave band to the next, in dB, one standard deviation: of
 * 199 tracks of game music of all genres in 22 packages of Debian 12 (drascula-music, freedroidrpg-data, fretsonfire-songs-*,
 * hedgewars-data, hyperrogue-music, singularity-music, supertux-data, supertuxkart-data, unknown-horizons, warmux-data,
 * wesnoth-1.16-music, widelands-data, ...), 60 s from the middle of each. Steps differ independently of each other, nearly: by
 * their whole covariance, faults of the tone are told no better.
 */
export const STEP_SPREAD_DB: readonly number[] = THIRD_OCTAVE_FREQ_HZ.slice(1).map((hz) => at(STEP_SPREAD, hz / 10 ** (1 / 10)));

/** The value at a frequency, between the points along the logarithm of it. */
function at(points: readonly Point[], hz: number): number {
  const above = points.findIndex(([pointHz]) => pointHz >= hz);
  const [toHz, toDb] = points[Math.max(1, above)] as Point;
  const [fromHz, fromDb] = points[Math.max(1, above) - 1] as Point;
  return fromDb + ((toDb - fromDb) * Math.log(hz / fromHz)) / Math.log(toHz / fromHz);
}
