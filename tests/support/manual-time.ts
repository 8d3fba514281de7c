import type { Clock } from "../../src/hal/clock.js";

/** Time that moves only when somebody sleeps, or is told to: for devices that are paced by a clock. */
export class ManualTime implements Clock {
  nowMs = 1000;

  read(into: Float64Array, index: number): void {
    into[index] = this.nowMs;
  }

  sleep(ms: Float64Array, index: number): void {
    // At least a nanosecond, so that rounding cannot keep a sleeper waiting for ever.
    this.nowMs += Math.max(1e-6, ms[index] as number);
  }
}
