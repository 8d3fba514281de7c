import { describe, expect, it } from "vitest";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { AutoTrim, mixerSentence } from "../../src/meters/auto-trim.js";
import { expectGate } from "../support/gates.js";
import { dual, processThrough } from "../support/run-chain.js";
import { concat, pinkNoise, sine } from "../support/signals.js";

/** A full-scale sine has -3.01 dB of mean square and reads 0 dBFS RMS in the convention of AES17. */
const AES17_DB = 3.0103;

function listen(signal: Float64Array, sampleRateHz = 48000, appliedTrimDb = 0): AutoTrim {
  const trim = new AutoTrim(appliedTrimDb);
  const chain = new Chain({ sampleRateHz, maxFrames: 480, stages: [], taps: "both" });
  processThrough(chain, dual(signal), 480, () => {
    chain.takeRecords((record) => {
      const { input } = readMeterRecord(record);
      trim.addBin(input.meanSquares, Math.max(...input.truePeaks));
    });
  });
  return trim;
}

describe("auto trim to -18 dBFS RMS (AES17)", () => {
  it.each([
    [-30, 12],
    [-18, 0],
    [-8, -10],
  ])("advises for 10 s of pink noise at %d dBFS RMS a trim of %d dB within 0.2 dB", (levelDbfs, trimDb) => {
    const advice = listen(pinkNoise(480_000, levelDbfs - AES17_DB, 1)).advice;
    expect(advice?.levelDbfs).toBeCloseTo(levelDbfs, 1);
    const errorDb = Math.abs((advice?.trimDb ?? Infinity) - trimDb);
    expectGate({ stage: "auto trim", what: "advice for 10 s of pink noise at -30, -18 and -8 dBFS RMS, error [T-TRIM]", measured: errorDb, unit: "dB", must: 0.2 });
  });

  it("leaves pauses out: 10 s of silence on either side of a tone move the trim by less than 0.2 dB", () => {
    const pause = new Float64Array(480_000);
    const tone = sine(480_000, 48000, { freqHz: 1000, levelDbfs: -24 });
    // Without the gate it would be 4.8 dB; what remains are the blocks that lie across the tone's ends.
    const errorDb = Math.abs((listen(concat(pause, tone, pause)).advice?.trimDb ?? Infinity) - 6);
    expectGate({ stage: "auto trim", what: "advice for 10 s of a tone between pauses, error", measured: errorDb, unit: "dB", must: 0.2 });
  });

  it("keeps the highest true peak at -6 dBTP: a quiet programme with a -3 dBTP peak is turned down by 3 dB", () => {
    const signal = sine(480_000, 48000, { freqHz: 1000, levelDbfs: -30 });
    // A quarter of the sampling rate at 45 degrees: samples at -6 dBFS, crests at -3 dBTP.
    signal.set(sine(4800, 48000, { freqHz: 12000, levelDbfs: -3, phaseRad: Math.PI / 4 }), 240_000);
    const advice = listen(signal).advice;
    expect(advice?.trimDb).toBeCloseTo(-6 - (advice?.truePeakDbtp ?? 0), 9);
    expect(Math.abs((advice?.trimDb ?? 0) + 3)).toBeLessThan(0.5);
  });

  it("limits the trim to +-12 dB and tells the mixer the whole way", () => {
    const quiet = listen(sine(96_000, 48000, { freqHz: 1000, levelDbfs: -40 })).advice;
    expect(quiet?.trimDb).toBe(12);
    expect(quiet?.mixerDb).toBeCloseTo(22, 1);
  });

  it("takes a trim that is already in effect out of the level", () => {
    const advice = listen(sine(96_000, 48000, { freqHz: 1000, levelDbfs: -20 }), 48000, 4).advice;
    expect(advice?.levelDbfs).toBeCloseTo(-24, 2);
    expect(advice?.trimDb).toBeCloseTo(6, 2);
  });

  it("has no advice for silence, for noise below -50 dBFS, or before 400 ms", () => {
    expect(listen(new Float64Array(96_000)).advice).toBeNull();
    expect(listen(pinkNoise(96_000, -60, 2)).advice).toBeNull();
    expect(listen(pinkNoise(18_000, -20, 2)).advice).toBeNull();
  });

  it("forgets on reset", () => {
    const trim = listen(pinkNoise(96_000, -20, 3));
    trim.reset();
    expect(trim.advice).toBeNull();
  });

  it.each([44100, 96000, 192000])("reads a tone at %d Hz within 0.05 dB", (sampleRateHz) => {
    const tone = sine(sampleRateHz, sampleRateHz, { freqHz: 1000, levelDbfs: -18 });
    expect(listen(tone, sampleRateHz).advice?.levelDbfs).toBeCloseTo(-18, 1);
  });

  it("says what to do at the mixer in a sentence", () => {
    expect(mixerSentence(6.2)).toBe("Turn the mixer's output up by 6 dB.");
    expect(mixerSentence(-9.6)).toBe("Turn the mixer's output down by 10 dB.");
    expect(mixerSentence(0.4)).toBe("The mixer's level is right.");
  });
});
