import { describe, expect, it } from "vitest";
import { comparisonOf } from "../../src/analysis/comparison.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { bellFilter } from "../support/damages.js";
import { profileSignal } from "../support/profile-signal.js";
import { song } from "../support/song.js";

const RATE = 48_000;

describe("comparison of a song with itself after damage", () => {
  it("reads +6 dB at 1 kHz as 6 dB more there, 6 dB less level as 6 LU, and half the side as 6 dB narrower", async () => {
    const original = song(6, RATE);
    const lifted = bellFilter(1000, 6, 1)(original, RATE);
    const narrow = (l: number, r: number): number => (0.75 * l + 0.25 * r) / 2;
    const mix = {
      left: lifted.left.map((l, n) => narrow(l, lifted.right[n]!)), right: lifted.right.map((r, n) => narrow(r, lifted.left[n]!)),
    };
    const { balance, figures, balanceSentence } = comparisonOf(await profileSignal(mix, RATE), [await profileSignal(original, RATE)]);
    const at = THIRD_OCTAVE_FREQ_HZ.findIndex((hz) => hz > 990);
    const difference = (band: number): number => balance.mix[band]! - balance.middle[band]!;
    expect(difference(at) - difference(4)).toBeCloseTo(6, 0);
    expect(balanceSentence).toMatch(/^Tone: yours has \d\.\d dB more around 1\.0 kHz/);
    const width = figures.find(({ id }) => id === "widthDb")!;
    expect(width.mix - width.references.middle).toBeCloseTo(20 * Math.log10(0.5), 0);
    expect(width.sentence).toContain("narrower (by ");
    const same = comparisonOf(await profileSignal(original, RATE), [await profileSignal(original, RATE)]);
    for (const { mix: own, references, sentence } of same.figures) {
      expect(own).toBe(references.middle);
      expect(sentence).toContain("as the references have it");
    }
  }, 60_000);

  it("holds the band of several references around their middle", async () => {
    const profiles = await Promise.all([1, 2, 3].map((seed) => profileSignal(song(6, RATE, seed), RATE)));
    const { balance, width, figures } = comparisonOf(profiles[0]!, profiles);
    for (const { low, middle, high } of [balance, width]) {
      middle.forEach((db, k) => {
        expect(low[k]!).toBeLessThanOrEqual(db);
        expect(high[k]!).toBeGreaterThanOrEqual(db);
      });
    }
    expect(figures.map(({ id }) => id)).toContain("psrDb");
  }, 60_000);
});
