import { expect, it } from "vitest";
import * as layout from "../../src/dsp/layout.js";
import { slotOf } from "../../src/engine/slots.js";
import { PARAMETERS } from "../../src/params/table.js";

it("gives every parameter of the table a slot of its own inside the block", () => {
  const slots = PARAMETERS.map((row) => slotOf(row.id));
  expect(new Set(slots).size).toBe(PARAMETERS.length);
  expect(Math.max(...slots)).toBeLessThan(layout.PARAMETER_SLOTS);
});

it("names a parameter that has no slot", () => {
  expect(() => slotOf("eq.band3.colour")).toThrow("eq.band3.colour");
});
