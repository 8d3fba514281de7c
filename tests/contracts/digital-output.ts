import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LineError, type DigitalOutput } from "../../src/hal/digital.js";
import { FREE_LINE, NO_LINE, type LineHands } from "./lines-under-test.js";

export interface OutputUnderTest {
  readonly hands: LineHands;
  /** Makes a closed output on a line. */
  readonly output: (line: number) => DigitalOutput;
}

/** What every DigitalOutput keeps. */
export function describeDigitalOutput(name: string, make: () => Promise<OutputUnderTest>): void {
  describe(`DigitalOutput: ${name}`, () => {
    let test: OutputUnderTest;
    let output: DigitalOutput;
    beforeEach(async () => {
      test = await make();
      output = test.output(FREE_LINE);
    });
    afterEach(async () => {
      await output.close();
      await test.hands.dispose?.();
    });
    const isHigh = async (): Promise<boolean> => await test.hands.isHigh(FREE_LINE);

    it("begins inactive and drives what it is told", async () => {
      await output.open();
      expect(await isHigh()).toBe(false);
      for (const isActive of [true, true, false, true]) {
        output.set(isActive);
        expect(await isHigh()).toBe(isActive);
      }
    });

    it("is inactive once it is closed, refuses to be set then, and works again after it was opened anew", async () => {
      await output.open();
      output.set(true);
      await output.close();
      await output.close();
      expect(await isHigh()).toBe(false);
      expect(() => output.set(true)).toThrow(LineError);
      await output.open();
      output.set(true);
      expect(await isHigh()).toBe(true);
    });

    it.for(["busy", "denied"] as const)("names a line that is %s, and takes it when it is free again", async (kind, { skip }) => {
      const { refuse } = test.hands;
      if (typeof refuse !== "function") return skip(refuse.impossible);
      await refuse(FREE_LINE, kind);
      await expect(output.open()).rejects.toMatchObject({ kind, message: expect.stringContaining(String(FREE_LINE)) as string });
      await refuse(FREE_LINE, undefined);
      await output.open();
      output.set(true);
      expect(await isHigh()).toBe(true);
    });

    it("names a line that does not exist", async () => {
      await expect(test.output(NO_LINE).open()).rejects.toMatchObject({ kind: "missing", message: expect.stringContaining(String(NO_LINE)) as string });
    });

    it("says that its chip is gone when it is set, and works again when it is back", async ({ skip }) => {
      const { unplug } = test.hands;
      if (typeof unplug !== "function") return skip(unplug.impossible);
      await output.open();
      await unplug();
      expect(() => output.set(true)).toThrow(expect.objectContaining({ kind: "disconnected" }) as Error);
      await output.close();
      await test.hands.replug();
      await output.open();
      output.set(true);
      expect(await isHigh()).toBe(true);
    });
  });
}
