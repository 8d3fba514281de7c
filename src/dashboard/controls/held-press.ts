const FIRST_MS = 420;
const NEXT_MS = 70;

/** A press that repeats itself while a finger stays down. */
export class HeldPress {
  readonly #press: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** It has repeated: the click that ends it is none of its own. */
  #hasRepeated = false;

  constructor(press: () => void) {
    this.#press = press;
  }

  /** A finger is down. */
  begin(): void {
    this.release();
    this.#hasRepeated = false;
    this.#timer = setTimeout(() => this.#again(), FIRST_MS);
  }

  /** The finger is up, or elsewhere. */
  release(): void {
    clearTimeout(this.#timer);
  }

  /** The button was clicked: by a tap, by a key, or by the end of a long press. */
  click(): void {
    if (!this.#hasRepeated) this.#press();
    this.#hasRepeated = false;
  }

  #again(): void {
    this.#hasRepeated = true;
    this.#press();
    this.#timer = setTimeout(() => this.#again(), NEXT_MS);
  }
}
