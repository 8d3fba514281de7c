import { describe, expect, it } from "vitest";
import { READOUT_MULTIBAND_REDUCTION_DB } from "../../src/dsp/layout.js";
import { PARAMETERS } from "../../src/params/table.js";
import { compressedDb, musicLike } from "../support/dynamics.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { measureProgramme } from "../support/measure-programme.js";
import { nullDb, responseDb, rmsDb } from "../support/measure.js";
import { dual, runChain, type RunOptions, type StereoSignal } from "../support/run-chain.js";
import { impulse, pinkNoise, sine } from "../support/signals.js";
import {
  expectBlockInvariance, expectCleanJump, expectRecoveryFromNan, expectResetEqualsNew, stereoNoise,
} from "../support/stage-checks.js";

type Knobs = Readonly<Record<string, number>>;
const BANDS = [1, 2, 3, 4];
/** Centres of the bands between the default crossovers of 120, 1000 and 6000 Hz. */
const CENTRES_HZ = [35, 350, 2500, 16000] as const;

function band(number: number, knobs: Knobs): Record<string, number> {
  return Object.fromEntries(Object.entries(knobs).map(([name, value]) => [`multiband.band${number}.${name}`, value]));
}

function everyBand(knobs: Knobs): Record<string, number> {
  return Object.assign({}, ...BANDS.map((number) => band(number, knobs))) as Record<string, number>;
}

function play(signal: StereoSignal, parameters: Knobs, options: RunOptions = {}): StereoSignal {
  return runChain(signal, { ...options, stages: ["multiband"], parameters: { "multiband.bypass": 0, ...parameters } });
}

const OFF = everyBand({ on: 0 });
const HARD = everyBand({ thresholdDb: -45, ratio: 5, attackMs: 2, releaseMs: 60 });

describe("the sum of the bands", () => {
  it.each([44100, 48000, 96000])("is flat within 1e-6 dB at a ratio of 1 with everything else on, %i Hz (T-MB1)", (sampleRateHz) => {
    const frames = 131072;
    const { left } = play(dual(impulse(frames, 0, 0)), everyBand({ ratio: 1, thresholdDb: -60 }), { sampleRateHz });
    const db = responseDb(left).slice(Math.ceil((20 * frames) / sampleRateHz), (20000 * frames) / sampleRateHz);
    const measured = Math.max(...db.map(Math.abs));
    expectGate({ stage: "multiband", what: "sum of the bands at a ratio of 1, 20 Hz to 20 kHz, off flat [T-MB1]", measured, unit: "dB", must: 1e-6, stretch: 1e-6 });
  });

  it("is the same to the bit with every band off, below its threshold, or at a ratio of 1", () => {
    const noise = stereoNoise(24_000);
    const off = play(noise, OFF);
    for (const knobs of [everyBand({ ratio: 1 }), everyBand({ thresholdDb: 0, kneeDb: 0, mixPercent: 60 })]) {
      const other = play(noise, knobs);
      expectGate({ stage: "multiband", what: "idle bands against bands that are off: frames not bit-exact", measured: differingFrames(other, off), unit: "frames", must: 0 });
    }
  });

  it("has no latency", () => {
    const { left } = play(dual(impulse(4800, 1000, -20)), {});
    expect(left.findIndex((x) => x !== 0)).toBe(1000);
  });
});

