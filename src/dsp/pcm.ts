import { FORMAT_FLOAT_LE, FORMAT_S16_LE, FORMAT_S24_3LE, FORMAT_S24_LE, FORMAT_S32_LE } from "./layout";

const SCALE_32: f64 = 2147483648.0;
const SCALE_24: f64 = 8388608.0;
const SCALE_16: f64 = 32768.0;

/**
 * Turns interleaved stereo samples of the wire into f64, full scale 1.0.
 * @param format a FORMAT_* of the layout; the upper byte of S24_LE is ignored
 * @param from samples on the wire
 * @param to `frames` of interleaved f64
 */
export function decode(format: i32, from: usize, to: usize, frames: i32): void {
  const end = to + (<usize>frames << 4);
  if (format == FORMAT_S32_LE) {
    const scale = f64x2.splat(1.0 / SCALE_32);
    for (; to < end; to += 16) {
      v128.store(to, f64x2.mul(scale, f64x2.convert_low_i32x4_s(v128.load64_zero(from))));
      from += 8;
    }
  } else if (format == FORMAT_S24_LE) {
    // The 24 bits in the upper bytes are a 32-bit number of the same value.
    const scale = f64x2.splat(1.0 / SCALE_32);
    for (; to < end; to += 16) {
      v128.store(to, f64x2.mul(scale, f64x2.convert_low_i32x4_s(i32x4.shl(v128.load64_zero(from), 8))));
      from += 8;
    }
  } else if (format == FORMAT_S24_3LE) {
    for (; to < end; to += 8) {
      const code = <i32>load<u16>(from) | (<i32>load<i8>(from, 2) << 16);
      store<f64>(to, <f64>code * (1.0 / SCALE_24));
      from += 3;
    }
  } else if (format == FORMAT_S16_LE) {
    for (; to < end; to += 8) {
      store<f64>(to, <f64>load<i16>(from) * (1.0 / SCALE_16));
      from += 2;
    }
  } else if (format == FORMAT_FLOAT_LE) {
    for (; to < end; to += 16) {
      v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(from)));
      from += 8;
    }
  }
}

/**
 * Turns interleaved f64 stereo into samples of the wire: rounded to the nearest code and held at full scale. What
 * `decode` made of a code becomes that code again.
 */
export function encode(format: i32, from: usize, to: usize, frames: i32): void {
  const end = from + (<usize>frames << 4);
  if (format == FORMAT_S32_LE) {
    for (; from < end; from += 16) {
      v128.store64_lane(to, codes(v128.load(from), SCALE_32), 0);
      to += 8;
    }
  } else if (format == FORMAT_S24_LE) {
    for (; from < end; from += 16) {
      v128.store64_lane(to, codes(v128.load(from), SCALE_24), 0);
      to += 8;
    }
  } else if (format == FORMAT_S24_3LE) {
    for (; from < end; from += 16) {
      const both = codes(v128.load(from), SCALE_24);
      const left = i32x4.extract_lane(both, 0);
      const right = i32x4.extract_lane(both, 1);
      store<i32>(to, (left & 0xffffff) | (right << 24));
      store<i16>(to, <i16>(right >> 8), 4);
      to += 6;
    }
  } else if (format == FORMAT_S16_LE) {
    for (; from < end; from += 16) {
      const both = codes(v128.load(from), SCALE_16);
      store<i32>(to, (i32x4.extract_lane(both, 0) & 0xffff) | (i32x4.extract_lane(both, 1) << 16));
      to += 4;
    }
  } else if (format == FORMAT_FLOAT_LE) {
    for (; from < end; from += 16) {
      v128.store64_lane(to, f32x4.demote_f64x2_zero(v128.load(from)), 0);
      to += 8;
    }
  }
}

/** The codes of two samples, as i32 in the lower lanes. */
// @ts-ignore: decorator
@inline
function codes(samples: v128, scale: f64): v128 {
  const rounded = f64x2.nearest(f64x2.mul(samples, f64x2.splat(scale)));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.max(f64x2.splat(-scale), f64x2.min(rounded, f64x2.splat(scale - 1.0))));
}
