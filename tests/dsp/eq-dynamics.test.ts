import { expect, it } from "vitest";
import { READOUT_EQ_DYNAMIC_DB } from "../../src/dsp/layout.js";
import { bandParameters } from "../support/analog-eq.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { rmsDb } from "../support/measure.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { concat, sine } from "../support/signals.js";
import { stereoNoise } from "../support/stage-checks.js";

const RATE_HZ = 48_000;

/** Band 7 at 3 kHz, Q 2, with no gain of its own. */
function dynamic(thresholdDb: number, rangeDb: number): Record<string, number> {
  return {
    ...bandParameters(7, { type: "bell", freqHz: 3000, gainDb: 0, q: 2 }),
    "eq.band7.dynamic": 1, "eq.band7.thresholdDb": thresholdDb, "eq.band7.rangeDb": rangeDb,
    "eq.band7.attackMs": 20, "eq.band7.releaseMs": 200,
  };
}

/** Settled gain in dB of band 7 at 3 kHz for a tone there, `levelDbfs`. */
function gainDb(thresholdDb: number, rangeDb: number, levelDbfs = -20): number {
  const tone = sine(RATE_HZ * 2, RATE_HZ, { freqHz: 3000, levelDbfs });
  const { left } = runChain(dual(tone), { stages: ["eq"], parameters: dynamic(thresholdDb, rangeDb) });
  return rmsDb(left.slice(RATE_HZ)) - rmsDb(tone.slice(RATE_HZ));
}

/** Level in dB of a 3 kHz tone alone against the programme: the gain of the programme's first-order filters, inverted. */
function ownLevelDb(): number {
  // High-pass 100 Hz and low-pass 10 kHz as one-poles with a = exp(-2 pi f / fs); analytic response at 3 kHz.
  const w = (2 * Math.PI * 3000) / RATE_HZ;
  const lowpass = (hz: number): { re: number; im: number } => {
    const a = Math.exp((-2 * Math.PI * hz) / RATE_HZ);
    const size = (1 - a) / ((1 - a * Math.cos(w)) ** 2 + (a * Math.sin(w)) ** 2);
    return { re: size * (1 - a * Math.cos(w)), im: -size * a * Math.sin(w) };
  };
  const low = lowpass(100);
  const high = lowpass(10_000);
  return -20 * Math.log10(Math.hypot(1 - low.re, low.im) * Math.hypot(high.re, high.im));
}

it("moves half a dB for each dB over the threshold, within 0.1 dB", () => {
  for (const thresholdDb of [-6, -10, -16]) {
    for (const direction of [-1, 1]) {
      const errorDb = Math.abs(gainDb(thresholdDb, 18 * direction) - (direction * (ownLevelDb() - thresholdDb)) / 2);
      expectGate({ stage: "eq", what: "dynamic band against half a dB for each dB over the threshold, error", measured: errorDb, unit: "dB", must: 0.1 });
    }
  }
});

it("goes no farther than its range, within 0.01 dB", () => {
  expect(gainDb(-40, -4)).toBeCloseTo(-4, 2);
  expect(gainDb(-40, 6)).toBeCloseTo(6, 2);
});

it("moves alike at -10 and at -50 dBFS, and not for a tone of -110 dBFS", () => {
  expect(Math.abs(gainDb(-12, -12, -10) - gainDb(-12, -12, -50))).toBeLessThan(0.05);
  expect(Math.abs(gainDb(-12, -12, -110))).toBeLessThan(0.01);
});

