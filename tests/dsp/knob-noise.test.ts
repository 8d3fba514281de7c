import { it } from "vitest";
import type { StageName } from "../../src/engine/chain.js";
import { expectGate } from "../support/gates.js";
import { loudestAboveDb } from "../support/measure.js";
import { dual, runChain } from "../support/run-chain.js";
import { sine } from "../support/signals.js";

type Move = [stage: StageName, id: string, from: number, to: number, others: Readonly<Record<string, number>>];

const BELL = { "eq.band4.freqHz": 300, "eq.band4.q": 2, "eq.band4.gainDb": 6 };
const BANDS_IDLE = Object.fromEntries([1, 2, 3, 4].map((band) => [`multiband.band${band}.ratio`, 1]));

/** Steps of 6 dB and more, as a hand at a knob or a recalled preset makes them. */
const MOVES: Move[] = [
  ["input", "input.trimDb", 0, 6, {}],
  ["eq", "eq.band4.gainDb", 12, -12, BELL],
  ["eq", "eq.band4.freqHz", 300, 3000, BELL],
  ["eq", "eq.band4.freqHz", 3000, 60, BELL],
  ["compressor", "compressor.makeupDb", 0, 6, { "compressor.ratio": 1 }],
  ["compressor", "compressor.thresholdDb", 0, -30, {}],
  ["multiband", "multiband.band2.makeupDb", 0, 6, { ...BANDS_IDLE, "multiband.bypass": 0 }],
  ["imager", "imager.balancePercent", 0, 50, {}],
  ["loudness", "loudness.driveDb", 0, 6, {}],
  ["limiter", "limiter.ceilingDbtp", -12, -3, {}],
];

// Smoothing by two one-poles with interpolated coefficients leaves less than -90 dB of the tone above 4 kHz; steps of
// a gain that are not smoothed leave -13 dB, a gain that moves once a block of 64 frames -42 dB.
it.each(MOVES)("%s: %s from %d to %d leaves nothing over -90 dB of a 997 Hz tone above 4 kHz", (stage, id, from, to, others) => {
  // The limiter is at work before and after; the gains have room.
  const levelDbfs = stage === "limiter" ? 0 : -12;
  const tone = sine(96_000, 48_000, { freqHz: 997, levelDbfs });
  const { left } = runChain(dual(tone), {
    stages: [stage],
    parameters: { "input.dcBlock": 0, ...others, [id]: from },
    changes: new Map([[38_400, { [id]: to }]]),
  });
  const measured = loudestAboveDb(left.slice(24_000), 48_000, 4000) - levelDbfs;
  expectGate({ stage: "each stage", what: "a knob turned 6 dB or more: above 4 kHz, relative to 997 Hz", measured, unit: "dB", must: -90, stretch: -100 }, id);
});
