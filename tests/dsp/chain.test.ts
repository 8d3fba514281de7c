import { describe, expect, it } from "vitest";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord, type MeterRecord } from "../../src/engine/meter-record.js";
import { LoudnessMeter } from "../../src/meters/loudness-meter.js";
import { rankFromOrder } from "../../src/params/order.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { loudestAboveDb, peakDb } from "../support/measure.js";
import { drums } from "../support/programmes.js";
import { dual, processThrough, runChain, type StereoSignal } from "../support/run-chain.js";
import { dbToLinear, impulse, linearToDb, sine } from "../support/signals.js";
import { expectSame, stereoNoise } from "../support/stage-checks.js";
import { ituTruePeakDb } from "../support/true-peak.js";

/** Loudest component above 4 kHz in dB against the tone, in any window over the signal. */
function residueAbove4kDb(signal: Float64Array, toneDbfs: number): number {
  return loudestAboveDb(signal, 48000, 4000) - toneDbfs;
}

function loudnessOf(signal: StereoSignal): number {
  const meter = new LoudnessMeter();
  const chain = new Chain({ sampleRateHz: 48000, maxFrames: 480, stages: [], taps: "output" });
  processThrough(chain, signal, 480, () => chain.takeRecords((record) => {
    const { output } = readMeterRecord(record);
    meter.addBin(output.kMeanSquares, Math.max(...output.truePeaks), Math.max(...output.samplePeaks));
  }));
  return meter.integratedLufs ?? Number.NaN;
}

describe("bypass of the whole chain", () => {
  const saturated = { "saturation.bypass": 0 };

  it.each([["saturation off", {}, 64], ["saturation on", saturated, 94]] as const)(
    "is the input, bit for bit, delayed by the chain's latency with %s (at most %s frames)",
    (_, parameters, mostFrames) => {
      const noise = stereoNoise(24_000);
      let latency = -1;
      const out = runChain(noise, {
        parameters: { ...parameters, "chain.bypass": 1, "chain.levelMatch": 0 },
        afterBlock: (chain) => (latency = chain.latencyFrames),
      });
      expect(latency).toBeLessThanOrEqual(mostFrames);
      const aligned = { left: out.left.slice(latency), right: out.right.slice(latency) };
      const measured = differingFrames(aligned, { left: noise.left.slice(0, -latency), right: noise.right.slice(0, -latency) });
      expectGate({ stage: "chain", what: "bypass: frames not bit-exact with the delayed input [T-BYP1]", measured, unit: "frames", must: 0 });
    },
  );

  // dsp.md T-BYP2
  it("toggles ten times on 997 Hz with nothing above 4 kHz over -90 dB of the tone", () => {
    const tone = dual(sine(240_000, 48000, { freqHz: 997, levelDbfs: -6 }));
    const changes = new Map(Array.from({ length: 10 }, (_, k) => [24_000 * k || 480, { "chain.bypass": k % 2 }]));
    const parameters = { "dither.bypass": 1, "filters.highpassSlope": 0, "chain.levelMatch": 0, "loudness.driveDb": 3, "input.dcBlock": 0 };
    const out = runChain(tone, { parameters, changes }).left;
    const measured = residueAbove4kDb(out.slice(9600), -6);
    expectGate({ stage: "chain", what: "ten bypass toggles on 997 Hz at -6 dBFS: above 4 kHz, relative to the tone [T-BYP2]", measured, unit: "dB", must: -90, stretch: -100 });
  });

  it("is level-matched within 0.3 LU of a master driven 9 dB, and holds the ceiling", () => {
    const frames = 14 * 48000;
    const beat = drums(frames, 48000, -14, 5);
    const noise = stereoNoise(frames, 9);
    const mix = { left: beat.map((x, n) => x + 0.4 * noise.left[n]!), right: beat.map((x, n) => x + 0.4 * noise.right[n]!) };
    const settled = (signal: StereoSignal): StereoSignal => ({ left: signal.left.slice(6 * 48000), right: signal.right.slice(6 * 48000) });
    const drive = { "loudness.driveDb": 4 };
    const master = settled(runChain(mix, { parameters: drive }));
    const matched = settled(runChain(mix, { parameters: { ...drive, "chain.bypass": 1 } }));
    expect(loudnessOf(matched)).toBeCloseTo(loudnessOf(master), 0);
    const apartLu = Math.abs(loudnessOf(matched) - loudnessOf(master));
    expectGate({ stage: "chain", what: "level-matched bypass against the master, apart", measured: apartLu, unit: "LU", must: 0.3 });
    expectGate({ stage: "chain", what: "level-matched bypass: highest sample over the ceiling", measured: peakDb(matched.left) + 1, unit: "dB", must: 0.01 });
  });
});

