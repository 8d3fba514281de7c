import { describe, expect, it } from "vitest";
import { expectGate } from "../support/gates.js";
import { responseDb, spectrumDb } from "../support/measure.js";
import { dual, runChain, type RunOptions } from "../support/run-chain.js";
import { impulse, sine } from "../support/signals.js";

const RATES_HZ = [44100, 48000, 88200, 96000, 176400, 192000];
const BANDS = [1, 2, 3, 4];

/** The split is heard through the multiband stage with its compressors out of the way. */
function neutral(parameters: Record<string, number>): Record<string, number> {
  const off = Object.fromEntries(BANDS.map((band) => [`multiband.band${band}.on`, 0]));
  return { "multiband.bypass": 0, ...off, ...parameters };
}

function play(signal: Float64Array, options: RunOptions, parameters: Record<string, number>): Float64Array {
  return runChain(dual(signal), { ...options, stages: ["multiband"], parameters: neutral(parameters) }).left;
}

interface Response {
  readonly db: Float64Array;
  readonly binHz: number;
  at(freqHz: number): number;
}

/** Magnitude response, with a function that reads it at a frequency. */
function response(sampleRateHz: number, parameters: Record<string, number>): Response {
  const frames = sampleRateHz > 50000 ? 131072 : 65536;
  const db = responseDb(play(impulse(frames, 0, 0), { sampleRateHz }, parameters));
  const binHz = sampleRateHz / frames;
  return { db, binHz, at: (freqHz) => db[Math.round(freqHz / binHz)]! };
}

/** Linkwitz-Riley 24 dB/oct prototype through the bilinear transform: frequency over crossover, warped. */
function ratio(freqHz: number, crossoverHz: number, sampleRateHz: number): number {
  return Math.tan((Math.PI * freqHz) / sampleRateHz) / Math.tan((Math.PI * crossoverHz) / sampleRateHz);
}
const lowpassDb = (r: number): number => -20 * Math.log10(1 + r ** 4);
const highpassDb = (r: number): number => -20 * Math.log10(1 + r ** -4);

const SPLITS = [
  { name: "120/1000/6000 Hz", "multiband.crossover1Hz": 120, "multiband.crossover2Hz": 1000, "multiband.crossover3Hz": 6000 },
  { name: "400/800/2000 Hz", "multiband.crossover1Hz": 400, "multiband.crossover2Hz": 800, "multiband.crossover3Hz": 2000 },
  { name: "40/3000/12000 Hz", "multiband.crossover1Hz": 40, "multiband.crossover2Hz": 3000, "multiband.crossover3Hz": 12000 },
];

describe("the sum of the bands (T-MB1)", () => {
  for (const sampleRateHz of RATES_HZ) {
    for (const { name, ...crossovers } of SPLITS) {
      for (const choice of [0, 1]) {
        it(`is flat within 1e-6 dB from 20 Hz to 20 kHz: ${choice + 3} bands at ${name}, ${sampleRateHz} Hz`, () => {
          const { db, binHz } = response(sampleRateHz, { ...crossovers, "multiband.bands": choice });
          const inBand = db.slice(Math.ceil(20 / binHz), Math.floor(20000 / binHz));
          const measured = Math.max(...inBand.map(Math.abs));
          expectGate({ stage: "multiband", what: "sum of 3 or 4 bands, three splits, 44.1 to 192 kHz, off flat [T-MB1]", measured, unit: "dB", must: 1e-6, stretch: 1e-6 });
        });
      }
    }
  }
});

