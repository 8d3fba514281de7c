/**
 * Base-2 logarithm of two positive normal numbers, absolute error below 3.1e-7 (2e-6 dB as an amplitude): for
 * levels in a side chain. `log2x2` is the exact one, at a higher cost. Minimax polynomial of log2(m) / (m - 1)
 * for the mantissa m in sqrt(1/2)..sqrt(2), summed in pairs (Estrin), so that the processor overlaps more.
 */
// @ts-ignore: decorator
@inline
export function octavesOf(x: v128): v128 {
  // Bits of sqrt(1/2) are taken off the sum, so that the exponent (with its bias of 1023) counts from there.
  const biased = i64x2.shr_u(i64x2.add(x, i64x2.splat(0x00095f619980c433)), 52);
  const mantissa = i64x2.sub(x, i64x2.sub(i64x2.shl(biased, 52), i64x2.splat(0x3ff0000000000000)));
  const t = f64x2.sub(mantissa, f64x2.splat(1.0));
  const t2 = f64x2.mul(t, t);
  const p01 = line(1.442699726331822, -0.7213758716577483, t);
  const p23 = line(0.4804650306342465, -0.3589618425271875, t);
  const p45 = line(0.29726262644974927, -0.27269800862175775, t);
  const p456 = f64x2.add(p45, f64x2.mul(f64x2.splat(0.17063445885997816), t2));
  const p0123 = f64x2.add(p01, f64x2.mul(p23, t2));
  const p = f64x2.add(p0123, f64x2.mul(p456, f64x2.mul(t2, t2)));
  // 2^52 with the exponent in its low mantissa bits is a number that much larger.
  const whole = f64x2.sub(v128.or(biased, i64x2.splat(0x4330000000000000)), f64x2.splat(4503599627370496.0 + 1023.0));
  return f64x2.add(whole, f64x2.mul(t, p));
}

/**
 * 2 to the power of minus two numbers in -1000..1000, relative error below 2e-9 (-174 dB); exactly 1 at 0: the
 * gain of a reduction in octaves. Minimax polynomial of (2^-f - 1) / f for f in -0.5..0.5, summed in pairs.
 */
// @ts-ignore: decorator
@inline
export function gainBelow(octaves: v128): v128 {
  const whole = f64x2.nearest(octaves);
  const f = f64x2.sub(octaves, whole);
  const f2 = f64x2.mul(f, f);
  const p01 = line(1.0, -0.6931472062484841, f);
  const p23 = line(0.24022651345920196, -0.055503277906589245, f);
  const p45 = line(0.009618003889836394, -0.0013400269872617472, f);
  const p456 = f64x2.add(p45, f64x2.mul(f64x2.splat(0.00015476300180345464), f2));
  const p0123 = f64x2.add(p01, f64x2.mul(p23, f2));
  const p = f64x2.add(p0123, f64x2.mul(p456, f64x2.mul(f2, f2)));
  // 1.5 * 2^52 counts ones in the low bits of the mantissa; the exponent's bias is 1023.
  const scale = i64x2.shl(f64x2.sub(f64x2.splat(6755399441055744.0 + 1023.0), whole), 52);
  return f64x2.mul(p, scale);
}

// @ts-ignore: decorator
@inline
function line(constant: f64, slope: f64, t: v128): v128 {
  return f64x2.add(f64x2.splat(constant), f64x2.mul(f64x2.splat(slope), t));
}
