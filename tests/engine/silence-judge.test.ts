import { describe, expect, it } from "vitest";
import { LIVE_FAULTS, READOUT_GATE_GAIN, RECORD_READOUTS, STAGE_LIMITER } from "../../src/dsp/layout.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { OutputWatch } from "../../src/engine/output-watch.js";
import { isSilenceMeant } from "../../src/engine/silence-judge.js";
import { liveChain, runLive } from "../support/live-chain.js";
import { dual, type StereoSignal } from "../support/run-chain.js";
import { sine, whiteNoise } from "../support/signals.js";

const RATE = 48000;
const SECONDS = 8;

/** Plays 8 s through the real chain, and tells what the watch on its output would do. */
function remedies(signal: StereoSignal, values: Readonly<Record<string, number>>, stageFaults = 0): string[] {
  const chain = liveChain({ parameters: values });
  const { memory } = chain;
  memory.setWord(LIVE_FAULTS + STAGE_LIMITER, stageFaults);
  const watch = new OutputWatch(() => isSilenceMeant({ memory, sampleRateHz: RATE, values: Object.entries(values) }));
  const tried: string[] = [];
  runLive(chain, signal, 480, () => chain.takeRecords((record) => {
    const remedy = watch.add(readMeterRecord(record), record[RECORD_READOUTS + READOUT_GATE_GAIN] === 1);
    if (remedy) tried.push(remedy);
  }));
  return tried;
}

describe("a silent output under a live input, in the real chain", () => {
  const noise = whiteNoise(SECONDS * RATE, -20, 5);
  const widths = Object.fromEntries([1, 2, 3, 4].map((band) => [`imager.band${band}.widthPercent`, 0]));

  it("is left alone when a width of 0 % meets a sound without a middle", () => {
    expect(remedies({ left: noise, right: noise.map((x) => -x) }, { ...widths, "dither.bypass": 1 })).toEqual([]);
  });

  it("is left alone when one channel is turned over and the width is 0 %", () => {
    expect(remedies(dual(noise), { ...widths, "input.polarity": 1 })).toEqual([]);
  });

  it("is left alone when a band alone is heard that the sound does not reach", () => {
    const low = dual(sine(SECONDS * RATE, RATE, { freqHz: 30, levelDbfs: -30 }));
    expect(remedies(low, { "multiband.bypass": 0, "multiband.bands": 1, "multiband.band4.solo": 1 })).toEqual([]);
  });

  it("is dead when the chain itself gives nothing any more: everything is tried (F18)", () => {
    expect(remedies(dual(noise), { "dither.bypass": 1 }, 1e9)).toEqual(["reset", "restart", "bypass", "end"]);
  });
});
