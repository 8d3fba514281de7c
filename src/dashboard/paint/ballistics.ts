/** Time in which a falling peak bar loses 20 dB (IEC 60268-18: 1.7 s). */
const FALL_DB_PER_S = 20 / 1.7;
/** Time constant with which a bar follows an average: snapshots come each 33 ms, and frames between them. */
const FOLLOW_MS = 45;
const HOLD_MS = 1500;
/** Lowest level that is kept apart from silence. */
const FLOOR_DB = -90;

/** A peak bar: up at once, down at 20 dB in 1.7 s; with a line that stands at the highest for 1.5 s. */
export class PeakBar {
  levelDb = FLOOR_DB;
  heldDb = FLOOR_DB;
  #heldMs = 0;

  /** Moves on by `dtMs`; `peakDb` is the newest peak, null for silence. */
  move(peakDb: number | null, dtMs: number): void {
    const peak = peakDb ?? FLOOR_DB;
    this.levelDb = Math.max(peak, FLOOR_DB, this.levelDb - (FALL_DB_PER_S * dtMs) / 1000);
    this.#heldMs += dtMs;
    if (peak >= this.heldDb) {
      this.heldDb = peak;
      this.#heldMs = 0;
    } else if (this.#heldMs > HOLD_MS) {
      this.heldDb = Math.max(peak, FLOOR_DB, this.heldDb - (2 * FALL_DB_PER_S * dtMs) / 1000);
    }
  }
}

/** A bar that follows a level smoothly at the display's rate. */
export class SmoothBar {
  value: number;

  constructor(private readonly rest: number, private readonly followMs = FOLLOW_MS) {
    this.value = rest;
  }

  /** Moves on by `dtMs` toward `target`, or toward rest for null. */
  move(target: number | null | undefined, dtMs: number): void {
    this.value += ((target ?? this.rest) - this.value) * (1 - Math.exp(-dtMs / this.followMs));
  }
}

/** A reduction: grabs at once, lets go visibly slowly, so that short ones are seen. */
export class ReductionBar {
  db = 0;

  /** Moves on by `dtMs`; `reductionDb` is the newest, 0 or more. */
  move(reductionDb: number, dtMs: number): void {
    this.db = reductionDb >= this.db ? reductionDb : this.db + (reductionDb - this.db) * (1 - Math.exp(-dtMs / 120));
  }
}
