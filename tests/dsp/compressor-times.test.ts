import { describe, expect, it } from "vitest";
import { framesToReach, levelStep, reductionDb } from "../support/dynamics.js";
import { expectGate } from "../support/gates.js";
import { dual, runChain } from "../support/run-chain.js";

const PEAK = 0;
const RMS = 1;

interface Knobs {
  readonly attackMs: number;
  readonly releaseMs: number;
  readonly detector: number;
  readonly autoRelease?: number;
  readonly sampleRateHz?: number;
  /** Levels before and during the step. */
  readonly levelsDbfs?: readonly [low: number, high: number];
  readonly highMs?: number;
}

interface Times {
  readonly attackMs: number;
  readonly releaseMs: number;
  /** Time to let go of 90 %. */
  readonly release90Ms: number;
}

/** Times to 63.2 % of the reduction of a stepping square wave, read from output over input. */
function measure(knobs: Knobs): Times {
  const { sampleRateHz = 48000, autoRelease = 0, detector } = knobs;
  const [lowDbfs, highDbfs] = knobs.levelsDbfs ?? [-30, -6];
  const highMs = knobs.highMs ?? Math.max(300, 10 * knobs.attackMs);
  const frames = [300, highMs, Math.max(400, (autoRelease ? 25 : 6) * knobs.releaseMs)].map((ms) => Math.round((ms * sampleRateHz) / 1000));
  const [before, high] = frames as [number, number, number];
  const signal = levelStep({ lowDbfs, highDbfs, frames: frames as [number, number, number] });
  const { left } = runChain(dual(signal), {
    sampleRateHz,
    stages: ["compressor"],
    parameters: {
      "compressor.thresholdDb": -24,
      "compressor.ratio": 4,
      "compressor.kneeDb": 0,
      "compressor.attackMs": knobs.attackMs,
      "compressor.releaseMs": knobs.releaseMs,
      "compressor.autoRelease": autoRelease,
      "compressor.detector": detector,
      "compressor.sidechainHighpassHz": 20,
    },
  });
  const reduction = reductionDb(signal, left);
  const end = before + high;
  const full = reduction[end - 1]!;
  const toMs = 1000 / sampleRateHz;
  return {
    attackMs: framesToReach(reduction, before, full * (1 - Math.exp(-1))) * toMs,
    releaseMs: framesToReach(reduction, end, full * Math.exp(-1)) * toMs,
    release90Ms: framesToReach(reduction, end, full * 0.1) * toMs,
  };
}

/** Demands the times of the knobs within a share of `must`, one row for all knobs of a detector. */
function expectTimes(knobs: Knobs, must: number): void {
  const times = measure(knobs);
  const detector = knobs.detector === PEAK ? "peak" : "RMS";
  const percentOff = (measuredMs: number, askedMs: number): number => 100 * Math.abs(measuredMs / askedMs - 1);
  const gate = { stage: "compressor", unit: "%", must };
  const at = JSON.stringify(knobs);
  const attack = percentOff(times.attackMs, knobs.attackMs);
  const release = percentOff(times.releaseMs, knobs.releaseMs);
  expectGate({ ...gate, what: `attack to 63.2 %, ${detector} detector, error [T-C2]`, measured: attack }, at);
  expectGate({ ...gate, what: `release to 63.2 %, ${detector} detector, error [T-C2]`, measured: release }, at);
}

describe("attack and release to 63.2 % of the gain change in dB (T-C2)", () => {
  const settings = [
    [0.1, 20], [0.1, 2000], [0.3, 50], [1, 100], [3, 20], [10, 100], [20, 150], [30, 20], [100, 20], [100, 2000], [300, 150],
  ] as const;
  for (const [attackMs, releaseMs] of settings) {
    it(`take ${attackMs} ms and ${releaseMs} ms within 2 % on the peak detector`, () => {
      expectTimes({ attackMs, releaseMs, detector: PEAK }, 2);
    });
  }

  it("take 0.05 ms and 3000 ms within 2 % at 192 kHz", () => {
    expectTimes({ attackMs: 0.05, releaseMs: 3000, detector: PEAK, sampleRateHz: 192000 }, 2);
  });

  it.each([44100, 96000, 192000])("take 10 ms and 100 ms within 2 % at %i Hz", (sampleRateHz) => {
    expectTimes({ attackMs: 10, releaseMs: 100, detector: PEAK, sampleRateHz }, 2);
  });

  // The mean lags by a share of its window that depends on the step, so the knobs hold a little less exactly.
  for (const [attackMs, releaseMs] of [[5, 60], [10, 100], [20, 150], [30, 250], [100, 2000], [300, 200]] as const) {
    it(`take ${attackMs} ms and ${releaseMs} ms within 5 % on the RMS detector, for steps of 18 and 24 dB`, () => {
      for (const levelsDbfs of [[-33, -15], [-36, -12], [-30, -6]] as const) {
        expectTimes({ attackMs, releaseMs, detector: RMS, levelsDbfs }, 5);
      }
    });
  }
});

describe("auto release", () => {
  const knobs = { attackMs: 1, releaseMs: 150, detector: PEAK, autoRelease: 1 } as const;

  it("lets go of a burst of 5 ms as fast as the knob says, within 2 %", () => {
    const percentOff = 100 * Math.abs(measure({ ...knobs, highMs: 5 }).releaseMs / 150 - 1);
    expectGate({ stage: "compressor", what: "auto release of 150 ms after a burst of 5 ms, error", measured: percentOff, unit: "%", must: 2 });
  });

  it("lets go of 3 s of steady level more than four times as slowly", () => {
    expect(measure({ ...knobs, highMs: 3000 }).releaseMs).toBeGreaterThan(600);
  });

  it("takes longer to let go of 90 % the longer the level stood", () => {
    const ends = [5, 50, 200, 1000].map((highMs) => measure({ ...knobs, releaseMs: 300, highMs }).release90Ms);
    for (let i = 1; i < ends.length; i++) expect(ends[i]!).toBeGreaterThan(ends[i - 1]!);
  });
});
