import v8 from "node:v8";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/hal/clock.js";

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets so much time pass, at least. */
  readonly pass: (ms: number) => void;
  /** Why each reading may leave something behind; undefined where it may not. */
  readonly garbage?: string;
}

/** The smallest thing on V8's heap takes 16 bytes. */
const LESS_THAN_A_NUMBER_BYTES = 8;

/** What every Clock keeps. */
export function describeClock(name: string, make: () => ClockUnderTest): void {
  describe(`Clock: ${name}`, () => {
    it("never goes back and counts in milliseconds, into the place that it is given and no other", () => {
      const { clock, pass } = make();
      const times = new Float64Array(3).fill(-1);
      clock.read(times, 1);
      expect([times[0], times[2]]).toEqual([-1, -1]);
      let before = times[1] as number;
      for (let n = 0; n < 1000; n++) {
        clock.read(times, 1);
        expect(times[1]).toBeGreaterThanOrEqual(before);
        before = times[1] as number;
      }
      pass(20);
      clock.read(times, 1);
      expect((times[1] as number) - before).toBeGreaterThanOrEqual(20);
      expect((times[1] as number) - before).toBeLessThan(20_000);
    });

    it("tells times finer than a hundredth of a millisecond", () => {
      const { clock, pass } = make();
      const times = new Float64Array(1);
      const fractions = new Set<number>();
      for (let n = 0; n < 100; n++) {
        pass(0.013);
        clock.read(times, 0);
        fractions.add(Math.round(((times[0] as number) % 1) * 1000) % 10);
      }
      expect(fractions.size).toBeGreaterThan(1);
    });

    it("leaves no garbage once it is warm", ({ skip }) => {
      const { clock, garbage } = make();
      if (garbage !== undefined) return skip(garbage);
      const times = new Float64Array(1);
      let perReading = Infinity;
      for (let count = 0; count < 40 && !(perReading >= 0 && perReading < LESS_THAN_A_NUMBER_BYTES); count++) {
        globalThis.gc?.();
        const before = v8.getHeapStatistics().used_heap_size;
        for (let n = 0; n < 500; n++) clock.read(times, 0);
        perReading = (v8.getHeapStatistics().used_heap_size - before) / 500;
      }
      expect(perReading).toBeGreaterThanOrEqual(0);
      expect(perReading).toBeLessThan(LESS_THAN_A_NUMBER_BYTES);
    });
  });
}
