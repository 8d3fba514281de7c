import type { Pair } from "./meter-record.js";

/** Mean squares of -50 and -80 dBFS (AES17: a full-scale sine is 0 dBFS and has 0.5). */
const LIVE = 0.5 * 10 ** -5;
export const DEAD_MEAN_SQUARE = 0.5 * 10 ** -8;
/** Bins of 10 ms: each rung is given so long to bring the sound back. */
const RUNG_BINS = 50;
const LAST_RUNG_BINS = 500;
/** A silence that the settings explain is looked at again after so many more. */
const MEANT_BINS = 500;

/** What is tried against a dead output, one after the other. */
export const REMEDIES = ["reset", "restart", "bypass", "end"] as const;
export type Remedy = (typeof REMEDIES)[number];

/** Levels of the input or the output in one bin. */
export interface BinLevels {
  readonly meanSquares: Pair;
  readonly samplePeaks: Pair;
}

/**
 * Watches for an output that is dead while the input lives: above -50 dBFS in and below -80 dBFS out for half a second.
 * The remedies are tried in turn, each after another half second in vain: clear the stages, start the streams again, let
 * the bare input through; and if nothing but zeros came for 5 s more the thread is to end, so that everything is built anew.
 * A silence that the settings explain is not dead; where that is not known nothing is tried but to clear the stages.
 */
export class OutputWatch {
  readonly #isMeant: () => boolean | undefined;
  #bins = 0;
  #rung = 0;
  /** Whether nothing but zeros came since the last remedy. */
  #isZero = true;

  /** @param isMeant - whether the settings explain that nothing comes out; undefined when that cannot be told */
  constructor(isMeant: () => boolean | undefined) {
    this.#isMeant = isMeant;
  }

  /** Whether the output is dead at present. */
  get isDead(): boolean {
    return this.#rung > 0;
  }

  /**
   * Takes one bin of the meters.
   * @param isOpen - whether sound is meant to come out: not faded, not muted
   * @returns what is to be tried now; "recovered" when the output lives again after something was
   */
  add({ input, output }: { readonly input: BinLevels; readonly output: BinLevels }, isOpen: boolean): Remedy | "recovered" | undefined {
    const heard = Math.max(...output.meanSquares);
    if (heard > DEAD_MEAN_SQUARE) return this.#recover();
    if (!isOpen || Math.max(...input.meanSquares) < LIVE) {
      this.#bins = 0;
      return undefined;
    }
    this.#isZero &&= Math.max(...output.samplePeaks) === 0;
    const remedy = REMEDIES[this.#rung];
    if (++this.#bins < (remedy === "end" ? LAST_RUNG_BINS : RUNG_BINS)) return undefined;
    this.#bins = 0;
    // What rang off when the output died, and the dither until it rested, was before the last remedy.
    const isZero = this.#isZero;
    this.#isZero = true;
    const isMeant = this.#isMeant();
    if (isMeant === true) return this.#recover(MEANT_BINS);
    if (remedy === "end" && !isZero) return undefined;
    if (remedy !== "reset" && isMeant === undefined) return undefined;
    if (this.#rung < REMEDIES.length) this.#rung++;
    return remedy;
  }

  #recover(restBins = 0): "recovered" | undefined {
    const wasDead = this.isDead;
    this.#bins = -restBins;
    this.#rung = 0;
    this.#isZero = true;
    return wasDead ? "recovered" : undefined;
  }
}
