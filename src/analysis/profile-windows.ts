import { HUM_LINES } from "./hum-lines.js";
import { PUNCH_BANDS } from "./punch-bands.js";
import { THIRD_OCTAVE_BANDS } from "./spectrum-bands.js";

/** Length of a window of a profile in seconds: that of short-term loudness (EBU Tech 3341). */
export const WINDOW_S = 3;
/** Third-octave bands of a profile. */
export const THIRDS = THIRD_OCTAVE_BANDS.length;

// Fields of a window: mean squares of each third of an octave in the left channel, the right one, and of their product;
export const LEFT = 0;
export const RIGHT = LEFT + THIRDS;
export const PRODUCT = RIGHT + THIRDS;
/** the least that a third of an octave held for 0.1 s, mean of both channels; */
export const FLOOR = PRODUCT + THIRDS;
/** the least of the lines of a hum and of what lies beside them; */
export const HUM_LINE = FLOOR + THIRDS;
export const HUM_BESIDE = HUM_LINE + HUM_LINES;
/** of each band of punch its crest, how far transients rise (dB, not a number in silence), and onsets; */
export const CREST = HUM_BESIDE + HUM_LINES;
export const TRANSIENT = CREST + PUNCH_BANDS.length;
export const ONSETS = TRANSIENT + PUNCH_BANDS.length;
/** mean square after K-weighting, both channels together, not a number where nothing was metered; */
export const K_POWER = ONSETS + PUNCH_BANDS.length;
/** largest true peak, full scale 1; clipped tops; mean square of both channels. */
export const TRUE_PEAK = K_POWER + 1;
export const CLIPPED_TOPS = K_POWER + 2;
export const MEAN_SQUARE = K_POWER + 3;
const FIELDS = K_POWER + 4;

/** The last windows of a profile, the oldest first; each is a row of the fields above. Takes `capacity` times 1.5 kB. */
export class ProfileWindows {
  readonly #rows: readonly Float64Array[];
  #count = 0;

  constructor(capacity: number) {
    // One more: the row that is being written is none of those that are kept.
    const all = new Float64Array((capacity + 1) * FIELDS);
    this.#rows = Array.from({ length: capacity + 1 }, (_, k) => all.subarray(k * FIELDS, (k + 1) * FIELDS));
  }

  /** Windows ended since `clear`, those that are forgotten included. */
  get count(): number {
    return this.#count;
  }

  /** The row to write next; it counts once `end` is called. */
  get open(): Float64Array {
    return this.#rows[this.#count % this.#rows.length] as Float64Array;
  }

  end(): void {
    this.#count++;
  }

  clear(): void {
    this.#count = 0;
  }

  /** The windows that are kept, the oldest first. */
  get rows(): readonly Float64Array[] {
    const kept = Math.min(this.#count, this.#rows.length - 1);
    return Array.from({ length: kept }, (_, k) => this.#rows[(this.#count - kept + k) % this.#rows.length] as Float64Array);
  }
}
