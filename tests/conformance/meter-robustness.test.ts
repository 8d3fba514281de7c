import { describe, expect, it } from "vitest";
import type { LoudnessMeter } from "../../src/meters/loudness-meter.js";
import { steppedTone } from "../support/ebu-signals.js";
import { measureProgramme } from "../support/measure-programme.js";
import { dual, type StereoSignal } from "../support/run-chain.js";
import { pinkNoise } from "../support/signals.js";

function readings(meter: LoudnessMeter): (number | null)[] {
  return [meter.momentaryLufs, meter.shortTermLufs, meter.integratedLufs, meter.loudnessRangeLu, meter.maxMomentaryLufs,
    meter.maxShortTermLufs, meter.truePeakDbtp, meter.samplePeakDbfs, meter.plrDb, meter.psrDb];
}

describe("the file meter", () => {
  it.each([44100, 48000])("reads the same to the last bit in blocks of 1, 17, 64, 127, 480, 4096 frames at %d Hz", (sampleRateHz) => {
    const signal: StereoSignal = { left: pinkNoise(5 * sampleRateHz, -18, 1), right: pinkNoise(5 * sampleRateHz, -24, 2) };
    const [first, ...others] = [1, 17, 64, 127, 480, 4096].map((blockFrames) =>
      readings(measureProgramme(signal, { sampleRateHz, blockFrames })));
    expect(first?.every((value) => value !== null)).toBe(true);
    for (const other of others) expect(other).toEqual(first);
  });

  it("shows nothing for silence, and nothing but peaks for 399 ms", () => {
    expect(readings(measureProgramme(dual(new Float64Array(480_000))))).toEqual(new Array(10).fill(null));
    const short = measureProgramme(dual(steppedTone(48000, [[0.399, -20]])));
    expect([short.momentaryLufs, short.integratedLufs, short.plrDb]).toEqual([null, null, null]);
    expect(Math.abs((short.truePeakDbtp ?? 0) + 20)).toBeLessThan(0.02);
  });

  it("falls silent within 0.5 s of M's window once the sound has stopped", () => {
    const silentFrom: number[] = [];
    measureProgramme(dual(steppedTone(48000, [[1, 0], [2, -Infinity]])), { afterBin: (meter, seconds) => {
      if (seconds > 1 && meter.momentaryLufs === null) silentFrom.push(seconds);
    } });
    expect(silentFrom[0]).toBeLessThan(1.9);
    expect(silentFrom.length).toBe(Math.round((3 - silentFrom[0]!) * 100) + 1);
  });

  it.each([NaN, Infinity, -Infinity, 1e300])("survives %d in the sound: readings return to those of the tone", (value) => {
    const left = steppedTone(48000, [[12, -23]]);
    left[100_003] = value;
    left[100_004] = value;
    const meter = measureProgramme({ left, right: steppedTone(48000, [[12, -23]]) });
    expect(Math.abs((meter.momentaryLufs ?? 0) + 22.9933)).toBeLessThan(0.005);
    expect(Math.abs((meter.shortTermLufs ?? 0) + 22.9933)).toBeLessThan(0.005);
    expect(readings(meter).every(Number.isFinite)).toBe(true);
  });
});
