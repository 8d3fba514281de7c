import { describe, expect, it } from "vitest";
import { READOUT_OUTPUT_CLIPS } from "../../src/dsp/layout.js";
import { expectGate } from "../support/gates.js";
import { fft, framesUntilSilence, peakDb, rmsDb, spectrumDb } from "../support/measure.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { concat, pinkNoise, sine } from "../support/signals.js";
import { expectBlockInvariance, expectCleanJump, expectRecoveryFromNan, expectResetEqualsNew, expectSame, stereoNoise } from "../support/stage-checks.js";

const BITS = [16, 20, 24] as const;
const FLAT = 0;
const GENTLE = 1;
const STRONG = 2;
/** Wannamaker 1992, the published coefficients. */
const PUBLISHED: Readonly<Record<number, readonly number[]>> = {
  [GENTLE]: [1.623, -0.982, 0.109],
  [STRONG]: [2.412, -3.37, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847],
};

interface Settings { bits?: number; shape?: number; autoBlank?: number; sampleRateHz?: number }

function dither(signal: StereoSignal, settings: Settings = {}): StereoSignal {
  const { bits = 16, shape = FLAT, autoBlank = 0, sampleRateHz = 48000 } = settings;
  return runChain(signal, { sampleRateHz, stages: ["dither"], parameters: parametersOf(bits, shape, autoBlank) });
}

function parametersOf(bits: number, shape = FLAT, autoBlank = 0): Record<string, number> {
  return { "dither.bits": BITS.findIndex((value) => value === bits), "dither.shape": shape, "dither.autoBlank": autoBlank };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, n) => x - b[n]!);
}

