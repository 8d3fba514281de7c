import { expect, it } from "vitest";
import { Chain } from "../../src/engine/chain.js";
import { PARAMETERS } from "../../src/params/table.js";
import { analogEqDb, bandParameters, EQ_TYPES, type EqCurve } from "../support/analog-eq.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { loudestAboveDb, nullDb, peakDb, rmsDb } from "../support/measure.js";
import { dual, processThrough, runChain, type StereoSignal } from "../support/run-chain.js";
import { dbToLinear, randomUniform, sine } from "../support/signals.js";
import {
  expectBlockInvariance,
  expectCleanJump,
  expectRecoveryFromNan,
  expectResetEqualsNew,
  stereoNoise,
} from "../support/stage-checks.js";

/** Eight bands of all shapes on all channels. */
const BUSY: Record<string, number> = Object.assign({},
  bandParameters(1, { type: "lowShelf", freqHz: 90, gainDb: 4, q: 0.707 }),
  bandParameters(2, { type: "bell", freqHz: 220, gainDb: -5, q: 1.5 }),
  bandParameters(3, { type: "tilt", freqHz: 700, gainDb: 1.5, q: 1 }),
  bandParameters(4, { type: "notch", freqHz: 3150, gainDb: 0, q: 8 }),
  bandParameters(5, { type: "bell", freqHz: 5000, gainDb: 3, q: 3 }),
  bandParameters(6, { type: "highShelf", freqHz: 9000, gainDb: -6, q: 0.6 }),
  bandParameters(7, { type: "bell", freqHz: 300, gainDb: 2, q: 1 }),
  { "eq.band3.channel": 1, "eq.band5.channel": 2, "eq.band6.channel": 1 },
  { "eq.band7.dynamic": 1, "eq.band8.dynamic": 1, "eq.band8.channel": 2, "eq.band8.thresholdDb": -30 },
);

const run = (signal: StereoSignal, parameters: Record<string, number>): StereoSignal =>
  runChain(signal, { stages: ["eq"], parameters });

it("passes the sound bit for bit with all gains at 0, whatever frequency, shape and channel", () => {
  const signal = stereoNoise(20_000);
  const what = "all gains at 0: frames not bit-exact [T-EQ2]";
  expectGate({ stage: "eq", what, measured: differingFrames(run(signal, {}), signal), unit: "frames", must: 0 });
  const neutral: Record<string, number> = {};
  for (let band = 1; band <= 8; band++) {
    Object.assign(neutral, bandParameters(band, { type: EQ_TYPES[band % 4]!, freqHz: 50 * 2 ** band, gainDb: 0, q: band }));
    neutral[`eq.band${band}.channel`] = band % 3;
  }
  expectGate({ stage: "eq", what, measured: differingFrames(run(signal, neutral), signal), unit: "frames", must: 0 });
});

it("passes the sound bit for bit through bands that are off", () => {
  const signal = stereoNoise(20_000);
  const off = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`eq.band${i + 1}.on`, 0]));
  expect(run(signal, { ...BUSY, ...off })).toEqual(signal);
});

it("is bit-exact again 2 s after a band has gone back to 0 dB", () => {
  const signal = stereoNoise(48_000 * 3);
  const out = runChain(signal, {
    stages: ["eq"],
    parameters: bandParameters(2, { type: "bell", freqHz: 500, gainDb: 9, q: 2 }),
    changes: new Map([[48_000, { "eq.band2.gainDb": 0 }]]),
  });
  expect(out.left.slice(96_000)).toEqual(signal.left.slice(96_000));
  expect(nullDb(out.left.slice(0, 48_000), signal.left.slice(0, 48_000))).toBeGreaterThan(-40);
});

it("nulls +18 dB against -18 dB of the same shape below -200 dBFS", () => {
  const signal = stereoNoise(48_000);
  for (const type of ["bell", "lowShelf", "highShelf", "tilt"] as const) {
    for (const freqHz of [40, 1000, 16_000]) {
      const both = Object.assign({},
        bandParameters(2, { type, freqHz, gainDb: 18, q: 0.9 }), bandParameters(5, { type, freqHz, gainDb: -18, q: 0.9 }));
      const residueDb = nullDb(run(signal, both).left, signal.left);
      expectGate({ stage: "eq", what: "+18 dB then -18 dB of the same shape: null [T-EQ3]", measured: residueDb, unit: "dBFS", must: -200 });
    }
  }
});

