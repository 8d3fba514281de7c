import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { I2cError } from "../../src/hal/i2c-bus.js";
import type { Knob } from "../../src/hal/knob.js";

export interface KnobsUnderTest {
  /** Four knobs. */
  readonly knobs: readonly Knob[];
  /** Turns knob `index` to `position` of the converter's range, 0 to 1. */
  readonly turn: (index: number, position: number) => void;
  /** Takes the converter away, or brings it back. */
  readonly plug: (isPlugged: boolean) => void;
  /** Lets time pass: time that nobody else's work delays, since rates are counted in it. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Half a step of 12 bits, doubled. */
const EXACT = 1 / 2048;
/** Rates are counted for so long. */
const WINDOW_MS = 2000;

const rateHz = ({ length }: readonly number[]): number => (1000 * length) / WINDOW_MS;

/** What every Knob keeps. */
export function describeKnob(name: string, make: () => KnobsUnderTest): void {
  describe(`Knob: ${name}`, () => {
    let test: KnobsUnderTest;
    let readings: number[][];
    let failures: I2cError[];
    beforeEach(() => {
      test = make();
      readings = [[], [], [], []];
      failures = [];
    });
    afterEach(async () => {
      for (const knob of test.knobs) await knob.close();
      await test.pass(50);
    });
    const open = async (index: number): Promise<void> => await test.knobs[index]!.open({
      read: (position) => readings[index]!.push(position), failed: (error) => failures.push(error),
    });

    it("tells where each of four knobs stands, each its own", async () => {
      const positions = [0, 0.31, 0.62, 0.8];
      for (const index of [0, 1, 2, 3]) {
        test.turn(index, positions[index]!);
        await open(index);
      }
      await test.pass(200);
      positions.forEach((position, index) => {
        expect(readings[index]!.length).toBeGreaterThan(0);
        for (const reading of readings[index]!) expect(Math.abs(reading - position)).toBeLessThanOrEqual(EXACT);
      });
    });

    /** Counts the rate that stands, not the code's first runs: on a slow processor those are the interpreter's. */
    const count = async (): Promise<void> => {
      await test.pass(WINDOW_MS);
      for (const list of readings) list.length = 0;
      await test.pass(WINDOW_MS);
    };

    it("reads four knobs a hundred times a second each, within 2 in a hundred, and a single one no more often", async () => {
      await open(2);
      await count();
      expect(rateHz(readings[2]!)).toBeGreaterThanOrEqual(98);
      expect(rateHz(readings[2]!)).toBeLessThanOrEqual(102);
      for (const index of [0, 1, 3]) await open(index);
      await count();
      for (const list of readings) {
        expect(rateHz(list)).toBeGreaterThanOrEqual(98);
        expect(rateHz(list)).toBeLessThanOrEqual(102);
      }
    });

    it("tells nothing of a knob that is closed, while the others go on", async () => {
      await open(0);
      await open(1);
      await test.pass(100);
      await test.knobs[0]!.close();
      await test.knobs[0]!.close();
      for (const list of readings) list.length = 0;
      await test.pass(100);
      expect(readings[0]).toEqual([]);
      expect(readings[1]!.length).toBeGreaterThan(0);
    });

    it("fails once when its converter goes, cannot be opened without, and is read again when it is back", async () => {
      await open(0);
      await open(1);
      await test.pass(50);
      test.plug(false);
      await test.pass(200);
      expect(failures.map(({ kind }) => kind)).toEqual(["noAnswer", "noAnswer"]);
      await expect(open(0)).rejects.toMatchObject({ kind: "noAnswer" });
      test.plug(true);
      await test.pass(1100);
      await open(0);
      test.turn(0, 0.4);
      readings[0]!.length = 0;
      await test.pass(100);
      expect(readings[0]!.at(-1)).toBeCloseTo(0.4, 2);
    });
  });
}