function peak(signal: Float64Array): number {
  return signal.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Mean power spectrum in dB of Hann-windowed pieces, 0 dB for white noise of power 1. */
function powerDensityDb(signal: Float64Array, size: number): Float64Array {
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  const sum = new Float64Array(size / 2 + 1);
  let pieces = 0;
  for (let at = 0; at + size <= signal.length; at += size / 2, pieces++) {
    const { re, im } = fft(signal.slice(at, at + size).map((x, i) => x * window[i]!));
    for (let k = 0; k < sum.length; k++) sum[k]! += re[k]! ** 2 + im[k]! ** 2;
  }
  return sum.map((power) => 10 * Math.log10(power / pieces / (size * 0.375)));
}

describe("word length", () => {
  it.each(BITS)("puts out multiples of one LSB within -1 and 1 - LSB at %i bit", (bits) => {
    const lsb = 2 ** (1 - bits);
    for (const shape of [FLAT, GENTLE, STRONG]) {
      const { left } = dither(dual(sine(9600, 48000, { freqHz: 997, levelDbfs: 0 })), { bits, shape });
      expect(left.every((x) => Number.isInteger(x / lsb) && x >= -1 && x <= 1 - lsb)).toBe(true);
    }
  });

  it("counts clips beyond half an LSB over full scale and none below", () => {
    const lsb = 2 ** -15;
    const clipsAt = (level: number): number => {
      let clips = 0;
      runChain({ left: new Float64Array(480).fill(level), right: new Float64Array(480) }, {
        stages: ["dither"], parameters: parametersOf(16),
        afterBlock: (chain) => (clips = chain.readout(READOUT_OUTPUT_CLIPS)),
      });
      return clips;
    };
    expect(clipsAt(1 + 0.45 * lsb)).toBe(0);
    expect(clipsAt(-1 - 0.45 * lsb)).toBe(0);
    expect(clipsAt(1 + 0.55 * lsb)).toBe(480);
    expect(clipsAt(-1 - 0.55 * lsb)).toBe(480);
  });

  it("passes the sound unrounded when bypassed", () => {
    const signal = stereoNoise(4800);
    expectSame(runChain(signal, { stages: ["dither"], parameters: { "dither.bypass": 1 } }), signal);
  });

  it("keeps the strong shaper stable after 3 dB of clipping", () => {
    const signal = concat(sine(24000, 48000, { freqHz: 997, levelDbfs: 3 }), sine(24000, 48000, { freqHz: 997, levelDbfs: -20 }));
    const { left } = dither(dual(signal), { shape: STRONG });
    expect(rmsDb(difference(left, signal).slice(24100))).toBeLessThan(-77);
  });
});

describe("noise (T-D1 to T-D4)", () => {
  // The noise of TPDF dither and rounding together is LSB^2 / 4 (Lipshitz, Wannamaker, Vanderkooy 1992).
  it.each(BITS)("has the theoretical power within 0.1 dB at %i bit", (bits) => {
    const signal = pinkNoise(240_000, -20, 3);
    const theoryDb = 20 * Math.log10(2 ** (1 - bits) / 2);
    const { left, right } = dither(dual(signal), { bits });
    const errorDb = Math.max(...[left, right].map((channel) => Math.abs(rmsDb(difference(channel, signal)) - theoryDb)));
    expectGate({ stage: "dither", what: "noise at 16, 20 and 24 bit against LSB^2 / 4, error [T-D1]", measured: errorDb, unit: "dB", must: 0.1 }, `${bits} bit`);
  });

  it("keeps its power within 0.1 dB for every DC level between two steps", () => {
    const levels = Array.from({ length: 11 }, (_, i) => {
      const dc = new Float64Array(192_000).fill((100 + i / 10) * 2 ** -15);
      return rmsDb(difference(dither(dual(dc)).left, dc));
    });
    const spreadDb = Math.max(...levels) - Math.min(...levels);
    expectGate({ stage: "dither", what: "noise modulation by DC of 0 to 1 LSB [T-D3]", measured: spreadDb, unit: "dB", must: 0.1 });
  });

  it.each([-90, -100, -110])("makes no harmonic of a %i dBFS tone at 16 bit", (levelDbfs) => {
    // 64 pieces, each a whole number of periods long: noise averages out, harmonics stay.
    const size = 8192;
    const bin = 170;
    const tone = sine(64 * size, 48000, { freqHz: (bin * 48000) / size, levelDbfs });
    const { left } = dither(dual(tone));
    const mean = new Float64Array(size);
    left.forEach((x, n) => (mean[n % size]! += x / 64));
    const spectrum = spectrumDb(mean);
    // White noise in the mean of 64 pieces, as a bin's amplitude; a Rayleigh bin rarely exceeds its mean by 9.5 dB.
    const { re, im } = fft(mean);
    const bins = Array.from(re, (x, k) => (x * x + im[k]! ** 2) * (2 / size) ** 2);
    const floorDb = 10 * Math.log10(2 * (2 ** -30 / 4) * 2 / size / 64);
    for (let harmonic = 2; harmonic <= 20; harmonic++) {
      const overDb = 10 * Math.log10(bins[harmonic * bin]!) - floorDb;
      expectGate({ stage: "dither", what: "harmonics of tones of -90 to -110 dBFS at 16 bit over the mean noise of a bin, mean of 64", measured: overDb, unit: "dB", must: 9.5 }, `harmonic ${harmonic}`);
    }
    expect(spectrum[bin]).toBeGreaterThan(levelDbfs - 1);
  });

  it.each([-90, -100, -110])("has no harmonic of a %i dBFS tone 3 dB over the noise in 64 averaged spectra at 16 bit", (levelDbfs) => {
    const size = 8192;
    const bin = 170;
    const tone = sine(33 * size, 48000, { freqHz: (bin * 48000) / size, levelDbfs });
    // Pieces overlap by half: 65 of them. White noise of LSB^2 / 4 reads 0 dB.
    const density = powerDensityDb(dither(dual(tone)).left.map((x) => x * 2 ** 16), size);
    const harmonics = Array.from({ length: 19 }, (_, i) => density[(i + 2) * bin]!);
    expectGate({ stage: "dither", what: "harmonics of tones of -90 to -110 dBFS at 16 bit over the noise, 64 averages [T-D2]", measured: Math.max(...harmonics), unit: "dB", must: 3 });
    expect(density[bin]).toBeGreaterThan(3);
  });

  it("correlates the channels by less than 0.01", () => {
    const signal = new Float64Array(240_000).fill(0.1);
    const { left, right } = dither(dual(signal));
    let product = 0;
    left.forEach((x, n) => (product += (x - 0.1) * (right[n]! - 0.1)));
    const power = (2 ** -30 / 4) * left.length;
    expectGate({ stage: "dither", what: "correlation of the channels' dither [T-D4]", measured: Math.abs(product / power), unit: "", must: 0.01 });
  });

  it("has white noise from flat dither: neighbouring samples correlate by less than 0.01", () => {
    const signal = new Float64Array(240_000).fill(0.1);
    const error = difference(dither(dual(signal)).left, signal);
    for (let lag = 1; lag <= 4; lag++) {
      let product = 0;
      for (let n = lag; n < error.length; n++) product += error[n]! * error[n - lag]!;
      const measured = Math.abs(product / (error.length * (2 ** -30 / 4)));
      expectGate({ stage: "dither", what: "correlation of neighbouring samples, flat dither", measured, unit: "", must: 0.01 });
    }
  });
});

describe("noise shapes (T-D5)", () => {
  it.each([[GENTLE, 44100], [GENTLE, 48000], [STRONG, 44100], [STRONG, 48000]])(
    "shape %i has its published noise transfer function within 1 dB at %i Hz",
    (shape, sampleRateHz) => {
      const size = 1024;
      const signal = pinkNoise(480_000, -20, 4);
      const { left } = dither(dual(signal), { shape, sampleRateHz });
      const density = powerDensityDb(difference(left, signal).map((x) => x * 2 ** 16), size);
      let worstDb = 0;
      for (let k = 4; k < size / 2 - 4; k++) {
        let re = 1;
        let im = 0;
        PUBLISHED[shape]!.forEach((c, i) => {
          const angle = (-2 * Math.PI * k * (i + 1)) / size;
          re -= c * Math.cos(angle);
          im -= c * Math.sin(angle);
        });
        const theoryDb = 10 * Math.log10(re * re + im * im);
        worstDb = Math.max(worstDb, Math.abs(density[k]! - theoryDb));
      }
      expectGate({ stage: "dither", what: "noise shapes against their published transfer functions, error [T-D5]", measured: worstDb, unit: "dB", must: 1 });
    },
  );

  it.each([88200, 96000, 176400, 192000])("is flat at %i Hz whatever the shape", (sampleRateHz) => {
    const signal = stereoNoise(9600);
    const flat = dither(signal, { shape: FLAT, sampleRateHz });
    expectSame(dither(signal, { shape: STRONG, sampleRateHz }), flat);
    expectSame(dither(signal, { shape: GENTLE, sampleRateHz }), flat);
  });
});

describe("auto blank (T-D6)", () => {
  const music = sine(9600, 48000, { freqHz: 997, levelDbfs: -20 });

  it("puts out exact zeros after 50 ms of digital silence and none before", () => {
    const { left } = dither(dual(concat(music, new Float64Array(9600))), { autoBlank: 1, shape: STRONG });
    expect(left.slice(9600, 12_000).filter((x) => x !== 0).length).toBeGreaterThan(1000);
    const lastMs = (framesUntilSilence(left) - 9600) / 48;
    expectGate({ stage: "dither", what: "auto blank: exact zeros after silence of [T-D6]", measured: lastMs, unit: "ms", must: 50 });
  });

  it("waits while one channel sounds", () => {
    const { right } = dither({ left: sine(19200, 48000, { freqHz: 997, levelDbfs: -20 }), right: new Float64Array(19200) }, { autoBlank: 1 });
    expect(right.slice(9600).filter((x) => x !== 0).length).toBeGreaterThan(1000);
  });

  it("resumes with no error beyond the dither's own 1.5 LSB", () => {
    const signal = concat(music, new Float64Array(9607), music);
    const { left } = dither(dual(signal), { autoBlank: 1 });
    const errorLsb = peak(difference(left, signal).slice(19207)) * 2 ** 15;
    expectGate({ stage: "dither", what: "auto blank: largest error when the sound resumes [T-D6]", measured: errorLsb, unit: "LSB", must: 1.5 });
  });

  it("keeps dithering silence when it is off", () => {
    const { left } = dither(dual(new Float64Array(48000)), { autoBlank: 0 });
    expect(Math.abs(rmsDb(left.slice(24000)) + 96.33)).toBeLessThan(0.1);
  });
});

describe("as a stage", () => {
  it.each([FLAT, GENTLE, STRONG])("gives the same bits for blocks of 1, 17, 64, 480 and 1024 frames, shape %i", (shape) => {
    const noise = stereoNoise(4000);
    const gap = new Float64Array(5003);
    const signal = { left: concat(noise.left, gap, noise.left), right: concat(noise.right, gap, noise.right) };
    expectBlockInvariance({ stage: "dither", parameters: parametersOf(16, shape, 1) }, signal);
  });

  it("has no latency: an impulse leaves at its own frame", () => {
    const signal = new Float64Array(480);
    signal[100] = 0.5;
    const { left } = dither(dual(signal));
    expect(left.indexOf(Math.max(...left))).toBe(100);
  });

  it("gives the same noise after a reset as a new one", () => {
    expectResetEqualsNew({ stage: "dither", parameters: parametersOf(16, STRONG, 1) }, stereoNoise(9600));
  });

  it("recovers from samples that are not finite", () => {
    expectRecoveryFromNan({ stage: "dither", parameters: parametersOf(16, STRONG, 1) });
  });

  it.each([
    ["dither.bits", 0, 2, FLAT], ["dither.bits", 2, 0, STRONG], ["dither.shape", FLAT, STRONG, FLAT],
    ["dither.shape", STRONG, FLAT, FLAT], ["dither.autoBlank", 0, 1, FLAT], ["dither.bypass", 0, 1, STRONG],
  ])("switches %s from %d to %d within the noise: no component above -85 dBFS", (id, from, to, shape) => {
    expectCleanJump({ stage: "dither", parameters: parametersOf(16, shape), id, from, to }, -85);
  });

  it("stays within the noise of the two shapes, sample by sample, while the shape changes", () => {
    const signal = sine(48000, 48000, { freqHz: 1000, levelDbfs: -6 });
    const { left } = runChain(dual(signal), {
      stages: ["dither"], parameters: parametersOf(16),
      changes: new Map([[9600, { "dither.shape": STRONG }], [19200, { "dither.bits": 1 }], [28800, { "dither.shape": FLAT }]]),
    });
    // |error| <= 1.5 LSB times 1 + sum |c_k| of the strong shape (22.4).
    expect(peakDb(difference(left, signal))).toBeLessThan(20 * Math.log10(1.5 * 22.4 * 2 ** -15));
  });
});