describe("a band", () => {
  it("lowered by 6 dB moves the others' centres by at most 0.3 dB on pink noise (T-MB2)", () => {
    const noise = pinkNoise(48000 * 12, -20, 9);
    const flat = play(dual(noise), OFF).left;
    for (const number of BANDS) {
      const lowered = play(dual(noise), { ...everyBand({ ratio: 1 }), ...band(number, { makeupDb: -6 }) }).left;
      CENTRES_HZ.forEach((freqHz, index) => {
        const change = bandLevelDb(lowered, freqHz) - bandLevelDb(flat, freqHz);
        // The neighbours' skirts, 32 to 37 dB down at the centres, add to the lowered band itself.
        const [expected, tolerance] = index + 1 === number ? [-6, 0.8] : [0, 0.3];
        const what = expected === 0 ? "one band 6 dB down: the others' centres move by [T-MB2]" : "one band 6 dB down: its own centre, error";
        expectGate({ stage: "multiband", what, measured: Math.abs(change - expected), unit: "dB", must: tolerance }, `band ${number}, ${freqHz} Hz`);
      });
    }
  });

  it.each([1, 2, 3, 4])("%i compresses its centre by the formula within 0.1 dB, and reports it", (number) => {
    const freqHz = CENTRES_HZ[number - 1]!;
    const tone = dual(sine(144_000, 48000, { freqHz, levelDbfs: -10 }));
    const knobs = { thresholdDb: -30, ratio: 3, kneeDb: 6, attackMs: 80, releaseMs: 400, autoRelease: 0 };
    const parameters = { ...OFF, [`multiband.band${number}.solo`]: 1 };
    const plain = rmsDb(play(tone, parameters).left.slice(96_000));
    let reported = 0;
    const out = play(tone, { ...parameters, ...band(number, { on: 1, ...knobs }) }, {
      afterBlock: (chain) => (reported = Math.max(reported, chain.readout(READOUT_MULTIBAND_REDUCTION_DB + number - 1))),
      blockFrames: 64,
    });
    const levelDb = plain + 10 * Math.log10(2);
    const expected = levelDb - compressedDb(levelDb, knobs);
    // At 35 Hz the ripple of the 10 ms RMS window is the rest of the error.
    const tolerance = number === 1 ? 0.6 : 0.1;
    const at = number === 1 ? "at 35 Hz" : "at 350 Hz, 2.5 and 16 kHz";
    const reductionDb = plain - rmsDb(out.left.slice(96_000));
    expectGate({ stage: "multiband", what: `reduction of a band and its read-out ${at} against the formula, error`, measured: Math.abs(reductionDb - expected), unit: "dB", must: tolerance });
    expectGate({ stage: "multiband", what: `reduction of a band and its read-out ${at} against the formula, error`, measured: Math.abs(reported - expected), unit: "dB", must: tolerance });
  });

  it("that is off stands at 0 dB whatever its makeup and reduction, to the bit", () => {
    const noise = stereoNoise(24_000);
    const off = play(noise, { ...HARD, ...everyBand({ makeupDb: 12, autoMakeup: 1 }), ...OFF });
    expect(nullDb(off.left, play(noise, OFF).left)).toBe(-6000);
  });

  it("keeps its part of the loudness with auto makeup, so that the whole is within 0.5 LU after 10 s", () => {
    const music = musicLike(22, 48000, 11);
    const tail = (signal: StereoSignal): StereoSignal => ({ left: signal.left.slice(480_000), right: signal.right.slice(480_000) });
    const loudness = (signal: StereoSignal): number => measureProgramme(tail(signal)).integratedLufs!;
    const before = loudness(music);
    expect(loudness(play(music, HARD))).toBeLessThan(before - 3);
    const measured = Math.abs(loudness(play(music, { ...HARD, ...everyBand({ autoMakeup: 1 }) })) - before);
    expectGate({ stage: "multiband", what: "auto makeup: loudness after 10 s of music against the input", measured, unit: "LU", must: 0.5 });
  });

  it("mixes in parallel against its own all-passed sound: a mix of 0 nulls with off to the bit", () => {
    const noise = stereoNoise(24_000);
    const mixed = play(noise, { ...HARD, ...everyBand({ mixPercent: 0 }) });
    expect(nullDb(mixed.left, play(noise, OFF).left)).toBe(-6000);
  });
});

