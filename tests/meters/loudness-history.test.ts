import { describe, expect, it } from "vitest";
import { LoudnessHistory } from "../../src/meters/loudness-history.js";

describe("LoudnessHistory", () => {
  it("has a step each second: the last short-term loudness and the largest momentary one of its 100 bins", () => {
    const history = new LoudnessHistory();
    for (let bin = 0; bin < 250; bin++) history.addBin(bin === 130 ? -9.5 : -20, -23 + bin / 100);
    expect(history.kept).toEqual({ stepS: 1, endS: 2, shortTermLufs: [-22.01, -21.01], momentaryMaxLufs: [-20, -9.5] });
  });

  it("keeps the last 1800 steps: the oldest of 2000 began 1800 s before the end", () => {
    const history = new LoudnessHistory();
    for (let bin = 0; bin < 200_000; bin++) history.addBin(-30, -Math.floor(bin / 100) / 100);
    const { endS, shortTermLufs, momentaryMaxLufs } = history.kept;
    expect([endS, shortTermLufs.length, momentaryMaxLufs.length]).toEqual([2000, 1800, 1800]);
    expect([shortTermLufs[0], shortTermLufs.at(-1)]).toEqual([-2, -19.99]);
  });

  it("says nothing for a second of silence, and takes the time for a second all the same", () => {
    const history = new LoudnessHistory();
    for (let bin = 0; bin < 100; bin++) history.addBin(null, null);
    for (let bin = 0; bin < 100; bin++) history.addBin(bin < 50 ? null : -40, null);
    expect(history.kept).toEqual({ stepS: 1, endS: 2, shortTermLufs: [null, null], momentaryMaxLufs: [null, -40] });
  });
});
