import { describe, expect, it } from "vitest";
import { repeat, type Segment, steppedTone } from "../support/ebu-signals.js";
import { expectGate } from "../support/gates.js";
import { measureProgramme } from "../support/measure-programme.js";
import { dual } from "../support/run-chain.js";

/** EBU Tech 3342 V4, table 1, synthesised: 20 s a level. The document allows +-1 LU; we hold 0.02 LU. */
const TOLERANCE_LU = 0.02;

const CASES: [number, number[], number][] = [
  [1, [-20, -30], 10],
  [2, [-20, -15], 5],
  [3, [-40, -20], 20],
  [4, [-50, -35, -20, -35, -50], 15],
];

function rangeOf(segments: readonly Segment[], sampleRateHz: number): number {
  return measureProgramme(dual(steppedTone(sampleRateHz, segments)), { sampleRateHz }).loudnessRangeLu ?? Infinity;
}

describe.each([44100, 48000, 96000])("EBU Tech 3342 at %d Hz", (rate) => {
  it.each(CASES)("case %d: the range of %j dBFS is %d LU", (_case, levels, range) => {
    const segments = levels.map((level): Segment => [20, level]);
    const measured = Math.abs(rangeOf(segments, rate) - range);
    expectGate({ stage: "meters", what: "EBU Tech 3342 cases 1 to 4, loudness range at 44.1, 48 and 96 kHz, error", measured, unit: "LU", must: TOLERANCE_LU }, `case ${_case}`);
  });
});

it("case 1 repeated whole has the same range, within the document's 1 LU", () => {
  const twice = repeat(2, [[20, -20], [20, -30]]);
  expect(Math.abs(rangeOf(twice, 48000) - 10)).toBeLessThanOrEqual(TOLERANCE_LU);
});

it("has no range for less than 3 s, and none of 0 LU for the fill-up of the window", () => {
  expect(rangeOf([[2.99, -20]], 48000)).toBe(Infinity);
  expect(rangeOf([[20, -20]], 48000)).toBeCloseTo(0, 3);
});
