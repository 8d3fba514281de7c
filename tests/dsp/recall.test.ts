import { describe, it } from "vitest";
import { listPresets, recalledValues } from "../../src/config/presets.js";
import { rankFromOrder } from "../../src/params/order.js";
import { expectGate } from "../support/gates.js";
import { loudestAboveDb, rmsDb } from "../support/measure.js";
import { runChain, type StereoSignal } from "../support/run-chain.js";
import { sine } from "../support/signals.js";

const RATE = 48_000;
const LEVEL_DBFS = -20;
/** The recall, and the windows that hold it and its glides. */
const AT = 48_000;
const SETTLED = 32_768;
const WINDOW = 480;

type Values = Readonly<Record<string, number>>;

/** All of the other extreme: order, filters, bells, bands, width, saturation and its delay, drive. */
const FAR: Values = {
  "chain.order": rankFromOrder(["saturation", "imager", "multiband", "compressor", "eq", "filters"])!,
  "filters.highpassHz": 120, "filters.highpassSlope": 2, "filters.lowpassSlope": 1, "filters.lowpassHz": 12_000,
  "eq.band3.gainDb": 6, "eq.band3.freqHz": 900, "eq.band5.gainDb": -9, "eq.band5.freqHz": 1200, "eq.band1.gainDb": 4,
  "compressor.ratio": 6, "compressor.thresholdDb": -30, "compressor.makeupDb": 4, "compressor.mixPercent": 60,
  "multiband.bypass": 0, "multiband.band2.makeupDb": 3, "multiband.band3.makeupDb": -3,
  "imager.band2.widthPercent": 150, "imager.band3.widthPercent": 40, "imager.monoBass": 1,
  "saturation.bypass": 0, "saturation.driveDb": 3, "loudness.driveDb": 9, "limiter.ceilingDbtp": -2,
};

const defaults = Object.fromEntries(recalledValues({ name: "", sentence: "", values: new Map() }));
const presets = listPresets().map(({ name, values }) => [name, Object.fromEntries(values)] as const);
const tone = sine(3 * RATE, RATE, { freqHz: 997, levelDbfs: LEVEL_DBFS });
const signal: StereoSignal = { left: tone, right: tone.map((x) => 0.7 * x) };

/** The sound around a recall: every value at once, as the store hands it to the chain. */
function recalled(from: Values, to: Values): Float64Array[] {
  const { left, right } = runChain(signal, { blockFrames: 64, parameters: { ...defaults, ...from }, changes: new Map([[AT, { ...defaults, ...to }]]) });
  return [left, right];
}

/** What a recall leaves above 4 kHz over what its two sounds have there anyway, against the tone. */
function clickDb(sound: Float64Array): number {
  const above = (from: number, to: number): number => loudestAboveDb(sound.slice(from, to), RATE, 4000) - LEVEL_DBFS;
  const steady = Math.max(above(AT - SETTLED, AT - 64), above(AT + 2 * SETTLED, AT + 2.8 * SETTLED));
  const change = above(AT - 8192, AT + 2 * SETTLED);
  return change > steady + 1 ? change : -200;
}

/** How far the level of 10 ms rises over both sounds, or falls below both. */
function swingDb(sound: Float64Array): { over: number; under: number } {
  const level = (from: number): number => rmsDb(sound.slice(from, from + WINDOW));
  const ends = [level(AT - WINDOW), level(sound.length - WINDOW)];
  const during = Array.from({ length: (1.5 * RATE) / WINDOW }, (_, k) => level(AT + k * WINDOW));
  return { over: Math.max(...during) - Math.max(...ends), under: Math.min(...ends) - Math.min(...during) };
}

const CASES: (readonly [string, Values, Values])[] = [
  ...presets.map(([name, values]) => [`the defaults to ${name}`, {}, values] as const),
  ...presets.map(([name, values], k) => [`${name} to ${presets[(k + 5) % presets.length]![0]}`, values, presets[(k + 5) % presets.length]![1]] as const),
  ["the defaults to the other extreme", {}, FAR],
  ["the other extreme to the defaults", FAR, {}],
  ["the whole chain to its bypass", { "loudness.driveDb": 6 }, { "chain.bypass": 1, "loudness.driveDb": 6 }],
];

describe("a recall in the middle of a tone", () => {
  it.each(CASES)("from %s leaves no click above 4 kHz, no jump and no hole", (name, from, to) => {
    // A compressor lets go of what it held in its own time, over seconds after the heavy squeeze of the other extreme.
    const isSqueezed = from === FAR;
    for (const sound of recalled(from, to)) {
      expectGate({ stage: "chain", what: "a scene or preset is recalled: above 4 kHz, relative to 997 Hz", measured: clickDb(sound), unit: "dB", must: -80, stretch: -90 }, name);
      const { over, under } = swingDb(sound);
      expectGate({ stage: "chain", what: "a scene or preset is recalled: level of 10 ms over both sounds", measured: over, unit: "dB", must: 3 }, name);
      if (!isSqueezed) expectGate({ stage: "chain", what: "a scene or preset is recalled: level of 10 ms below both sounds", measured: under, unit: "dB", must: 6 }, name);
    }
  });
});