describe("a band alone", () => {
  for (const sampleRateHz of RATES_HZ) {
    it(`follows the Linkwitz-Riley formula within 0.01 dB down to -100 dB at ${sampleRateHz} Hz`, () => {
      const edges = [120, 1000, 6000];
      for (const band of BANDS) {
        const { at } = response(sampleRateHz, { [`multiband.band${band}.solo`]: 1 });
        // The split at crossover 2 comes first, then the one at 1 or 3.
        for (const freqHz of [31, 62, 125, 250, 500, 900, 1100, 2000, 4000, 6000, 9000, 16000, 19000]) {
          const exactHz = Math.round(freqHz / (sampleRateHz / 65536)) * (sampleRateHz / 65536);
          const r = edges.map((edge) => ratio(exactHz, edge, sampleRateHz));
          const expected = band <= 2
            ? lowpassDb(r[1]!) + (band === 1 ? lowpassDb(r[0]!) : highpassDb(r[0]!))
            : highpassDb(r[1]!) + (band === 3 ? lowpassDb(r[2]!) : highpassDb(r[2]!));
          if (expected < -100) continue;
          const measured = Math.abs(at(exactHz) - expected);
          expectGate({ stage: "multiband", what: "a band alone against Linkwitz-Riley down to -100 dB, error", measured, unit: "dB", must: 0.01 }, `band ${band}, ${freqHz} Hz`);
        }
      }
    });
  }

  for (const sampleRateHz of [44100, 48000, 96000]) {
    it(`falls by 24 dB an octave within 1 dB beyond each crossover at ${sampleRateHz} Hz (T-MB3)`, () => {
      const crossovers = { "multiband.crossover1Hz": 40, "multiband.crossover2Hz": 400, "multiband.crossover3Hz": 4000 };
      const skirts = [
        { band: 1, nearHz: 100, farHz: 200 },
        { band: 2, nearHz: 16, farHz: 8 },
        { band: 2, nearHz: 800, farHz: 1600 },
        { band: 3, nearHz: 160, farHz: 80 },
        { band: 4, nearHz: 1600, farHz: 800 },
      ];
      for (const { band, nearHz, farHz } of skirts) {
        const { at } = response(sampleRateHz, { ...crossovers, [`multiband.band${band}.solo`]: 1 });
        const slope = at(nearHz) - at(farHz);
        const where = `band ${band} from ${nearHz} to ${farHz} Hz`;
        expectGate({ stage: "multiband", what: "slopes of a solo band against 24 dB an octave, error [T-MB3]", measured: Math.abs(slope - 24), unit: "dB", must: 1 }, where);
      }
    });
  }

  it("is silent when it is band 4 of three", () => {
    const out = play(impulse(4800, 0, 0), {}, { "multiband.bands": 0, "multiband.band3.solo": 1 });
    const whole = play(impulse(4800, 0, 0), {}, { "multiband.bands": 1, "multiband.band3.solo": 1, "multiband.band4.solo": 1 });
    expect(Math.max(...out.map((x, n) => Math.abs(x - whole[n]!)))).toBeLessThan(1e-15);
  });

  it("keeps crossovers an octave apart: 400 Hz and 300 Hz split as 400 Hz and 800 Hz", () => {
    const asked = { "multiband.crossover1Hz": 400, "multiband.crossover2Hz": 300, "multiband.band2.solo": 1 };
    const near = play(impulse(4800, 0, 0), {}, asked);
    const apart = play(impulse(4800, 0, 0), {}, { ...asked, "multiband.crossover2Hz": 800 });
    expect(near).toEqual(apart);
  });
});

describe("a moving crossover", () => {
  const frames = 65536;
  const moves = [
    { id: "multiband.crossover1Hz", from: 40, to: 400 },
    { id: "multiband.crossover1Hz", from: 400, to: 40 },
    { id: "multiband.crossover2Hz", from: 300, to: 3000 },
    { id: "multiband.crossover2Hz", from: 3000, to: 300 },
    { id: "multiband.crossover3Hz", from: 2000, to: 12000 },
    { id: "multiband.crossover3Hz", from: 12000, to: 2000 },
    { id: "multiband.bands", from: 0, to: 1 },
    { id: "multiband.bands", from: 1, to: 0 },
  ];
  for (const { id, from, to } of moves) {
    it(`leaves no residue over -80 dB above 8 kHz of a 500 Hz tone when ${id} jumps ${from} to ${to} (T-MB4)`, () => {
      const tone = sine(frames, 48000, { freqHz: 500, levelDbfs: 0 });
      const out = play(tone, { blockFrames: 64, changes: new Map([[frames / 2, { [id]: to }]]) }, { [id]: from });
      const spectrum = spectrumDb(out);
      const from8k = spectrum.slice(Math.round((8000 * frames) / 48000));
      expectGate({ stage: "multiband", what: "above 8 kHz beside 500 Hz at 0 dBFS while a crossover jumps [T-MB4]", measured: Math.max(...from8k), unit: "dBFS", must: -80 });
    });
  }
});
