import { describe, expect, it } from "vitest";
import * as layout from "../../src/dsp/layout.js";
import { Chain } from "../../src/engine/chain.js";
import { type MeterRecord, readMeterRecord } from "../../src/engine/meter-record.js";
import { processThrough, type StereoSignal } from "../support/run-chain.js";
import { dbToLinear, sine } from "../support/signals.js";

const RATE = 48000;

function records(signal: StereoSignal, sampleRateHz = RATE): MeterRecord[] {
  const chain = new Chain({ sampleRateHz, maxFrames: 4800, stages: [], taps: "both" });
  const list: MeterRecord[] = [];
  processThrough(chain, signal, 4800, () => {
    chain.takeRecords((fields) => list.push(readMeterRecord(fields)));
  });
  return list;
}

const tone = (levelDbfs: number, phaseRad = 0): Float64Array =>
  sine(RATE / 10, RATE, { freqHz: 1000, levelDbfs, phaseRad });

describe("meter record of a 10 ms bin", () => {
  it("reads a full-scale sine as 0 dBFS RMS (AES17) and its crest as 1", () => {
    const { output } = records({ left: tone(0), right: tone(-20) })[5]!;
    expect(output.rmsDbfs[0]).toBeCloseTo(0, 6);
    expect(output.rmsDbfs[1]).toBeCloseTo(-20, 6);
    expect(output.samplePeaks[0]).toBeCloseTo(1, 9);
    expect(output.truePeaks[1]).toBeCloseTo(dbToLinear(-20), 4);
  });

  it.each([
    ["equal channels", 0, 1, 0.5, 0],
    ["opposite channels", Math.PI, -1, 0, 0.5],
    ["quadrature", Math.PI / 2, 0, 0.25, 0.25],
  ])("reads correlation, mid and side power of %s", (_name, phaseRad, correlation, mid, side) => {
    const { input } = records({ left: tone(0), right: tone(0, phaseRad) })[3]!;
    expect(input.correlation).toBeCloseTo(correlation, 6);
    expect(input.midMeanSquare).toBeCloseTo(mid, 6);
    expect(input.sideMeanSquare).toBeCloseTo(side, 6);
  });

  it("has nothing to show for silence", () => {
    const { output } = records({ left: new Float64Array(4800), right: tone(-6) })[2]!;
    expect(output.rmsDbfs[0]).toBeNull();
    expect(output.correlation).toBeNull();
    expect(output.kMeanSquares[0]).toBe(0);
  });

  it.each([44100, 48000, 88200, 96000, 176400, 192000])("counts 10 ms bins at %d Hz", (sampleRateHz) => {
    const silence = new Float64Array(sampleRateHz / 10);
    const list = records({ left: silence, right: silence }, sampleRateHz);
    expect(list.map((record) => record.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(list.every((record) => record.frames === sampleRateHz / 100)).toBe(true);
  });

  it("counts clipped runs and non-finite samples", () => {
    const left = tone(-6);
    left.fill(1, 600, 604);
    left[1000] = NaN;
    const last = records({ left, right: tone(-6) }).at(-1)!;
    expect([last.inputClips, last.nonfiniteInputs, last.stageFaults]).toEqual([1, 1, 0]);
  });

  it("reads every readout from its place", () => {
    const fields = Float64Array.from({ length: layout.RECORD_FIELDS }, (_, n) => n);
    const at = layout.RECORD_READOUTS;
    const record = readMeterRecord(fields);
    expect(record.eqDynamicDb).toEqual([at, at + 1]);
    expect(record.compressorReductionDb).toBe(at + layout.READOUT_COMPRESSOR_REDUCTION_DB);
    expect(record.multibandReductionDb).toEqual([at + 3, at + 4, at + 5, at + 6]);
    expect(record.limiterReductionDb).toBe(at + layout.READOUT_LIMITER_REDUCTION_DB);
    expect(record.imagerSafetyPercent).toBe(at + layout.READOUT_IMAGER_SAFETY_PERCENT);
    expect(record.outputClips).toBe(at + layout.READOUT_OUTPUT_CLIPS);
    expect(record.stageInPeaks).toEqual(Array.from({ length: layout.STAGE_COUNT }, (_, n) => at + layout.READOUT_STAGE_IN + n));
    expect(record.stageOutPeaks).toEqual(Array.from({ length: layout.STAGE_COUNT }, (_, n) => at + layout.READOUT_STAGE_OUT + n));
    expect(record.orderRank).toBe(at + layout.READOUT_ORDER);
  });
});
