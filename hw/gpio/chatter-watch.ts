import { LineError } from "../../src/hal/digital.js";
import { lineNames } from "./lines.js";

/** Tells contacts that chatter from hands: it hears of events, and says when there were more within a time than hands can make. */
export class ChatterWatch {
  readonly #withinMs: number;
  /** Times of the last events, the oldest at `#next`. */
  readonly #timesMs: Float64Array;
  #next = 0;

  /** @param most - events that may come within `withinMs` */
  constructor(most: number, withinMs: number) {
    this.#withinMs = withinMs;
    this.#timesMs = new Float64Array(most).fill(-Infinity);
  }

  /** There was an event. Returns whether they are too many. */
  takes(timeMs: number): boolean {
    const oldestMs = this.#timesMs[this.#next] as number;
    this.#timesMs[this.#next] = timeMs;
    this.#next = (this.#next + 1) % this.#timesMs.length;
    return timeMs - oldestMs < this.#withinMs;
  }

  /** What came so far was no chatter. */
  forget(): void {
    this.#timesMs.fill(-Infinity);
  }
}

/** The fault of lines whose contacts chatter. */
export function chatterError(lines: readonly (number | string)[]): LineError {
  return new LineError("other", `There is chatter on ${lineNames(lines)}: more edges come than hands can make; see the contact, its wire and its ground.`);
}
