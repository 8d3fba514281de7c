import { expect, it } from "vitest";
import { expectGate } from "../support/gates.js";
import { rmsDb } from "../support/measure.js";
import { dual, runChain } from "../support/run-chain.js";
import { sine } from "../support/signals.js";
import { READOUT_INPUT_CLIPS, READOUT_NONFINITE_INPUT } from "../../src/dsp/layout.js";

// dsp.md T-DC: DC of 0.1 is under -90 dBFS after 2 s; a first-order high-pass at 5 Hz loses 10 log10(1 + (5/20)^2) = 0.263 dB at 20 Hz.
it("removes DC of 0.1 to under -90 dBFS within 2 s", () => {
  const out = runChain(dual(new Float64Array(120_000).fill(0.1)), { stages: ["input"] });
  expectGate({ stage: "input", what: "DC of 0.1, 2 s after it began", measured: rmsDb(out.left.slice(96_000)), unit: "dBFS", must: -90 });
});

it("loses 0.26 dB at 20 Hz to the 5 Hz DC block, within 0.02 dB", () => {
  const tone = sine(192_000, 48000, { freqHz: 20, levelDbfs: -20 });
  const out = runChain(dual(tone), { stages: ["input"] }).left;
  const lossDb = rmsDb(tone.slice(96_000)) - rmsDb(out.slice(96_000));
  expectGate({ stage: "input", what: "loss of 20 Hz to the DC block", measured: lossDb, unit: "dB", must: 0.3 });
  const theoryDb = 10 * Math.log10(1 + (5 / 20) ** 2);
  expectGate({ stage: "input", what: "DC block at 20 Hz against first order at 5 Hz", measured: Math.abs(lossDb - theoryDb), unit: "dB", must: 0.02 });
});

it.each([-24, 0, 7.5, 24])("trims by %s dB within 0.001 dB", (trimDb) => {
  const tone = sine(9600, 48000, { freqHz: 997, levelDbfs: -30 });
  const out = runChain(dual(tone), { stages: ["input"], parameters: { "input.trimDb": trimDb, "input.dcBlock": 0 } }).left;
  expectGate({ stage: "input", what: "trim of -24..+24 dB, error", measured: Math.abs(rmsDb(out) - rmsDb(tone) - trimDb), unit: "dB", must: 0.0005 });
});

it("counts each run of 3 or more full-scale samples as one clip, and each bad sample", () => {
  const signal = new Float64Array(4800);
  signal.fill(1, 100, 103); // 3 in a row
  signal.fill(-1, 200, 202); // 2 are no clip
  signal.fill(1, 300, 340); // a long one
  const right = new Float64Array(4800);
  right[1000] = Number.NaN;
  right[1001] = Number.NEGATIVE_INFINITY;
  let clips = 0;
  let bad = 0;
  runChain({ left: signal, right }, {
    blockFrames: 17,
    stages: [],
    afterBlock: (chain) => {
      clips = chain.readout(READOUT_INPUT_CLIPS);
      bad = chain.readout(READOUT_NONFINITE_INPUT);
    },
  });
  expect(clips).toBe(2);
  expect(bad).toBe(2);
});
