const STEPS_PER_MS = 64;
const LONGEST_MS = 32;

/**
 * Sleeps on the calling thread without garbage. A fractional number handed to Atomics.wait is a new object each time,
 * so the times are made once: in an array that also holds a text V8 keeps numbers as objects, and hands on those.
 */
export class Sleeper {
  readonly #word = new Int32Array(new SharedArrayBuffer(4));
  readonly #times: readonly (number | string)[] = [
    ...Array.from({ length: STEPS_PER_MS * LONGEST_MS }, (_, step) => (step + 1) / STEPS_PER_MS), "end",
  ];

  /** Sleeps `ms[index]` rounded up to a 64th of a millisecond, 32 ms at most; returns at once for 0 and less. */
  sleep(ms: Float64Array, index: number): void {
    const step = Math.ceil((ms[index] as number) * STEPS_PER_MS);
    if (step <= 0) return;
    Atomics.wait(this.#word, 0, 0, this.#times[Math.min(step, STEPS_PER_MS * LONGEST_MS) - 1] as number);
  }
}
