import { expect, it } from "vitest";
import { fuzzProgramme } from "../support/programmes.js";
import { runChain } from "../support/run-chain.js";
import { idealTruePeakDb, ituTruePeakDb } from "../support/true-peak.js";

it("holds -1 dBTP over a thousand seeded programmes driven up to 18 dB", () => {
  let worstIdeal = -Infinity;
  let worstItu = -Infinity;
  for (let seed = 1; seed <= 1000; seed += 2) {
    // One programme a channel; unlinked every other time.
    const left = fuzzProgramme(9600, 48000, seed);
    const right = fuzzProgramme(9600, 48000, seed + 1);
    const out = runChain({ left, right }, {
      stages: ["limiter"],
      parameters: { "limiter.linkPercent": seed % 4 === 1 ? 100 : 0 },
    });
    for (const channel of [out.left, out.right]) {
      worstIdeal = Math.max(worstIdeal, idealTruePeakDb(channel) + 1);
      worstItu = Math.max(worstItu, ituTruePeakDb(channel) + 1);
    }
  }
  console.log(`limiter fuzz, 1000 programmes: worst ideal ${worstIdeal.toFixed(3)} dB, BS.1770 ${worstItu.toFixed(3)} dB over the ceiling`);
  expect(worstIdeal).toBeLessThanOrEqual(0.05);
  expect(worstItu).toBeLessThanOrEqual(0);
});
