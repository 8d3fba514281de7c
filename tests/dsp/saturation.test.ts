import { describe, expect, it } from "vitest";
import { expectGate } from "../support/gates.js";
import { nullDb, peakDb, spectrumDb } from "../support/measure.js";
import { measureProgramme } from "../support/measure-programme.js";
import { drums } from "../support/programmes.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { concat, dbToLinear, impulse, pinkNoise, sine } from "../support/signals.js";
import { expectBlockInvariance, expectCleanJump, expectRecoveryFromNan, expectResetEqualsNew, expectSame, stereoNoise } from "../support/stage-checks.js";

const CHARACTERS = [["tape", 0], ["tube", 1], ["transformer", 2]] as const;
const [TAPE, TUBE, TRANSFORMER] = [0, 1, 2];
const RATES = [44100, 48000, 88200, 96000, 176400, 192000] as const;
const RATE = 48000;
const SIZE = 65536;

function parametersOf(character: number, driveDb: number, mixPercent = 100): Record<string, number> {
  return {
    "saturation.bypass": 0, "saturation.character": character,
    "saturation.driveDb": driveDb, "saturation.mixPercent": mixPercent,
  };
}

function saturate(signal: StereoSignal, parameters: Record<string, number>, sampleRateHz = RATE): StereoSignal {
  return runChain(signal, { sampleRateHz, stages: ["saturation"], parameters });
}

function delayed(signal: Float64Array, frames: number): Float64Array {
  return concat(new Float64Array(frames), signal).slice(0, signal.length);
}

/** The bin nearest to `freqHz` whose harmonics fold to bins of their own. */
function oddBin(freqHz: number, sampleRateHz = RATE): number {
  return Math.round((freqHz / sampleRateHz) * SIZE) | 1;
}

/** Spectrum of the left channel's answer to tones, after 1 s. */
function answerDb(parameters: Record<string, number>, tones: readonly [bin: number, levelDbfs: number][], sampleRateHz = RATE): Float64Array {
  const frames = sampleRateHz + SIZE;
  const sum = new Float64Array(frames);
  for (const [bin, levelDbfs] of tones) {
    const tone = sine(frames, sampleRateHz, { freqHz: (bin * sampleRateHz) / SIZE, levelDbfs, phaseRad: bin });
    tone.forEach((x, n) => (sum[n]! += x));
  }
  return spectrumDb(saturate(dual(sum), parameters, sampleRateHz).left.slice(sampleRateHz));
}

/**
 * Loudest bin up to 20 kHz that is no harmonic of the tone, relative to the tone. At 44.1 kHz up to 18 kHz: within
 * 4 kHz of its Nyquist frequency the outer half-band filter still falls.
 */
function worstAliasDbc(parameters: Record<string, number>, freqHz: number, sampleRateHz: number): number {
  const bin = oddBin(freqHz, sampleRateHz);
  const spectrum = answerDb(parameters, [[bin, 0]], sampleRateHz);
  let worst = -300;
  const topHz = sampleRateHz < 48000 ? 18000 : 20000;
  for (let k = 20; k < (topHz / sampleRateHz) * SIZE; k++) {
    const fromHarmonic = Math.abs(k - Math.round(k / bin) * bin);
    if (fromHarmonic > 20) worst = Math.max(worst, spectrum[k]!);
  }
  return worst - spectrum[bin]!;
}

/** The documented curvature: c is a character's factor times 10^(D/10) - 1. */
function curvature(factor: number, driveDb: number): number {
  return factor * (10 ** (driveDb / 10) - 1);
}

/** The documented curve: y = x / sqrt(1 + c x^2), then y + q sqrt(c) y^2. */
function bend(x: number, c: number, asymmetry: number): number {
  const y = x / Math.sqrt(1 + c * x * x);
  return y + asymmetry * Math.sqrt(c) * y * y;
}

/** Amplitude of the n-th harmonic of the curve's answer to A sin t, by the rectangle rule, which is exact for periodic functions. */
function harmonic(n: number, amplitude: number, c: number, asymmetry: number): number {
  const steps = 4096;
  let re = 0;
  let im = 0;
  for (let i = 0; i < steps; i++) {
    const t = (2 * Math.PI * i) / steps;
    const y = bend(amplitude * Math.sin(t), c, asymmetry);
    re += y * Math.cos(n * t);
    im += y * Math.sin(n * t);
  }
  return (2 * Math.hypot(re, im)) / steps;
}