describe("solo", () => {
  it("plays the sum of the soloed bands: 1+3 and 2+4 add up to the whole, within -250 dBFS", () => {
    const noise = stereoNoise(24_000);
    const odd = play(noise, { ...OFF, ...band(1, { solo: 1 }), ...band(3, { solo: 1 }) }).left;
    const even = play(noise, { ...OFF, ...band(2, { solo: 1 }), ...band(4, { solo: 1 }) }).left;
    const measured = nullDb(odd.map((x, n) => x + even[n]!), play(noise, OFF).left);
    expectGate({ stage: "multiband", what: "bands 1+3 and 2+4 soloed add up to the whole: null", measured, unit: "dBFS", must: -250 });
  });

  it("of band 4 with three bands is no solo", () => {
    const noise = stereoNoise(24_000);
    const three = { ...OFF, "multiband.bands": 0 };
    expect(nullDb(play(noise, { ...three, ...band(4, { solo: 1 }) }).left, play(noise, three).left)).toBe(-6000);
  });
});

describe("as a stage", () => {
  const setups: Record<string, Knobs> = {
    hard: HARD,
    "three bands, unlinked, auto makeup": { ...HARD, "multiband.bands": 0, ...everyBand({ linkPercent: 40, autoMakeup: 1, detector: 0 }) },
  };
  for (const [name, knobs] of Object.entries(setups)) {
    const setup = { stage: "multiband", parameters: { "multiband.bypass": 0, ...knobs } } as const;
    it(`gives the same bits in blocks of 1, 17, 64, 480 and 1024: ${name}`, () => expectBlockInvariance(setup, stereoNoise(9600)));
    it(`is new after reset: ${name}`, () => expectResetEqualsNew(setup, stereoNoise(9600)));
    it(`recovers from non-finite input: ${name}`, () => expectRecoveryFromNan(setup));
  }

  it("gives the same bits in blocks of 1 and 480 while crossovers, bands and solos move", () => {
    const changes = new Map([[4800, {
      "multiband.crossover1Hz": 400, "multiband.crossover2Hz": 3000, "multiband.crossover3Hz": 2000, "multiband.bands": 0,
      ...band(1, { solo: 1 }), ...band(2, { on: 0, makeupDb: 6 }), ...band(3, { linkPercent: 0 }),
    }]]);
    const run = (blockFrames: number): Float64Array => play(stereoNoise(9600), HARD, { blockFrames, changes }).right;
    expect(nullDb(run(1), run(480))).toBe(-6000);
  });

  it("turns silence into silence, after sound within 3 s to the bit", () => {
    const burst = new Float64Array(48_000 * 3);
    burst.set(pinkNoise(4800, -6, 5));
    const { left } = play(dual(burst), HARD);
    expect(left.slice(-4800).every((x) => x === 0)).toBe(true);
    expect(play(dual(new Float64Array(9600)), HARD).left.every((x) => x === 0)).toBe(true);
  });
});

describe("parameter jumps over the whole range", () => {
  const rows = PARAMETERS.filter((row) => /^multiband\.(?!band[134]|bypass)/.test(row.id));
  for (const { id, min, max } of rows) {
    it.each([[min, max], [max, min]])(`leave no residue over -60 dBFS of a 1 kHz tone: ${id} from %d to %d`, (from, to) => {
      const parameters = { "multiband.bypass": 0, ...everyBand({ thresholdDb: -30, ratio: 4 }) };
      expectCleanJump({ stage: "multiband", parameters, id, from, to });
    });
  }
});

/** Level of a narrow band (a fourth of an octave, two-pole) around `freqHz`. */
function bandLevelDb(signal: Float64Array, freqHz: number): number {
  const w = (2 * Math.PI * freqHz) / 48000;
  const alpha = Math.sin(w) / (2 * 6);
  const [b, a1, a2] = [alpha / (1 + alpha), (-2 * Math.cos(w)) / (1 + alpha), (1 - alpha) / (1 + alpha)];
  let [x1, x2, y1, y2, sum] = [0, 0, 0, 0, 0];
  for (const x of signal) {
    const y = b * (x - x2) - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    sum += y * y;
  }
  return 10 * Math.log10(sum / signal.length);
}
