import { describe, expect, it } from "vitest";
import { SceneFade } from "../../src/control/scene-fade.js";
import { PARAMETERS } from "../../src/params/table.js";
import { expectGate } from "../support/gates.js";
import { loudestAboveDb, rmsDb } from "../support/measure.js";
import { runChain } from "../support/run-chain.js";
import { sine } from "../support/signals.js";

const RATE = 48_000;
const LEVEL_DBFS = -20;
const BLOCK = 480;
/** The box moves a scene on each 40 ms. */
const STEP_MS = 40;

const usual = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
const OTHER = {
  ...usual, "filters.highpassHz": 120, "filters.highpassSlope": 2, "eq.band5.gainDb": 6, "eq.band5.freqHz": 4000, "eq.band3.gainDb": -9,
  "compressor.ratio": 6, "compressor.thresholdDb": -30, "multiband.bypass": 0, "imager.band3.widthPercent": 40, "saturation.bypass": 0,
  "loudness.driveDb": 9, "limiter.ceilingDbtp": -2,
};

/** A tone of 997 Hz, 1 s before and 1.5 s after a fade of `seconds`. */
function faded(from: Readonly<Record<string, number>>, to: Readonly<Record<string, number>>, seconds: number): Float64Array {
  const fade = new SceneFade(from, to, { startMs: 1000, durationMs: 1000 * seconds });
  const changes = new Map(Array.from({ length: (1000 * seconds) / STEP_MS + 1 }, (_, k) => {
    const ms = 1000 + k * STEP_MS;
    return [(ms * RATE) / 1000, fade.at(ms)] as const;
  }));
  const tone = sine((2.5 + seconds) * RATE, RATE, { freqHz: 997, levelDbfs: LEVEL_DBFS });
  return runChain({ left: tone, right: tone.map((x) => 0.7 * x) }, { blockFrames: BLOCK, parameters: from, changes }).left;
}

describe("a scene that fades in under a tone", () => {
  it.each([[usual, OTHER, "in"], [OTHER, usual, "out"]] as const)("makes no click above 4 kHz, and no swing of level of more than 3 dB over its ends or 9 dB below (%#)", (from, to, name) => {
    const sound = faded(from, to, 2);
    const above = (begin: number, end: number): number => loudestAboveDb(sound.slice(begin, end), RATE, 4000) - LEVEL_DBFS;
    const steady = Math.max(above(RATE / 4, RATE - 64), above(sound.length - RATE, sound.length));
    const change = above(RATE - 8192, 3 * RATE + 8192);
    // What its ends have there anyway, the harmonics of the saturation, is no click.
    expectGate({ stage: "chain", what: "a scene fades in over 2 s: above 4 kHz, relative to 997 Hz", measured: change > steady + 1 ? change : -200, unit: "dB", must: -80, stretch: -90 }, name);
    const levels = Array.from({ length: 220 }, (_, k) => rmsDb(sound.slice(RATE + k * BLOCK, RATE + (k + 1) * BLOCK)));
    const ends = [rmsDb(sound.slice(RATE - BLOCK, RATE)), rmsDb(sound.slice(-BLOCK))];
    expect(Math.max(...levels)).toBeLessThan(Math.max(...ends) + 3);
    expect(Math.min(...levels)).toBeGreaterThan(Math.min(...ends) - 9);
  });

  it("moves a drive of 12 dB evenly: a quarter of the dB in a quarter of the time, within 0.1 dB", () => {
    const sound = faded(usual, { ...usual, "loudness.driveDb": 12 }, 4);
    const before = rmsDb(sound.slice(RATE - BLOCK, RATE));
    for (const share of [0.25, 0.5, 0.75]) {
      const at = Math.round((1 + 4 * share) * RATE) + 960;
      expect(Math.abs(rmsDb(sound.slice(at, at + BLOCK)) - before - 12 * share)).toBeLessThan(0.1);
    }
  });
});