const TUBE_ASYMMETRY = 0.25;

describe("aliases at +12 dB drive, full-scale tone (T-S1)", () => {
  for (const [name, character] of CHARACTERS) {
    it.each([[5000, -90], [10000, -85]])(`of ${name} at %i Hz are below %i dBc at four rates`, (freqHz, gateDbc) => {
      for (const rate of [44100, 48000, 96000, 192000]) {
        const what = `aliases of ${freqHz} Hz at 0 dBFS, +12 dB drive, 44.1 to 192 kHz [T-S1]`;
        const measured = worstAliasDbc(parametersOf(character, 12), freqHz, rate);
        expectGate({ stage: "saturation", what, measured, unit: "dBc", must: gateDbc, stretch: -120 }, `${name}, ${rate} Hz`);
      }
    });
  }
});

describe("curve (T-S2, T-S3, T-S5)", () => {
  it.each(CHARACTERS)("%s is a delayed null below -140 dBFS at mix 0, and at drive 0", (_, character) => {
    const signal = stereoNoise(48000);
    for (const parameters of [parametersOf(character, 12, 0), parametersOf(character, 0, 100)]) {
      const { left, right } = saturate(signal, parameters);
      const measured = Math.max(nullDb(left, delayed(signal.left, 30)), nullDb(right, delayed(signal.right, 30)));
      expectGate({ stage: "saturation", what: "mix 0 % or drive 0 dB against the delayed input: null [T-S2]", measured, unit: "dBFS", must: -140 });
    }
  });

  it.each(CHARACTERS)("%s at small level is flat within 0.1 dB from 100 Hz to 20 kHz at 48 kHz", (_, character) => {
    // -100 dBFS: no curve. The wet share alone, its level by the match frozen below -70 LUFS.
    const at = (freqHz: number): number => {
      const bin = oddBin(freqHz);
      const c = curvature([0.25, 0.3, 0.8][character]!, 6);
      const levelDb = character === TRANSFORMER ? 0 : 10 * Math.log10(1 + 2 * c * 10 ** -1.8);
      return answerDb(parametersOf(character, 6), [[bin, -100]])[bin]! + 100 - levelDb;
    };
    for (const freqHz of [100, 1000, 5000, 10000, 15000, 20000]) {
      expectGate({ stage: "saturation", what: "response at small level, 100 Hz to 20 kHz, off flat", measured: Math.abs(at(freqHz)), unit: "dB", must: 0.1 }, `${freqHz} Hz`);
    }
  });

  it("tape at +6 dB and 1 kHz has H3 within 0.2 dB of the formula between its shelves, and H2 below -120 dBc", () => {
    const bin = oddBin(1000);
    const spectrum = answerDb(parametersOf(TAPE, 6), [[bin, -6]]);
    const shelf = (n: number): number => {
      const pole = Math.exp((-2 * Math.PI * 2000) / RATE);
      const angle = (2 * Math.PI * bin * n) / SIZE;
      const g = 10 ** (4 / 20);
      const top = Math.hypot(1 + (g - 1) * pole - g * pole * Math.cos(angle), g * pole * Math.sin(angle));
      return top / Math.hypot(1 - pole * Math.cos(angle), pole * Math.sin(angle));
    };
    const amplitude = dbToLinear(-6) * shelf(1);
    const c = curvature(0.25, 6);
    const theory = (harmonic(3, amplitude, c, 0) / shelf(3)) / (harmonic(1, amplitude, c, 0) / shelf(1));
    const thirdDb = spectrum[3 * bin]! - spectrum[bin]!;
    expectGate({ stage: "saturation", what: "tape, +6 dB, 1 kHz: H3 against the formula, error [T-S3]", measured: Math.abs(thirdDb - 20 * Math.log10(theory)), unit: "dB", must: 0.2 });
    expectGate({ stage: "saturation", what: "tape, +6 dB, 1 kHz: H2 [T-S3]", measured: spectrum[2 * bin]! - spectrum[bin]!, unit: "dBc", must: -120 });
  });

  it("tube at +6 dB and 1 kHz has H2 and H3 within 0.2 dB of the formula", () => {
    const bin = oddBin(1000);
    const spectrum = answerDb(parametersOf(TUBE, 6), [[bin, -6]]);
    const c = curvature(0.3, 6);
    for (const n of [2, 3]) {
      const theory = harmonic(n, dbToLinear(-6), c, TUBE_ASYMMETRY) / harmonic(1, dbToLinear(-6), c, TUBE_ASYMMETRY);
      const errorDb = Math.abs(spectrum[n * bin]! - spectrum[bin]! - 20 * Math.log10(theory));
      expectGate({ stage: "saturation", what: "tube, +6 dB, 1 kHz: H2 and H3 against the formula, error [T-S3]", measured: errorDb, unit: "dB", must: 0.2 }, `H${n}`);
    }
  });

  it("transformer saturates 60 Hz at least 30 dB more than 2 kHz", () => {
    const h3 = (freqHz: number): number => {
      const bin = oddBin(freqHz);
      const spectrum = answerDb(parametersOf(TRANSFORMER, 9), [[bin, -6]]);
      return spectrum[3 * bin]! - spectrum[bin]!;
    };
    expect(h3(60) - h3(2000)).toBeGreaterThan(30);
  });

  it("tube gives 19 and 20 kHz an intermodulation at 1 kHz within 1 dB of the formula", () => {
    const [low, high] = [oddBin(19000), oddBin(20000)] as const;
    const spectrum = answerDb(parametersOf(TUBE, 6), [[low, -9], [high, -9]]);
    // The formula at 8 times the rate, where no product that matters folds.
    const c = curvature(0.3, 6);
    const sums = new Map<number, [number, number]>([[low, [0, 0]], [high - low, [0, 0]]]);
    for (let n = 0; n < SIZE * 8; n++) {
      const t = (2 * Math.PI * n) / (SIZE * 8);
      const y = bend(dbToLinear(-9) * (Math.sin(low * t + low) + Math.sin(high * t + high)), c, TUBE_ASYMMETRY);
      for (const [bin, sum] of sums) {
        sum[0] += y * Math.cos(bin * t);
        sum[1] += y * Math.sin(bin * t);
      }
    }
    const size = (bin: number): number => Math.hypot(...sums.get(bin)!);
    const theoryDb = 20 * Math.log10(size(high - low) / size(low));
    const errorDb = Math.abs(spectrum[high - low]! - spectrum[low]! - theoryDb);
    expectGate({ stage: "saturation", what: "tube, 19 and 20 kHz: product at 1 kHz against the formula, error [T-S5]", measured: errorDb, unit: "dB", must: 1 });
  });

  it.each(CHARACTERS)("%s puts out DC below -80 dBFS (T-S4)", (_, character) => {
    const { left } = saturate(dual(sine(2 * RATE, RATE, { freqHz: 1000, levelDbfs: -1 })), parametersOf(character, 18));
    const second = left.slice(RATE);
    const dcDbfs = 20 * Math.log10(Math.abs(second.reduce((sum, x) => sum + x, 0) / second.length));
    expectGate({ stage: "saturation", what: "DC at +18 dB drive, all characters [T-S4]", measured: dcDbfs, unit: "dBFS", must: -80 });
  });
});

