import { LineError, type DigitalOutput } from "../../src/hal/digital.js";
import { lineNames, type HeldLines, type Lines } from "./lines.js";

/** A light, or whatever one line switches; active is high. */
export class LineOutput implements DigitalOutput {
  readonly #lines: Lines;
  readonly #line: number | string;
  #held: HeldLines | undefined;

  constructor(lines: Lines, line: number | string) {
    this.#lines = lines;
    this.#line = line;
  }

  async open(): Promise<void> {
    await this.close();
    this.#held = await this.#lines.take(
      { lines: [this.#line], direction: "out", isActiveLow: false, pull: "none", debounceMs: 0 },
      { edge: () => undefined, lost: () => undefined, failed: () => undefined },
    );
  }

  set(isActive: boolean): void {
    if (this.#held === undefined) throw new LineError("other", `The ${lineNames([this.#line])} is closed; open it first.`);
    this.#held.set(0, isActive);
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    try {
      held?.set(0, false);
    } catch {
      // A line that works no more is given back all the same.
    }
    await held?.close();
  }
}
