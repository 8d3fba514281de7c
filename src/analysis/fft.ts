/**
 * Fast Fourier transform of complex numbers, decimation in time: radix 4, with one step of radix 2 before where the size asks
 * for it. Reference: Cooley and Tukey, Mathematics of Computation 19 (1965).
 */
export class ComplexFft {
  readonly size: number;
  /** cos and -sin of 2 pi k / size, interleaved. */
  readonly #twiddles: Float64Array;
  readonly #swaps: Uint32Array;

  /** @param size - a power of two, 4 or more */
  constructor(size: number) {
    if (size < 4 || !Number.isInteger(Math.log2(size))) throw new RangeError(`FFT size is ${size}; a power of two from 4 on.`);
    this.size = size;
    this.#twiddles = new Float64Array(2 * size);
    for (let k = 0; k < size; k++) {
      this.#twiddles[2 * k] = Math.cos((2 * Math.PI * k) / size);
      this.#twiddles[2 * k + 1] = -Math.sin((2 * Math.PI * k) / size);
    }
    this.#swaps = bitReversalSwaps(size);
  }

  /** Transforms in place; `data` is real and imaginary parts, interleaved, 2 * size numbers. Not scaled. */
  transform(data: Float64Array): void {
    reorder(data, this.#swaps);
    const isOdd = Math.log2(this.size) % 2 === 1;
    if (isOdd) addPairs(data, 2 * this.size);
    else addFours(data, 2 * this.size);
    for (let quarter = isOdd ? 4 : 8; quarter < 2 * this.size; quarter *= 4) addQuarters(data, quarter, this.#twiddles, 2 * this.size);
  }
}

function reorder(data: Float64Array, swaps: Uint32Array): void {
  for (let k = 0; k < swaps.length; k += 2) {
    const a = swaps[k] as number;
    const b = swaps[k + 1] as number;
    const re = data[a] as number;
    const im = data[a + 1] as number;
    data[a] = data[b] as number;
    data[a + 1] = data[b + 1] as number;
    data[b] = re;
    data[b + 1] = im;
  }
}

/** Transforms of one become transforms of two. */
function addPairs(data: Float64Array, end: number): void {
  for (let a = 0; a < end; a += 4) {
    const re = data[a + 2] as number;
    const im = data[a + 3] as number;
    data[a + 2] = (data[a] as number) - re;
    data[a + 3] = (data[a + 1] as number) - im;
    data[a] = (data[a] as number) + re;
    data[a + 1] = (data[a + 1] as number) + im;
  }
}

/** Transforms of one become transforms of four. */
function addFours(data: Float64Array, end: number): void {
  for (let a = 0; a < end; a += 8) {
    const [ar, ai, br, bi] = [data[a] as number, data[a + 1] as number, data[a + 2] as number, data[a + 3] as number];
    const [cr, ci, dr, di] = [data[a + 4] as number, data[a + 5] as number, data[a + 6] as number, data[a + 7] as number];
    data[a] = ar + br + (cr + dr);
    data[a + 1] = ai + bi + (ci + di);
    data[a + 4] = ar + br - (cr + dr);
    data[a + 5] = ai + bi - (ci + di);
    data[a + 2] = ar - br + (ci - di);
    data[a + 3] = ai - bi - (cr - dr);
    data[a + 6] = ar - br - (ci - di);
    data[a + 7] = ai - bi + (cr - dr);
  }
}

/** Four transforms of `quarter` numbers each, one behind the other in reversed order, become one. */
function addQuarters(data: Float64Array, quarter: number, twiddles: Float64Array, end: number): void {
  const stride = end / (4 * quarter);
  for (let k = 0, t = 0; k < quarter; k += 2, t += 2 * stride) {
    const w1r = twiddles[2 * t] as number;
    const w1i = twiddles[2 * t + 1] as number;
    const w2r = twiddles[t] as number;
    const w2i = twiddles[t + 1] as number;
    const w3r = twiddles[3 * t] as number;
    const w3i = twiddles[3 * t + 1] as number;
    for (let a = k; a < end; a += 4 * quarter) {
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      let xr = data[b] as number;
      let xi = data[b + 1] as number;
      const br = w1r * xr - w1i * xi;
      const bi = w1r * xi + w1i * xr;
      xr = data[c] as number;
      xi = data[c + 1] as number;
      const cr = w2r * xr - w2i * xi;
      const ci = w2r * xi + w2i * xr;
      xr = data[d] as number;
      xi = data[d + 1] as number;
      const dr = w3r * xr - w3i * xi;
      const di = w3r * xi + w3i * xr;
      xr = data[a] as number;
      xi = data[a + 1] as number;
      data[a] = xr + br + (cr + dr);
      data[a + 1] = xi + bi + (ci + di);
      data[c] = xr + br - (cr + dr);
      data[c + 1] = xi + bi - (ci + di);
      data[b] = xr - br + (ci - di);
      data[b + 1] = xi - bi - (cr - dr);
      data[d] = xr - br - (ci - di);
      data[d + 1] = xi - bi + (cr - dr);
    }
  }
}

/** Pairs of positions, of interleaved data, that change places in bit-reversed order. */
function bitReversalSwaps(size: number): Uint32Array {
  const pairs: number[] = [];
  for (let k = 0, reversed = 0; k < size; k++) {
    if (k < reversed) pairs.push(2 * k, 2 * reversed);
    // Adds one to the reversed number: the carry runs from the highest bit down.
    let bit = size >> 1;
    while ((reversed & bit) !== 0) {
      reversed ^= bit;
      bit >>= 1;
    }
    reversed |= bit;
  }
  return Uint32Array.from(pairs);
}
