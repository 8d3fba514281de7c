/** Shorter is a click; longer, the button is held. So long after a click another one makes it a double click. */
export const CLICK_MS = 400;
/** So long nobody holds a button: it is stuck, or something lies on it. */
export const STUCK_MS = 30_000;

export type Gesture =
  | { readonly kind: "click" | "doubleClick" }
  /** The hold number `index` took effect. */
  | { readonly kind: "hold"; readonly index: number }
  /** The button is held so long that letting go now would be the hold number `index`; holding on may become the next. */
  | { readonly kind: "holding"; readonly index: number }
  /** It was let go between a click and the first hold, or it turned out to be stuck: nothing takes effect. */
  | { readonly kind: "nothing" }
  /** It is pressed for so long that nobody can mean it. */
  | { readonly kind: "stuck" };

export interface GestureOptions {
  /** Whether a double click means something; without, a click takes effect at once. */
  readonly hasDoubleClick: boolean;
  /** Times after which a hold begins, rising, CLICK_MS at least: the last takes effect then, the others when it is let go. */
  readonly holdsMs: readonly number[];
}

/**
 * Tells clicks, double clicks and holds of one button apart. Time is handed in: `due` says when `pass` is to be called,
 * should nothing happen before.
 */
export class Gestures {
  readonly #options: GestureOptions;
  /** Time of the press, while it is pressed and has not taken effect. */
  #pressedMs: number | undefined;
  /** Number of holds that were reached. */
  #reached = 0;
  /** Until then a click waits for a second one. */
  #secondMs: number | undefined;
  #isSpent = false;
  #isStuck = false;

  constructor(options: GestureOptions) {
    this.#options = options;
  }

  /** Time at which `pass` is to be called; undefined when there is nothing to wait for. */
  get due(): number | undefined {
    const { holdsMs } = this.#options;
    if (this.#pressedMs === undefined) return this.#secondMs;
    const next = holdsMs[this.#reached];
    if (!this.#isSpent && next !== undefined) return this.#pressedMs + next;
    return this.#isStuck ? undefined : this.#pressedMs + STUCK_MS;
  }

  /** The button was pressed. Returns what that completes. */
  press(timeMs: number): Gesture[] {
    const before = this.pass(timeMs);
    this.#pressedMs = timeMs;
    this.#reached = 0;
    this.#isSpent = false;
    this.#isStuck = false;
    return before;
  }

  /** The button was let go. Returns what that completes. */
  release(timeMs: number): Gesture[] {
    const pressedMs = this.#pressedMs;
    if (pressedMs === undefined) return [];
    const before = this.pass(timeMs);
    const isFirst = this.#secondMs === undefined;
    this.#pressedMs = undefined;
    if (this.#isStuck || this.#isSpent) return before;
    if (this.#reached > 0) return [...before, { kind: "hold", index: this.#reached - 1 }];
    const isHeld = timeMs - pressedMs >= CLICK_MS && this.#options.holdsMs.length > 0;
    if (isHeld) return [...before, { kind: "nothing" }];
    if (!this.#options.hasDoubleClick) return [...before, { kind: "click" }];
    this.#secondMs = isFirst ? timeMs + CLICK_MS : undefined;
    return isFirst ? before : [...before, { kind: "doubleClick" }];
  }

  /** Time has come to `timeMs`. Returns what that completes. */
  pass(timeMs: number): Gesture[] {
    const gestures: Gesture[] = [];
    for (let due = this.due; due !== undefined && due <= timeMs; due = this.due) gestures.push(this.#come());
    return gestures;
  }

  /** Whether the button is gone: a press that has not taken effect never does. */
  cancel(): void {
    this.#pressedMs = undefined;
    this.#secondMs = undefined;
  }

  /** What is due now comes to pass. */
  #come(): Gesture {
    const { holdsMs } = this.#options;
    if (this.#pressedMs === undefined) {
      this.#secondMs = undefined;
      return { kind: "click" };
    }
    if (!this.#isSpent && this.#reached < holdsMs.length) {
      this.#secondMs = undefined;
      const index = this.#reached++;
      this.#isSpent = this.#reached === holdsMs.length;
      return { kind: this.#isSpent ? "hold" : "holding", index };
    }
    this.#isStuck = true;
    return { kind: "stuck" };
  }
}
