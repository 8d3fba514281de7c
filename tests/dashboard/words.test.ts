import { expect, it } from "vitest";
import { costWords, planWords } from "../../src/dashboard/level-words.js";
import { moved } from "../../src/dashboard/moved.js";
import { comparedTrack, matchLine, referenceLine } from "../../src/dashboard/reference-words.js";
import { adjustment, readPlace } from "../../src/dashboard/text.js";

it("reads places as people type them, and nothing else", () => {
  expect(["1:05", "65", " 0:03,5 ", "12:00"].map(readPlace)).toEqual([65, 65, 3.5, 720]);
  for (const typed of ["", "x", "1:2:3", "-4", "1:", "1e3"]) expect(readPlace(typed), typed).toBeUndefined();
});

it("says what a platform does to a master", () => {
  expect([-2.14, 1.2, 0.04, null].map(adjustment)).toEqual(["turned down by 2.1 dB", "turned up by 1.2 dB", "played as it is", "not known yet"]);
});

it("says how a reference track stands", () => {
  const track = { progress: 0.456, problem: null, sound: null };
  expect(referenceLine({ ...track, state: "preparing" })).toBe("Being prepared: 45 %");
  expect(referenceLine({ ...track, state: "failed", problem: "It is no sound." })).toBe("It is no sound.");
  const sound = { durationS: 192, integratedLufs: -9.84, loudnessRangeLu: 5, maxTruePeakDbtp: -1, loudest: { fromS: 62, toS: 90 } };
  expect(referenceLine({ ...track, state: "ready", sound })).toBe("3:12 · −9.8 LUFS · loudest 1:02");
});

it("compares with the chosen track, or with the first that is ready", () => {
  const tracks = [{ id: "a", state: "failed" }, { id: "b", state: "ready" }, { id: "c", state: "ready" }] as const;
  expect([comparedTrack(tracks, "c")?.id, comparedTrack(tracks, null)?.id, comparedTrack<(typeof tracks)[number]>([], "c")?.id]).toEqual(["c", "b", undefined]);
});

it("says what was turned so that mix and reference are equally loud", () => {
  expect(matchLine({ referenceDb: -3.21, mixDb: 0 })).toBe("The reference is turned down 3.2 dB: both are equally loud");
  expect(matchLine({ referenceDb: 2, mixDb: -1.5 })).toBe("The reference is turned up 2.0 dB, the mix is turned down 1.5 dB: both are equally loud");
  expect(matchLine({ referenceDb: 0, mixDb: 0 })).toBe("Nothing is turned: both are equally loud");
});

it("tells what was learnt and what it costs", () => {
  const predicted = { integratedLufs: -14.04, meanLimitingDb: 0.82, maxLimitingDb: 3.1 };
  expect(planWords({ targetLufs: -14, driveBeforeDb: 2, driveDb: 5.4, reason: "landed", predicted })).toBe("Drive 2.0 → 5.4 dB (+3.4): lands on the target.");
  expect(costWords(predicted)).toBe("−14.0 LUFS; the limiter takes 0.8 dB on average, 3.1 dB at most");
});

it("moves an item of a list, and leaves a list alone that has no such place", () => {
  expect(moved(["A", "B", "C"], 2, -1)).toEqual(["A", "C", "B"]);
  expect(moved(["A", "B", "C"], 0, 2)).toEqual(["B", "C", "A"]);
  expect(moved(["A", "B"], 0, -1)).toEqual(["A", "B"]);
});
