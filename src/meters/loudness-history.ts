/** Steps of a second that are kept: half an hour. */
const STEPS = 1800;
const BINS_PER_STEP = 100;
/** Loudness is kept in hundredths of a unit, so that half an hour is short as a text too. */
const HUNDREDTHS = 100;

/** Loudness of the last half hour, step by step of a second, the oldest first; null where nothing can be said. */
export interface KeptLoudness {
  readonly stepS: number;
  /** Seconds of sound from the first bin to the end of the last step. */
  readonly endS: number;
  /** Short-term loudness at the end of each step. */
  readonly shortTermLufs: readonly (number | null)[];
  /** Largest momentary loudness of each step. */
  readonly momentaryMaxLufs: readonly (number | null)[];
}

/** Keeps the course of the loudness, fed with bins of 10 ms. Takes 14 kB, however long it runs. */
export class LoudnessHistory {
  readonly #shortTerm = new Float32Array(STEPS);
  readonly #momentaryMax = new Float32Array(STEPS);
  #steps = 0;
  #bins = 0;
  #stepMax = -Infinity;

  /** Takes the loudness at the end of the next 10 ms, null where there is none. Allocates nothing. */
  addBin(momentaryLufs: number | null, shortTermLufs: number | null): void {
    if (momentaryLufs !== null && momentaryLufs > this.#stepMax) this.#stepMax = momentaryLufs;
    this.#bins++;
    if (this.#bins < BINS_PER_STEP) return;
    const at = this.#steps % STEPS;
    this.#shortTerm[at] = shortTermLufs ?? NaN;
    this.#momentaryMax[at] = this.#stepMax === -Infinity ? NaN : this.#stepMax;
    this.#steps++;
    this.#bins = 0;
    this.#stepMax = -Infinity;
  }

  /** What is kept now. */
  get kept(): KeptLoudness {
    return {
      stepS: 1, endS: this.#steps, shortTermLufs: this.#inOrder(this.#shortTerm), momentaryMaxLufs: this.#inOrder(this.#momentaryMax),
    };
  }

  #inOrder(ring: Float32Array): (number | null)[] {
    const count = Math.min(this.#steps, STEPS);
    return Array.from({ length: count }, (_, k) => {
      const value = ring[(this.#steps - count + k) % STEPS] ?? NaN;
      return Number.isNaN(value) ? null : Math.round(HUNDREDTHS * value) / HUNDREDTHS;
    });
  }
}
