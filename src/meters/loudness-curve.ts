import { matchedLufs, STEPS_PER_SECOND } from "./matched-loudness.js";

/** A stretch of a track in seconds. */
export interface Passage {
  readonly fromS: number;
  readonly toS: number;
}

/** The place in `loop` at which a player is that began at `startS` and has played `playedS` seconds since. */
export function placeInLoop(startS: number, playedS: number, { fromS, toS }: Passage): number {
  const at = startS + playedS;
  return at < toS ? at : fromS + ((at - toS) % (toS - fromS));
}

/** How loud a track is at each place, known beforehand. */
export class LoudnessCurve {
  readonly #energies: Float64Array;

  /** @param energies - of each 20 ms, as `matchedLufs` takes them */
  constructor(energies: Float64Array) {
    this.#energies = energies;
  }

  /** Length in seconds, of whole steps. */
  get seconds(): number {
    return this.#energies.length / STEPS_PER_SECOND;
  }

  /**
   * Loudness, as `matchedLufs` has it, of the `seconds` that a player meets from `startS` on, which goes round in `loop`; null in silence. A part
   * before `loop.fromS` is met where the player begins there.
   */
  lufs(startS: number, seconds: number, loop: Passage): number | null {
    const steps = Math.round(seconds * STEPS_PER_SECOND);
    return matchedLufs(Float64Array.from({ length: steps }, (_, k) => this.#energyFrom(placeInLoop(startS, k / STEPS_PER_SECOND, loop))));
  }

  /** Energy of the 20 ms from `atS` on. */
  #energyFrom(atS: number): number {
    const at = Math.max(0, atS * STEPS_PER_SECOND);
    const first = Math.floor(at);
    const share = at - first;
    return (1 - share) * (this.#energies[first] ?? 0) + share * (this.#energies[first + 1] ?? 0);
  }
}
