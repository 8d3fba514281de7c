const WINDOW_MS = 10_000;
/** Further off than any crystal, and close enough to hear in a long take. */
const WRONG_RATIO = 0.003;
/** A wrong clock is wrong all the time: so much of the window must be off to the same side by half of that at least. */
const STEADY_PART = 0.7;

/** A reading of the device's position: frames captured since its start, at a monotonic time. */
interface Reading {
  readonly frames: number;
  readonly timeMs: number;
}

/**
 * Measures the rate of the device against the system's clock over the last 10 s. The rate is the median of the slopes
 * between all pairs of readings (the Theil-Sen estimator), which single readings that came late do not move.
 */
export class ClockWatch {
  readonly #nominalHz: number;
  #readings: Reading[] = [];
  #rateHz: number | null = null;
  #isSteady = false;

  constructor(nominalHz: number) {
    this.#nominalHz = nominalHz;
  }

  /** Takes a reading; one that lies before the last begins anew, since the device was started again. */
  add(frames: number, timeMs: number): void {
    const last = this.#readings.at(-1);
    if (last && timeMs === last.timeMs) return;
    if (last && (frames <= last.frames || timeMs < last.timeMs)) this.#readings = [];
    this.#readings.push({ frames, timeMs });
    // One reading lies on or before the begin of the window, so that the window is full.
    while (((this.#readings[1] as Reading | undefined)?.timeMs ?? Infinity) <= timeMs - WINDOW_MS) this.#readings.shift();
    this.#rateHz = timeMs - (this.#readings[0] as Reading).timeMs < WINDOW_MS ? this.#rateHz : this.#slope();
  }

  /** Hz; null until the first 10 s without a start have passed. */
  get rateHz(): number | null {
    return this.#rateHz;
  }

  /**
   * Whether the device runs at another rate than it was set to. A device that stood still now and then is not meant: it
   * lost time in a few of the seconds, and was right in the others.
   */
  get isWrong(): boolean {
    return this.#isSteady && this.#rateHz !== null && Math.abs(this.#rateHz / this.#nominalHz - 1) > WRONG_RATIO;
  }

  #slope(): number {
    const slopes = this.#readings.flatMap((from, k) => this.#readings.slice(k + 1).map((to) => slopeHz(from, to)));
    slopes.sort((a, b) => a - b);
    const rateHz = slopes[slopes.length >> 1] ?? this.#nominalHz;
    const side = Math.sign(rateHz - this.#nominalHz);
    const steps = this.#readings.slice(1).map((to, k) => side * (slopeHz(this.#readings[k] as Reading, to) / this.#nominalHz - 1));
    this.#isSteady = steps.filter((off) => off > WRONG_RATIO / 2).length >= STEADY_PART * steps.length;
    return rateHz;
  }
}

function slopeHz(from: Reading, to: Reading): number {
  return (1000 * (to.frames - from.frames)) / (to.timeMs - from.timeMs);
}
