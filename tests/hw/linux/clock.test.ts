import { describe, expect, it } from "vitest";
import { systemClock } from "../../../hw/linux/clock.js";

function hrtimeMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

describe("systemClock", () => {
  it("reads CLOCK_MONOTONIC: each of 1000 readings lies between two of Node's own, to the 0.001 ms that a double keeps", () => {
    const clock = systemClock();
    const into = new Float64Array(3).fill(-1);
    for (let n = 0; n < 1000; n++) {
      const before = hrtimeMs();
      clock.read(into, 1);
      const after = hrtimeMs();
      expect(into[1]).toBeGreaterThanOrEqual(before - 0.001);
      expect(into[1]).toBeLessThanOrEqual(after + 0.001);
    }
    expect([into[0], into[2]]).toEqual([-1, -1]);
  });
});
