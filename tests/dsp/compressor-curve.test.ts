import { describe, it } from "vitest";
import { compressedDb, staircase } from "../support/dynamics.js";
import { expectGate } from "../support/gates.js";
import { rmsDb } from "../support/measure.js";
import { dual, runChain } from "../support/run-chain.js";

const LEVELS_DBFS = Array.from({ length: 17 }, (_, i) => -48 + 3 * i);
const DETECTORS = ["peak", "rms"];
const SINE_CREST_DB = 10 * Math.log10(2);

interface Setting {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly kneeDb: number;
  readonly detector: number;
  readonly sampleRateHz: number;
}

/** Largest difference in dB of the measured staircase from the formula. */
function worstErrorDb({ sampleRateHz, detector, ...curve }: Setting): number {
  const step = sampleRateHz / 2;
  const signal = staircase(LEVELS_DBFS, step, sampleRateHz);
  const { left } = runChain(dual(signal), {
    sampleRateHz,
    stages: ["compressor"],
    parameters: {
      "compressor.thresholdDb": curve.thresholdDb,
      "compressor.ratio": curve.ratio,
      "compressor.kneeDb": curve.kneeDb,
      "compressor.detector": detector,
      "compressor.attackMs": 20,
      "compressor.releaseMs": 150,
      "compressor.autoRelease": 0,
      "compressor.sidechainHighpassHz": 20,
    },
  });
  const errors = LEVELS_DBFS.map((levelDb, i) => {
    const settled = left.slice(i * step + 0.6 * step, (i + 1) * step);
    return Math.abs(rmsDb(settled) + SINE_CREST_DB - compressedDb(levelDb, curve));
  });
  return Math.max(...errors);
}

describe("the static curve of 17 levels from -48 to 0 dBFS (T-C1)", () => {
  for (const detector of [0, 1]) {
    for (const ratio of [1.5, 2, 4, 10, 20]) {
      for (const kneeDb of [0, 6, 12]) {
        it(`follows the formula within 0.02 dB: ${ratio}:1, knee ${kneeDb} dB, ${DETECTORS[detector]}`, () => {
          const measured = worstErrorDb({ thresholdDb: -24, ratio, kneeDb, detector, sampleRateHz: 48000 });
          expectGate({ stage: "compressor", what: "static curve, 1.5:1 to 20:1, knee 0 to 12 dB, error [T-C1]", measured, unit: "dB", must: 0.02 });
        });
      }
    }
  }

  it.each([44100, 96000, 192000])("follows the formula within 0.03 dB at %i Hz", (sampleRateHz) => {
    for (const detector of [0, 1]) {
      const measured = worstErrorDb({ thresholdDb: -30, ratio: 4, kneeDb: 6, detector, sampleRateHz });
      expectGate({ stage: "compressor", what: "static curve of 4:1, 44.1, 96 and 192 kHz, error", measured, unit: "dB", must: 0.03 });
    }
  });

  it.each([-60, -6, 0])("follows the formula within 0.02 dB with the threshold at %i dB and the widest knee", (thresholdDb) => {
    const measured = worstErrorDb({ thresholdDb, ratio: 3, kneeDb: 24, detector: 1, sampleRateHz: 48000 });
    expectGate({ stage: "compressor", what: "static curve, thresholds -60, -6 and 0 dB, knee 24 dB, error", measured, unit: "dB", must: 0.02 });
  });
});
