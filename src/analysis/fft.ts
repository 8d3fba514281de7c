/**
 * Fast Fourier transform of complex numbers, radix 2, decimation in time.
 * Reference: Cooley and Tukey, Mathematics of Computation 19 (1965).
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
    this.#twiddles = new Float64Array(size);
    for (let k = 0; k < size / 2; k++) {
      this.#twiddles[2 * k] = Math.cos((2 * Math.PI * k) / size);
      this.#twiddles[2 * k + 1] = -Math.sin((2 * Math.PI * k) / size);
    }
    this.#swaps = bitReversalSwaps(size);
  }

  /** Transforms in place; `data` is real and imaginary parts, interleaved, 2 * size numbers. Not scaled. */
  transform(data: Float64Array): void {
    this.#reorder(data);
    const twiddles = this.#twiddles;
    const end = 2 * this.size;
    for (let half = 2, stride = this.size; half < end; half *= 2, stride /= 2) {
      for (let block = 0; block < end; block += 2 * half) {
        for (let a = block, b = block + half, t = 0; a < block + half; a += 2, b += 2, t += stride) {
          const wr = twiddles[t] as number;
          const wi = twiddles[t + 1] as number;
          const br = data[b] as number;
          const bi = data[b + 1] as number;
          const re = wr * br - wi * bi;
          const im = wr * bi + wi * br;
          const ar = data[a] as number;
          const ai = data[a + 1] as number;
          data[a] = ar + re;
          data[a + 1] = ai + im;
          data[b] = ar - re;
          data[b + 1] = ai - im;
        }
      }
    }
  }

  #reorder(data: Float64Array): void {
    const swaps = this.#swaps;
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
