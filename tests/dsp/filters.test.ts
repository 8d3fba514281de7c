import { expect, it } from "vitest";
import { Chain } from "../../src/engine/chain.js";
import { PARAMETERS } from "../../src/params/table.js";
import { butterworthDb, ResponseProbe } from "../support/analog-eq.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { peakDb } from "../support/measure.js";
import { dual, runChain } from "../support/run-chain.js";
import {
  expectBlockInvariance,
  expectCleanJump,
  expectRecoveryFromNan,
  expectResetEqualsNew,
  stereoNoise,
} from "../support/stage-checks.js";

const BOTH = { "filters.highpassSlope": 2, "filters.highpassHz": 60, "filters.lowpassSlope": 2, "filters.lowpassHz": 9000 };
const BUTTERWORTH = " against Butterworth below fs/8, 44.1 to 192 kHz, error";
const OFF = { "filters.highpassSlope": 0, "filters.lowpassSlope": 0 };

it("passes the sound bit for bit with both filters off", () => {
  const signal = stereoNoise(20_000);
  const changed = differingFrames(runChain(signal, { stages: ["filters"], parameters: OFF }), signal);
  expectGate({ stage: "filters", what: "both filters off: frames not bit-exact", measured: changed, unit: "frames", must: 0 });
});

for (const sampleRateHz of [44_100, 48_000, 96_000, 192_000]) {
  it(`keeps high-pass and low-pass within 0.05 dB of Butterworth below fs/8 at ${sampleRateHz} Hz`, () => {
    const probe = new ResponseProbe("filters", sampleRateHz, 65_536);
    for (const slope of [1, 2]) {
      for (const cutoffHz of [20, 30, 120, 400]) {
        const parameters = { ...OFF, "filters.highpassSlope": slope, "filters.highpassHz": cutoffHz };
        const expected = (hz: number): number => butterworthDb("high", 2 * slope, cutoffHz, hz);
        const measured = probe.worstErrorDb(parameters, expected, [10, sampleRateHz / 8]);
        expectGate({ stage: "filters", what: `high-pass${BUTTERWORTH}`, measured, unit: "dB", must: 0.05 }, `${cutoffHz} Hz`);
      }
      for (const cutoffHz of [1000, 3000, 8000, 14_000, 20_000, 22_000]) {
        const parameters = { ...OFF, "filters.lowpassSlope": slope, "filters.lowpassHz": cutoffHz };
        const expected = (hz: number): number => butterworthDb("low", 2 * slope, cutoffHz, hz);
        const measured = probe.worstErrorDb(parameters, expected, [10, sampleRateHz / 8]);
        expectGate({ stage: "filters", what: `low-pass${BUTTERWORTH}`, measured, unit: "dB", must: 0.05 }, `${cutoffHz} Hz, ${slope}`);
      }
    }
  });
}

it("is 3.01 dB down at the cutoff and falls 12 or 24 dB an octave", () => {
  const frames = 65_536;
  const probe = new ResponseProbe("filters", 48_000, frames);
  const bin = (hz: number): number => Math.round((hz * frames) / 48_000);
  for (const [slope, perOctave] of [[1, 12], [2, 24]] as const) {
    const high = probe.measure({ ...OFF, "filters.highpassSlope": slope, "filters.highpassHz": 375 });
    expect(high[bin(375)]).toBeCloseTo(-3.01, 2);
    expect(high[bin(46.875 * 2)]! - high[bin(46.875)]!).toBeCloseTo(perOctave, 0);
    const low = probe.measure({ ...OFF, "filters.lowpassSlope": slope, "filters.lowpassHz": 1000 });
    expect(low[bin(1000)]).toBeCloseTo(-3.01, 1);
    expect(low[bin(4000)]! - low[bin(8000)]!).toBeCloseTo(perOctave, 0);
  }
});

it("keeps the low-pass of 16 kHz within 0.3 dB of Butterworth up to the cutoff at 48 kHz", () => {
  const probe = new ResponseProbe("filters", 48_000, 16_384);
  for (const slope of [1, 2]) {
    const parameters = { ...OFF, "filters.lowpassSlope": slope, "filters.lowpassHz": 16_000 };
    const measured = probe.worstErrorDb(parameters, (hz) => butterworthDb("low", 2 * slope, 16_000, hz), [20, 16_000]);
    expectGate({ stage: "filters", what: "low-pass of 16 kHz against Butterworth up to 16 kHz at 48000 Hz, error", measured, unit: "dB", must: 0.3 });
  }
});

it("gives the same bits for every block size, resets to new and recovers from NaN", () => {
  expectBlockInvariance({ stage: "filters", parameters: BOTH }, stereoNoise(20_000));
  expectResetEqualsNew({ stage: "filters", parameters: BOTH }, stereoNoise(9600));
  expectRecoveryFromNan({ stage: "filters", parameters: BOTH });
});

it("delays nothing: an impulse comes out in its own frame", () => {
  const impulse = new Float64Array(2000);
  impulse[700] = 0.1;
  const { left } = runChain(dual(impulse), { stages: ["filters"], parameters: BOTH });
  expect(left.slice(0, 700).every((x) => x === 0)).toBe(true);
  expect(left[700]).toBeGreaterThan(0.001);
  expect(new Chain({ sampleRateHz: 48_000, maxFrames: 64, stages: ["filters"] }).latencyFrames).toBe(0);
});

it("falls silent after the sound", () => {
  const signal = stereoNoise(48_000 * 4);
  signal.left.fill(0, 9600);
  signal.right.fill(0, 9600);
  const out = runChain(signal, { stages: ["filters"], parameters: { ...BOTH, "filters.highpassHz": 10 } });
  expect(peakDb(out.left.slice(-4800))).toBeLessThan(-5000);
});

it("is bit-exact again 2 s after both filters are switched off", () => {
  const signal = stereoNoise(48_000 * 4);
  const out = runChain(signal, { stages: ["filters"], parameters: BOTH, changes: new Map([[48_000, OFF]]) });
  expect(out.left.slice(-48_000)).toEqual(signal.left.slice(-48_000));
});

const jumping = PARAMETERS.filter(({ id }) => id.startsWith("filters."));
it.each(jumping.map((row) => [row.id, row]))("keeps a 1 kHz tone clean to -60 dBFS while %s jumps across its range", (id, row) => {
  for (const [from, to] of [[row.min, row.max], [row.max, row.min], [1, 2], [2, 1]] as const) {
    if (from > row.max || to > row.max || from < row.min || to < row.min) continue;
    expectCleanJump({ stage: "filters", parameters: BOTH, id, from, to });
  }
});