describe("loudness", () => {
  const programmes = new Map([
    ["pink noise at -18 dBFS RMS", pinkNoise(6 * RATE, -18, 5)],
    ["drums", drums(6 * RATE, RATE, -3, 7)],
  ]);
  for (const [name, character] of CHARACTERS) {
    it.each([...programmes])(`of ${name} stays within 1 LU from no drive to full drive on %s`, (_, programme) => {
      // The last 3 s of 6.
      const dryLufs = measureProgramme(dual(programme)).shortTermLufs!;
      for (const driveDb of [0.5, 6, 12, 18]) {
        const lufs = measureProgramme(saturate(dual(programme), parametersOf(character, driveDb))).shortTermLufs!;
        expectGate({ stage: "saturation", what: "loudness from no drive to full drive, pink noise and drums, moves by", measured: Math.abs(lufs - dryLufs), unit: "LU", must: 1 }, `${driveDb} dB`);
      }
    });
  }

  it("does not pump: on pink noise the gain moves by less than 0.5 dB in a second, one second after the start", () => {
    // Against a twin at half the mix of which nothing else differs, the wet gain shows in the 400 ms loudness.
    const noise = pinkNoise(6 * RATE, -18, 6);
    const momentary = (signal: StereoSignal): number[] => {
      const values: number[] = [];
      measureProgramme(signal, { afterBin: (meter, seconds) => values.push(seconds > 1 ? meter.momentaryLufs! : Number.NaN) });
      return values;
    };
    const dry = momentary(dual(delayed(noise, 30)));
    const gain = momentary(saturate(dual(noise), parametersOf(TAPE, 12))).map((lufs, i) => lufs - dry[i]!);
    for (let i = 100; i + 100 < gain.length; i++) {
      if (Number.isFinite(gain[i]!)) expect(Math.abs(gain[i + 100]! - gain[i]!)).toBeLessThan(0.5);
    }
  });
});

