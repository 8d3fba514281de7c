import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";

/** Points of the neutral curve: Hz, and level of a band of constant relative width in dB. */
const POINTS: readonly (readonly [hz: number, db: number])[] = [
  [20, -5.36], [40, 6.64], [100, 6.64], [1000, 0], [4000, -4], [10_000, -7.97], [20_000, -13.97],
];

/**
 * Tonal balance in third-octave bands that suits no genre more than another, in dB, 0 at 1 kHz. Between 100 Hz and 4 kHz the
 * mean of 772 number-one hits, -5 dB an octave a hertz, which is -2 dB an octave in bands of constant relative width (Pestana,
 * Ma, Reiss et al., AES 135 (2013), paper 8960, as Schedin 2021 quotes it); beyond, where the paper gives no numbers, our own
 * continuation: level down to 40 Hz, -12 dB an octave below, -3 dB an octave up to 10 kHz, -6 dB above.
 */
export const NEUTRAL_BALANCE_DB: readonly number[] = THIRD_OCTAVE_FREQ_HZ.map((hz) => {
  const above = POINTS.findIndex(([pointHz]) => pointHz >= hz);
  const [toHz, toDb] = POINTS[Math.max(1, above)] as readonly [number, number];
  const [fromHz, fromDb] = POINTS[Math.max(1, above) - 1] as readonly [number, number];
  return fromDb + ((toDb - fromDb) * Math.log(hz / fromHz)) / Math.log(toHz / fromHz);
});
