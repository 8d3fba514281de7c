/** So near, in shares of the travel, knob and value are one. */
const NEAR = 0.02;

/**
 * Soft take-over: a knob with ends moves its value only once it has met it, so that the value never jumps to where the
 * knob happens to stand after a preset, a phone or a start has moved it.
 */
export class TakeOver {
  #hasIt = false;
  #before: number | undefined;

  /** Whether the knob moves the value. */
  get hasIt(): boolean {
    return this.#hasIt;
  }

  /** Whether the knob was never read. */
  get isNew(): boolean {
    return this.#before === undefined;
  }

  /** The knob came to `position` while the value was at `value`, both 0 to 1. Returns whether the value is to follow. */
  moved(position: number, value: number): boolean {
    const before = this.#before;
    this.#before = position;
    if (this.#hasIt) return true;
    const isCrossed = before !== undefined && (before - value) * (position - value) <= 0;
    this.#hasIt = isCrossed || Math.abs(position - value) <= NEAR;
    return this.#hasIt;
  }

  /** Somebody else moved the value to `value`: the knob has to meet it anew unless it stands there. */
  movedByOthers(value: number): void {
    this.#hasIt = this.#hasIt && this.#before !== undefined && Math.abs(this.#before - value) <= NEAR;
  }
}
