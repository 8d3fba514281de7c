import { LOAD_BUCKETS } from "./control-block.js";

const WINDOW_S = 10;
const BUCKETS_PER_PERCENT = 10;

/** Load of the blocks of the last 10 s, from the counts that the audio thread keeps since it began. */
export class LoadFigures {
  readonly #counts: Int32Array;
  /** Counts as they stood at the last seconds, oldest first. */
  readonly #past: Int32Array[];

  /** @param counts - LOAD_BUCKETS counters, each a thousandth of a period wide; they only grow */
  constructor(counts: Int32Array) {
    this.#counts = counts;
    this.#past = [new Int32Array(LOAD_BUCKETS)];
  }

  /** To be called once a second. */
  tick(): void {
    this.#past.push(Int32Array.from(this.#counts));
    if (this.#past.length > WINDOW_S) this.#past.shift();
  }

  /** Load in percent of a period that the given share (0..1) of the blocks does not exceed; 0 without blocks. */
  percentile(share: number): number {
    const before = this.#past[0] as Int32Array;
    const recent = this.#counts.map((count, k) => count - (before[k] as number));
    let blocks = 0;
    for (const count of recent) blocks += count >>> 0;
    let seen = 0;
    for (let bucket = 0; bucket < recent.length; bucket++) {
      const count = (recent[bucket] as number) >>> 0;
      seen += count;
      if (count > 0 && seen >= share * blocks) return (bucket + 1) / BUCKETS_PER_PERCENT;
    }
    return 0;
  }
}
