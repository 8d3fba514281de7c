import { expect, it } from "vitest";
import { figure } from "../../src/dashboard/text.js";
import { isOverCeiling } from "../../src/protocol/over-ceiling.js";

it("calls a peak over where the figure that people read is higher than the ceiling, and nowhere else", () => {
  for (const ceilingDbtp of [-2, -1, -0.1]) {
    for (let thousandths = -200; thousandths <= 200; thousandths++) {
      // Not on the edge itself, where binary fractions decide.
      const peakDbtp = ceilingDbtp + thousandths / 1000 + 0.0003;
      const isShownOver = Number(figure(peakDbtp).replace("\u2212", "-")) > ceilingDbtp;
      expect(isOverCeiling(peakDbtp, ceilingDbtp), `${peakDbtp} under ${ceilingDbtp}`).toBe(isShownOver);
    }
  }
});

it("calls silence and a peak that is not known no peak over the ceiling", () => {
  expect([null, undefined, -Infinity].map((peak) => isOverCeiling(peak, -1))).toEqual([false, false, false]);
});
