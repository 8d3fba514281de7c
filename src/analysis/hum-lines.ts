import { ComplexFft } from "./fft.js";

/** Frequencies of the mains. */
export const MAINS_HZ = [50, 60] as const;
/** Harmonics that are looked at, of each. */
export const HUM_HARMONICS = 6;
/** Lines in all: those of 50 Hz, then those of 60 Hz. */
export const HUM_LINES = MAINS_HZ.length * HUM_HARMONICS;

const SIZE = 16_384;
/** Lowest rate that it takes: windows of about 2.7 s, bins of 0.4 Hz. */
export const HUM_RATE_HZ = 5500;
/** Bins that a line fills, to either side of its own: the main lobe of the Hann window. */
const LOBE = 2;
/** Its neighbours, to either side: nothing of the line itself, nothing of the next semitone. */
const NEAR = 5;
const FAR = 10;
const HANN_POWER = 0.375;

/** Powers, as mean squares of both channels together: the least of a window's transforms. */
export interface HumPowers {
  readonly line: Float64Array;
  readonly beside: Float64Array;
}

/**
 * Listens for the hum of the mains: for each harmonic of 50 and 60 Hz the power of its line and of what lies beside, the
 * least of all transforms since the last reading. A hum stands still, so its least is all of it; notes come and go.
 */
export class HumLines {
  readonly #fft = new ComplexFft(SIZE);
  readonly #window = Float64Array.from({ length: SIZE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SIZE));
  readonly #work = new Float64Array(2 * SIZE);
  readonly #ring = new Float64Array(2 * SIZE);
  readonly #binHz: number;
  readonly #line = new Float64Array(HUM_LINES).fill(Infinity);
  readonly #beside = new Float64Array(HUM_LINES).fill(Infinity);
  #at = 0;
  #untilNext = SIZE;

  /** @param rateHz - of the sound that it is given: `HUM_RATE_HZ` or less than twice as much */
  constructor(rateHz: number) {
    this.#binHz = rateHz / SIZE;
  }

  /** Takes frames of interleaved stereo. Allocates nothing but typed views. */
  add(sound: Float64Array, frames: number): void {
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, this.#untilNext, SIZE - this.#at);
      this.#ring.set(sound.subarray(2 * done, 2 * (done + count)), 2 * this.#at);
      this.#at = (this.#at + count) % SIZE;
      this.#untilNext -= count;
      done += count;
      if (this.#untilNext === 0) this.#transform();
    }
  }

  /** Writes the least powers since the last call; returns false, and writes nothing, where there was no transform. */
  take({ line, beside }: HumPowers): boolean {
    if (this.#line[0] === Infinity) return false;
    line.set(this.#line);
    beside.set(this.#beside);
    this.#line.fill(Infinity);
    this.#beside.fill(Infinity);
    return true;
  }

  clear(): void {
    this.#line.fill(Infinity);
    this.#beside.fill(Infinity);
    this.#at = 0;
    this.#untilNext = SIZE;
  }

  #transform(): void {
    const [ring, window, work] = [this.#ring, this.#window, this.#work];
    for (let n = 0, from = 2 * this.#at; n < SIZE; n++) {
      work[2 * n] = (window[n] as number) * (ring[from] as number);
      work[2 * n + 1] = (window[n] as number) * (ring[from + 1] as number);
      from = from + 2 === 2 * SIZE ? 0 : from + 2;
    }
    this.#fft.transform(work);
    for (let k = 0; k < HUM_LINES; k++) {
      const hz = (MAINS_HZ[Math.floor(k / HUM_HARMONICS)] as number) * ((k % HUM_HARMONICS) + 1);
      const bin = Math.round(hz / this.#binHz);
      this.#line[k] = Math.min(this.#line[k] as number, this.#sum(bin - LOBE, bin + LOBE));
      const beside = this.#sum(bin - FAR, bin - NEAR) + this.#sum(bin + NEAR, bin + FAR);
      // As much as would lie in the width of a line.
      this.#beside[k] = Math.min(this.#beside[k] as number, (beside * (2 * LOBE + 1)) / (2 * (FAR - NEAR + 1)));
    }
    this.#untilNext = SIZE / 4;
  }

  /** Mean square, of both channels together, in bins `from` to `to`. */
  #sum(from: number, to: number): number {
    const work = this.#work;
    let sum = 0;
    for (let k = from; k <= to; k++) {
      const [a, b] = [2 * k, 2 * (SIZE - k)];
      sum += (work[a] as number) ** 2 + (work[a + 1] as number) ** 2 + (work[b] as number) ** 2 + (work[b + 1] as number) ** 2;
    }
    return sum / (SIZE ** 2 * HANN_POWER);
  }
}
