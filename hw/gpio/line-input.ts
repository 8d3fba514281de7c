import type { DigitalInput, EdgeListener } from "../../src/hal/digital.js";
import { CONTACT, type HeldLines, type Lines } from "./lines.js";

export interface LineInputOptions {
  readonly line: number | string;
  /** 0 by default. */
  readonly debounceMs?: number;
}

/** A contact to ground on one line, pulled up. */
export class LineInput implements DigitalInput {
  readonly #lines: Lines;
  readonly #options: LineInputOptions;
  #held: HeldLines | undefined;

  constructor(lines: Lines, options: LineInputOptions) {
    this.#lines = lines;
    this.#options = options;
  }

  async open(listener: EdgeListener): Promise<void> {
    await this.close();
    const { line, debounceMs = 0 } = this.#options;
    let told = false;
    const tell = (isActive: boolean, timeMs: number): void => {
      if (isActive === told) return;
      told = isActive;
      listener.edge(isActive, timeMs);
    };
    const held = await this.#lines.take({ ...CONTACT, lines: [line], debounceMs }, {
      edge: (_, isActive, timeMs) => tell(isActive, timeMs),
      lost: (timeMs) => tell(this.isActive, timeMs),
      failed: (error) => listener.failed(error),
    });
    this.#held = held;
    told = held.isActive(0);
  }

  get isActive(): boolean {
    try {
      return this.#held?.isActive(0) ?? false;
    } catch {
      // The listener hears why.
      return false;
    }
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.close();
  }
}