it("leaves a tone two octaves below the band within 0.3 dB while the band is down 9 dB", () => {
  const band = sine(RATE_HZ * 2, RATE_HZ, { freqHz: 3000, levelDbfs: -20 });
  const low = sine(RATE_HZ * 2, RATE_HZ, { freqHz: 750, levelDbfs: -40 });
  const parameters = { ...dynamic(-40, -9), "eq.band7.q": 4 };
  const run = (signal: StereoSignal): Float64Array => runChain(signal, { stages: ["eq"], parameters }).left.slice(RATE_HZ);
  const both = run(dual(band.map((x, n) => x + low[n]!)));
  let re = 0;
  let im = 0;
  both.forEach((y, n) => {
    re += (2 / both.length) * y * Math.cos((2 * Math.PI * 750 * n) / RATE_HZ);
    im += (2 / both.length) * y * Math.sin((2 * Math.PI * 750 * n) / RATE_HZ);
  });
  expect(Math.abs(20 * Math.log10(Math.hypot(re, im)) + 40)).toBeLessThan(0.3);
});

it("passes the sound bit for bit with a range of 0, and with dynamic off", () => {
  const signal = stereoNoise(20_000);
  for (const parameters of [dynamic(-40, 0), { ...dynamic(-40, -9), "eq.band7.dynamic": 0 }, { ...dynamic(-40, -9), "eq.band7.on": 0 }]) {
    const changed = differingFrames(runChain(signal, { stages: ["eq"], parameters }), signal);
    expectGate({ stage: "eq", what: "dynamic band with a range of 0, or off: frames not bit-exact", measured: changed, unit: "frames", must: 0 });
  }
});

it("passes the sound bit for bit while the band stays under its threshold", () => {
  const tone = sine(RATE_HZ, RATE_HZ, { freqHz: 500, levelDbfs: -20 });
  const { left } = runChain(dual(tone), { stages: ["eq"], parameters: dynamic(0, -18) });
  // The first frames belong to no level yet.
  expect(left.slice(4800)).toEqual(tone.slice(4800));
});

it("moves 63 % within its attack of 20 ms and the level's 10 ms, and returns 63 % in its release of 200 ms", () => {
  const quiet = sine(RATE_HZ, RATE_HZ, { freqHz: 400, levelDbfs: -20 });
  const loud = sine(RATE_HZ, RATE_HZ, { freqHz: 3000, levelDbfs: -20 });
  // The readout keeps its peak for the 10 ms of a meter record.
  const movedDb: number[] = [];
  let peakDb = 0;
  runChain(dual(concat(quiet, loud, quiet)), {
    stages: ["eq"], blockFrames: 48, parameters: dynamic(-20, -6),
    afterBlock: (chain, frame) => {
      peakDb = Math.max(peakDb, chain.readout(READOUT_EQ_DYNAMIC_DB));
      if (frame % 480 !== 0) return;
      movedDb.push(peakDb);
      peakDb = 0;
    },
  });
  expect(Math.max(...movedDb)).toBeCloseTo(6, 1);
  const riseMs = 10 * movedDb.findIndex((db) => db > 6 * 0.632) - 1000;
  expect(riseMs).toBeGreaterThanOrEqual(10);
  expect(riseMs).toBeLessThanOrEqual(30);
  // The band leaves the 26 dB from its own level to 6 dB under the threshold at 4.34 dB each 10 ms, in 60 ms; then
  // the release lasts to the end.
  const fallMs = 10 * movedDb.findIndex((db, index) => index > 200 && db < 6 * 0.368) - 2000;
  expect(fallMs).toBeGreaterThan(200);
  expect(fallMs).toBeLessThan(270);
});

it("listens to the mid alone when it works on the mid", () => {
  const tone = sine(RATE_HZ, RATE_HZ, { freqHz: 3000, levelDbfs: -20 });
  const side: StereoSignal = { left: tone, right: tone.map((x) => -x) };
  const parameters = { ...dynamic(-12, -9), "eq.band7.channel": 1 };
  const out = runChain(side, { stages: ["eq"], parameters });
  expect(rmsDb(out.left.slice(24_000))).toBeCloseTo(rmsDb(tone.slice(24_000)), 6);
  const mid = runChain(dual(tone), { stages: ["eq"], parameters });
  expect(rmsDb(mid.left.slice(24_000)) - rmsDb(tone.slice(24_000))).toBeLessThan(-4);
});
