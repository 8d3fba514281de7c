import { signal } from "@preact/signals";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import { isOverCeiling } from "../protocol/over-ceiling.js";

/** A light that was lit: when last, by the clock of the phone, and how often. */
export interface ClipLight {
  readonly count: number;
  /** Milliseconds of the epoch; null when it was lit before this page looked. */
  readonly atMs: number | null;
}

const DARK: ClipLight = { count: 0, atMs: null };

/** The clip lights: the input's by the count of the box, the output's by peaks above the ceiling. They stay lit until they are put out. */
export class Clips {
  readonly input = signal<ClipLight>(DARK);
  readonly output = signal<ClipLight>(DARK);
  #inputBase = 0;
  #inputSeen: number | null = null;

  /** Takes a snapshot that came at `epochMs`; `ceilingDbtp` is that of the limiter. */
  take({ inputClips, output, maxTruePeakDbtp }: MeterSnapshot, ceilingDbtp: number, epochMs: number): void {
    // A count that has fallen is that of a box that was started again: what it counts comes on top.
    if (this.#inputSeen !== null && inputClips < this.#inputSeen) this.#inputBase = -this.input.peek().count;
    const count = inputClips - this.#inputBase;
    if (count !== this.input.peek().count) {
      this.input.value = { count, atMs: this.#inputSeen === null || inputClips === this.#inputSeen ? null : epochMs };
    }
    // The largest peak that was measured before this page looked.
    const wasOver = this.#inputSeen === null && isOverCeiling(maxTruePeakDbtp, ceilingDbtp);
    this.#inputSeen = inputClips;
    const [left, right] = output.truePeakDbtp;
    if (isOverCeiling(left, ceilingDbtp) || isOverCeiling(right, ceilingDbtp)) this.output.value = { count: this.output.peek().count + 1, atMs: epochMs };
    else if (wasOver) this.output.value = { count: 1, atMs: null };
  }

  /** Puts both lights out. */
  clear(): void {
    this.#inputBase = this.#inputSeen ?? 0;
    this.input.value = DARK;
    this.output.value = DARK;
  }
}
