import { describe, expect, it } from "vitest";
import { LoudnessMeter, WEIGHTS_5_0, WEIGHTS_MONO } from "../../src/meters/loudness-meter.js";
import { countGarbageCollections } from "../support/gc.js";
import { dbToLinear, randomUniform } from "../support/signals.js";

/** K-weighted mean square that reads `lufs` on one channel of weight 1 (BS.1770-5 Annex 1: L = -0.691 + 10 log10 z). */
function energyOf(lufs: number): number {
  return 10 ** ((lufs + 0.691) / 10);
}

function feed(meter: LoudnessMeter, lufs: number, bins: number, peakDb = lufs + 3): void {
  const energy = [Number.isFinite(lufs) ? energyOf(lufs) : 0];
  for (let i = 0; i < bins; i++) meter.addBin(energy, dbToLinear(peakDb), dbToLinear(peakDb - 1));
}

const mono = (): LoudnessMeter => new LoudnessMeter(WEIGHTS_MONO);

describe("loudness meter in EBU Mode", () => {
  it("shows nothing before the first full window", () => {
    const meter = mono();
    feed(meter, -23, 39);
    expect([meter.momentaryLufs, meter.maxMomentaryLufs, meter.integratedLufs]).toEqual([null, null, null]);
    feed(meter, -23, 1);
    expect(meter.momentaryLufs).toBeCloseTo(-23, 9);
    expect(meter.integratedLufs).toBeCloseTo(-23, 9);
    feed(meter, -23, 259);
    expect([meter.shortTermLufs, meter.maxShortTermLufs, meter.loudnessRangeLu, meter.psrDb]).toEqual([null, null, null, null]);
    feed(meter, -23, 1);
    expect(meter.shortTermLufs).toBeCloseTo(-23, 9);
    expect(meter.loudnessRangeLu).toBeCloseTo(0, 9);
  });

  it("shows nothing for silence, nor a rest of sound that has left the window", () => {
    const meter = mono();
    feed(meter, -Infinity, 400, -Infinity);
    for (const value of [meter.momentaryLufs, meter.shortTermLufs, meter.integratedLufs, meter.loudnessRangeLu,
      meter.maxMomentaryLufs, meter.maxShortTermLufs, meter.truePeakDbtp, meter.samplePeakDbfs, meter.plrDb, meter.psrDb]) {
      expect(value).toBeNull();
    }
    feed(meter, 0, 300);
    feed(meter, -Infinity, 300, -Infinity);
    expect([meter.momentaryLufs, meter.shortTermLufs, meter.psrDb]).toEqual([null, null, null]);
    expect(meter.integratedLufs).not.toBeNull();
  });

  it("keeps blocks above -70 LUFS only, strictly", () => {
    const below = mono();
    feed(below, -70.001, 400);
    expect(below.integratedLufs).toBeNull();
    const above = mono();
    feed(above, -69.999, 400);
    expect(above.integratedLufs).toBeCloseTo(-69.999, 6);
  });

  it("gates blocks that lie 10 LU below the mean of those above -70 LUFS", () => {
    const meter = mono();
    feed(meter, -20, 1000);
    feed(meter, -40, 1000);
    // 97 blocks at -20, three across the change, 97 at -40 (ungated mean -22.9, gate -32.9).
    let sum = 97 * energyOf(-20);
    for (let k = 1; k <= 3; k++) sum += (energyOf(-20) * (40 - 10 * k) + energyOf(-40) * 10 * k) / 40;
    expect(meter.integratedLufs).toBeCloseTo(-0.691 + 10 * Math.log10(sum / 100), 9);
  });

  it("weights five channels by 1, 1, 1, 1.41, 1.41", () => {
    const meter = new LoudnessMeter(WEIGHTS_5_0);
    const energies = [-28, -28, -24, -30, -30].map(energyOf);
    for (let i = 0; i < 300; i++) meter.addBin(energies, 0.1, 0.1);
    const sum = 2 * energyOf(-28) + energyOf(-24) + 2.82 * energyOf(-30);
    expect(meter.shortTermLufs).toBeCloseTo(-0.691 + 10 * Math.log10(sum), 9);
  });

  it("finds a 400 ms burst at any 10 ms in the maximum of M, and a 3 s one in that of S", () => {
    const meter = mono();
    feed(meter, -Infinity, 7, -Infinity);
    feed(meter, -20, 40);
    feed(meter, -Infinity, 333, -Infinity);
    expect(meter.maxMomentaryLufs).toBeCloseTo(-20, 9);
    feed(meter, -30, 300);
    feed(meter, -Infinity, 300, -Infinity);
    expect(meter.maxShortTermLufs).toBeCloseTo(-0.691 + 10 * Math.log10(Math.max(energyOf(-30), (energyOf(-20) * 40) / 300)), 9);
  });

  it("takes PLR from the highest true peak and I, PSR from the true peak of the last 3 s and S", () => {
    const meter = mono();
    feed(meter, -20, 300, -1);
    feed(meter, -20, 299, -8);
    expect(meter.psrDb).toBeCloseTo(19, 9);
    feed(meter, -20, 1, -8);
    expect(meter.psrDb).toBeCloseTo(12, 9);
    expect(meter.plrDb).toBeCloseTo(19, 9);
    expect(meter.truePeakDbtp).toBeCloseTo(-1, 9);
    expect(meter.samplePeakDbfs).toBeCloseTo(-2, 9);
  });

  it("ignores a bin that is not a number and recovers after 3 s", () => {
    const meter = mono();
    feed(meter, -23, 300);
    meter.addBin([NaN], NaN, NaN);
    feed(meter, -23, 300);
    expect(meter.shortTermLufs).toBeCloseTo(-23, 9);
    expect(Math.abs((meter.integratedLufs ?? 0) + 23)).toBeLessThan(0.01);
    expect(meter.truePeakDbtp).toBeCloseTo(-20, 9);
  });

  it("adds bins without garbage", async () => {
    const meter = mono();
    const energy = new Float64Array([energyOf(-23)]);
    const run = (): void => {
      for (let i = 0; i < 100_000; i++) meter.addBin(energy, 0.1, 0.1);
    };
    run();
    expect(await countGarbageCollections(run)).toBe(0);
  });
});

