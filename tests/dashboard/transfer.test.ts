import { expect, it } from "vitest";
import { effectiveCrossovers, gainAtReductionDb, reductionDb, transferDb } from "../../src/dashboard/curves/transfer.js";
import { Chain } from "../../src/engine/chain.js";
import { linearToDb } from "../support/signals.js";

const SHAPE = { thresholdDb: -20, ratio: 4, kneeDb: 10, makeupDb: 3, mixPercent: 60 } as const;
const FRAMES = 4800;

/** Level in dB that comes out of the chain's compressor for a steady square wave: its peak and its RMS are the same. */
function measuredDb(levelDb: number): number {
  const chain = new Chain({ sampleRateHz: 48_000, maxFrames: FRAMES, taps: "none", stages: ["compressor"] });
  for (const [name, value] of Object.entries(SHAPE)) chain.set(`compressor.${name}`, value);
  chain.set("compressor.detector", 0);
  chain.set("compressor.sidechainHighpassHz", 20);
  chain.set("compressor.autoRelease", 0);
  chain.set("compressor.attackMs", 1);
  chain.reset();
  const amplitude = 10 ** (levelDb / 20);
  let last = 0;
  for (let block = 0; block < 10; block++) {
    for (let n = 0; n < FRAMES; n++) chain.io[2 * n] = chain.io[2 * n + 1] = n % 8 < 4 ? amplitude : -amplitude;
    chain.process(FRAMES);
    last = Math.abs(chain.io[2 * (FRAMES - 12)] ?? 0);
  }
  return linearToDb(last);
}

it("draws the compressor's curve within 0.1 dB of what the chain does: below, in and above the knee", () => {
  for (const levelDb of [-40, -24, -20, -16, -8, -2]) {
    expect(Math.abs(transferDb(SHAPE, levelDb) - measuredDb(levelDb)), `at ${levelDb} dB`).toBeLessThan(0.1);
  }
});

it("reduces by nothing below the knee, and at 4:1 by 7.5 dB where the level is 10 dB over", () => {
  expect(reductionDb(SHAPE, -26)).toBe(0);
  expect(reductionDb({ ...SHAPE, kneeDb: 0 }, -10)).toBeCloseTo(7.5, 9);
});

it("mixes the dry sound in: half of a signal that is gone is 6.02 dB less", () => {
  expect(gainAtReductionDb({ ...SHAPE, makeupDb: 0, mixPercent: 50 }, 200)).toBeCloseTo(-6.0206, 3);
});

it("keeps each crossover an octave above the one below it", () => {
  expect(effectiveCrossovers(400, 300, 1000)).toEqual([400, 800, 1600]);
  expect(effectiveCrossovers(120, 1000, 6000)).toEqual([120, 1000, 6000]);
});
