import type { MeterRecord } from "./meter-record.js";

/** Mean squares of -50 and -80 dBFS (AES17: a full-scale sine is 0 dBFS and has 0.5). */
const LIVE = 0.5 * 10 ** -5;
const DEAD = 0.5 * 10 ** -8;
/** Bins of 10 ms: each rung is given so long to bring the sound back. */
const RUNG_BINS = 50;
const LAST_RUNG_BINS = 500;

/** What is tried against a dead output, one after the other. */
export const REMEDIES = ["reset", "restart", "bypass", "end"] as const;
export type Remedy = (typeof REMEDIES)[number];

/**
 * Watches for an output that is dead while the input lives: above -50 dBFS in and below -80 dBFS out for half a second.
 * The remedies are tried in turn, each after another half second in vain: clear the stages, start the streams again, let
 * the bare input through. Only if nothing but zeros came for 5 s more, which no setting of the chain gives, the thread is
 * to end, so that everything is built anew.
 */
export class OutputWatch {
  #bins = 0;
  #rung = 0;
  #isZero = true;

  /** Whether the output is dead at present. */
  get isDead(): boolean {
    return this.#rung > 0;
  }

  /**
   * Takes one bin of the meters.
   * @param isOpen - whether sound is meant to come out: not faded, not muted
   * @returns what is to be tried now; "recovered" when the output lives again after something was
   */
  add({ input, output }: Pick<MeterRecord, "input" | "output">, isOpen: boolean): Remedy | "recovered" | undefined {
    const heard = Math.max(...output.meanSquares);
    if (heard > DEAD) return this.#recover();
    if (!isOpen || Math.max(...input.meanSquares) < LIVE) {
      this.#bins = 0;
      return undefined;
    }
    this.#isZero &&= Math.max(...output.samplePeaks) === 0;
    const remedy = REMEDIES[this.#rung];
    if (++this.#bins < (remedy === "end" ? LAST_RUNG_BINS : RUNG_BINS)) return undefined;
    this.#bins = 0;
    if (remedy === "end" && !this.#isZero) return undefined;
    if (this.#rung < REMEDIES.length) this.#rung++;
    return remedy;
  }

  #recover(): "recovered" | undefined {
    const wasDead = this.isDead;
    this.#bins = 0;
    this.#rung = 0;
    this.#isZero = true;
    return wasDead ? "recovered" : undefined;
  }
}