it("delays nothing: an impulse comes out in its own frame", () => {
  const impulse = new Float64Array(2000);
  impulse[700] = 0.1;
  const { left } = run(dual(impulse), BUSY);
  expect(left.slice(0, 700).every((x) => x === 0)).toBe(true);
  expect(Math.abs(left[700]!)).toBeGreaterThan(0.03);
  expect(new Chain({ sampleRateHz: 48_000, maxFrames: 64, stages: ["eq"] }).latencyFrames).toBe(0);
});

it("works on the mid or on the side alone", () => {
  const tone = sine(48_000, 48_000, { freqHz: 1000, levelDbfs: -20 });
  const inverted = tone.map((x) => -x);
  const bell = (channel: number): Record<string, number> =>
    ({ ...bandParameters(2, { type: "bell", freqHz: 1000, gainDb: 6, q: 1 }), "eq.band2.channel": channel });
  const gainDb = (signal: StereoSignal, channel: number): number =>
    rmsDb(run(signal, bell(channel)).left.slice(24_000)) - rmsDb(tone.slice(24_000));
  const mono = dual(tone);
  const side = { left: tone, right: inverted };
  expect(gainDb(mono, 0)).toBeCloseTo(6, 2);
  expect(gainDb(mono, 1)).toBeCloseTo(6, 2);
  expect(gainDb(side, 2)).toBeCloseTo(6, 2);
  // The other part passes untouched.
  expect(nullDb(run(side, bell(1)).left, tone)).toBeLessThan(-5000);
  expect(nullDb(run(mono, bell(2)).left, tone)).toBeLessThan(-5000);
});

it("gives the same bits for every block size", () => {
  expectBlockInvariance({ stage: "eq", parameters: BUSY }, stereoNoise(20_000));
});

it("gives the same bits for every block size while all gains and frequencies move", () => {
  const signal = stereoNoise(19_200);
  const moved = (blockFrames: number): StereoSignal => {
    const chain = new Chain({ sampleRateHz: 48_000, maxFrames: blockFrames, taps: "none", stages: ["eq"] }, Object.entries(BUSY));
    return processThrough(chain, signal, blockFrames, (frame) => {
      if (frame !== 4800) return;
      for (let band = 1; band <= 8; band++) {
        chain.set(`eq.band${band}.gainDb`, band - 5);
        chain.set(`eq.band${band}.freqHz`, 100 * 2 ** (band - 1));
        chain.set(`eq.band${band}.channel`, (band + 1) % 3);
        chain.set(`eq.band${band}.type`, (band + 2) % 5);
      }
    });
  };
  const expected = moved(480);
  for (const blockFrames of [1, 16, 96, 1200]) expect(moved(blockFrames)).toEqual(expected);
});

it("falls silent after the sound, and starts anew after a reset and after NaN", () => {
  const signal = stereoNoise(48_000 * 6);
  signal.left.fill(0, 24_000);
  signal.right.fill(0, 24_000);
  const out = run(signal, BUSY);
  expect(peakDb(out.left.slice(-4800))).toBeLessThan(-5000);
  expect(peakDb(out.right.slice(-4800))).toBeLessThan(-5000);
  expectResetEqualsNew({ stage: "eq", parameters: BUSY }, stereoNoise(9600));
  expectRecoveryFromNan({ stage: "eq", parameters: BUSY });
});

it("stays finite and below its own gain at every corner of frequency, Q, gain, shape and sample rate", () => {
  for (const sampleRateHz of [44_100, 48_000, 88_200, 96_000, 176_400, 192_000]) {
    const chain = new Chain({ sampleRateHz, maxFrames: 2048, taps: "none", stages: ["eq"] });
    for (const [index, type] of EQ_TYPES.entries()) {
      for (const freqHz of [20, 640, 15_000, 20_000]) {
        for (const q of [0.1, 0.66, 10]) {
          for (const gainDb of [-18, 0.01, 18]) {
            const at: EqCurve = { type: EQ_TYPES[index]!, freqHz, gainDb, q };
            for (const [id, value] of Object.entries(bandParameters(4, at))) chain.set(id, value);
            chain.reset();
            chain.io.fill(0);
            chain.io[0] = 1;
            let energy = 0;
            for (let block = 0; block < 3; block++) {
              chain.process(2048);
              for (const x of chain.io) energy += x * x;
              chain.io.fill(0);
            }
            // The energy of an impulse response is the mean of |H|^2: at most the square of the largest gain.
            const bound = type === "notch" ? 1.2 : dbToLinear(2 * (Math.abs(gainDb) + 6));
            expect(energy, `${type} ${freqHz} Hz Q ${q} ${gainDb} dB at ${sampleRateHz} Hz`).toBeLessThan(bound);
          }
        }
      }
    }
  }
});

