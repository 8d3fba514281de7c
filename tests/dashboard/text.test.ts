import { expect, it } from "vitest";
import { byButton, plainly, shortReduction, wholeOrTenth, withPoint } from "../../src/dashboard/text.js";
import { parseValue } from "../../src/params/parse.js";
import { findParameter } from "../../src/params/table.js";

it("takes a decimal comma for a point", () => {
  const ceiling = findParameter("limiter.ceilingDbtp")!;
  for (const typed of ["-1,5", "\u22121,5 dBTP", "-1.5"]) expect(parseValue(ceiling, withPoint(typed)), typed).toEqual({ value: -1.5 });
});

it("says what is wrong with a value by the label of its parameter, with true minus signs", () => {
  const ceiling = findParameter("limiter.ceilingDbtp")!;
  const parsed = parseValue(ceiling, "12");
  expect("problem" in parsed && plainly(parsed.problem)).toBe("Ceiling is 12; allowed \u221212 to 0 dBTP. The nearest is 0.0 dBTP.");
  expect(plainly("lacquer.local and mine.json stay as they are, 2-3 too.")).toBe("lacquer.local and mine.json stay as they are, 2-3 too.");
});

it("writes a loudness as short as it is exact", () => {
  expect([-14, -13.5, -23, 0].map(wholeOrTenth)).toEqual(["\u221214", "\u221213.5", "\u221223", "0"]);
});

it("writes a reduction with three digits at most", () => {
  expect([0, 0.44, 9.94, 9.96, 12.3, null].map(shortReduction)).toEqual(["0.0", "0.4", "9.9", "10", "12", "–"]);
});

it("says what hands do at the box to pair a phone", () => {
  expect(byButton({ name: "target", holdS: 3 })).toBe("Hold the button “target” for 3 s");
  expect(byButton({ name: "pair", holdS: 0 })).toBe("Press the button “pair”");
});
