import { expect, it } from "vitest";
import { Clips } from "../../src/dashboard/clips.js";
import { snapshot } from "../support/snapshots.js";

it("lights the clip light with the time, keeps it lit, and counts from when it was put out", () => {
  const clips = new Clips();
  clips.take(snapshot({ inputClips: 4 }), -1, 5000);
  expect(clips.input.value).toEqual({ count: 4, atMs: null });
  clips.clear();
  clips.take(snapshot({ inputClips: 4 }), -1, 6000);
  expect(clips.input.value.count).toBe(0);
  clips.take(snapshot({ inputClips: 6 }), -1, 7000);
  clips.take(snapshot({ inputClips: 6 }), -1, 8000);
  expect(clips.input.value).toEqual({ count: 2, atMs: 7000 });
});

it("calls the output over when a true peak is shown above the ceiling, and not before", () => {
  const clips = new Clips();
  const at = (peak: number): void => clips.take(snapshot({ output: { truePeakDbtp: [peak, null], rmsDbfs: [null, null] } }), -1, 1000);
  at(-0.96);
  expect(clips.output.value.count).toBe(0);
  at(-0.94);
  expect(clips.output.value).toEqual({ count: 1, atMs: 1000 });
});

it("lights without a time for a peak that was over before the page came, and once only", () => {
  const clips = new Clips();
  const over = snapshot({ maxTruePeakDbtp: -0.5 });
  clips.take(over, -1, 1000);
  expect(clips.output.value).toEqual({ count: 1, atMs: null });
  clips.clear();
  clips.take(over, -1, 2000);
  expect(clips.output.value.count).toBe(0);
});

it("stays lit over a restart of the box, whose count begins at none, and adds what comes then", () => {
  const clips = new Clips();
  clips.take(snapshot({ inputClips: 4 }), -1, 1000);
  clips.take(snapshot({ inputClips: 7 }), -1, 2000);
  clips.take(snapshot({ inputClips: 0 }), -1, 9000);
  expect(clips.input.value).toEqual({ count: 7, atMs: 2000 });
  clips.take(snapshot({ inputClips: 1 }), -1, 9500);
  expect(clips.input.value).toEqual({ count: 8, atMs: 9500 });
});
