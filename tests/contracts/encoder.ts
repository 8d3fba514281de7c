import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LineError } from "../../src/hal/digital.js";
import type { Encoder } from "../../src/hal/encoder.js";

export interface EncoderUnderTest {
  readonly encoder: Encoder;
  /** Turns it by detents, above 0 clockwise, with all the bounce that it can have, and waits until all was told. */
  readonly turn: (detents: number) => Promise<void>;
  /** Moves it out of its rest as far as it goes without a detent, and back. */
  readonly wiggle: () => Promise<void>;
  /** Takes away what it hangs on, and brings it back. */
  readonly unplug: (() => Promise<void>) | { readonly impossible: string };
  readonly replug: () => Promise<void>;
  readonly dispose?: () => Promise<void>;
}

/** What every Encoder keeps. */
export function describeEncoder(name: string, make: () => Promise<EncoderUnderTest>): void {
  describe(`Encoder: ${name}`, () => {
    let test: EncoderUnderTest;
    let turns: number[];
    let failures: LineError[];
    const listener = {
      turned: (detents: number): void => void turns.push(detents),
      failed: (error: LineError): void => void failures.push(error),
    };
    const sum = (): number => turns.reduce((total, detents) => total + detents, 0);
    beforeEach(async () => {
      [turns, failures] = [[], []];
      test = await make();
    });
    afterEach(async () => {
      await test.encoder.close();
      await test.dispose?.();
    });

    it("tells as many detents in sum as it is turned by, with the sign of the direction, and never 0", async () => {
      await test.encoder.open(listener);
      for (const detents of [1, 1, -1, 7, -12, 3]) {
        turns.length = 0;
        await test.turn(detents);
        expect(sum()).toBe(detents);
        expect(turns.every((told) => Number.isInteger(told) && told !== 0)).toBe(true);
      }
      expect(failures).toEqual([]);
    });

    it("tells nothing of a movement that ends where it began", async () => {
      await test.encoder.open(listener);
      for (let n = 0; n < 5; n++) await test.wiggle();
      expect(turns).toEqual([]);
      await test.turn(2);
      expect(sum()).toBe(2);
    });

    it("tells nothing once it is closed, and counts from there after it was opened anew", async () => {
      await test.encoder.open(listener);
      await test.encoder.close();
      await test.encoder.close();
      await test.turn(5);
      expect(turns).toEqual([]);
      await test.encoder.open(listener);
      await test.turn(-2);
      expect(sum()).toBe(-2);
    });

    it("fails when what it hangs on goes away, and works again when it is back", async ({ skip }) => {
      if (typeof test.unplug !== "function") return skip(test.unplug.impossible);
      await test.encoder.open(listener);
      await test.unplug();
      expect(failures.map(({ kind }) => kind)).toEqual(["disconnected"]);
      await test.encoder.close();
      await test.replug();
      await test.encoder.open(listener);
      await test.turn(3);
      expect(sum()).toBe(3);
    });
  });
}