describe("as a stage", () => {
  it.each(RATES)("reports the delay of an impulse at %i Hz, at most 30 frames", (sampleRateHz) => {
    for (const [, character] of CHARACTERS) {
      let reported = -1;
      const { left } = runChain(dual(impulse(4800, 1000, -20)), {
        sampleRateHz, stages: ["saturation"], parameters: parametersOf(character, 6),
        afterBlock: (chain) => (reported = chain.latencyFrames),
      });
      const size = left.map(Math.abs);
      expect(size.indexOf(Math.max(...size)) - 1000).toBe(reported);
      expect(reported).toBeLessThanOrEqual(30);
    }
  });

  it("adds no delay while bypassed", () => {
    const signal = stereoNoise(4800);
    expectSame(runChain(signal, { stages: ["saturation"] }), signal);
  });

  it.each(CHARACTERS)("%s gives the same bits for blocks of 1, 17, 64, 480 and 1024 frames", (_, character) => {
    expectBlockInvariance({ stage: "saturation", parameters: parametersOf(character, 12, 70) }, stereoNoise(6000));
  });

  it.each(RATES)("gives the same bits for every block size at %i Hz", (sampleRateHz) => {
    expectBlockInvariance({ stage: "saturation", parameters: parametersOf(TUBE, 12), sampleRateHz }, stereoNoise(3000));
  });

  it.each(CHARACTERS)("%s falls exactly silent after the sound", (_, character) => {
    const { left, right } = saturate(
      { left: concat(pinkNoise(9600, -12, 1), new Float64Array(4 * RATE)), right: new Float64Array(9600 + 4 * RATE) },
      parametersOf(character, 12),
    );
    expect(left.slice(-RATE / 2).every((x) => x === 0)).toBe(true);
    expect(right.every((x) => x === 0)).toBe(true);
  });

  it.each(CHARACTERS)("%s after a reset is as new", (_, character) => {
    expectResetEqualsNew({ stage: "saturation", parameters: parametersOf(character, 12) }, stereoNoise(9600));
  });

  it.each(CHARACTERS)("%s recovers from samples that are not finite", (_, character) => {
    expectRecoveryFromNan({ stage: "saturation", parameters: parametersOf(character, 12) });
  });

  it.each(CHARACTERS)("%s bounds a tone 30 dB over full scale without a sample that is not finite", (_, character) => {
    const { left } = saturate(dual(sine(RATE, RATE, { freqHz: 100, levelDbfs: 30 })), parametersOf(character, 18));
    expect(left.every(Number.isFinite)).toBe(true);
    expect(peakDb(left)).toBeLessThan(36);
  });
});

describe("jumps of a parameter under a 1 kHz tone leave nothing above -60 dBFS between its harmonics", () => {
  const jumps: [string, number, number, number][] = [
    ["saturation.driveDb", 0, 18, 6], ["saturation.driveDb", 18, 0, 6],
    ["saturation.mixPercent", 0, 100, 12], ["saturation.mixPercent", 100, 0, 12],
    ["saturation.bypass", 0, 1, 12], ["saturation.bypass", 1, 0, 12],
  ];
  for (const [name, character] of CHARACTERS) {
    it.each(jumps)(`${name}: %s from %d to %d`, (id, from, to, driveDb) => {
      const parameters = parametersOf(character, driveDb);
      expectCleanJump({ stage: "saturation", parameters, id, from, to, betweenHarmonics: true });
    });
  }

  it.each([[0, 1], [1, 0], [0, 2], [2, 0], [1, 2], [2, 1]])("character %d to %d", (from, to) => {
    const jump = { id: "saturation.character", from, to, betweenHarmonics: true };
    expectCleanJump({ stage: "saturation", parameters: parametersOf(from, 12), ...jump });
  });
});
