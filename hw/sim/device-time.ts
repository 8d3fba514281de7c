import type { Clock } from "../../src/hal/clock.js";

/** Fields of `DeviceTime.values`. */
export const NOW_MS = 0;
/** Frames since the start, with fractions. */
export const POSITION = 1;
/** Frames of the clock per millisecond. */
export const RATE = 2;
const BASE_MS = 3;
const BASE_FRAMES = 4;
const FIELDS = 5;

/**
 * The clock of a simulated sound card, in frames. Its time is counted from the start, so nothing adds up to a drift; it
 * can be held and set off the system's clock. Values lie in a typed array: a fraction returned is an object made.
 */
export class DeviceTime {
  readonly values = new Float64Array(FIELDS);
  readonly #clock: Clock;
  readonly #speed: number;
  #framesPerMs = 0;
  #ppm = 0;

  /** `speed` is how much faster than the system's clock it runs. */
  constructor(clock: Clock, speed: number) {
    this.#clock = clock;
    this.#speed = speed;
  }

  /** Begins at frame 0 now. A clock that was held stays held until its time has passed. */
  start(sampleRateHz: number): void {
    const { values } = this;
    this.#clock.read(values, NOW_MS);
    this.#framesPerMs = (sampleRateHz * this.#speed) / 1000;
    values[RATE] = this.#framesPerMs * (1 + this.#ppm * 1e-6);
    values[BASE_MS] = Math.max(values[NOW_MS] as number, values[BASE_MS] as number);
    values[BASE_FRAMES] = 0;
    values[POSITION] = 0;
  }

  /** Reads the system's clock, and from it the position. */
  read(): void {
    const { values } = this;
    this.#clock.read(values, NOW_MS);
    const ms = (values[NOW_MS] as number) - (values[BASE_MS] as number);
    values[POSITION] = (values[BASE_FRAMES] as number) + Math.max(0, ms) * (values[RATE] as number);
  }

  /** Holds the clock for `ms` from the last reading. */
  hold(ms: number): void {
    this.#rebase();
    this.values[BASE_MS] = (this.values[BASE_MS] as number) + ms;
  }

  /** Ends a hold. */
  resume(): void {
    this.values[BASE_MS] = Math.min(this.values[NOW_MS] as number, this.values[BASE_MS] as number);
  }

  /** Lets the clock run off the system's from the last reading on. */
  drift(ppm: number): void {
    if (ppm === this.#ppm) return;
    this.#ppm = ppm;
    this.#rebase();
    this.values[RATE] = this.#framesPerMs * (1 + ppm * 1e-6);
  }

  #rebase(): void {
    const { values } = this;
    values[BASE_FRAMES] = values[POSITION] as number;
    values[BASE_MS] = Math.max(values[NOW_MS] as number, values[BASE_MS] as number);
  }
}
