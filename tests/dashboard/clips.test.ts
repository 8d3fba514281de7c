import { expect, it } from "vitest";
import { Clips } from "../../src/dashboard/clips.js";
import { snapshot } from "../support/snapshots.js";

const CEILING_DBTP = -1;

it("lights with the time of the last clip, and counts from the touch that put it out", () => {
  const clips = new Clips();
  clips.take(snapshot({ inputClips: 2 }), CEILING_DBTP, 1000);
  expect(clips.input.value).toEqual({ count: 2, atMs: null });
  clips.take(snapshot({ inputClips: 5 }), CEILING_DBTP, 2000);
  expect(clips.input.value).toEqual({ count: 5, atMs: 2000 });
  clips.clear();
  clips.take(snapshot({ inputClips: 6 }), CEILING_DBTP, 3000);
  expect(clips.input.value).toEqual({ count: 1, atMs: 3000 });
});

it("stays lit over a restart of the box, whose count begins at none, and adds what comes then", () => {
  const clips = new Clips();
  clips.take(snapshot({ inputClips: 4 }), CEILING_DBTP, 1000);
  clips.take(snapshot({ inputClips: 7 }), CEILING_DBTP, 2000);
  clips.take(snapshot({ inputClips: 0 }), CEILING_DBTP, 9000);
  expect(clips.input.value).toEqual({ count: 7, atMs: 2000 });
  clips.take(snapshot({ inputClips: 1 }), CEILING_DBTP, 9500);
  expect(clips.input.value).toEqual({ count: 8, atMs: 9500 });
});

it("lights the output for a true peak over the ceiling, without a time for one that was before this page", () => {
  const clips = new Clips();
  clips.take(snapshot({ maxTruePeakDbtp: 0.5 }), CEILING_DBTP, 1000);
  expect(clips.output.value).toEqual({ count: 1, atMs: null });
  clips.take(snapshot({ maxTruePeakDbtp: 0.5, output: { truePeakDbtp: [0.4, -9], rmsDbfs: [-9, -9] } }), CEILING_DBTP, 2000);
  expect(clips.output.value).toEqual({ count: 2, atMs: 2000 });
});
