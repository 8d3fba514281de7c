import { besselI0 } from "./kaiser";

/**
 * Every second tap of a half-band filter of 55 taps up to the middle one, which is 1/2: minimax over 0..20 kHz of 96 by
 * the Remez exchange, with ten times the weight up to 15 kHz. It holds 28 kHz down by 73 dB, 33 kHz and more by 93.
 */
export const INTERPOLATOR: StaticArray<f64> = [
  -7.72807756762e-05, 0.000272961898918, -0.000688450040172, 0.00143346309621, -0.00264237906706,
  0.00448309799661, -0.00717586592966, 0.0110269202236, -0.0165014844815, 0.0244081895527, -0.0364238676316,
  0.0569022445314, -0.101924831597, 0.316896227288,
];

/** The same of 51 taps with one weight: 28 kHz and more are held down by 74 dB, what passes is flat within 0.002 dB. */
export const DECIMATOR: StaticArray<f64> = [
  0.00030756195796, -0.000701080913486, 0.00144727211519, -0.0026559187211, 0.00450112881881,
  -0.00720507799853, 0.0110700024905, -0.0165541544757, 0.0244611983241, -0.0364680340552, 0.0569326160898,
  -0.101941403146, 0.316901316322,
];

/**
 * Impulse response of a low-pass with its -6 dB point at a quarter of the sample rate: a sinc under a Kaiser
 * window (J. F. Kaiser, "Nonrecursive Digital Filter Design Using the I0-Sinh Window Function", 1974), its sum 1.
 * With an odd number of taps this is a half-band filter: every second tap from the middle one, which is 1/2, is zero.
 */
export function kaiserHalfBand(tapCount: i32, beta: f64): StaticArray<f64> {
  const taps = new StaticArray<f64>(tapCount);
  const middle = 0.5 * <f64>(tapCount - 1);
  let outer: f64 = 0;
  for (let i = 0; i < tapCount; i++) {
    const t = <f64>i - middle;
    const angle = 0.5 * Math.PI * t;
    const sinc = t == 0.0 ? 1.0 : Math.sin(angle) / angle;
    const x = t / middle;
    taps[i] = 0.5 * sinc * besselI0(beta * Math.sqrt(1.0 - x * x));
    if (t != 0.0) outer += taps[i];
  }
  const scale = ((tapCount & 1) == 1 ? 0.5 : 1.0) / outer;
  for (let i = 0; i < tapCount; i++) taps[i] *= scale;
  return taps;
}

/**
 * The same response through a three-tap filter that undoes to second order the droop cos(w/2) of a mean of two
 * neighbouring samples; two taps longer.
 */
export function withMeanDroopUndone(taps: StaticArray<f64>): StaticArray<f64> {
  const longer = new StaticArray<f64>(taps.length + 2);
  for (let i = 0; i < taps.length; i++) {
    longer[i] -= 0.125 * taps[i];
    longer[i + 1] += 1.25 * taps[i];
    longer[i + 2] -= 0.125 * taps[i];
  }
  return longer;
}

/**
 * Symmetric FIR filter of 28 taps.
 * @param taps the first 14 taps, each in both lanes
 * @param oldest the oldest of 28 successive frames
 */
// @ts-ignore: decorator
@inline
export function symmetric28(taps: usize, oldest: usize): v128 {
  let even = pair(taps, oldest, 0, 27);
  let odd = pair(taps, oldest, 1, 26);
  even = f64x2.add(even, pair(taps, oldest, 2, 25));
  odd = f64x2.add(odd, pair(taps, oldest, 3, 24));
  even = f64x2.add(even, pair(taps, oldest, 4, 23));
  odd = f64x2.add(odd, pair(taps, oldest, 5, 22));
  even = f64x2.add(even, pair(taps, oldest, 6, 21));
  odd = f64x2.add(odd, pair(taps, oldest, 7, 20));
  even = f64x2.add(even, pair(taps, oldest, 8, 19));
  odd = f64x2.add(odd, pair(taps, oldest, 9, 18));
  even = f64x2.add(even, pair(taps, oldest, 10, 17));
  odd = f64x2.add(odd, pair(taps, oldest, 11, 16));
  even = f64x2.add(even, pair(taps, oldest, 12, 15));
  odd = f64x2.add(odd, pair(taps, oldest, 13, 14));
  return f64x2.add(even, odd);
}

/** Symmetric FIR filter of 26 taps; see `symmetric28`. */
// @ts-ignore: decorator
@inline
export function symmetric26(taps: usize, oldest: usize): v128 {
  let even = pair(taps, oldest, 0, 25);
  let odd = pair(taps, oldest, 1, 24);
  even = f64x2.add(even, pair(taps, oldest, 2, 23));
  odd = f64x2.add(odd, pair(taps, oldest, 3, 22));
  even = f64x2.add(even, pair(taps, oldest, 4, 21));
  odd = f64x2.add(odd, pair(taps, oldest, 5, 20));
  even = f64x2.add(even, pair(taps, oldest, 6, 19));
  odd = f64x2.add(odd, pair(taps, oldest, 7, 18));
  even = f64x2.add(even, pair(taps, oldest, 8, 17));
  odd = f64x2.add(odd, pair(taps, oldest, 9, 16));
  even = f64x2.add(even, pair(taps, oldest, 10, 15));
  odd = f64x2.add(odd, pair(taps, oldest, 11, 14));
  even = f64x2.add(even, pair(taps, oldest, 12, 13));
  return f64x2.add(even, odd);
}

/** Symmetric FIR filter of 16 taps; see `symmetric28`. */
// @ts-ignore: decorator
@inline
export function symmetric16(taps: usize, oldest: usize): v128 {
  let even = pair(taps, oldest, 0, 15);
  let odd = pair(taps, oldest, 1, 14);
  even = f64x2.add(even, pair(taps, oldest, 2, 13));
  odd = f64x2.add(odd, pair(taps, oldest, 3, 12));
  even = f64x2.add(even, pair(taps, oldest, 4, 11));
  odd = f64x2.add(odd, pair(taps, oldest, 5, 10));
  even = f64x2.add(even, pair(taps, oldest, 6, 9));
  odd = f64x2.add(odd, pair(taps, oldest, 7, 8));
  return f64x2.add(even, odd);
}

/** Symmetric FIR filter of 8 taps; see `symmetric28`. */
// @ts-ignore: decorator
@inline
export function symmetric8(taps: usize, oldest: usize): v128 {
  const outer = f64x2.add(pair(taps, oldest, 0, 7), pair(taps, oldest, 1, 6));
  const inner = f64x2.add(pair(taps, oldest, 2, 5), pair(taps, oldest, 3, 4));
  return f64x2.add(outer, inner);
}

// @ts-ignore: decorator
@inline
function pair(taps: usize, oldest: usize, first: usize, last: usize): v128 {
  const sum = f64x2.add(v128.load(oldest + (first << 4)), v128.load(oldest + (last << 4)));
  return f64x2.mul(v128.load(taps + (first << 4)), sum);
}