describe("level-matched bypass", () => {
  it("lifts no sudden sample peak over the ceiling, after a quiet passage that it lifted by 10 dB or more", () => {
    const tone = sine(288_000, 48000, { freqHz: 440, levelDbfs: -1 }).map((x, n) => (n < 240_000 ? x / 20 : x));
    const out = runChain(dual(tone), { parameters: { "loudness.driveDb": 12, "chain.bypass": 1 } }).left;
    expect(peakDb(out.slice(192_000, 240_000))).toBeGreaterThan(-1 - 26 + 10);
    expect(peakDb(out)).toBeLessThanOrEqual(-1 + 0.01);
  });
});

describe("latency", () => {
  it.each([[{}, 64], [{ "saturation.bypass": 0, "saturation.driveDb": 0 }, 94]] as const)("is what an impulse takes with %o, at most %i frames", (parameters, most) => {
    let reported = -1;
    const out = runChain(dual(impulse(4800, 480, -20)), {
      parameters: { ...parameters, "filters.highpassSlope": 0, "compressor.bypass": 1, "input.dcBlock": 0, "dither.bypass": 1 },
      afterBlock: (chain) => (reported = chain.latencyFrames),
    }).left;
    const peak = out.reduce((best, x, n) => (Math.abs(x) > Math.abs(out[best]!) ? n : best), 0);
    expect(peak - 480).toBe(reported);
    const what = `latency with ${most === 64 ? "default settings" : "saturation"} at 48000 Hz [T-LAT]`;
    expectGate({ stage: "chain", what, measured: reported, unit: "frames", must: most, stretch: 64 });
  });

  it("changes with the saturation's bypass while the sound goes on without a click", () => {
    const tone = dual(sine(96_000, 48000, { freqHz: 997, levelDbfs: -12 }));
    for (const [from, to] of [[0, 1], [1, 0]] as const) {
      for (const bypass of [0, 1]) {
        const out = runChain(tone, {
          parameters: { "saturation.bypass": from, "chain.bypass": bypass, "chain.levelMatch": 0, "dither.bypass": 1, "saturation.driveDb": 0 },
          changes: new Map([[48_000, { "saturation.bypass": to }]]),
        }).left;
        const measured = residueAbove4kDb(out.slice(9600), -12);
        expectGate({ stage: "chain", what: "latency changes with saturation's bypass: above 4 kHz, relative to 997 Hz", measured, unit: "dB", must: -80 });
      }
    }
  });
});

describe("order of the tone stages", () => {
  const parameters = {
    "compressor.thresholdDb": -40, "compressor.ratio": 8, "compressor.kneeDb": 0, "compressor.autoRelease": 0, "eq.band4.gainDb": 12, "eq.band4.freqHz": 1000,
    "dither.bypass": 1, "chain.levelMatch": 0, "compressor.sidechainHighpassHz": 20,
  };
  const compressorFirst = rankFromOrder(["compressor", "filters", "eq", "multiband", "imager", "saturation"])!;

  it("compresses a 12 dB lift before the compressor by 12 dB (1 - 1/8) more than one after it, within 0.3 dB", () => {
    const tone = dual(sine(96_000, 48000, { freqHz: 1000, levelDbfs: -30 }));
    const level = (order: number): number =>
      peakDb(runChain(tone, { parameters: { ...parameters, "chain.order": order } }).left.slice(72_000));
    expect(Math.abs(level(compressorFirst) - level(0) - 12 * (1 - 1 / 8))).toBeLessThan(0.3);
  });

  it.each([0, 1])("changes with the ceiling held, over a dry sound 11 dB above it, with level match %i", (levelMatch) => {
    const tone = dual(sine(96_000, 48000, { freqHz: 997, levelDbfs: -1 }));
    const out = runChain(tone, {
      parameters: { ...parameters, "limiter.ceilingDbtp": -12, "chain.levelMatch": levelMatch },
      changes: new Map([[48_000, { "chain.order": compressorFirst }]]),
    });
    expect(ituTruePeakDb(out.left)).toBeLessThanOrEqual(-12);
  });

  it("changes behind the dry path without a component above 4 kHz over -80 dB of the tone", () => {
    const tone = dual(sine(192_000, 48000, { freqHz: 997, levelDbfs: -24 }));
    const out = runChain(tone, { parameters, changes: new Map([[48_000, { "chain.order": compressorFirst }]]) }).left;
    const measured = residueAbove4kDb(out.slice(9600), -24);
    expectGate({ stage: "chain", what: "order of the tone stages changes: above 4 kHz, relative to 997 Hz", measured, unit: "dB", must: -80 });
    const settled = runChain(tone, { parameters: { ...parameters, "chain.order": compressorFirst } }).left;
    expect(Math.abs(peakDb(out.slice(-4800)) - peakDb(settled.slice(-4800)))).toBeLessThan(0.01);
  });
});