it("moves eight bands at random 12.5 times a second for 60 s, 100 changes a second, and stays clean above 12 kHz", () => {
  const rate = 48_000;
  const frames = rate * 60;
  const random = randomUniform(7);
  const bands = Array.from({ length: 8 }, () => ({ freqHz: 300, gainDb: 0, q: 1 }));
  const chain = new Chain({ sampleRateHz: rate, maxFrames: 480, taps: "none", stages: ["eq"] });
  const tone = sine(frames, rate, { freqHz: 100, levelDbfs: -30 });
  // Each band on a random walk between 50 Hz and 1 kHz: the changes of 20 bands at 5 a second.
  const { left } = processThrough(chain, dual(tone), 480, (frame) => {
    if (frame % 3840 !== 0) return;
    bands.forEach((band, index) => {
      band.freqHz = Math.min(1000, Math.max(50, band.freqHz * 2 ** (2 * random() - 1)));
      band.gainDb = Math.min(12, Math.max(-12, band.gainDb + 6 * random() - 3));
      band.q = Math.min(4, Math.max(0.3, band.q * 2 ** (random() - 0.5)));
      for (const [id, value] of Object.entries(bandParameters(index + 1, { type: "bell", ...band }))) chain.set(id, value);
    });
  });
  expect(left.every(Number.isFinite)).toBe(true);
  const walk = "60 s of 100 band changes a second under 100 Hz at -30 dBFS";
  expectGate({ stage: "eq", what: `${walk}: highest sample [T-EQ4]`, measured: peakDb(left), unit: "dBFS", must: 30 });
  const worst = loudestAboveDb(left, rate, 12_000, 16_384);
  expectGate({ stage: "eq", what: `${walk}: above 12 kHz, relative to the tone [T-EQ4]`, measured: worst + 30, unit: "dB", must: -80 });
});

const TONE_BAND: Record<string, number> = {
  ...bandParameters(7, { type: "bell", freqHz: 1000, gainDb: 9, q: 1 }), "eq.band7.dynamic": 1,
  "eq.band7.thresholdDb": -20, "eq.band7.rangeDb": -9,
};
const jumping = PARAMETERS.filter(({ id }) => id.startsWith("eq.band7.") || id === "eq.bypass");
it.each(jumping.map((row) => [row.id, row]))("keeps a 1 kHz tone clean to -60 dBFS while %s jumps across its range", (id, row) => {
  for (const [from, to] of [[row.min, row.max], [row.max, row.min]] as const) {
    expectCleanJump({ stage: "eq", parameters: TONE_BAND, id, from, to });
  }
});

it("sweeps a bell of Q 10 past the tone without a component above -60 dBFS", () => {
  const parameters = bandParameters(2, { type: "bell", freqHz: 20, gainDb: 12, q: 10 });
  expectCleanJump({ stage: "eq", parameters, id: "eq.band2.freqHz", from: 20, to: 20_000 });
});

it("changes from shape to shape without a component above -60 dBFS", () => {
  const parameters = bandParameters(2, { type: "bell", freqHz: 1200, gainDb: 9, q: 2 });
  for (let from = 0; from < 5; from++) {
    for (const to of [(from + 1) % 5, (from + 3) % 5]) {
      expectCleanJump({ stage: "eq", parameters, id: "eq.band2.type", from, to });
    }
  }
});

it("reaches the analog gain at the centre within 0.1 dB", () => {
  for (const freqHz of [100, 1000, 10_000]) {
    const tone = sine(48_000, 48_000, { freqHz, levelDbfs: -30 });
    const at: EqCurve = { type: "bell", freqHz, gainDb: 9, q: 2 };
    const gainDb = rmsDb(run(dual(tone), bandParameters(5, at)).left.slice(24_000)) - rmsDb(tone.slice(24_000));
    expectGate({ stage: "eq", what: "gain of a bell at its centre, error", measured: Math.abs(gainDb - analogEqDb(at, freqHz)), unit: "dB", must: 0.1 });
  }
});
