import { expect, it } from "vitest";
import { turnedValue } from "../../src/control/knob-steps.js";
import { findParameter, PARAMETERS } from "../../src/params/table.js";

it("reaches both ends of every parameter click by click, each by a 64th of the travel or one step at most", () => {
  for (const row of PARAMETERS) {
    const step = row.kind === "number" ? row.step : 1;
    for (const [from, to, direction] of [[row.min, row.max, 1], [row.max, row.min, -1]] as const) {
      for (let value = from; value !== to;) {
        const next = turnedValue(row, value, direction);
        const isOnItsWay = Math.sign(next - value) === direction;
        const share64 = row.kind === "number" && row.taper === "log"
          ? Math.abs(value * (row.max / row.min) ** (direction / 64) - value)
          : 0;
        // Rounding to whole steps adds half a step.
        const isSmall = Math.abs(next - value) <= Math.max(1.001 * step, share64 + 0.501 * step);
        if (!isOnItsWay || !isSmall) expect.fail(`${row.id}: ${value} to ${next}`);
        value = next;
      }
    }
  }
});

it("moves a linear value by whole steps and stops at the ends", () => {
  const row = findParameter("compressor.thresholdDb")!;
  expect([1, -3, 0.2, 1000].map((steps) => turnedValue(row, -18, steps))).toEqual([-17.5, -19.5, -17.5, 0]);
});

it("comes back to the same value by as many clicks down as up, in the middle of a logarithmic travel", () => {
  const row = findParameter("eq.band1.freqHz")!;
  let value = 1000;
  for (let n = 0; n < 10; n++) value = turnedValue(row, value, 1);
  for (let n = 0; n < 10; n++) value = turnedValue(row, value, -1);
  // Each of the 20 clicks rounds to 1 Hz.
  expect(Math.abs(value - 1000)).toBeLessThan(20);
});
