import { describe, expect, it } from "vitest";
import { fitEq, largestDb } from "../../src/analysis/eq-fit.js";
import { bandGainDb, eqGainsDb, type EqBand } from "../../src/analysis/eq-response.js";
import { matchOf, matchValues, MATCH_LIMIT_DB } from "../../src/analysis/match.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { analogEqDb } from "../support/analog-eq.js";
import { bellFilter } from "../support/damages.js";
import { profileSignal } from "../support/profile-signal.js";
import { runChain, type StereoSignal } from "../support/run-chain.js";
import { pinkNoise } from "../support/signals.js";

const RATE = 48_000;
const INSIDE = THIRD_OCTAVE_FREQ_HZ.flatMap((hz, k) => (hz > 59 && hz < 12_600 ? [k] : []));
const noise: StereoSignal = { left: pinkNoise(12 * RATE, -24, 1), right: pinkNoise(12 * RATE, -24, 2) };

describe("gain of an equaliser band", () => {
  it.each(["bell", "lowShelf", "highShelf"] as const)("is that of the analog %s, from 20 Hz to 20 kHz within 0.001 dB", (shape) => {
    for (const gainDb of [-6, 3, 12]) {
      const band: EqBand = { shape, freqHz: 800, gainDb, q: 0.9 };
      for (const hz of THIRD_OCTAVE_FREQ_HZ) expect(bandGainDb(band, hz)).toBeCloseTo(analogEqDb({ type: shape, freqHz: 800, gainDb, q: 0.9 }, hz), 3);
    }
  });
});

describe("the fit of the eight bands", () => {
  it("comes within 0.3 dB of what one to three bands of any place do", () => {
    const wishes: EqBand[][] = [
      [{ shape: "bell", freqHz: 300, gainDb: -6, q: 1 }],
      [{ shape: "bell", freqHz: 3000, gainDb: -6, q: 1.4 }, { shape: "bell", freqHz: 90, gainDb: 4, q: 0.8 }],
      [{ shape: "lowShelf", freqHz: 200, gainDb: 5, q: 0.71 }, { shape: "highShelf", freqHz: 6000, gainDb: -5, q: 0.71 }, { shape: "bell", freqHz: 800, gainDb: 3, q: 2 }],
    ];
    for (const wish of wishes) {
      const wantedDb = eqGainsDb(wish);
      const gains = eqGainsDb(fitEq({ wantedDb, weights: wantedDb.map(() => 1), limitDb: MATCH_LIMIT_DB }));
      for (const k of INSIDE) expect(Math.abs(gains[k]! - wantedDb[k]!), `${THIRD_OCTAVE_FREQ_HZ[k]!.toFixed(0)} Hz`).toBeLessThan(0.3);
    }
  });

  it("lifts and cuts nowhere by more than 6 dB, whatever is wanted", () => {
    for (const wanted of [20, -20]) {
      const wantedDb = THIRD_OCTAVE_FREQ_HZ.map((_, k) => (k % 8 < 4 ? wanted : -wanted));
      expect(largestDb(fitEq({ wantedDb, weights: wantedDb.map(() => 1), limitDb: MATCH_LIMIT_DB }))).toBeLessThanOrEqual(MATCH_LIMIT_DB + 0.01);
    }
  });
});

describe("the match", () => {
  it("proposes nothing over 0.2 dB for a mix that is its own reference", async () => {
    const profile = await profileSignal(noise);
    expect(Math.max(...matchOf(profile, [profile], 100).gainsDb.map(Math.abs))).toBeLessThan(0.2);
  });

  it("brings noise with +6 dB at 300 Hz back to its original within 1 dB from 60 Hz to 12 kHz, through the chain", async () => {
    const damaged = bellFilter(300, 6, 1)(noise, RATE);
    const [original, mix] = [await profileSignal(noise), await profileSignal(damaged)];
    const match = matchOf(mix, [original], 100);
    const matched = await profileSignal(runChain(damaged, { stages: ["eq"], parameters: matchValues(match) }));
    const difference = INSIDE.map((k) => matched.balanceDb.p50[k]! - original.balanceDb.p50[k]!);
    const middle = difference.reduce((sum, db) => sum + db, 0) / difference.length;
    for (const db of difference) expect(Math.abs(db - middle)).toBeLessThan(1);
  });

  it("goes half the way for 50 %, and nowhere for 0 %", async () => {
    const [original, mix] = [await profileSignal(noise), await profileSignal(bellFilter(1000, 6, 1)(noise, RATE))];
    const [half, none] = [50, 0].map((amount) => matchOf(mix, [original], amount));
    const at = THIRD_OCTAVE_FREQ_HZ.findIndex((hz) => hz > 990);
    expect(half!.gainsDb[at]).toBeGreaterThan(-3.5);
    expect(half!.gainsDb[at]).toBeLessThan(-2.3);
    expect(none!.bands).toEqual([]);
  });

  it("leaves alone what is not there: bands without sound are not lifted", async () => {
    const deaf = bellFilter(300, 0, 1)(noise, RATE);
    const quiet = runChain(deaf, { stages: ["filters"], parameters: { "filters.lowpassHz": 4000, "filters.lowpassSlope": 2 } });
    const twice = runChain(quiet, { stages: ["filters"], parameters: { "filters.lowpassHz": 4000, "filters.lowpassSlope": 2 } });
    const silent = runChain(twice, { stages: ["filters"], parameters: { "filters.lowpassHz": 4000, "filters.lowpassSlope": 2 } });
    const match = matchOf(await profileSignal(silent), [await profileSignal(noise)], 100);
    expect(match.gainsDb[30]!).toBeLessThan(3.5);
    expect(largestDb(match.bands)).toBeLessThanOrEqual(MATCH_LIMIT_DB + 0.01);
  });
});
