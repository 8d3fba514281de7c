/** What is known of both sides of a comparison at one moment, LUFS; null in silence. */
export interface ComparedLoudness {
  /** Of the mix: its last 3 s, and its last 10 s. */
  readonly mixLufs: number | null;
  readonly mixSlowLufs: number | null;
  /** Of the reference: the 3 s that come next, and 10 s about the place where it is. */
  readonly referenceLufs: number | null;
  readonly referenceSlowLufs: number | null;
}

/** Gains in dB that make both sides equally loud. */
export interface MatchGains {
  readonly referenceDb: number;
  /** 0 or less: the mix comes down where the reference cannot go up. */
  readonly mixDb: number;
}

/** Nothing that is to be compared differs by more. */
const MOST_DB = 40;
/** While the reference is heard its gain stays as it is for so long, so that what is compared at the switch is exactly that. */
const HOLD_S = 3;
/** Faster than this nobody takes a change for one of the music. */
const SLEW_DB_PER_S = 0.5;

/**
 * Makes a reference as loud as the mix. At the moment of the switch the next 3 s of the reference have the loudness of the last
 * 3 s of the mix; then the gain stands for 3 s, and follows both, slowly, over 10 s. In silence it stands.
 */
export class LevelMatch {
  #differenceDb = 0;
  #mixDb = 0;
  #heardS = 0;

  /** Begins anew, with the mix at its own level. */
  reset(): void {
    this.#differenceDb = 0;
    this.#mixDb = 0;
    this.#heardS = 0;
  }

  /**
   * Time has gone on by `elapsedS`.
   * @param isHeard - whether the reference is heard
   * @param mostDb - largest gain at which the reference keeps its peaks under the ceiling
   */
  next(loudness: ComparedLoudness, elapsedS: number, { isHeard, mostDb }: { readonly isHeard: boolean; readonly mostDb: number }): MatchGains {
    const { mixLufs, mixSlowLufs, referenceLufs, referenceSlowLufs } = loudness;
    this.#heardS = isHeard ? this.#heardS + elapsedS : 0;
    if (!isHeard) this.#differenceDb = wanted(mixLufs, referenceLufs) ?? this.#differenceDb;
    else if (this.#heardS > HOLD_S) {
      this.#differenceDb = toward(this.#differenceDb, wanted(mixSlowLufs, referenceSlowLufs) ?? this.#differenceDb, SLEW_DB_PER_S * elapsedS);
    }
    // Who hears the mix is not to hear it move.
    if (isHeard) this.#mixDb = Math.min(0, mostDb - this.#differenceDb);
    return { referenceDb: Math.min(mostDb, this.#differenceDb), mixDb: this.#mixDb };
  }
}

function wanted(mixLufs: number | null, referenceLufs: number | null): number | undefined {
  if (mixLufs === null || referenceLufs === null) return undefined;
  return Math.max(-MOST_DB, Math.min(MOST_DB, mixLufs - referenceLufs));
}

function toward(from: number, to: number, most: number): number {
  return from + Math.max(-most, Math.min(most, to - from));
}
