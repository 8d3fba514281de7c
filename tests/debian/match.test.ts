import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { largestDb } from "../../src/analysis/eq-fit.js";
import { matchOf, matchValues, MATCH_LIMIT_DB } from "../../src/analysis/match.js";
import { median } from "../../src/analysis/statistics.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { bellFilter, shelfFilter } from "../support/damages.js";
import { matcheringFilter } from "../support/matchering.js";
import { profileSignal } from "../support/profile-signal.js";
import { openPassage } from "../support/passage.js";
import { runChain } from "../support/run-chain.js";

const INSIDE = THIRD_OCTAVE_FREQ_HZ.flatMap((hz, k) => (hz > 59 && hz < 12_600 ? [k] : []));
const PASSAGE_S = 15;
// Game music from Debian's extremetuxracer-data and neverball-data.
const CASES = [
  ["/usr/share/games/etr/music/race1-jt.ogg", "+6 dB at 300 Hz", bellFilter(300, 6, 1)],
  ["/usr/share/games/etr/music/freezingpoint.ogg", "+6 dB at 3 kHz", bellFilter(3000, 6, 1)],
  ["/usr/share/games/neverball/bgm/track3.ogg", "-5 dB above 5 kHz", shelfFilter("high", 5000, -5)],
  ["/usr/share/games/neverball/bgm/track5.ogg", "-5 dB below 250 Hz", shelfFilter("low", 250, -5)],
  ["/usr/share/games/etr/music/spunkyrace-ks.ogg", "+6 dB at 80 Hz", bellFilter(80, 6, 1)],
] as const;

/** Largest difference of two balances from 60 Hz to 12 kHz, their common level taken out. */
function worst(a: readonly number[], b: readonly number[]): number {
  const difference = INSIDE.map((k) => a[k]! - b[k]!);
  const common = median(difference);
  return Math.max(...difference.map((db) => Math.abs(db - common)));
}

describe("a track that was damaged, matched to its own original", () => {
  it.each(CASES)("%s, %s: comes within 1 dB of it in thirds of an octave from 60 Hz to 12 kHz", async (path, damage, apply) => {
    const { signal, sampleRateHz } = await openPassage(path, PASSAGE_S);
    const damaged = apply(signal, sampleRateHz);
    const [original, mix] = [await profileSignal(signal, sampleRateHz), await profileSignal(damaged, sampleRateHz)];
    const match = matchOf(mix, [original], 100);
    const matched = await profileSignal(runChain(damaged, { sampleRateHz, stages: ["eq"], parameters: matchValues(match) }), sampleRateHz);
    const filter = matcheringFilter(damaged, signal, sampleRateHz);
    const theirs = mix.balanceDb.p50.map((db, k) => db + filter.gainDb(THIRD_OCTAVE_FREQ_HZ[k]!));
    const [before, ours, peer] = [mix.balanceDb.p50, matched.balanceDb.p50, theirs].map((balance) => worst(balance, original.balanceDb.p50)) as [number, number, number];
    console.log(`${basename(path)}, ${damage}: off by ${before.toFixed(1)} dB, matched ${ours.toFixed(2)} dB, matchering's method ${peer.toFixed(2)} dB;`
      + ` ours lifts by ${largestDb(match.bands).toFixed(1)} dB at most`);
    expect(ours).toBeLessThanOrEqual(1);
    expect(largestDb(match.bands)).toBeLessThanOrEqual(MATCH_LIMIT_DB + 0.01);
  });
});
