import { besselI0 } from "./kaiser";

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
 * Symmetric FIR filter of 32 taps.
 * @param taps the first 16 taps, each in both lanes
 * @param oldest the oldest of 32 successive frames
 */
// @ts-ignore: decorator
@inline
export function symmetric32(taps: usize, oldest: usize): v128 {
  let even = pair(taps, oldest, 0, 31);
  let odd = pair(taps, oldest, 1, 30);
  even = f64x2.add(even, pair(taps, oldest, 2, 29));
  odd = f64x2.add(odd, pair(taps, oldest, 3, 28));
  even = f64x2.add(even, pair(taps, oldest, 4, 27));
  odd = f64x2.add(odd, pair(taps, oldest, 5, 26));
  even = f64x2.add(even, pair(taps, oldest, 6, 25));
  odd = f64x2.add(odd, pair(taps, oldest, 7, 24));
  even = f64x2.add(even, pair(taps, oldest, 8, 23));
  odd = f64x2.add(odd, pair(taps, oldest, 9, 22));
  even = f64x2.add(even, pair(taps, oldest, 10, 21));
  odd = f64x2.add(odd, pair(taps, oldest, 11, 20));
  even = f64x2.add(even, pair(taps, oldest, 12, 19));
  odd = f64x2.add(odd, pair(taps, oldest, 13, 18));
  even = f64x2.add(even, pair(taps, oldest, 14, 17));
  odd = f64x2.add(odd, pair(taps, oldest, 15, 16));
  return f64x2.add(even, odd);
}

/** Symmetric FIR filter of 16 taps; see `symmetric32`. */
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

/** Symmetric FIR filter of 8 taps; see `symmetric32`. */
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
