import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Button } from "../../src/hal/button.js";
import type { LineError } from "../../src/hal/digital.js";

export interface ButtonUnderTest {
  readonly button: Button;
  /** Presses it, with all the bounce that it can have, or lets it go; then lets `ms` pass. */
  readonly move: (isPressed: boolean, ms: number) => Promise<void>;
  /** Takes away what it hangs on, and brings it back. */
  readonly unplug: (() => Promise<void>) | { readonly impossible: string };
  readonly replug: () => Promise<void>;
  readonly dispose?: () => Promise<void>;
}

/** A quick press by a finger, ms. */
const PRESS_MS = 60;

/** What every Button keeps. */
export function describeButton(name: string, make: () => Promise<ButtonUnderTest>): void {
  describe(`Button: ${name}`, () => {
    let test: ButtonUnderTest;
    let changes: boolean[];
    let times: number[];
    let failures: LineError[];
    const listener = {
      changed: (isPressed: boolean, timeMs: number): void => {
        changes.push(isPressed);
        times.push(timeMs);
      },
      failed: (error: LineError): void => void failures.push(error),
    };
    beforeEach(async () => {
      [changes, times, failures] = [[], [], []];
      test = await make();
    });
    afterEach(async () => {
      await test.button.close();
      await test.dispose?.();
    });

    it("tells each press and each release once, however the contact bounces", async () => {
      await test.button.open(listener);
      for (let n = 0; n < 5; n++) {
        await test.move(true, PRESS_MS);
        await test.move(false, PRESS_MS);
      }
      expect(changes).toEqual([true, false, true, false, true, false, true, false, true, false]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(failures).toEqual([]);
    });

    it("answers that a button is held down while it is opened, and tells no press but its release", async () => {
      await test.move(true, PRESS_MS);
      expect(await test.button.open(listener)).toBe(true);
      expect(changes).toEqual([]);
      await test.move(false, PRESS_MS);
      expect(changes).toEqual([false]);
      await test.move(true, PRESS_MS);
      expect(changes).toEqual([false, true]);
    });

    it("tells nothing once it is closed, and works again after it was opened anew", async () => {
      await test.button.open(listener);
      await test.button.close();
      await test.button.close();
      await test.move(true, PRESS_MS);
      await test.move(false, PRESS_MS);
      expect(changes).toEqual([]);
      expect(await test.button.open(listener)).toBe(false);
      await test.move(true, PRESS_MS);
      expect(changes).toEqual([true]);
    });

    it("fails when what it hangs on goes away, and works again when it is back", async ({ skip }) => {
      if (typeof test.unplug !== "function") return skip(test.unplug.impossible);
      await test.button.open(listener);
      await test.unplug();
      expect(failures.map(({ kind }) => kind)).toEqual(["disconnected"]);
      await test.button.close();
      await test.replug();
      await test.button.open(listener);
      await test.move(true, PRESS_MS);
      expect(changes).toEqual([true]);
    });
  });
}