describe("safety", () => {
  it.each([["+24 dBFS noise", stereoNoise(96_000).left.map((x) => x * dbToLinear(42))], ["DC of 0.9", new Float64Array(96_000).fill(0.9)]])(
    "holds the ceiling for %s", (_, signal) => {
      const out = runChain(dual(signal), { parameters: { "multiband.bypass": 0, "saturation.bypass": 0, "loudness.driveDb": 12 } });
      expectGate({ stage: "chain", what: "+24 dBFS noise or DC, all stages on, +12 dB drive: highest sample over the ceiling", measured: peakDb(out.left) + 1, unit: "dB", must: 0 });
    },
  );

  it("plays on after a second of NaN, counts it, and puts out finite sound throughout", () => {
    const noise = stereoNoise(144_000);
    noise.left.fill(Number.NaN, 48_000, 96_000);
    const records: MeterRecord[] = [];
    const out = runChain(noise, { taps: "both", afterBlock: (chain) => chain.takeRecords((record) => records.push(readMeterRecord(record))) });
    expect(out.left.every(Number.isFinite) && out.right.every(Number.isFinite)).toBe(true);
    expect(linearToDb(Math.hypot(...out.left.slice(-4800)) / Math.sqrt(4800))).toBeGreaterThan(-40);
    expect(records.at(-1)!.nonfiniteInputs).toBe(48_000);
    expect(records.every(({ output }) => output.kMeanSquares.every(Number.isFinite))).toBe(true);
  });

  it("gives the same bits for every block size with all stages and meters", () => {
    const noise = stereoNoise(12_000);
    const parameters = { "multiband.bypass": 0, "saturation.bypass": 0, "eq.band2.gainDb": 3, "loudness.driveDb": 9 };
    const run = (blockFrames: number): { out: StereoSignal; last: Float64Array } => {
      let last = new Float64Array();
      const out = runChain(noise, { taps: "both", blockFrames, parameters, afterBlock: (chain) => chain.takeRecords((record) => (last = record.slice())) });
      return { out, last };
    };
    const expected = run(480);
    for (const blockFrames of [1, 17, 64, 1024]) expect(run(blockFrames)).toEqual(expected);
  });

  it("gives the same bits for every block size while stages and the chain fade in and out of bypass", () => {
    // At 44.1 kHz a fade ends within a control period.
    const noise = stereoNoise(24_480);
    const bypasses = ["chain", "filters", "eq", "compressor", "multiband", "imager", "saturation", "loudness", "limiter"].map((stage) => `${stage}.bypass`);
    const all = (value: number): Record<string, number> => Object.fromEntries(bypasses.map((id) => [id, value]));
    const changes = new Map([[8160, all(0)], [16_320, all(1)]]);
    const parameters = { ...all(1), "eq.band2.gainDb": 6, "loudness.driveDb": 9, "imager.band1.widthPercent": 50, "dither.bypass": 1 };
    const run = (blockFrames: number): StereoSignal => runChain(noise, { sampleRateHz: 44100, blockFrames, parameters, changes });
    const expected = run(480);
    for (const blockFrames of [1, 15, 17, 34, 1020]) expectSame(run(blockFrames), expected, `blocks of ${blockFrames}`);
  });
});
