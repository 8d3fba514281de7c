import { describe, expect, it } from "vitest";
import { READOUT_COMPRESSOR_REDUCTION_DB } from "../../src/dsp/layout.js";
import { PARAMETERS } from "../../src/params/table.js";
import { compressedDb, levelStep, musicLike, reductionDb } from "../support/dynamics.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { measureProgramme } from "../support/measure-programme.js";
import { rmsDb, spectrumDb } from "../support/measure.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { concat, dbToLinear, impulse, linearToDb, pinkNoise, sine } from "../support/signals.js";
import {
  expectBlockInvariance, expectCleanJump, expectRecoveryFromNan, expectResetEqualsNew, stereoNoise,
} from "../support/stage-checks.js";

type Knobs = Readonly<Record<string, number>>;

function ids(knobs: Knobs): Record<string, number> {
  return Object.fromEntries(Object.entries(knobs).map(([name, value]) => [`compressor.${name}`, value]));
}

function compress(signal: StereoSignal, knobs: Knobs, sampleRateHz = 48000): StereoSignal {
  return runChain(signal, { sampleRateHz, stages: ["compressor"], parameters: ids(knobs) });
}

/** Compares the bits; an equality of the arrays would print them all. */
function expectSameBits(actual: Float64Array, expected: Float64Array): void {
  expect(Buffer.from(actual.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
}

function expectSameStereo(actual: StereoSignal, expected: StereoSignal): void {
  expectSameBits(actual.left, expected.left);
  expectSameBits(actual.right, expected.right);
}

/** Sine on a bin of a 65536-point spectrum, three such spans long. */
function binSine(freqHz: number, levelDbfs: number): { signal: Float64Array; bin: number } {
  const bin = Math.round((freqHz * 65536) / 48000);
  return { signal: sine(3 * 65536, 48000, { freqHz: (bin * 48000) / 65536, levelDbfs }), bin };
}

const HARD: Knobs = { thresholdDb: -40, ratio: 4, kneeDb: 6, attackMs: 1, releaseMs: 80 };
const DETECTORS = [["peak", 0], ["rms", 1]] as const;

describe("steady tones", () => {
  for (const [name, detector] of DETECTORS) {
    it(`of 100 Hz and 1 kHz leave a gain ripple under 0.05 dB at 100 ms release, ${name} (T-C3)`, () => {
      for (const freqHz of [100, 1000]) {
        const tone = sine(192_000, 48000, { freqHz, levelDbfs: -6 });
        const { left } = compress(dual(tone), { detector, releaseMs: 100, autoRelease: 0, kneeDb: 0, sidechainHighpassHz: 20 });
        const gain = reductionDb(tone, left).slice(144_000).filter((_, i) => Math.abs(tone[144_000 + i]!) > 0.1);
        const ripple = Math.max(...gain) - Math.min(...gain);
        expectGate({ stage: "compressor", what: "gain ripple on 100 Hz and 1 kHz at 100 ms release [T-C3]", measured: ripple, unit: "dB", must: 0.05 }, `${freqHz} Hz`);
      }
    });

    it(`have THD below -70 dB at 100 Hz and -100 dB at 1 kHz with 6 dB of reduction (0.5 dB more or less), ${name} (T-C7)`, () => {
      for (const [freqHz, limitDb] of [[100, -70], [1000, -100]] as const) {
        const { signal, bin } = binSine(freqHz, -6);
        const knobs = { thresholdDb: -18, ratio: 2, kneeDb: 0, detector, attackMs: 10, releaseMs: 200, autoRelease: 0, sidechainHighpassHz: 20 };
        const spectrum = spectrumDb(compress(dual(signal), knobs).left.slice(2 * 65536));
        let harmonics = 0;
        for (let k = 2; k <= 10; k++) harmonics += 10 ** (spectrum[k * bin]! / 10);
        expect(Math.abs(spectrum[bin]! + 12)).toBeLessThan(0.5);
        const thdDb = 10 * Math.log10(harmonics) - spectrum[bin]!;
        expectGate({ stage: "compressor", what: `THD of ${freqHz} Hz at 6 dB of reduction, 10/200 ms [T-C7]`, measured: thdDb, unit: "dB", must: limitDb });
      }
    });
  }

  it("read the same on both detectors within 0.05 dB, from 500 Hz to 10 kHz", () => {
    for (const freqHz of [500, 997, 10007]) {
      const tone = dual(sine(96_000, 48000, { freqHz, levelDbfs: -10 }));
      const [peak, rms] = DETECTORS.map(([, detector]) =>
        rmsDb(compress(tone, { detector, sidechainHighpassHz: 20 }).left.slice(72_000)));
      expectGate({ stage: "compressor", what: "peak against RMS detector on tones of 0.5 to 10 kHz", measured: Math.abs(peak! - rms!), unit: "dB", must: 0.05 });
    }
  });
});

describe("neutral settings (T-C4)", () => {
  const noise = stereoNoise(48_000);
  const expectUntouched = (actual: StereoSignal, expected: StereoSignal): void => {
    const measured = differingFrames(actual, expected);
    expectGate({ stage: "compressor", what: "ratio 1, mix 0 or below the threshold: frames not bit-exact [T-C4]", measured, unit: "frames", must: 0 });
  };
  it("pass every bit at a ratio of 1", () => {
    expectUntouched(compress(noise, { ratio: 1, thresholdDb: -60 }), noise);
  });
  it("pass every bit below the threshold, at any mix", () => {
    for (const mixPercent of [0, 30, 77, 100]) {
      const quiet = { left: noise.left.map((x) => x * 0.01), right: noise.right.map((x) => x * 0.01) };
      expectUntouched(compress(quiet, { thresholdDb: -10, mixPercent }), quiet);
    }
  });
  it("pass every bit at a mix of 0", () => {
    expectUntouched(compress(noise, { ...HARD, mixPercent: 0, makeupDb: 12 }), noise);
  });
  it("pass every bit again after a loud passage", () => {
    const tone = sine(48_000 * 8, 48000, { freqHz: 1000, levelDbfs: -30 }).map((x, n) => (n < 48_000 ? 20 * x : x));
    const { left } = compress(dual(tone), { thresholdDb: -20, releaseMs: 100, autoRelease: 0 });
    expectSameBits(left.slice(48_000 * 7), tone.slice(48_000 * 7));
    expect(reductionDb(tone, left)[47_990]!).toBeGreaterThan(4);
  });
  it("have no latency", () => {
    const { left } = compress(dual(impulse(4800, 1000, -20)), { thresholdDb: -10 });
    expect(left.findIndex((x) => x !== 0)).toBe(1000);
  });
});

describe("stereo link", () => {
  const tone = sine(48_000, 48000, { freqHz: 997, levelDbfs: -6 });
  const quiet = sine(48_000, 48000, { freqHz: 1499, levelDbfs: -50 });
  const knobs = { thresholdDb: -30, ratio: 4, kneeDb: 0, detector: 1 };

  it("at 100 % turns a quiet channel down as much as the loud one, within 1e-9 dB (T-C5)", () => {
    const { left, right } = compress({ left: tone, right: quiet }, { ...knobs, linkPercent: 100 });
    const loud = reductionDb(tone, left);
    const soft = reductionDb(quiet, right);
    expect(loud[47_990]!).toBeGreaterThan(17);
    let apartDb = 0;
    for (let n = 40_001; n < 48_000; n += 97) apartDb = Math.max(apartDb, Math.abs(loud[n]! - soft[n]!));
    expectGate({ stage: "compressor", what: "reduction of both channels at 100 % link, apart [T-C5]", measured: apartDb, unit: "dB", must: 1e-9 });
  });

  it("at 0 % leaves a quiet channel untouched to the bit, and at 50 % takes half the dB", () => {
    const apart = compress({ left: tone, right: quiet }, { ...knobs, linkPercent: 0 });
    expectSameBits(apart.right, quiet);
    const half = compress({ left: tone, right: quiet }, { ...knobs, linkPercent: 50 });
    const full = reductionDb(tone, apart.left)[47_990]!;
    expect(Math.abs(reductionDb(quiet, half.right)[47_990]! - full / 2)).toBeLessThan(0.001);
  });

  it("compresses an anti-phase programme as the in-phase one, to the bit, at any link", () => {
    const programme = pinkNoise(48_000, -12, 3);
    const inverted = programme.map((x) => -x);
    for (const linkPercent of [0, 50, 100]) {
      for (const detector of [0, 1]) {
        const inPhase = compress(dual(programme), { ...HARD, linkPercent, detector });
        const antiPhase = compress({ left: programme, right: inverted }, { ...HARD, linkPercent, detector });
        expectSameBits(antiPhase.left, inPhase.left);
        expectSameBits(antiPhase.right, inPhase.right.map((x) => -x));
      }
    }
  });

  it("moves from 0 to 100 % and back in a second to equal reductions within 0.001 dB", () => {
    const half = { left: tone, right: tone.map((x) => x / 4) };
    const { left, right } = runChain(half, {
      stages: ["compressor"],
      parameters: ids({ ...knobs, linkPercent: 0, releaseMs: 20, autoRelease: 0 }),
      changes: new Map([[9600, ids({ linkPercent: 100 })]]),
    });
    expect(Math.abs(reductionDb(half.left, left)[47_990]! - reductionDb(half.right, right)[47_990]!)).toBeLessThan(0.001);
  });
});

describe("side-chain high-pass", () => {
  it("hears a tone below it as much quieter as a second-order Butterworth makes it, within 0.1 dB", () => {
    const knobs = { thresholdDb: -40, ratio: 2, kneeDb: 0, detector: 1, attackMs: 60, releaseMs: 400, sidechainHighpassHz: 200 };
    for (const freqHz of [100, 200, 400, 800]) {
      const tone = sine(144_000, 48000, { freqHz, levelDbfs: -6 });
      const { left } = compress(dual(tone), knobs);
      const heardDb = -6 - 10 * Math.log10(1 + (200 / freqHz) ** 4);
      const expected = heardDb - compressedDb(heardDb, { thresholdDb: -40, ratio: 2, kneeDb: 0 });
      const whole = Math.round(96_000 / (48000 / freqHz)) * (48000 / freqHz);
      const measured = rmsDb(tone.slice(-whole / 2)) - rmsDb(left.slice(-whole / 2));
      const errorDb = Math.abs(measured - expected);
      expectGate({ stage: "compressor", what: "side-chain high-pass against Butterworth at 100 to 800 Hz, error", measured: errorDb, unit: "dB", must: 0.1 }, `${freqHz} Hz`);
    }
  });
});

describe("mix, makeup and readout", () => {
  const tone = sine(96_000, 48000, { freqHz: 1000, levelDbfs: -6 });
  const knobs = { thresholdDb: -30, ratio: 4, kneeDb: 0, detector: 1 };

  it("adds the dry share in parallel: 40 % of 18 dB of reduction, within 0.02 dB", () => {
    const { left } = compress(dual(tone), { ...knobs, mixPercent: 40 });
    const expected = linearToDb(0.6 + 0.4 * dbToLinear(-18));
    const errorDb = Math.abs(-reductionDb(tone, left)[95_990]! - expected);
    expectGate({ stage: "compressor", what: "parallel mix of 40 %, error", measured: errorDb, unit: "dB", must: 0.02 });
  });

  it("lifts by the makeup: 18 dB of reduction and 10 dB back, within 0.02 dB", () => {
    const { left } = compress(dual(tone), { ...knobs, makeupDb: 10 });
    expect(Math.abs(reductionDb(tone, left)[95_990]! - 8)).toBeLessThan(0.02);
  });

  it("reports the reduction within 0.02 dB", () => {
    let reported = 0;
    runChain(dual(tone), {
      stages: ["compressor"], parameters: ids(knobs), blockFrames: 64,
      afterBlock: (chain) => (reported = Math.max(reported, chain.readout(READOUT_COMPRESSOR_REDUCTION_DB))),
    });
    expectGate({ stage: "compressor", what: "read-out of 18 dB of reduction, error", measured: Math.abs(reported - 18), unit: "dB", must: 0.02 });
  });

  it("does not lift a quiet passage by what a loud one lost: within 0.5 dB 14 s after 38 dB of reduction", () => {
    const fs = 48000;
    const loud = sine(10 * fs, fs, { freqHz: 1000, levelDbfs: 0 });
    const quiet = sine(15 * fs, fs, { freqHz: 1000, levelDbfs: -42 });
    const { left } = compress(dual(concat(loud, quiet)), { thresholdDb: -40, ratio: 20, kneeDb: 0, autoRelease: 0, autoMakeup: 1 });
    expect(Math.abs(rmsDb(left.slice(-fs)) - rmsDb(quiet))).toBeLessThan(0.5);
  });

  for (const [name, settings] of Object.entries<Knobs>({
    gentle: { thresholdDb: -24, ratio: 2 },
    firm: { thresholdDb: -36, ratio: 6, attackMs: 5, releaseMs: 60, kneeDb: 3 },
    "fast peak, unlinked": { thresholdDb: -40, ratio: 10, attackMs: 0.1, releaseMs: 30, detector: 0, linkPercent: 0, autoRelease: 0 },
    parallel: { thresholdDb: -45, ratio: 10, attackMs: 0.5, releaseMs: 80, mixPercent: 30 },
  })) {
    it(`keeps the loudness within 0.5 LU with auto makeup after 10 s: ${name} (T-C6)`, () => {
      const music = musicLike(22, 48000, 7);
      const out = compress(music, { ...settings, autoMakeup: 1 });
      const from = 10 * 48000;
      const tail = (signal: StereoSignal): StereoSignal => ({ left: signal.left.slice(from), right: signal.right.slice(from) });
      const before = measureProgramme(tail(music)).integratedLufs!;
      const after = measureProgramme(tail(out)).integratedLufs!;
      const plain = measureProgramme(tail(compress(music, settings))).integratedLufs!;
      expect(plain).toBeLessThan(before - 1);
      expectGate({ stage: "compressor", what: "auto makeup: loudness after 10 s of music against the input [T-C6]", measured: Math.abs(after - before), unit: "LU", must: 0.5 });
    });
  }
});

describe("as a stage", () => {
  const setups: Record<string, Knobs> = {
    linked: HARD,
    "unlinked peak": { ...HARD, linkPercent: 30, detector: 0, mixPercent: 60 },
    "auto makeup": { ...HARD, autoMakeup: 1, autoRelease: 0 },
  };
  for (const [name, knobs] of Object.entries(setups)) {
    const setup = { stage: "compressor", parameters: ids(knobs) } as const;
    it(`gives the same bits in blocks of 1, 17, 64, 480 and 1024: ${name}`, () => expectBlockInvariance(setup, stereoNoise(9600)));
    it(`is new after reset: ${name}`, () => expectResetEqualsNew(setup, stereoNoise(9600)));
    it(`recovers from non-finite input: ${name}`, () => expectRecoveryFromNan(setup));
  }

  it("gives the same bits in blocks of 1 and 480 while every parameter moves", () => {
    const run = (blockFrames: number): StereoSignal => runChain(stereoNoise(9600), {
      stages: ["compressor"], parameters: ids(HARD), blockFrames,
      changes: new Map([[4800, ids({ thresholdDb: -10, ratio: 2, kneeDb: 20, linkPercent: 10, mixPercent: 50, makeupDb: 6, detector: 0, attackMs: 30, releaseMs: 500, sidechainHighpassHz: 300 })]]),
    });
    expectSameStereo(run(1), run(480));
  });

  it("turns silence into silence, after sound within 2 s to the bit", () => {
    const burst = { left: new Float64Array(48_000 * 3), right: new Float64Array(48_000 * 3) };
    burst.left.set(pinkNoise(4800, -6, 5));
    const { left, right } = compress(burst, { ...HARD, makeupDb: 12 });
    expect(left.slice(4800).every((x) => x === 0) && right.every((x) => x === 0)).toBe(true);
  });

  it("stays finite and quiet on full-scale square waves at every extreme", () => {
    const loud = dual(levelStep({ lowDbfs: -80, highDbfs: 0, frames: [4800, 4800, 4800] }));
    for (const ratio of [1, 20]) {
      for (const attackMs of [0.05, 300]) {
        for (const releaseMs of [5, 3000]) {
          const { left } = compress(loud, { ratio, attackMs, releaseMs, thresholdDb: -60, kneeDb: 24 });
          expect(left.every((x) => Math.abs(x) <= 1)).toBe(true);
        }
      }
    }
  });
});

describe("parameter jumps over the whole range", () => {
  const rows = PARAMETERS.filter((row) => row.id.startsWith("compressor.") && row.id !== "compressor.bypass");
  for (const { id, min, max } of rows) {
    it.each([[min, max], [max, min]])(`leave no residue over -60 dBFS of a 1 kHz tone: ${id} from %d to %d`, (from, to) => {
      expectCleanJump({ stage: "compressor", parameters: ids({ thresholdDb: -24, ratio: 4 }), id, from, to });
    });
  }
});
