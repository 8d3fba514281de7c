/** So many samples in a row at one value make a flat top; converters give three (as clip lights count), files that were turned down later keep them. */
const RUN = 3;
/** Samples of a flat top differ by less: half a step of 16 bit. */
const SAME = 1 / 65_536;
/** The largest sample is forgotten by 1 dB a minute, in readings of 3 s: a pop at the sound check is not the top of the evening. */
const FORGOTTEN = 10 ** (-0.05 / 20);
/** A top this far below the largest sample so far is a plateau of the music, not of a converter. */
const NEAR_PEAK = 0.985;
/** Nothing below -20 dBFS is taken for clipping. */
const LEAST_PEAK = 0.1;
/** The two steps into a flat top are this part of it or more; those into the round top of a low note are less. */
const EDGE = 0.002;

/** Counts, channel by channel, the tops that were cut flat on the way in. */
class FlatTopChannel {
  #tops = 0;
  #peak = LEAST_PEAK;
  #last = 0;
  #beforeLast = 0;
  #run = 1;
  #edge = 0;

  add(x: number): void {
    const magnitude = Math.abs(x);
    if (Math.abs(x - this.#last) < SAME && magnitude > LEAST_PEAK) {
      this.#run++;
      if (this.#run === RUN && this.#edge > EDGE * magnitude && magnitude >= NEAR_PEAK * this.#peak) this.#tops++;
    } else {
      this.#run = 1;
      this.#edge = (x - this.#beforeLast) * Math.sign(x);
    }
    if (magnitude > this.#peak) this.#peak = magnitude;
    this.#beforeLast = this.#last;
    this.#last = x;
  }

  /** Tops since the last call, 3 s ago. */
  take(): number {
    const tops = this.#tops;
    this.#tops = 0;
    this.#peak = Math.max(LEAST_PEAK, FORGOTTEN * this.#peak);
    return tops;
  }

  clear(): void {
    this.#tops = 0;
    this.#peak = LEAST_PEAK;
    this.#last = this.#beforeLast = 0;
    this.#run = 1;
  }
}

/**
 * Counts clipped tops: three samples or more at one value, near the largest sample so far, entered by a step. It finds them
 * also where the level was turned down after the clipping. Sound that a lossy codec carried has none left that are flat.
 */
export class FlatTops {
  readonly #left = new FlatTopChannel();
  readonly #right = new FlatTopChannel();

  /** Takes frames of interleaved stereo. Allocates nothing. */
  add(sound: Float64Array, frames: number): void {
    for (let n = 0; n < frames; n++) {
      this.#left.add(sound[2 * n] as number);
      this.#right.add(sound[2 * n + 1] as number);
    }
  }

  /** Flat tops of both channels since the last call; to be called each 3 s. */
  take(): number {
    return this.#left.take() + this.#right.take();
  }

  clear(): void {
    this.#left.clear();
    this.#right.clear();
  }
}
