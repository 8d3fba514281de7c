import { describe, expect, it } from "vitest";
import { Programme } from "../../hw/sim/programme.js";
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

/** The song before the recall and after it, and where in it that begins. */
const PROGRAMME_FROM_S = 8;
const BEFORE_S = 4;
const AFTER_S = 2;

/** Heavy squeeze, colour and drive in another order, held by the slow release at that. */
const HEAVY: Values = {
  "chain.order": rankFromOrder(["saturation", "imager", "multiband", "compressor", "eq", "filters"])!,
  "compressor.ratio": 8, "compressor.thresholdDb": -36, "compressor.makeupDb": 6, "compressor.releaseMs": 1000, "compressor.autoRelease": 1,
  "multiband.bypass": 0, "saturation.bypass": 0, "saturation.driveDb": 9, "loudness.driveDb": 9,
};

function programme(): StereoSignal {
  const mixer = new Programme();
  mixer.prepare(RATE);
  const frames = (PROGRAMME_FROM_S + BEFORE_S + AFTER_S) * RATE;
  const pairs = new Float64Array(2 * frames);
  for (let at = 0; at < frames; at += WINDOW) mixer.render(pairs.subarray(2 * at, 2 * (at + WINDOW)), WINDOW);
  const heard = pairs.subarray(2 * PROGRAMME_FROM_S * RATE);
  const channel = (first: number): Float64Array => heard.filter((_, k) => k % 2 === first);
  return { left: channel(0), right: channel(1) };
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
    // Where the crossovers of the imager fade out, a tone meets itself in another phase.
    const isTurned = from === FAR;
    for (const sound of recalled(from, to)) {
      expectGate({ stage: "chain", what: "a scene or preset is recalled: above 4 kHz, relative to 997 Hz", measured: clickDb(sound), unit: "dB", must: -80, stretch: -90 }, name);
      const { over, under } = swingDb(sound);
      expectGate({ stage: "chain", what: "a scene or preset is recalled: level of 10 ms over both sounds", measured: over, unit: "dB", must: 3 }, name);
      if (!isTurned) expectGate({ stage: "chain", what: "a scene or preset is recalled: level of 10 ms below both sounds", measured: under, unit: "dB", must: 6 }, name);
    }
  });
});

describe("a recall of a clean sound in the middle of a heavily squeezed song", () => {
  const song = programme();
  const at = BEFORE_S * RATE;
  const play = (from: Values, to: Values): Float64Array =>
    runChain(song, { blockFrames: 64, parameters: { ...defaults, ...from }, changes: new Map([[at, { ...defaults, ...to }]]) }).left;
  const [heavy, clean, change] = [play(HEAVY, HEAVY), play({}, {}), play(HEAVY, {})];
  const levels = (sound: Float64Array): number[] =>
    Array.from({ length: (AFTER_S * RATE) / WINDOW }, (_, k) => rmsDb(sound.slice(at + k * WINDOW, at + (k + 1) * WINDOW)));
  const [heavyDb, cleanDb, changeDb] = [levels(heavy), levels(clean), levels(change)];

  it("falls no more than 1 dB below both sounds in any 10 ms: what the compressor holds goes with its curve, and not by its release", () => {
    const holesDb = changeDb.map((db, k) => Math.min(heavyDb[k]!, cleanDb[k]!) - db);
    expect(Math.max(...holesDb)).toBeLessThan(1);
  });

  it("is within 0.1 dB of the clean sound 0.15 s later, and stays there", () => {
    const apartDb = changeDb.slice(15).map((db, k) => Math.abs(db - cleanDb[15 + k]!));
    expect(Math.max(...apartDb)).toBeLessThan(0.1);
  });

  it("makes no step that neither sound makes around it", () => {
    const step = (sound: Float64Array): number => sound.slice(at, at + RATE / 4).reduce((most, x, k) => Math.max(most, Math.abs(x - sound[at + k - 1]!)), 0);
    expect(step(change)).toBeLessThan(1.05 * Math.max(step(heavy), step(clean)));
  });
});
