/** Decibels of one octave of amplitude: 20 log10(2). */
export const DB_PER_OCTAVE: f64 = 6.020599913279624;

/** Amplitude ratio of a level difference in dB. */
export function dbToLinear(db: f64): f64 {
  return Math.pow(10.0, db * 0.05);
}

/** Level difference in dB of an amplitude ratio (> 0). */
export function linearToDb(linear: f64): f64 {
  return 20.0 * Math.log10(linear);
}

/** Coefficient a = exp(-1 / (tau fs)) of a one-pole with time constant `timeMs`, stepped each `stepFrames`. */
export function onePole(timeMs: f64, sampleRateHz: f64, stepFrames: f64 = 1.0): f64 {
  return Math.exp((-1000.0 * stepFrames) / (timeMs * sampleRateHz));
}

/** 6 t^5 - 15 t^4 + 10 t^3 for 0 <= t <= 1: a cross-fade law with no corner in its first two derivatives. */
export function smootherStep(t: f64): f64 {
  return t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
}

/**
 * Base-2 logarithm of two positive normal numbers, absolute error below 1e-13.
 * The mantissa is brought to [sqrt(1/2), sqrt(2)) and 2 artanh((m - 1)/(m + 1)) summed to the 15th power.
 */
export function log2x2(x: v128): v128 {
  const exponent = i64x2.shr_s(i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd)), 52);
  const mantissa = i64x2.sub(x, i64x2.shl(exponent, 52));
  const one = f64x2.splat(1.0);
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const q = f64x2.mul(s, s);
  let p = f64x2.splat(2.885390081777927 / 15.0);
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927 / 13.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927 / 11.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927 / 9.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927 / 7.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927 / 5.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927 / 3.0));
  p = f64x2.add(f64x2.mul(p, q), f64x2.splat(2.885390081777927));
  const magic: f64 = 6755399441055744.0; // 1.5 * 2^52: its low mantissa bits count ones
  const whole = f64x2.sub(i64x2.add(exponent, i64x2.splat(0x4338000000000000)), f64x2.splat(magic));
  return f64x2.add(whole, f64x2.mul(s, p));
}

/**
 * 2 to the power of two numbers in -1000..1000, relative error below 1e-12; exactly 1 at 0.
 * The fraction's Taylor series runs to the 10th power.
 */
export function exp2x2(x: v128): v128 {
  const whole = f64x2.nearest(x);
  const f = f64x2.sub(x, whole);
  let p = f64x2.splat(7.054911620801123e-9);
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0178086009239699e-7));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.3215486790144307e-6));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.525273380405984e-5));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.5403530393381609e-4));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.3333558146428443e-3));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(9.618129107628477e-3));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(5.550410866482158e-2));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(2.402265069591007e-1));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(6.931471805599453e-1));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0));
  const scale = i64x2.shl(f64x2.add(whole, f64x2.splat(6755399441055744.0 + 1023.0)), 52);
  return f64x2.mul(p, scale);
}

/** 2 to the power of a number in -1000..1000, relative error below 1e-12; exactly 1 at 0. */
export function exp2(x: f64): f64 {
  return f64x2.extract_lane(exp2x2(f64x2.splat(x)), 0);
}

/** Base-2 logarithm of a positive normal number, absolute error below 1e-13. */
export function log2(x: f64): f64 {
  return f64x2.extract_lane(log2x2(f64x2.splat(x)), 0);
}

/**
 * Tangent of two angles in 0..0.499 pi, relative error below 1e-13: that of the half angle by Lambert's continued
 * fraction, cut after nine terms, then the double-angle formula.
 */
export function tanx2(x: v128): v128 {
  const half = f64x2.mul(x, f64x2.splat(0.5));
  const z = f64x2.mul(half, half);
  let above = f64x2.sub(z, f64x2.splat(990.0));
  above = f64x2.add(f64x2.mul(above, z), f64x2.splat(135135.0));
  above = f64x2.sub(f64x2.mul(above, z), f64x2.splat(4729725.0));
  above = f64x2.mul(f64x2.add(f64x2.mul(above, z), f64x2.splat(34459425.0)), half);
  let below = f64x2.sub(f64x2.mul(z, f64x2.splat(45.0)), f64x2.splat(13860.0));
  below = f64x2.add(f64x2.mul(below, z), f64x2.splat(945945.0));
  below = f64x2.sub(f64x2.mul(below, z), f64x2.splat(16216200.0));
  below = f64x2.add(f64x2.mul(below, z), f64x2.splat(34459425.0));
  // tan 2h = 2 t / (1 - t^2) with t = above / below.
  const twice = f64x2.mul(f64x2.splat(2.0), f64x2.mul(above, below));
  return f64x2.div(twice, f64x2.mul(f64x2.sub(below, above), f64x2.add(below, above)));
}

/** Zeroes lanes that are subnormal-bound (below 1e-30), absurd (above 1e30) or not a number. */
export function flush(state: v128): v128 {
  const size = f64x2.abs(state);
  const keep = v128.and(f64x2.gt(size, f64x2.splat(1e-30)), f64x2.lt(size, f64x2.splat(1e30)));
  return v128.and(state, keep);
}
