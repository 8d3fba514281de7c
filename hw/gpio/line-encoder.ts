import type { Encoder, TurnListener } from "../../src/hal/encoder.js";
import { chatterError, ChatterWatch } from "./chatter-watch.js";
import { CONTACT, type HeldLines, type Lines } from "./lines.js";
import { Quadrature, type StepsPerDetent } from "./quadrature.js";

export interface LineEncoderOptions {
  /** Lines of the contacts A and B; exchange them where clockwise turns down. */
  readonly lines: readonly [a: number | string, b: number | string];
  readonly stepsPerDetent: StepsPerDetent;
}

/** So many edges within a second that lead nowhere are chatter: four steps are a detent of most encoders, and bounce for all but a few. */
const MOST_EDGES = 500;
const WITHIN_MS = 1000;
const SOMEWHERE_STEPS = 4;

/**
 * A rotary encoder between two lines and ground, decoded here from every edge of both. A contact that chatters adds up to
 * nothing; it fails the encoder, which may be opened again.
 */
export class LineEncoder implements Encoder {
  readonly #lines: Lines;
  readonly #options: LineEncoderOptions;
  #held: HeldLines | undefined;

  constructor(lines: Lines, options: LineEncoderOptions) {
    this.#lines = lines;
    this.#options = options;
  }

  async open(listener: TurnListener): Promise<void> {
    await this.close();
    const decoder = new Quadrature(this.#options.stepsPerDetent);
    const chatter = new ChatterWatch(MOST_EDGES, WITHIN_MS);
    let travel = 0;
    let hasFailed = false;
    const closed: [a: boolean, b: boolean] = [false, false];
    const levels = (held: HeldLines): [boolean, boolean] => [held.isActive(0), held.isActive(1)];
    const take = (timeMs: number): void => {
      if (hasFailed) return;
      const detents = decoder.take(...closed);
      if (detents !== 0) listener.turned(detents, timeMs);
      if (Math.abs(decoder.travel - travel) >= SOMEWHERE_STEPS) {
        travel = decoder.travel;
        chatter.forget();
      } else if (chatter.takes(timeMs)) {
        hasFailed = true;
        listener.failed(chatterError(this.#options.lines));
      }
    };
    // Bounce must be seen, or a contact that opens while it is held back would look like the other direction.
    const held = await this.#lines.take({ ...CONTACT, lines: this.#options.lines, debounceMs: 0 }, {
      edge: (index, isActive, timeMs) => {
        closed[index === 0 ? 0 : 1] = isActive;
        take(timeMs);
      },
      lost: (timeMs) => {
        if (this.#held === undefined) return;
        try {
          [closed[0], closed[1]] = levels(this.#held);
        } catch {
          // The driver says why by `failed`.
          return;
        }
        take(timeMs);
      },
      failed: (error) => listener.failed(error),
    });
    this.#held = held;
    [closed[0], closed[1]] = levels(held);
    decoder.reset(...closed);
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.close();
  }
}
