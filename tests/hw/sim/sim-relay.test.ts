import { expect, it } from "vitest";
import { SimRelay } from "../../../hw/sim/sim-relay.js";
import { ManualTime } from "../../support/manual-time.js";

it("is held by a beat, seen from another view of its memory, and lets go 100 ms after the last one", () => {
  const time = new ManualTime();
  const relay = new SimRelay(time);
  const seen = new SimRelay(time, relay.buffer);
  expect(seen.isHeld).toBe(false);
  for (let n = 0; n < 10; n++) {
    relay.beat();
    time.nowMs += 99.9;
    expect(seen.isHeld).toBe(true);
  }
  time.nowMs += 0.1;
  expect(seen.isHeld).toBe(false);
  relay.beat();
  relay.release();
  expect(seen.isHeld).toBe(false);
});
