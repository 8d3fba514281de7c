import { describe, expect, it } from "vitest";
import { type LoudnessMeter, WEIGHTS_5_0 } from "../../src/meters/loudness-meter.js";
import { repeat, type Segment, steppedTone } from "../support/ebu-signals.js";
import { expectGate } from "../support/gates.js";
import { measureChannels, measureProgramme } from "../support/measure-programme.js";
import { dual } from "../support/run-chain.js";

/**
 * EBU Tech 3341 V4, table 1, synthesised. The document allows +-0.1 LU. The ideal readings are those of the
 * gating and windows computed by hand on exact tones, at 48 kHz; every rate is held to them within 0.005 LU.
 */
const TOLERANCE_LU = 0.005;
const RATES = [44100, 48000, 96000];
const SILENT = -Infinity;
const TWENTY = Array.from({ length: 20 }, (_, index) => index);

function measure(segments: readonly Segment[], sampleRateHz: number): LoudnessMeter {
  return measureProgramme(dual(steppedTone(sampleRateHz, segments)), { sampleRateHz });
}

/** Demands that the meter reads the ideal value. */
function expectLufs(rate: number, reading: number | null, ideal: number): void {
  const measured = Math.abs((reading ?? Infinity) - ideal);
  const what = `EBU Tech 3341 cases 1 to 14, loudness at ${rate} Hz, error`;
  expectGate({ stage: "meters", what, measured, unit: "LU", must: TOLERANCE_LU }, `reads ${reading}, ideal ${ideal}`);
}

describe.each(RATES)("EBU Tech 3341 at %d Hz", (rate) => {
  it.each([
    [1, -23, -22.9933],
    [2, -33, -32.9933],
  ])("case %d: M, S and I of 20 s at %d dBFS are %d LUFS", (_case, level, ideal) => {
    const meter = measure([[20, level]], rate);
    expectLufs(rate, meter.momentaryLufs, ideal);
    expectLufs(rate, meter.shortTermLufs, ideal);
    expectLufs(rate, meter.integratedLufs, ideal);
  });

  it.each<[number, Segment[], number]>([
    [3, [[10, -36], [60, -23], [10, -36]], -23.0139],
    [4, [[10, -72], [10, -36], [60, -23], [10, -36], [10, -72]], -23.0139],
    [5, [[20, -26], [20.1, -20], [20, -26]], -22.9787],
  ])("case %d: I of %j is %d LUFS", (_case, segments, ideal) => {
    expectLufs(rate, measure(segments, rate).integratedLufs, ideal);
  });

  it("case 6: I of a 5.0 programme (L, R -28, C -24, Ls, Rs -30) is -23.0163 LUFS", () => {
    const [front, centre, surround] = [-28, -24, -30].map((level) => steppedTone(rate, [[20, level]]));
    const none = new Float64Array(front!.length);
    // Left and right, left and right surround, then the centre alone: the pairs of three stereo taps.
    const weights = [WEIGHTS_5_0[0]!, WEIGHTS_5_0[1]!, WEIGHTS_5_0[3]!, WEIGHTS_5_0[4]!, WEIGHTS_5_0[2]!];
    const pairs = [dual(front!), dual(surround!), { left: centre!, right: none }];
    expectLufs(rate, measureChannels(pairs, { sampleRateHz: rate, weights }).integratedLufs, -23.0163);
  });

  it("case 9: S of (1.34 s -20; 1.66 s -30) x5 stays at -22.9863 LUFS after 3 s", () => {
    let readings = 0;
    const signal = dual(steppedTone(rate, repeat(5, [[1.34, -20], [1.66, -30]])));
    measureProgramme(signal, { sampleRateHz: rate, afterBin: (meter, seconds) => {
      if (seconds < 3) return;
      expectLufs(rate, meter.shortTermLufs, -22.9863);
      readings++;
    } });
    expect(readings).toBe(1201);
  });

  it("case 10: Max S of 3 s at -23 is -22.9933 LUFS wherever in 20 files it begins", () => {
    for (const i of TWENTY) expectLufs(rate, measure([[i * 0.15, SILENT], [3, -23], [1, SILENT]], rate).maxShortTermLufs, -22.9933);
  });

  it("case 11: Max S of twenty 3 s tones in one programme follows -38..-19 LUFS", () => {
    const units = TWENTY.flatMap((i): Segment[] => [[i * 0.15, SILENT], [3, -38 + i], [3 - i * 0.15, SILENT]]);
    const maxima = readAtEnds(units, rate, 6, (meter) => meter.maxShortTermLufs);
    TWENTY.forEach((i) => { expectLufs(rate, maxima[i]!, -38 + i + 0.0067); });
  });

  it("case 12: M of (0.18 s -20; 0.22 s -30) x25 stays at -22.9604 LUFS after 1 s", () => {
    let readings = 0;
    const signal = dual(steppedTone(rate, repeat(25, [[0.18, -20], [0.22, -30]])));
    measureProgramme(signal, { sampleRateHz: rate, afterBin: (meter, seconds) => {
      if (seconds < 1) return;
      expectLufs(rate, meter.momentaryLufs, -22.9604);
      readings++;
    } });
    expect(readings).toBe(901);
  });

  it("case 13: Max M of 400 ms at -23 is -22.9936 LUFS wherever in 20 files it begins", () => {
    for (const i of TWENTY) expectLufs(rate, measure([[i * 0.02, SILENT], [0.4, -23], [1, SILENT]], rate).maxMomentaryLufs, -22.9936);
  });

  it("case 13 between two bins: Max M is within the EBU's 0.1 LU at every ms of start", () => {
    for (let ms = 1; ms < 10; ms++) {
      const reading = measure([[0.1 + ms / 1000, SILENT], [0.4, -23], [0.5, SILENT]], rate).maxMomentaryLufs;
      expect(Math.abs((reading ?? Infinity) + 23)).toBeLessThanOrEqual(0.1);
    }
  });

  it("case 14: Max M of twenty 400 ms tones in one programme follows -38..-19 LUFS", () => {
    const units = TWENTY.flatMap((i): Segment[] => [[i * 0.02, SILENT], [0.4, -38 + i], [0.4 - i * 0.02, SILENT]]);
    const maxima = readAtEnds(units, rate, 0.8, (meter) => meter.maxMomentaryLufs);
    TWENTY.forEach((i) => { expectLufs(rate, maxima[i]!, -38 + i + 0.0064); });
  });
});

/** A reading at the end of each unit of a live programme. */
function readAtEnds(
  segments: readonly Segment[], sampleRateHz: number, unitS: number, read: (meter: LoudnessMeter) => number | null,
): (number | null)[] {
  const readings: (number | null)[] = [];
  const unitBins = Math.round(unitS * 100);
  measureProgramme(dual(steppedTone(sampleRateHz, segments)), { sampleRateHz, afterBin: (meter, seconds) => {
    const bins = Math.round(seconds * 100);
    if (bins % unitBins === 0) readings[bins / unitBins - 1] = read(meter);
  } });
  return readings;
}
