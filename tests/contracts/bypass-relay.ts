import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RELAY_HOLD_MS, type BypassRelay } from "../../src/hal/bypass-relay.js";

export interface RelayUnderTest {
  readonly relay: BypassRelay;
  /** Whether the contacts pass the master, and not the bare input. */
  readonly isHeld: () => boolean;
  readonly pass: (ms: number) => void;
  readonly dispose?: () => Promise<void>;
}

/** The loop beats as often. */
const BEAT_MS = 5;

/** What every BypassRelay keeps. */
export function describeBypassRelay(name: string, make: () => RelayUnderTest | Promise<RelayUnderTest>): void {
  describe(`BypassRelay: ${name}`, () => {
    let test: RelayUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(async () => await test.dispose?.());
    const beat = (times: number): void => {
      for (let n = 0; n < times; n++) {
        test.relay.beat();
        test.pass(BEAT_MS);
      }
    };

    it("wires the input through until it is beaten", () => {
      expect(test.isHeld()).toBe(false);
      test.pass(500);
      expect(test.isHeld()).toBe(false);
    });

    it("is held for as long as it is beaten each 5 ms", () => {
      beat(4);
      for (let n = 0; n < 400; n++) {
        expect(test.isHeld()).toBe(true);
        beat(1);
      }
    });

    it.each([10, 11])("lets go within 100 ms of the last of %i beats, at whatever level that left its line", (beats) => {
      beat(beats);
      expect(test.isHeld()).toBe(true);
      test.pass(RELAY_HOLD_MS - BEAT_MS);
      expect(test.isHeld()).toBe(false);
      test.pass(1000);
      expect(test.isHeld()).toBe(false);
    });

    it.each([10, 11])("lets go within 100 ms when it is told to after %i beats, and is held again by further ones", (beats) => {
      beat(beats);
      test.relay.release();
      test.relay.release();
      test.pass(RELAY_HOLD_MS);
      expect(test.isHeld()).toBe(false);
      beat(10);
      expect(test.isHeld()).toBe(true);
    });
  });
}
