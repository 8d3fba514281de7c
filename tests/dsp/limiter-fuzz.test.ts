import { it } from "vitest";
import { expectGate } from "../support/gates.js";
import { fuzzProgramme } from "../support/programmes.js";
import { runChain } from "../support/run-chain.js";
import { idealTruePeakDb, ituTruePeakDb } from "../support/true-peak.js";

it("holds -1 dBTP over a thousand seeded programmes driven up to 18 dB", () => {
  let worstIdeal = -Infinity;
  let worstItu = -Infinity;
  for (let seed = 1; seed <= 1000; seed += 2) {
    // One programme a channel; unlinked every other time.
    const left = fuzzProgramme(4800, 48000, seed);
    const right = fuzzProgramme(4800, 48000, seed + 1);
    const out = runChain({ left, right }, {
      stages: ["limiter"],
      parameters: { "limiter.linkPercent": seed % 4 === 1 ? 100 : 0 },
    });
    for (const channel of [out.left, out.right]) {
      worstIdeal = Math.max(worstIdeal, idealTruePeakDb(channel) + 1);
      worstItu = Math.max(worstItu, ituTruePeakDb(channel) + 1);
    }
  }
  const what = "1000 random programmes up to +18 dB, over a ceiling of -1 dBTP [T-L1]";
  expectGate({ stage: "limiter", what: `${what}, 32-fold meter`, measured: worstIdeal, unit: "dB", must: 0.05, stretch: 0 });
  expectGate({ stage: "limiter", what: `${what}, BS.1770 meter`, measured: worstItu, unit: "dB", must: 0, stretch: 0 });
});
