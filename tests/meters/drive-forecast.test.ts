import { describe, expect, it } from "vitest";
import { peakBeforeLimiter } from "../../src/box/learner.js";
import { readMeterRecord, type MeterRecord } from "../../src/engine/meter-record.js";
import { Chain } from "../../src/engine/chain.js";
import { DriveForecast } from "../../src/meters/drive-forecast.js";
import { LoudnessMeter } from "../../src/meters/loudness-meter.js";
import { drumLoop, pink, RATE_HZ, song, type Loop } from "../support/ride-bed.js";

const SETTINGS = { ceilingDbtp: -1, releaseMs: 50 };
const BLOCK = 480;

/** Plays a loop through the whole chain at a drive. */
function played(loop: Loop, seconds: number, lufs: number, driveDb: number): readonly MeterRecord[] {
  const chain = new Chain({ sampleRateHz: RATE_HZ, maxFrames: BLOCK }, Object.entries({ "compressor.bypass": 1, "loudness.driveDb": driveDb }));
  const records: MeterRecord[] = [];
  for (let block = 0; block < 100 * seconds; block++) {
    for (let k = 0; k < 2 * BLOCK; k++) chain.io[k] = 10 ** (lufs / 20) * loop[(2 * BLOCK * block + k) % loop.length]!;
    chain.process(BLOCK);
    chain.takeRecords((fields) => records.push(readMeterRecord(fields)));
  }
  return records;
}

/** What was measured of a pass: loudness, and the mean of the largest reductions of 10 ms. */
function measured(records: readonly MeterRecord[]): { lufs: number; meanDb: number; maxDb: number } {
  const meter = new LoudnessMeter();
  for (const { output } of records) meter.addBin(output.kMeanSquares, 0, 0);
  const reductions = records.map(({ limiterReductionDb }) => limiterReductionDb);
  return { lufs: meter.integratedLufs!, meanDb: reductions.reduce((sum, db) => sum + db, 0) / records.length, maxDb: Math.max(...reductions) };
}

describe("the forecast of a drive", () => {
  it.each([["the song", song(20), -20, 0.5], ["pink noise", pink(), -20, 0.5], ["drums", drumLoop(), -24, 1]] as const)(
    "tells from one pass of %s what 4, 8 and 12 dB more come to, the mean limiting within 1 dB, and the most within 2 dB", (_, loop, lufs, toleranceLu) => {
      const forecast = new DriveForecast();
      for (const record of played(loop, 20, lufs, 0)) {
        const [left, right] = record.output.kMeanSquares;
        forecast.addBin((left + right) / record.limiterMeanGain ** 2, peakBeforeLimiter(record));
      }
      for (const driveDb of [4, 8, 12]) {
        const real = measured(played(loop, 20, lufs, driveDb));
        const { integratedLufs, meanLimitingDb, maxLimitingDb } = forecast.at(driveDb, SETTINGS);
        expect(Math.abs(integratedLufs! - real.lufs), `${driveDb} dB: ${integratedLufs} for ${real.lufs}`).toBeLessThan(toleranceLu);
        expect(Math.abs(meanLimitingDb - real.meanDb), `${driveDb} dB: ${meanLimitingDb} for ${real.meanDb}`).toBeLessThan(1);
        expect(Math.abs(maxLimitingDb - real.maxDb), `${driveDb} dB: ${maxLimitingDb} for ${real.maxDb}`).toBeLessThan(2);
      }
    });

  it("says nothing of silence", () => {
    const forecast = new DriveForecast();
    for (let bin = 0; bin < 1000; bin++) forecast.addBin(0, 0);
    expect(forecast.at(12, SETTINGS)).toEqual({ driveDb: 12, integratedLufs: null, meanLimitingDb: 0, maxLimitingDb: 0 });
  });
});
