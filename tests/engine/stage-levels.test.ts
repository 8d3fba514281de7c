import { describe, expect, it } from "vitest";
import { LIVE_FAULTS, STAGE_EQ } from "../../src/dsp/layout.js";
import { Chain, STAGES, type StageName } from "../../src/engine/chain.js";
import { type MeterRecord, readMeterRecord } from "../../src/engine/meter-record.js";
import { rankFromOrder } from "../../src/params/order.js";
import { dual, processThrough, type StereoSignal } from "../support/run-chain.js";
import { linearToDb, sine } from "../support/signals.js";

const RATE = 48_000;
const SECOND = RATE;

interface Run {
  readonly stages?: readonly StageName[];
  readonly blockFrames?: number;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly beforeBlock?: (chain: Chain, frame: number) => void;
}

function records(signal: StereoSignal, { stages = STAGES, blockFrames = 480, parameters = {}, beforeBlock }: Run = {}): MeterRecord[] {
  const chain = new Chain({ sampleRateHz: RATE, maxFrames: blockFrames, stages }, Object.entries(parameters));
  const list: MeterRecord[] = [];
  processThrough(chain, signal, blockFrames, (frame) => {
    chain.takeRecords((fields) => list.push(readMeterRecord(fields)));
    beforeBlock?.(chain, frame);
  });
  return list;
}

const tone = (levelDbfs: number, freqHz = 1000): Float64Array => sine(SECOND, RATE, { freqHz, levelDbfs });
const inDb = (record: MeterRecord, stage: StageName): number => linearToDb(record.stageInPeaks[STAGES.indexOf(stage)]!);
const outDb = (record: MeterRecord, stage: StageName): number => linearToDb(record.stageOutPeaks[STAGES.indexOf(stage)]!);

describe("levels of the stages", () => {
  it("show the gain of each stage: +6 dB of trim and +3 dB of drive on a sine of -20 dBFS", () => {
    const last = records(dual(tone(-20)), { parameters: { "input.trimDb": 6, "loudness.driveDb": 3, "compressor.ratio": 1 } }).at(-1)!;
    expect(inDb(last, "input")).toBeCloseTo(-20, 2);
    expect(outDb(last, "input")).toBeCloseTo(-14, 2);
    expect(outDb(last, "loudness") - inDb(last, "loudness")).toBeCloseTo(3, 3);
  });

  it("are those of the louder channel", () => {
    const [last] = records({ left: tone(-40), right: tone(-9) }, { stages: ["imager"] }).slice(-1);
    expect(inDb(last!, "imager")).toBeCloseTo(-9, 3);
  });

  it("pass a bypassed stage unchanged", () => {
    const last = records(dual(tone(-20)), { parameters: { "input.trimDb": 6, "input.bypass": 1, "eq.bypass": 1, "eq.band4.gainDb": 12 } }).at(-1)!;
    expect(outDb(last, "input")).toBeCloseTo(-20, 6);
    expect(outDb(last, "eq")).toBe(inDb(last, "eq"));
  });

  it("are those after the fade while a stage fades in or out: never louder than both sides of it", () => {
    const list = records(dual(tone(-20)), {
      stages: ["loudness"], parameters: { "loudness.driveDb": 12 }, beforeBlock: (chain, frame) => {
        if (frame === RATE / 2) chain.set("loudness.bypass", 1);
      },
    });
    expect(outDb(list[40]!, "loudness")).toBeCloseTo(-8, 3);
    expect(outDb(list.at(-1)!, "loudness")).toBeCloseTo(-20, 6);
    for (const record of list.slice(49, 56)) expect(outDb(record, "loudness")).toBeLessThan(-7.99);
  });

  it("follow the order of the stages: what leaves one comes into the next", () => {
    const order = ["saturation", "imager", "multiband", "compressor", "eq", "filters"] as const;
    const rank = rankFromOrder(order)!;
    const last = records(dual(tone(-20)), { parameters: { "chain.order": rank, "eq.band4.gainDb": 6, "eq.band4.freqHz": 1000 } }).at(-1)!;
    expect(last.orderRank).toBe(rank);
    order.slice(1).forEach((stage, k) => expect(inDb(last, stage)).toBe(outDb(last, order[k]!)));
    expect(outDb(last, "eq") - inDb(last, "eq")).toBeCloseTo(6, 1);
  });

  it("hold a peak of one sample, whatever the block size", () => {
    const impulse = new Float64Array(4800);
    impulse[1003] = -0.5;
    for (const blockFrames of [1, 7, 64, 480]) {
      const list = records(dual(impulse), { stages: ["loudness"], blockFrames });
      expect(list.map((record) => record.stageOutPeaks[STAGES.indexOf("loudness")])).toEqual([0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0]);
    }
  });

  it("are those of silence for a run that a failing stage spoils", () => {
    const list = records(dual(tone(-20)), {
      blockFrames: 32, stages: ["eq"], beforeBlock: (chain, frame) => {
        if (frame === 0) chain.memory.setWord(LIVE_FAULTS + STAGE_EQ, 1);
      },
    });
    expect(list[0]!.stageFaults).toBe(1);
    expect(list.every(({ stageOutPeaks }) => stageOutPeaks.every(Number.isFinite))).toBe(true);
    expect(outDb(list.at(-1)!, "eq")).toBeCloseTo(-20, 3);
  });
});

describe("level at the compressor's detector", () => {
  const compressor = { "compressor.sidechainHighpassHz": 20, "compressor.thresholdDb": -30, "compressor.ratio": 4, "compressor.kneeDb": 0 };

  it.each([["peak", 0], ["RMS", 1]])("is that of a sine for the %s detector, so that the point lies on the curve", (_name, detector) => {
    const last = records(dual(tone(-12)), { stages: ["compressor"], parameters: { ...compressor, "compressor.detector": detector } }).at(-1)!;
    expect(last.compressorInputDbfs!).toBeCloseTo(-12, 1);
    // 18 dB over the threshold, of which one quarter is left.
    expect(last.compressorReductionDb).toBeCloseTo(0.75 * 18, 0);
  });

  it("hears a sine one octave below a side chain's high-pass of 200 Hz 12.3 dB lower", () => {
    // Butterworth, second order: 10 log10(1 + 2^4).
    const parameters = { ...compressor, "compressor.sidechainHighpassHz": 200, "compressor.detector": 1 };
    const last = records(dual(tone(-12, 100)), { stages: ["compressor"], parameters }).at(-1)!;
    expect(last.compressorInputDbfs!).toBeCloseTo(-12 - 12.3, 0);
  });

  it("is unknown while the compressor is bypassed", () => {
    const last = records(dual(tone(-12)), { stages: ["compressor"], parameters: { "compressor.bypass": 1 } }).at(-1)!;
    expect(last.compressorInputDbfs).toBeNull();
  });
});

describe("gain of the level-matched bypass", () => {
  it("is the gain of the chain: 5 dB of drive", () => {
    const last = records(dual(tone(-30)), { stages: ["loudness"], parameters: { "loudness.driveDb": 5, "chain.levelMatch": 1 } }).at(-1)!;
    expect(last.matchGainDb).toBeCloseTo(5, 1);
  });

  it("is 0 dB without matching", () => {
    const last = records(dual(tone(-30)), { stages: ["loudness"], parameters: { "loudness.driveDb": 5, "chain.levelMatch": 0 } }).at(-1)!;
    expect(last.matchGainDb).toBe(0);
  });
});