describe("start, pause and reset of integrated loudness, range and maxima", () => {
  it("holds them while paused and continues without a window across the gap", () => {
    const meter = mono();
    feed(meter, -23, 1000);
    meter.pause();
    feed(meter, 0, 1000);
    expect(meter.momentaryLufs).toBeCloseTo(0, 9);
    meter.start();
    feed(meter, -23, 1000);
    expect(meter.integratedLufs).toBeCloseTo(-23, 9);
    expect(meter.loudnessRangeLu).toBeCloseTo(0, 9);
    expect(meter.maxMomentaryLufs).toBeCloseTo(-23, 9);
    expect(meter.maxShortTermLufs).toBeCloseTo(-23, 9);
    expect(meter.truePeakDbtp).toBeCloseTo(-20, 9);
    expect(meter.measuredS).toBe(20);
  });

  it.each([true, false])("clears them together and leaves M and S (running: %s)", (running) => {
    const meter = mono();
    feed(meter, -10, 400);
    if (!running) meter.pause();
    meter.reset();
    for (const value of [meter.integratedLufs, meter.loudnessRangeLu, meter.maxMomentaryLufs, meter.maxShortTermLufs, meter.truePeakDbtp]) {
      expect(value).toBeNull();
    }
    expect(meter.momentaryLufs).toBeCloseTo(-10, 9);
    expect(meter.isRunning).toBe(running);
    meter.start();
    feed(meter, -30, 400);
    expect(meter.integratedLufs).toBeCloseTo(-30, 9);
    expect(meter.maxShortTermLufs).toBeCloseTo(-30, 9);
  });

  it("calls the range stable after 60 s", () => {
    const meter = mono();
    feed(meter, -23, 5999);
    expect(meter.isLoudnessRangeStable).toBe(false);
    feed(meter, -23, 1);
    expect(meter.isLoudnessRangeStable).toBe(true);
  });
});

describe("long sessions in bounded memory", () => {
  /** Loudness of 8 h of programme: songs of 3 min with a level of their own, fast swings, pauses. */
  function* programme(): Generator<number> {
    const random = randomUniform(7);
    let song = -20;
    let swing = 0;
    for (let bin = 0; bin < 8 * 360_000; bin++) {
      if (bin % 18_000 === 0) song = -32 + 20 * random();
      if (bin % 20 === 0) swing = 0.9 * swing + 4 * (random() - 0.5);
      yield bin % 18_000 > 17_000 ? -Infinity : song + swing;
    }
  }

  it("reads I within 0.001 LU and LRA within 0.02 LU of a full list after 8 h", () => {
    const meter = mono();
    const energies = new Float64Array(8 * 360_000);
    const bin = [0];
    let at = 0;
    for (const lufs of programme()) {
      bin[0] = lufs === -Infinity ? 0 : energyOf(lufs);
      energies[at++] = bin[0];
      meter.addBin(bin, 0.5, 0.5);
    }
    expect(Math.abs((meter.integratedLufs ?? Infinity) - listIntegrated(energies))).toBeLessThan(0.001);
    expect(Math.abs((meter.loudnessRangeLu ?? Infinity) - listRange(energies))).toBeLessThan(0.02);
  });
});

/** Window means at every tenth bin, by prefix sums. */
function windows(energies: Float64Array, bins: number): number[] {
  const sums = new Float64Array(energies.length + 1);
  energies.forEach((energy, n) => {
    sums[n + 1] = sums[n]! + energy;
  });
  const means: number[] = [];
  const first = Math.ceil(bins / 10) * 10;
  for (let end = first; end <= energies.length; end += 10) means.push(Math.max(0, sums[end]! - sums[end - bins]!) / bins);
  return means;
}

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

/** I by the letter of BS.1770-5 Annex 1, from the list of all blocks. */
function listIntegrated(energies: Float64Array): number {
  const kept = windows(energies, 40).filter((energy) => energy > energyOf(-70));
  const gate = mean(kept) / 10;
  return -0.691 + 10 * Math.log10(mean(kept.filter((energy) => energy > gate)));
}

/** LRA by the letter of EBU Tech 3342, from the list of all short-term values. */
function listRange(energies: Float64Array): number {
  const kept = windows(energies, 300).filter((energy) => energy >= energyOf(-70));
  const gate = mean(kept) / 100;
  const sorted = Float64Array.from(kept.filter((energy) => energy >= gate)).sort();
  const at = (fraction: number): number => sorted[Math.floor((sorted.length - 1) * fraction + 1.5) - 1]!;
  return 10 * Math.log10(at(0.95) / at(0.1));
}
