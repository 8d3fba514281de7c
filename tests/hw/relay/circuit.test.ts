import { describe, expect, it } from "vitest";
import { RELAY_HOLD_MS } from "../../../src/hal/bypass-relay.js";
import { ChargePump, circuitCorners, holdMs, LINE_OHMS, RELAY_CIRCUIT } from "../../support/charge-pump.js";

/** A small signal relay lets go within so long, its diode included (data sheets of 5 V, 140 mW types: 4 ms). */
const RELEASE_MS = 5;
/** The loop beats each 5 ms, or each period where that is longer: 1024 frames at 44.1 kHz at the most. */
const LONGEST_BEAT_MS = 1024 / 44.1;
/** A pin of a Raspberry Pi gives 16 mA. */
const PIN_AMPERES = 0.016;

describe("the detector of the relay's heartbeat", () => {
  it("lets go within 100 ms of the last edge with every part at its worst, the relay's own time included", () => {
    const latest = Math.max(...circuitCorners().map((circuit) => holdMs(circuit, 5)));
    expect(latest + RELEASE_MS).toBeLessThan(RELAY_HOLD_MS);
    // By hand: 75 kOhm x 1 uF x ln(2.81 V / 1.09 V).
    expect(holdMs(RELAY_CIRCUIT, 5)).toBeGreaterThan(66);
    expect(holdMs(RELAY_CIRCUIT, 5)).toBeLessThan(74);
  });

  it.each([5, 5.33, 10.7, 21.3, LONGEST_BEAT_MS])("holds between the edges of a line that turns each %f ms with every part at its worst", (beatMs) => {
    expect(Math.min(...circuitCorners().map((circuit) => holdMs(circuit, beatMs)))).toBeGreaterThan(2 * beatMs);
  });

  it.each([false, true])("never holds on a line that is stuck, after it was moved once or never: high %s", (isStuckHigh) => {
    for (const circuit of circuitCorners()) {
      let isHigh = false;
      const pump = new ChargePump(() => isHigh, circuit);
      pump.pass(1);
      isHigh = isStuckHigh;
      pump.pass(RELAY_HOLD_MS - RELEASE_MS);
      expect(pump.isCoilHeld).toBe(false);
      pump.pass(10_000);
      expect(pump.isCoilHeld).toBe(false);
    }
  });

  it("asks less of the pin than it gives", () => {
    expect((RELAY_CIRCUIT.lineVolts * 1.03) / LINE_OHMS).toBeLessThan(PIN_AMPERES);
  });
});
