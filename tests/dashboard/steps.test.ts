import { expect, it } from "vitest";
import { stepSentence } from "../../src/dashboard/steps.js";

it("says what an undo brought back, and how much more", () => {
  const before = { "limiter.ceilingDbtp": -1, "eq.band3.gainDb": 2, "chain.bypass": 0 };
  expect(stepSentence("Undone", before, { ...before, "limiter.ceilingDbtp": -2 })).toBe("Undone: Limiter Ceiling \u22122.0 dBTP.");
  expect(stepSentence("Redone", before, { ...before, "eq.band3.gainDb": 1.5, "chain.bypass": 1 })).toBe("Redone: EQ band 3 Gain 1.5 dB and 1 more.");
  expect(stepSentence("Undone", before, before)).toBe("Undone.");
});
