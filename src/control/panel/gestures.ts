/** Shorter is a click; longer, the button is held. So long after a click another one makes it a double click. */
export const CLICK_MS = 400;
/** So long nobody holds a button: it is stuck, or something lies on it. */
export const STUCK_MS = 30_000;

export type Gesture =
  | { readonly kind: "click" | "doubleClick" }
  /** The hold number `index` took effect. */
  | { readonly kind: "hold"; readonly index: number }
  /** It was let go between a click and the first hold, or it turned out to be stuck: nothing takes effect. */
  | { readonly kind: "nothing" }
  /** It is pressed for so long that nobody can mean it. */
  | { readonly kind: "stuck" };

/** A button that is held. */
export interface PendingHold {
  /** Number of holds that were reached: letting go now is the last of them, or nothing. */
  readonly reached: number;
  /** Time until the next one is reached. */
  readonly nextInMs: number;
}

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
    const last = holdsMs.at(-1);
    if (!this.#isSpent && last !== undefined) return this.#pressedMs + last;
    return this.#isStuck ? undefined : this.#pressedMs + STUCK_MS;
  }

  /** The button was pressed. Returns what that completes. */
  press(timeMs: number): Gesture[] {
    const before = this.pass(timeMs);
    this.#pressedMs = timeMs;
    this.#isSpent = false;
    this.#isStuck = false;
    return before;
  }

  /** The button is held down by nobody knows whom since nobody knows when: it does nothing, but may be stuck. */
  held(timeMs: number): void {
    this.press(timeMs);
    this.#isSpent = true;
  }

  /** The button was let go. Returns what that completes. */
  release(timeMs: number): Gesture[] {
    const pressedMs = this.#pressedMs;
    if (pressedMs === undefined) return [];
    const before = this.pass(timeMs);
    const isFirst = this.#secondMs === undefined;
    this.#pressedMs = undefined;
    if (this.#isStuck || this.#isSpent) return before;
    const isHeld = timeMs - pressedMs >= CLICK_MS && this.#options.holdsMs.length > 0;
    if (isHeld) this.#secondMs = undefined;
    const reached = this.#reachedAfter(timeMs - pressedMs);
    if (isHeld) return [...before, reached > 0 ? { kind: "hold", index: reached - 1 } : { kind: "nothing" }];
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

  /** What a button that is held at `timeMs` would do; undefined while it is not held, or can do nothing more. */
  holdAt(timeMs: number): PendingHold | undefined {
    if (this.#pressedMs === undefined || this.#isSpent) return undefined;
    const heldMs = timeMs - this.#pressedMs;
    const reached = this.#reachedAfter(heldMs);
    const next = this.#options.holdsMs[reached];
    return heldMs < CLICK_MS || next === undefined ? undefined : { reached, nextInMs: next - heldMs };
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
    if (!this.#isSpent && holdsMs.length > 0) {
      this.#secondMs = undefined;
      this.#isSpent = true;
      return { kind: "hold", index: holdsMs.length - 1 };
    }
    this.#isStuck = true;
    this.#secondMs = undefined;
    return { kind: "stuck" };
  }

  /** Number of holds that a press of this length has reached. */
  #reachedAfter(heldMs: number): number {
    return this.#options.holdsMs.filter((ms) => ms <= heldMs).length;
  }
}
