import type { Button, PressListener } from "../../src/hal/button.js";
import { chatterError, ChatterWatch } from "./chatter-watch.js";
import { LineInput } from "./line-input.js";
import type { Lines } from "./lines.js";

export interface LineButtonOptions {
  readonly lines: Lines;
  readonly line: number | string;
  /** Runs something so many ms later; what it gives back calls that off. */
  readonly later: (ms: number, run: () => void) => () => void;
}

/** Contacts of push buttons bounce for 5 ms and less: what has rested for so long holds. */
const REST_MS = 8;

/** Nobody presses a button 15 times a second, and no press or release bounces 16 times: more of either is chatter. */
const MOST_CHANGES = 30;
const MOST_EDGES = 500;
const WITHIN_MS = 1000;

/**
 * A push button between one line and ground. Every edge is heard and bounce is left out here, so that a contact that chatters is
 * noticed however fast it does: it fails the button, which may be opened again.
 */
export class LineButton implements Button {
  readonly #input: LineInput;
  readonly #options: LineButtonOptions;
  #callOff: () => void = () => undefined;

  constructor(options: LineButtonOptions) {
    this.#options = options;
    this.#input = new LineInput(options.lines, { line: options.line });
  }

  async open(listener: PressListener): Promise<boolean> {
    this.#callOff();
    const edges = new ChatterWatch(MOST_EDGES, WITHIN_MS);
    const changes = new ChatterWatch(MOST_CHANGES, WITHIN_MS);
    let isPressed = false;
    let hasFailed = false;
    const isChatter = (watch: ChatterWatch, timeMs: number): boolean => {
      if (!watch.takes(timeMs)) return false;
      hasFailed = true;
      this.#callOff();
      listener.failed(chatterError([this.#options.line]));
      return true;
    };
    let last: { readonly isActive: boolean; readonly timeMs: number } | undefined;
    /** Takes the last edge where nothing followed it until `timeMs` for as long as a contact bounces. */
    const settle = (timeMs: number): void => {
      if (last === undefined || timeMs - last.timeMs < REST_MS) return;
      const rested = last;
      last = undefined;
      if (rested.isActive === isPressed || isChatter(changes, rested.timeMs)) return;
      isPressed = rested.isActive;
      listener.changed(isPressed, rested.timeMs);
    };
    await this.#input.open({
      edge: (isActive, timeMs) => {
        if (hasFailed || isChatter(edges, timeMs)) return;
        this.#callOff();
        // Edges have the times at which they were, and may be heard late: those of a click come together then.
        settle(timeMs);
        if (hasFailed) return;
        last = { isActive, timeMs };
        this.#callOff = this.#options.later(REST_MS, () => settle(Infinity));
      },
      failed: (error) => listener.failed(error),
    });
    isPressed = this.#input.isActive;
    return isPressed;
  }

  async close(): Promise<void> {
    this.#callOff();
    await this.#input.close();
  }
}
