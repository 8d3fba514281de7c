import { describe, expect, it } from "vitest";
import { matchedLufs, LoudnessSteps, RecentLoudness, STEPS_PER_SECOND } from "../../src/meters/matched-loudness.js";
import { loudestPart } from "../../src/meters/loudest-part.js";
import { LoudnessCurve, placeInLoop } from "../../src/meters/loudness-curve.js";
import { lufsEnergy } from "../../src/meters/lufs.js";
import { randomUniform } from "../support/signals.js";

/** Energies of stretches of so many seconds, each at its loudness. */
function programme(...parts: readonly (readonly [seconds: number, lufs: number | null])[]): Float64Array {
  return Float64Array.from(parts.flatMap(([seconds, lufs]) => Array.from({ length: seconds * STEPS_PER_SECOND }, () => lufsEnergy(lufs))));
}

describe("loudness of a stretch to match by", () => {
  it("is the mean of its energies where nothing is gated: -17.39 LUFS of 1.5 s at -20 and 1.5 s at -16", () => {
    // 10 log10 of the mean of 10^-2 and 10^-1.6.
    expect(matchedLufs(programme([1.5, -20], [1.5, -16]))).toBeCloseTo(10 * Math.log10((10 ** -2 + 10 ** -1.6) / 2), 6);
  });

  it("is short-term loudness with a short pause: -20.72 LUFS of 2.54 s at -20 and 0.46 s of silence", () => {
    expect(matchedLufs(programme([1.5, -20], [0.46, null], [1.04, -20]))).toBeCloseTo(-20 + 10 * Math.log10(2.54 / 3), 6);
  });

  it("is lowered by 1 LU at most by long pauses, of which what lies in 400 ms with more than a tenth of sound is none", () => {
    // Of 20 steps two at least must be sound: 9 steps after it ended, 8 before it begins.
    expect(matchedLufs(programme([3, -20], [9, null], [3, -20]))).toBeCloseTo(-21 + 10 * Math.log10(300 / 317), 6);
    expect(matchedLufs(programme([3, null]))).toBeNull();
    expect(matchedLufs(new Float64Array(0))).toBeNull();
  });

  it("is followed live in steps of 20 ms of bins of 10 ms", () => {
    const energies: number[] = [];
    const steps = new LoudnessSteps((energy) => energies.push(energy));
    for (let bin = 0; bin < 5; bin++) steps.addBin([bin, 1]);
    expect(energies).toEqual([1.5, 3.5]);
    const recent = new RecentLoudness(10);
    for (let bin = 0; bin < 2000; bin++) recent.addBin([lufsEnergy(bin < 1700 ? -30 : -20) / 2, lufsEnergy(bin < 1700 ? -30 : -20) / 2]);
    expect(recent.lufs(3)).toBeCloseTo(-20, 6);
    // 7 s at -30 are 10 LU under 3 s at -20, and the gate lies 10 LU under the mean of both.
    expect(recent.lufs(10)).toBeCloseTo(10 * Math.log10(0.3 * 0.01 + 0.7 * 0.001), 6);
  });
});

describe("the curve of a track", () => {
  it("tells the loudness of what comes next, over the end of a loop", () => {
    const curve = new LoudnessCurve(programme([10, -30], [5, -20], [10, -30]));
    const loop = { fromS: 10, toS: 15 };
    expect(curve.lufs(11, 3, loop)).toBeCloseTo(-20, 6);
    expect(curve.lufs(13.5, 3, loop)).toBeCloseTo(-20, 6);
    expect(curve.lufs(6, 3, { fromS: 0, toS: 25 })).toBeCloseTo(-30, 6);
    expect(curve.lufs(9.05, 0.1, { fromS: 0, toS: 25 })).toBeCloseTo(-30, 6);
  });

  it("goes round in its loop", () => {
    const loop = { fromS: 10, toS: 15 };
    expect([placeInLoop(8, 0, loop), placeInLoop(8, 6.9, loop), placeInLoop(8, 7, loop), placeInLoop(8, 13, loop)]).toEqual([8, 14.9, 10, 11]);
  });
});

describe("the loudest part", () => {
  it("is the chorus, from its edge within 1 s to its end within 1.5 s", () => {
    const random = randomUniform(3);
    const song = programme([40, -18], [22, -11], [40, -17], [18, -12.5], [10, -25]).map((energy) => energy * 10 ** (0.3 * (random() - 0.5)));
    const { fromS, toS } = loudestPart(song);
    expect(Math.abs(fromS - 40)).toBeLessThanOrEqual(1);
    expect(Math.abs(toS - 62)).toBeLessThanOrEqual(1.5);
  });

  it("lasts 15 to 30 s, and is all of a shorter track", () => {
    expect(loudestPart(programme([300, -10]))).toEqual({ fromS: 0, toS: 30 });
    const short = loudestPart(programme([30, -20], [5, -8], [30, -20]));
    expect([short.toS - short.fromS, short.fromS <= 30 && short.toS >= 35]).toEqual([15, true]);
    expect(loudestPart(programme([9, -20]))).toEqual({ fromS: 0, toS: 9 });
    const { fromS, toS } = loudestPart(programme([100, -20], [8, -8]));
    expect([toS, toS - fromS >= 15]).toEqual([108, true]);
  });
});
