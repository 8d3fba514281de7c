import { expect, it } from "vitest";
import { tenthsText } from "../../src/meters/decibels.js";

it.each([[-0.04, "0.0"], [0, "0.0"], [-0.06, "-0.1"], [10.25, "10.3"], [-14, "-14.0"]])("writes a level of %f dB as %s", (value, text) => {
  expect(tenthsText(value)).toBe(text);
});
