import type { Button, PressListener } from "../../src/hal/button.js";
import { chatterError, ChatterWatch } from "./chatter-watch.js";
import { LineInput } from "./line-input.js";
import type { Lines } from "./lines.js";

/** Contacts of push buttons bounce for 5 ms and less; a finger cannot press for a shorter time. */
const DEBOUNCE_MS = 8;

/** Nobody presses a button 15 times a second: so many presses and releases are chatter. */
const MOST_CHANGES = 30;
const WITHIN_MS = 1000;

/**
 * A push button between one line and ground. A contact that chatters faster than the debounce says nothing; one that chatters
 * slower fails the button, which may be opened again.
 */
export class LineButton implements Button {
  readonly #input: LineInput;
  readonly #line: number | string;

  constructor(lines: Lines, line: number | string) {
    this.#line = line;
    this.#input = new LineInput(lines, { line, debounceMs: DEBOUNCE_MS });
  }

  async open(listener: PressListener): Promise<boolean> {
    const chatter = new ChatterWatch(MOST_CHANGES, WITHIN_MS);
    let isPressed = false;
    let hasFailed = false;
    await this.#input.open({
      edge: (isActive, timeMs) => {
        if (isActive === isPressed || hasFailed) return;
        if (chatter.takes(timeMs)) {
          hasFailed = true;
          return listener.failed(chatterError([this.#line]));
        }
        isPressed = isActive;
        listener.changed(isPressed, timeMs);
      },
      failed: (error) => listener.failed(error),
    });
    isPressed = this.#input.isActive;
    return isPressed;
  }

  async close(): Promise<void> {
    await this.#input.close();
  }
}
