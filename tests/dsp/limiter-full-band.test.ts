import { it } from "vitest";
import { expectGate } from "../support/gates.js";
import { fuzzProgramme, rawLimiterCorpus } from "../support/programmes.js";
import { dual, runChain } from "../support/run-chain.js";
import { idealTruePeakDb, ituTruePeakDb } from "../support/true-peak.js";

// Content within 2 kHz of half the sample rate makes "true peak" a matter of the meter's filter; edges and squares
// that no filter has rounded have such content. BS.1770's own filter still reads nothing over the ceiling.
it.each([44_100, 48_000, 96_000])("holds -1 dBTP over the corpus as it is, with hard edges, at %i Hz", (sampleRateHz) => {
  for (const [name, signal] of rawLimiterCorpus(sampleRateHz)) {
    const { left } = runChain(dual(signal), { sampleRateHz, stages: ["limiter"] });
    const what = "corpus +12 dB, full band, 44.1 to 96 kHz, over a ceiling of -1 dBTP [T-L1]";
    expectGate({ stage: "limiter", what: `${what}, 32-fold meter`, measured: idealTruePeakDb(left) + 1, unit: "dB", must: 0.7 }, name);
    expectGate({ stage: "limiter", what: `${what}, BS.1770 meter`, measured: ituTruePeakDb(left) + 1, unit: "dB", must: 0 }, name);
  }
});

it.each([[44_100, -1], [48_000, -0.1], [96_000, -1]])("holds at %i Hz %d dBTP over 100 seeded programmes driven up to 18 dB", (sampleRateHz, ceilingDbtp) => {
  for (let seed = 2001; seed <= 2100; seed += 2) {
    const [left, right] = [fuzzProgramme(sampleRateHz / 10, sampleRateHz, seed), fuzzProgramme(sampleRateHz / 10, sampleRateHz, seed + 1)];
    const out = runChain({ left, right }, { sampleRateHz, stages: ["limiter"], parameters: { "limiter.ceilingDbtp": ceilingDbtp } });
    for (const channel of [out.left, out.right]) {
      const what = "300 random programmes up to +18 dB at 44.1, 48 and 96 kHz, over ceilings of -1 and -0.1 dBTP";
      expectGate({ stage: "limiter", what: `${what}, 32-fold meter`, measured: idealTruePeakDb(channel) - ceilingDbtp, unit: "dB", must: 0.05, stretch: 0 }, `seed ${seed}`);
      expectGate({ stage: "limiter", what: `${what}, BS.1770 meter`, measured: ituTruePeakDb(channel) - ceilingDbtp, unit: "dB", must: 0, stretch: 0 }, `seed ${seed}`);
    }
  }
});
