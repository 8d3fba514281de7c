import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LineError, type DigitalInput, type LineErrorKind } from "../../src/hal/digital.js";
import { FREE_LINE, NO_LINE, type LineHands } from "./lines-under-test.js";

export interface InputUnderTest {
  readonly hands: LineHands;
  /** Makes a closed input on a line. */
  readonly input: (line: number, debounceMs: number) => DigitalInput;
}

/** Longest time within which an edge is told, ms, and a debounce that is long beside it. */
const SOON_MS = 50;
const DEBOUNCE_MS = 100;

/** What every DigitalInput keeps. */
export function describeDigitalInput(name: string, make: () => Promise<InputUnderTest>): void {
  describe(`DigitalInput: ${name}`, () => {
    let test: InputUnderTest;
    let input: DigitalInput;
    let edges: boolean[];
    let times: number[];
    let failures: LineError[];
    const listener = {
      edge: (isActive: boolean, timeMs: number): void => {
        edges.push(isActive);
        times.push(timeMs);
      },
      failed: (error: LineError): void => void failures.push(error),
    };
    beforeEach(async () => {
      [edges, times, failures] = [[], [], []];
      test = await make();
      input = test.input(FREE_LINE, 0);
    });
    afterEach(async () => {
      await input.close();
      await test.hands.dispose?.();
    });

    async function contact(isClosed: boolean, ms = SOON_MS): Promise<void> {
      await test.hands.contact(FREE_LINE, isClosed);
      await test.hands.pass(ms);
    }

    it("tells each edge once, in order, with a time that does not go back, and says how the contact stands", async () => {
      await input.open(listener);
      expect(input.isActive).toBe(false);
      for (const isClosed of [true, false, true, false]) {
        await contact(isClosed);
        expect(input.isActive).toBe(isClosed);
      }
      expect(edges).toEqual([true, false, true, false]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(failures).toEqual([]);
    });

    it("tells nothing of how the contact stood when it was opened", async () => {
      await contact(true);
      await input.open(listener);
      await test.hands.pass(SOON_MS);
      expect(input.isActive).toBe(true);
      expect(edges).toEqual([]);
      await contact(false);
      expect(edges).toEqual([false]);
    });

    it("tells nothing once it is closed, which may be asked for twice, and works again after it was opened anew", async () => {
      await input.open(listener);
      await input.close();
      await input.close();
      expect(input.isActive).toBe(false);
      await contact(true);
      await contact(false);
      expect(edges).toEqual([]);
      await input.open(listener);
      await contact(true);
      expect(edges).toEqual([true]);
    });

    it("holds back what lasts less than its debounce, and tells what lasts longer", async () => {
      await input.close();
      input = test.input(FREE_LINE, DEBOUNCE_MS);
      await input.open(listener);
      for (let n = 0; n < 10; n++) await contact(n % 2 === 0, 1);
      await test.hands.pass(3 * DEBOUNCE_MS);
      // The contact ended open, as it was: whatever is told of the chatter adds up to nothing.
      expect(edges).toEqual([]);
      await contact(true, 3 * DEBOUNCE_MS);
      expect(edges).toEqual([true]);
    });

    it.for(["busy", "denied"] as const)("names a line that is %s, and takes it when it is free again", async (kind: LineErrorKind, { skip }) => {
      const { refuse } = test.hands;
      if (typeof refuse !== "function") return skip(refuse.impossible);
      await refuse(FREE_LINE, kind);
      await expect(input.open(listener)).rejects.toMatchObject({ kind, message: expect.stringContaining(String(FREE_LINE)) as string });
      await refuse(FREE_LINE, undefined);
      await input.open(listener);
      await contact(true);
      expect(edges).toEqual([true]);
    });

    it("says that a line is busy which it holds already through another input", async () => {
      await input.open(listener);
      const second = test.input(FREE_LINE, 0);
      await expect(second.open(listener)).rejects.toMatchObject({ kind: "busy" });
      await contact(true);
      expect(edges).toEqual([true]);
    });

    it("names a line that does not exist", async () => {
      const none = test.input(NO_LINE, 0);
      const error: unknown = await none.open(listener).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(LineError);
      expect(error).toMatchObject({ kind: "missing", message: expect.stringContaining(String(NO_LINE)) as string });
    });

    it("fails when its chip goes away, cannot be opened without it, and works again when it is back", async ({ skip }) => {
      const { unplug } = test.hands;
      if (typeof unplug !== "function") return skip(unplug.impossible);
      await input.open(listener);
      await unplug();
      await test.hands.pass(SOON_MS);
      expect(failures.map(({ kind }) => kind)).toEqual(["disconnected"]);
      expect(input.isActive).toBe(false);
      await input.close();
      await expect(input.open(listener)).rejects.toBeInstanceOf(LineError);
      await test.hands.replug();
      await input.open(listener);
      await contact(true);
      expect(edges).toEqual([true]);
    });
  });
}
