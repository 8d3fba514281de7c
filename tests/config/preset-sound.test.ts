import { describe, expect, it } from "vitest";
import { listPresets, loadPreset } from "../../src/config/presets.js";
import { READOUT_COMPRESSOR_REDUCTION_DB, RECORD_READOUTS } from "../../src/dsp/layout.js";
import type { Chain } from "../../src/engine/chain.js";
import { bandLimit, rmsDb, spectrumDb } from "../support/measure.js";
import { drums } from "../support/programmes.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { dbToLinear, pinkNoise, sine } from "../support/signals.js";
import { idealTruePeakDb } from "../support/true-peak.js";

const RATE = 48000;

/** Drums over pink noise that differs left and right, up to 20.5 kHz, averaging `levelDbfs` RMS by AES17 (a full-scale sine reads 0). */
function programme(seconds: number, levelDbfs: number): StereoSignal {
  const frames = seconds * RATE;
  const beat = drums(frames, RATE, -6, 3);
  const sides = [pinkNoise(frames, -24, 5), pinkNoise(frames, -24, 6)].map((noise) =>
    bandLimit(noise.map((x, n) => x + beat[n]!), RATE, 20500));
  const gain = dbToLinear(levelDbfs - 3.01 - (rmsDb(sides[0]!) + rmsDb(sides[1]!)) / 2);
  return { left: sides[0]!.map((x) => x * gain), right: sides[1]!.map((x) => x * gain) };
}

function playPreset(name: string, signal: StereoSignal, more: Record<string, number> = {}, afterBlock?: (chain: Chain) => void) {
  const parameters = { ...Object.fromEntries(loadPreset(name).values), ...more };
  return runChain(signal, { sampleRateHz: RATE, taps: "output", parameters, ...(afterBlock ? { afterBlock } : {}) });
}

/** Gain of the preset in dB for a steady tone of -18 dBFS RMS (AES17), after a second of settling. */
function toneGainDb(name: string, freqHz: number, more: Record<string, number> = {}): number {
  const tone = sine(2 * RATE, RATE, { freqHz, levelDbfs: -18 });
  const { left } = playPreset(name, dual(tone), { ...more, "dither.bypass": 1 });
  return rmsDb(left.subarray(RATE)) - rmsDb(tone.subarray(RATE));
}

describe("every preset", () => {
  const loud = programme(2, -18);

  it.each(listPresets().map((preset) => preset.name))("%s holds its ceiling, 10 dB into the limiter", (name) => {
    const ceilingDbtp = loadPreset(name).values.get("limiter.ceilingDbtp") ?? -1;
    const { left, right } = playPreset(name, loud, { "loudness.driveDb": 10 });
    const truePeakDbtp = Math.max(idealTruePeakDb(left), idealTruePeakDb(right));
    expect(truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp + 0.05);
    expect(truePeakDbtp).toBeGreaterThan(ceilingDbtp - 2);
  });
});

it("transparent leaves tones from 100 Hz to 16 kHz within 0.1 dB at -18 dBFS", () => {
  for (const freqHz of [100, 315, 1000, 3150, 10000, 16000]) expect(Math.abs(toneGainDb("transparent", freqHz)), `${freqHz} Hz`).toBeLessThan(0.1);
});

/** Mean reduction of the compressor in dB over a programme at `levelDbfs`. */
function meanReductionDb(name: string, levelDbfs: number): number {
  const reductions: number[] = [];
  playPreset(name, programme(4, levelDbfs), {}, (chain) =>
    chain.takeRecords((record) => reductions.push(record[RECORD_READOUTS + READOUT_COMPRESSOR_REDUCTION_DB]!)));
  const settled = reductions.slice(100);
  return settled.reduce((sum, x) => sum + x, 0) / settled.length;
}

// The figures that the sentences of the presets promise, for a programme at the level that auto trim sets.
it("glue takes 1 to 3 dB off a programme that averages -18 dBFS", () => {
  expect(meanReductionDb("glue", -18)).toBeGreaterThan(1);
  expect(meanReductionDb("glue", -18)).toBeLessThan(3);
});

it("transparent compresses nothing", () => {
  expect(meanReductionDb("transparent", -12)).toBe(0);
});

it("podcast takes at least 2 dB more off a voice that comes 6 dB louder", () => {
  expect(meanReductionDb("podcast", -12) - meanReductionDb("podcast", -18)).toBeGreaterThan(2);
});

it("warm adds an octave between -50 and -30 dB to a tone of -12 dBFS, and little else", () => {
  const frames = 65536;
  const bin = 1365;
  const tone = sine(2 * frames, RATE, { freqHz: (bin * RATE) / frames, levelDbfs: -12 });
  const spectrum = spectrumDb(playPreset("warm", dual(tone)).left.slice(frames));
  const levelOf = (harmonic: number) => Math.max(...spectrum.subarray(bin * harmonic - 4, bin * harmonic + 5)) - Math.max(...spectrum);
  expect(levelOf(2)).toBeGreaterThan(-50);
  expect(levelOf(2)).toBeLessThan(-30);
  for (const harmonic of [3, 4, 5]) expect(levelOf(harmonic)).toBeLessThan(-45);
});

it.each([
  ["vocal-presence", 4000, 1.5],
  ["snare-crack", 6300, 1],
  ["kick-thump", 70, 1.5],
  ["bass-definition", 850, 1],
  ["boxiness-out", 300, -2],
  ["harshness-out", 3000, -2],
])("%s changes a tone of %d Hz by %d dB, and one two octaves away by less than half of that", (name, freqHz, gainDb) => {
  const still = { "compressor.bypass": 1, "filters.bypass": 1, "input.dcBlock": 0 };
  expect(Math.abs(toneGainDb(name, freqHz, still) - gainDb)).toBeLessThan(0.1);
  expect(Math.abs(toneGainDb(name, freqHz * 4 > 20000 ? freqHz / 4 : freqHz * 4, still))).toBeLessThan(Math.abs(gainDb) / 2);
});

it("rumble-out takes at least 20 dB off a tone of 20 Hz and under 0.2 dB off one of 80 Hz", () => {
  // Butterworth, order 4, 40 Hz: -24.1 dB at 20 Hz, -0.02 dB at 80 Hz; the DC block takes 0.26 and 0.02 dB.
  expect(toneGainDb("rumble-out", 20, { "compressor.bypass": 1 })).toBeLessThan(-20);
  expect(toneGainDb("rumble-out", 80, { "compressor.bypass": 1 })).toBeGreaterThan(-0.2);
});
