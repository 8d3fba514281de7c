/** Slower than this a detent is one step; faster, it grows with the square of the speed up to the most. */
const SLOW_PER_S = 8;
const MOST_STEPS = 12;
/** The speed is an average over so long, ms; a knob that rested longer begins anew. */
const AVERAGE_MS = 80;
const REST_MS = 250;

/**
 * Makes quick turns reach far and slow ones precise: up to 8 detents a second each is one step, at 16 it is 4, from 28 on
 * it is 12. A turn to the other side begins slowly.
 */
export class Acceleration {
  #perS = 0;
  #lastMs = -Infinity;
  #direction = 0;

  /** Steps of so many detents that were turned at `timeMs`, with their sign. */
  steps(detents: number, timeMs: number): number {
    const direction = Math.sign(detents);
    const passedMs = timeMs - this.#lastMs;
    if (direction !== this.#direction || passedMs > REST_MS) this.#perS = 0;
    else {
      // Several detents can carry one time.
      const speed = (1000 * Math.abs(detents)) / Math.max(passedMs, 1);
      this.#perS += (speed - this.#perS) * (1 - Math.exp(-Math.max(passedMs, 1) / AVERAGE_MS));
    }
    this.#direction = direction;
    this.#lastMs = timeMs;
    return detents * Math.min(MOST_STEPS, Math.max(1, (this.#perS / SLOW_PER_S) ** 2));
  }
}
