import { describe, expect, it } from "vitest";
import { Acceleration } from "../../../src/control/panel/acceleration.js";
import { KnobFilter } from "../../../src/control/panel/knob-filter.js";
import { TakeOver } from "../../../src/control/panel/take-over.js";
import { randomUniform } from "../../support/signals.js";

/** Steps of the last of 40 detents at a steady speed. */
function stepsAt(perS: number): number {
  const acceleration = new Acceleration();
  return Array.from({ length: 40 }, (_, n) => acceleration.steps(1, (1000 * n) / perS)).at(-1)!;
}

describe("Acceleration", () => {
  it("is one step a detent up to 8 a second, 4 at 16, 12 from 28 on", () => {
    for (const perS of [0.5, 2, 5, 8]) expect(stepsAt(perS)).toBeCloseTo(1, 3);
    expect(stepsAt(16)).toBeCloseTo(4, 1);
    for (const perS of [28, 60, 480]) expect(stepsAt(perS)).toBeCloseTo(12, 1);
  });

  it("never gives less than a detent, keeps the sign, and is steady or faster with speed", () => {
    let before = 0;
    for (let perS = 1; perS < 500; perS *= 1.3) {
      const steps = stepsAt(perS);
      expect(steps).toBeGreaterThanOrEqual(Math.max(1, before - 1e-9));
      before = steps;
    }
    expect(new Acceleration().steps(-1, 0)).toBe(-1);
  });

  it("begins slowly when it is turned back, and after a rest", () => {
    const acceleration = new Acceleration();
    for (let n = 0; n < 40; n++) acceleration.steps(1, 10 * n);
    expect(acceleration.steps(-1, 400)).toBe(-1);
    for (let n = 0; n < 40; n++) acceleration.steps(1, 500 + 10 * n);
    expect(acceleration.steps(1, 1300)).toBe(1);
  });
});

describe("KnobFilter", () => {
  const EVEN = { low: 0, high: 1 };
  /** What is told of 200 readings. */
  const settle = (filter: KnobFilter, reading: (n: number) => number): number[] =>
    Array.from({ length: 200 }, (_, n) => filter.take(reading(n))).filter((position) => position !== undefined);

  it("comes to rest at where the knob stands, within 0.4 % of the travel", () => {
    for (const position of [0.1, 0.37, 0.5, 0.93]) {
      const filter = new KnobFilter(EVEN);
      settle(filter, () => 0.7);
      expect(Math.abs(settle(filter, () => position).at(-1)! - position)).toBeLessThanOrEqual(0.004);
    }
  });

  it("tells nothing of noise of 0.4 % to both sides, nor of single readings that are far off", () => {
    const random = randomUniform(3);
    const filter = new KnobFilter(EVEN);
    settle(filter, () => 0.5);
    expect(settle(filter, () => 0.5 + 0.008 * (random() - 0.5))).toEqual([]);
    expect(settle(filter, (n) => (n % 20 === 10 ? 0 : 0.5))).toEqual([]);
  });

  it("reaches both ends exactly, also with a potentiometer that does not", () => {
    const filter = new KnobFilter({ low: 0.02, high: 0.78 });
    expect(settle(filter, () => 0.026).at(-1)).toBe(0);
    expect(settle(filter, () => 0.774).at(-1)).toBe(1);
    expect(settle(filter, () => 0.9)).toEqual([]);
  });

  it("follows a turn from end to end by steps of which each goes on", () => {
    const told = settle(new KnobFilter(EVEN), (n) => n / 150);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, 1]);
  });
});

describe("TakeOver", () => {
  it("lets the value be until the knob meets it, from either side, then has it", () => {
    for (const way of [[0.1, 0.2, 0.49, 0.6], [0.9, 0.8, 0.51, 0.3]]) {
      const takeOver = new TakeOver();
      expect(way.map((position) => takeOver.moved(position, 0.5))).toEqual([false, false, true, true]);
    }
  });

  it("takes a value that the knob passes by a quick turn", () => {
    const takeOver = new TakeOver();
    expect([0.1, 0.95].map((position) => takeOver.moved(position, 0.5))).toEqual([false, true]);
  });

  it("never jumps by more than 2 % of the travel after others moved the value, except where a quick turn passes it", () => {
    const takeOver = new TakeOver();
    takeOver.moved(0.5, 0.5);
    takeOver.movedByOthers(0.8);
    expect(takeOver.hasIt).toBe(false);
    expect(takeOver.moved(0.51, 0.8)).toBe(false);
    expect(takeOver.moved(0.79, 0.8)).toBe(true);
  });

  it("keeps a value that others moved to where the knob stands", () => {
    const takeOver = new TakeOver();
    takeOver.moved(0.5, 0.5);
    takeOver.movedByOthers(0.51);
    expect(takeOver.hasIt).toBe(true);
  });
});
