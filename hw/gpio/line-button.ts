import type { Button, PressListener } from "../../src/hal/button.js";
import { LineInput } from "./line-input.js";
import type { Lines } from "./lines.js";

/** Contacts of push buttons bounce for 5 ms and less; a finger cannot press for a shorter time. */
const DEBOUNCE_MS = 8;

/** A push button between one line and ground. */
export class LineButton implements Button {
  readonly #input: LineInput;

  constructor(lines: Lines, line: number | string) {
    this.#input = new LineInput(lines, { line, debounceMs: DEBOUNCE_MS });
  }

  async open(listener: PressListener): Promise<void> {
    let isPressed = false;
    await this.#input.open({
      edge: (isActive, timeMs) => {
        // Who held it down while it was opened lets it go now: that is no release of a press that was told.
        if (isActive === isPressed) return;
        isPressed = isActive;
        listener.changed(isPressed, timeMs);
      },
      failed: (error) => listener.failed(error),
    });
  }

  async close(): Promise<void> {
    await this.#input.close();
  }
}
