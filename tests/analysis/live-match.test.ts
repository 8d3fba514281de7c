import { expect, it } from "vitest";
import { liveMatch } from "../../src/analysis/live-match.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { PARAMETERS } from "../../src/params/table.js";
import { bellFilter } from "../support/damages.js";
import { profileSignal } from "../support/profile-signal.js";
import { runChain } from "../support/run-chain.js";
import { pinkNoise } from "../support/signals.js";

const RATE = 48_000;
const noise = { left: pinkNoise(13 * RATE, -20, 3), right: pinkNoise(13 * RATE, -20, 4) };
const damaged = bellFilter(300, 6, 1)(noise, RATE);
const defaults = Object.fromEntries(PARAMETERS.map(({ id, default: value }) => [id, value as number]));
const at300 = THIRD_OCTAVE_FREQ_HZ.findIndex((hz) => hz > 300);

it("suggests the same within 0.5 dB when it is asked again of a mix that runs through what it suggested", async () => {
  const original = await profileSignal(noise);
  const first = liveMatch({ output: await profileSignal(damaged), values: defaults }, defaults, [original], 100);
  const values = { ...defaults, ...first.values };
  const matched = await profileSignal(runChain(damaged, { stages: ["eq"], parameters: first.values }));
  const again = liveMatch({ output: matched, values }, values, [original], 100);
  expect(first.gainsDb[at300]).toBeLessThan(-4);
  again.gainsDb.forEach((db, band) => expect(Math.abs(db - first.gainsDb[band]!)).toBeLessThan(0.5));
});

it("makes up for the loudness that it takes with the drive", async () => {
  const { values, loudnessChangeDb } = liveMatch({ output: await profileSignal(damaged), values: defaults }, defaults, [await profileSignal(noise)], 100);
  // What 6 dB at 300 Hz add to the loudness of pink noise is between half a decibel and two.
  expect(values["loudness.driveDb"]).toBeGreaterThan(0.3);
  expect(values["loudness.driveDb"]).toBeLessThan(2.5);
  expect(Math.abs(loudnessChangeDb)).toBeLessThan(0.06);
});

it("leaves a notch where it is, and works with the other seven bands", async () => {
  const notched = { ...defaults, "eq.band2.on": 1, "eq.band2.type": 4, "eq.band2.freqHz": 50 };
  const { values } = liveMatch({ output: await profileSignal(damaged), values: notched }, notched, [await profileSignal(noise)], 100);
  expect(Object.keys(values).filter((id) => id.startsWith("eq.band2."))).toEqual([]);
  expect(new Set(Object.keys(values).flatMap((id) => /^eq\.(band\d)/.exec(id)?.[1] ?? [])).size).toBe(7);
});
