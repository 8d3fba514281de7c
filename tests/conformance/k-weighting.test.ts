import { describe, expect, it } from "vitest";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { expectGate } from "../support/gates.js";
import { processThrough } from "../support/run-chain.js";
import { sine } from "../support/signals.js";

/** Gain in dB of the two filters of ITU-R BS.1770-5 Annex 1, tables 1 and 2, at 48 kHz. */
const GAIN_DB: [freqHz: number, gainDb: number][] = [
  [20, -13.2754], [25, -10.3928], [31.5, -7.79], [40, -5.5669], [50, -3.9341], [63, -2.6639], [80, -1.7318],
  [100, -1.1335], [125, -0.7278], [160, -0.435], [200, -0.2649], [250, -0.1529], [315, -0.075], [400, -0.0148],
  [500, 0.0425], [630, 0.1342], [800, 0.3275], [997, 0.691], [1000, 0.6977], [1250, 1.3417], [1600, 2.2904],
  [2000, 3.0713], [2500, 3.5798], [3150, 3.8482], [4000, 3.968], [5000, 4.0134], [6300, 4.0321], [8000, 4.0394],
  [10000, 4.0419], [12500, 4.0428], [16000, 4.0431], [20000, 4.0431],
];
const SETTLE_S = 0.5;
/** One second holds whole cycles of the power of every frequency of the table. */
const READ_S = 1;

/** Ratio of K-weighted to plain power of two tones, one a channel, in dB, behind the filters' settling. */
function gainsDb(freqsHz: readonly [number, number], sampleRateHz: number): [number, number] {
  const [left, right] = freqsHz.map((freqHz) =>
    sine((SETTLE_S + READ_S) * sampleRateHz, sampleRateHz, { freqHz, levelDbfs: -6 }));
  const chain = new Chain({ sampleRateHz, maxFrames: 4096, stages: [], taps: "output" });
  const weighted = [0, 0];
  const plain = [0, 0];
  processThrough(chain, { left: left!, right: right! }, 4096, () => {
    chain.takeRecords((fields) => {
      const { index, output } = readMeterRecord(fields);
      if (index < SETTLE_S * 100) return;
      for (const channel of [0, 1] as const) {
        weighted[channel]! += output.kMeanSquares[channel];
        plain[channel]! += output.meanSquares[channel];
      }
    });
  });
  return [10 * Math.log10(weighted[0]! / plain[0]!), 10 * Math.log10(weighted[1]! / plain[1]!)];
}

describe.each([44100, 48000, 88200, 96000, 176400, 192000])("K-weighting at %d Hz", (sampleRateHz) => {
  it("has the gain of the 48 kHz tables within 0.01 dB from 20 Hz to 20 kHz", () => {
    for (let row = 0; row < GAIN_DB.length; row += 2) {
      const pair = [GAIN_DB[row]!, GAIN_DB[row + 1]!] as const;
      const gains = gainsDb([pair[0][0], pair[1][0]], sampleRateHz);
      pair.forEach(([freqHz, expected], channel) => {
        const gain = gains[channel]!;
        const measured = Math.abs(gain - expected);
        expectGate({ stage: "meters", what: "K-weighting from 20 Hz to 20 kHz, 44.1 to 192 kHz, against BS.1770-5, error", measured, unit: "dB", must: 0.01 }, `${freqHz} Hz`);
      });
    }
  });
});

it("reads 997 Hz at 0 dBFS in one channel as -3.01 LUFS: -0.691 cancels the gain at 997 Hz (Annex 1)", () => {
  const [gainDb] = gainsDb([997, 1000], 48000);
  expect(Math.abs(-0.691 + gainDb + 10 * Math.log10(1 / 2) + 3.01)).toBeLessThanOrEqual(0.002);
});
