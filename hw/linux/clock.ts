import type { Clock } from "../../src/hal/clock.js";
import { findLibrary } from "./koffi.js";

const CLOCK_MONOTONIC = 1;
/** `struct timespec` read as 32-bit words: the seconds are the first, the nanoseconds the next member's low one. */
const NANOSECONDS_WORD = ["arm", "ia32", "mipsel"].includes(process.arch) ? 1 : 2;

type ClockGettime = (clock: number, time: Int32Array) => number;

/** Reads CLOCK_MONOTONIC with clock_gettime(2) into memory made beforehand. */
class MonotonicClock implements Clock {
  readonly #gettime: ClockGettime;
  readonly #time = new Int32Array(4);

  constructor(gettime: ClockGettime) {
    this.#gettime = gettime;
  }

  read(into: Float64Array, index: number): void {
    this.#gettime(CLOCK_MONOTONIC, this.#time);
    into[index] = (this.#time[0] as number) * 1e3 + (this.#time[NANOSECONDS_WORD] as number) * 1e-6;
  }
}

/** Node's own count of the same clock: equal on every thread, but each reading leaves an array behind. */
const nodeClock: Clock = {
  read(into, index) {
    const [seconds, nanoseconds] = process.hrtime();
    into[index] = seconds * 1e3 + nanoseconds * 1e-6;
  },
};

/**
 * Gives the system's monotonic clock, the same count on every thread and in every process. It allocates nothing per
 * reading where `koffi` is installed; without it each reading leaves some bytes to the garbage collector.
 */
export function systemClock(): Clock {
  const gettime = findLibrary("libc.so.6")?.func<ClockGettime>("int clock_gettime(int clock, void *time)");
  return gettime === undefined ? nodeClock : new MonotonicClock(gettime);
}
