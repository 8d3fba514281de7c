import { expect, it } from "vitest";
import { gradeOf, lasting } from "../../src/dashboard/severity.js";

it("names severities as the protocol parts them: mild below 0.55, severe from 0.8", () => {
  expect([0.4, 0.54, 0.55, 0.79, 0.8, 1].map((severity) => gradeOf(severity).name)).toEqual(["mild", "mild", "clear", "clear", "severe", "severe"]);
});

it("says for how long a fault holds: just now within 5 s, in steps of 5 s, in minutes from 100 s", () => {
  const since = (sinceS: number, nowS: number): string => lasting({ sinceS }, 100 * nowS);
  expect([since(10, 10), since(10, 14.9), since(10, 33), since(10, 109), since(10, 190), since(10, 0)])
    .toEqual(["just now", "just now", "for 25 s", "for 100 s", "for 3 min", "just now"]);
});
