/** Taps of the half-band filter beside its middle one of 16/32, by their distance of 1 and 3 frames. */
const NEAR = 9 / 32;
const FAR = -1 / 32;
const HISTORY = 6;
const LONGEST_BLOCK = 4096;

/**
 * Halves the rate of stereo sound with the shortest half-band filter that is flat to the third order (7 taps). What it folds
 * down onto the lowest tenth of the new band, all that is used of it, lies 75 dB below.
 */
export class HalfRate {
  /** The last frames of the sound before, and then the new ones. */
  readonly #line = new Float64Array(2 * (HISTORY + LONGEST_BLOCK));
  /** Whether the next frame is left out. */
  #isOdd = false;

  /** Writes every other filtered frame of `sound` (interleaved stereo) over its beginning; returns how many. */
  run(sound: Float64Array, frames: number): number {
    if (frames > LONGEST_BLOCK) throw new RangeError(`${frames} frames are too many; allowed ${LONGEST_BLOCK} at once.`);
    const line = this.#line;
    line.set(sound.subarray(0, 2 * frames), 2 * HISTORY);
    const first = this.#isOdd ? 1 : 0;
    const written = Math.max(0, Math.ceil((frames - first) / 2));
    for (let side = 0; side < 2; side++) {
      for (let n = 0, at = 2 * first + side; n < written; n++, at += 4) {
        const near = (line[at + 4] as number) + (line[at + 8] as number);
        const far = (line[at] as number) + (line[at + 12] as number);
        sound[2 * n + side] = 0.5 * (line[at + 6] as number) + NEAR * near + FAR * far;
      }
    }
    this.#isOdd = this.#isOdd !== (frames % 2 === 1);
    line.copyWithin(0, 2 * frames, 2 * (frames + HISTORY));
    return written;
  }

  clear(): void {
    this.#line.fill(0);
    this.#isOdd = false;
  }
}
