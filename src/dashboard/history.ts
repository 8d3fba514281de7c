import { signal } from "@preact/signals";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";
import { HISTORY_S } from "./history-window.js";

/** Bins of a second: the meters count one each 10 ms of sound. */
const SECOND_BINS = 100;

/** Loudness over the last half hour, a step a second; null where there was silence. */
export class History {
  /** Counts up with each step. */
  readonly revision = signal(0);
  #shortTerm: (number | null)[] = [];
  #momentary: (number | null)[] = [];
  #secondBin = 0;
  #loudest: number | null = null;

  /** How much there is of it. */
  get seconds(): number {
    return this.#shortTerm.length;
  }

  /** Takes what the box has kept. */
  fill(shortTerm: readonly (number | null)[], momentary: readonly (number | null)[]): void {
    this.#shortTerm = shortTerm.slice(-HISTORY_S);
    this.#momentary = momentary.slice(-HISTORY_S);
    this.revision.value++;
  }

  /** Takes each snapshot that comes: a step each second of sound, with the loudest moment of them all. */
  take({ bin, momentaryLufs, shortTermLufs }: MeterSnapshot): void {
    if (momentaryLufs !== null) this.#loudest = Math.max(this.#loudest ?? -Infinity, momentaryLufs);
    // Fewer bins than before are those of a box that was started again.
    if (bin < this.#secondBin) this.#secondBin = bin;
    if (bin - this.#secondBin < SECOND_BINS) return;
    this.#add(shortTermLufs, this.#loudest);
    this.#secondBin = bin;
    this.#loudest = null;
  }

  /** Short-term loudness of the second that was `agoS` whole seconds ago; null for silence and for what is not known. */
  shortTerm(agoS: number): number | null {
    return this.#shortTerm.at(-1 - agoS) ?? null;
  }

  /** The loudest moment of that second. */
  momentary(agoS: number): number | null {
    return this.#momentary.at(-1 - agoS) ?? null;
  }

  #add(shortTermLufs: number | null, momentaryLufs: number | null): void {
    this.#shortTerm.push(shortTermLufs);
    this.#momentary.push(momentaryLufs);
    if (this.#shortTerm.length > HISTORY_S) this.#shortTerm.shift();
    if (this.#momentary.length > HISTORY_S) this.#momentary.shift();
    this.revision.value++;
  }
}
