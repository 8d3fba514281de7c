import { describe, expect, it } from "vitest";
import { READOUT_IMAGER_SAFETY_PERCENT } from "../../src/dsp/layout.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { nullDb, peakDb, responseDb, rmsDb } from "../support/measure.js";
import { dual, runChain, type StereoSignal } from "../support/run-chain.js";
import { concat, impulse, pinkNoise, sine } from "../support/signals.js";
import { expectBlockInvariance, expectCleanJump, expectRecoveryFromNan, expectResetEqualsNew, expectSame, stereoNoise } from "../support/stage-checks.js";

const RATES = [44100, 48000, 88200, 96000, 176400, 192000] as const;
const RATE = 48000;
const MONO_BASS = { "imager.monoBass": 1, "imager.monoBelowHz": 120 };

function widths(...percent: number[]): Record<string, number> {
  return Object.fromEntries(percent.map((value, index) => [`imager.band${index + 1}.widthPercent`, value]));
}

function image(signal: StereoSignal, parameters: Record<string, number> = {}, sampleRateHz = RATE): StereoSignal {
  return runChain(signal, { sampleRateHz, stages: ["imager"], parameters });
}

function mid({ left, right }: StereoSignal): Float64Array {
  return left.map((x, n) => (x + right[n]!) / 2);
}

function side({ left, right }: StereoSignal): Float64Array {
  return left.map((x, n) => (x - right[n]!) / 2);
}

function fromMidSide(m: Float64Array, s: Float64Array): StereoSignal {
  return { left: m.map((x, n) => x + s[n]!), right: m.map((x, n) => x - s[n]!) };
}

function lastSecond({ left, right }: StereoSignal): StereoSignal {
  return { left: left.slice(-RATE), right: right.slice(-RATE) };
}

/** Level in dB that a side-only tone keeps, after a second. */
function sideLevelDb(freqHz: number, parameters: Record<string, number>, sampleRateHz = RATE): number {
  const tone = sine(2 * sampleRateHz, sampleRateHz, { freqHz, levelDbfs: -6 });
  const out = side(image(fromMidSide(new Float64Array(tone.length), tone), { "imager.safety": 0, ...parameters }, sampleRateHz));
  return rmsDb(out.slice(sampleRateHz)) - rmsDb(tone.slice(sampleRateHz));
}

describe("width", () => {
  it("passes the sound bit for bit at its defaults (T-ST1)", () => {
    const signal = stereoNoise(48000);
    expectGate({ stage: "imager", what: "width 100 %: frames not bit-exact [T-ST1]", measured: differingFrames(image(signal), signal), unit: "frames", must: 0 });
  });

  it.each([[3, 0], [4, 1]])("makes both channels equal at 0 %% in all of %i bands (T-ST2)", (_, bands) => {
    const { left, right } = image(stereoNoise(48000), { ...widths(0, 0, 0, 0), "multiband.bands": bands });
    expectGate({ stage: "imager", what: "width 0 %: left against right [T-ST2]", measured: nullDb(left, right), unit: "dBFS", must: -300 });
  });

  it.each([0, 50, 150, 200])("leaves the mono sum within -300 dBFS at %i %% in all bands (T-ST3)", (percent) => {
    const signal = stereoNoise(24000);
    const measured = nullDb(mid(image(signal, widths(percent, percent, percent, percent))), mid(signal));
    expectGate({ stage: "imager", what: "mono sum at widths of 0 to 200 %: null [T-ST3]", measured, unit: "dBFS", must: -300 });
  });

  it("scales the side signal by the width", () => {
    const signal = stereoNoise(24000);
    const wide = side(image(signal, { ...widths(200, 200, 200, 200), "imager.safety": 0 }));
    expectGate({ stage: "imager", what: "width 200 %: side against twice the side", measured: nullDb(wide, side(signal).map((x) => 2 * x)), unit: "dBFS", must: -290 });
  });

  it.each([3, 4])("leaves the magnitude of the mono sum flat within 0.01 dB with unlike widths in %i bands (T-ST3)", (bands) => {
    const parameters = { ...widths(0, 200, 50, 150), "multiband.bands": bands - 3, "imager.safety": 0 };
    const click = impulse(65536, 100, 0);
    const response = responseDb(mid(image({ left: click, right: new Float64Array(65536) }, parameters)));
    // Half of a left-only impulse is M.
    const measured = response.slice(28, 27307).reduce((most, db) => Math.max(most, Math.abs(db + 20 * Math.log10(2))), 0);
    expectGate({ stage: "imager", what: "mono sum with unlike widths, 20 Hz to 20 kHz, off flat [T-ST3]", measured, unit: "dB", must: 0.01 });
  });

  it("leaves the mono sum within -280 dBFS whatever the widths of a split are (T-ST3)", () => {
    const signal = stereoNoise(24000);
    const one = mid(image(signal, widths(0, 200, 50, 150)));
    const other = mid(image(signal, widths(200, 100, 0, 10)));
    expectGate({ stage: "imager", what: "mono sum of one set of unlike widths against another: null [T-ST3]", measured: nullDb(one, other), unit: "dBFS", must: -280 });
  });

  it.each([30, 120, 400, 1000, 3000, 6000, 12000])("gives the side at %i Hz the widths of the bands it is in, within 0.3 dB", (freqHz) => {
    // The bands are in phase: their LR4 amplitudes, 1 / (1 + x^4) and x^4 / (1 + x^4), times the widths add up.
    const below = (crossoverHz: number): number => 1 / (1 + (freqHz / crossoverHz) ** 4);
    const [low, lowest, upper] = [below(1000), below(120), below(6000)] as const;
    const theory = low * (lowest * 0.2 + (1 - lowest) * 2) + (1 - low) * (upper * 0.5 + (1 - upper) * 1.5);
    const levelDb = sideLevelDb(freqHz, { ...widths(20, 200, 50, 150), "multiband.bands": 1 });
    const errorDb = Math.abs(levelDb - 20 * Math.log10(theory));
    expectGate({ stage: "imager", what: "width of each band at 30 Hz to 12 kHz against the crossovers' formula, error", measured: errorDb, unit: "dB", must: 0.3 });
  });

  it("keeps M and S in phase: a hard-left tone stays 60 dB down on the right between unlike widths near 100 %", () => {
    const tone = sine(2 * RATE, RATE, { freqHz: 1000, levelDbfs: -6 });
    const { left, right } = image({ left: tone, right: new Float64Array(tone.length) }, widths(100, 100, 100, 100.1));
    expect(rmsDb(right.slice(RATE)) - rmsDb(left.slice(RATE))).toBeLessThan(-60);
  });
});

describe("mono bass (T-ST4)", () => {
  // LR4 high-pass: |H| = x^4 / (1 + x^4), x = f / 120: -24.6 dB at 60 Hz, -38.2 dB at 40 Hz.
  it.each([[60, -24], [40, -38]])("takes the side at %i Hz to %i dB or less below 120 Hz, at every rate", (freqHz, gateDb) => {
    const theoryDb = 20 * Math.log10((freqHz / 120) ** 4 / (1 + (freqHz / 120) ** 4));
    for (const rate of RATES) {
      const levelDb = sideLevelDb(freqHz, MONO_BASS, rate);
      expectGate({ stage: "imager", what: `mono bass below 120 Hz: side at ${freqHz} Hz [T-ST4]`, measured: levelDb, unit: "dB", must: gateDb }, `${rate} Hz`);
      expectGate({ stage: "imager", what: "mono bass: side against Linkwitz-Riley, error", measured: Math.abs(levelDb - theoryDb), unit: "dB", must: 0.1 }, `${rate} Hz`);
    }
  });

  it("leaks a hard-left tone at 240 Hz to the right by -30 dB at most", () => {
    const tone = sine(2 * RATE, RATE, { freqHz: 240, levelDbfs: -6 });
    const { left, right } = image({ left: tone, right: new Float64Array(tone.length) }, MONO_BASS);
    const leakDb = rmsDb(right.slice(RATE)) - rmsDb(left.slice(RATE));
    expectGate({ stage: "imager", what: "mono bass below 120 Hz: leak of a hard-left tone of 240 Hz to the right", measured: leakDb, unit: "dB", must: -30 });
  });

  it("leaves the magnitude of the mono sum flat within 0.001 dB", () => {
    const response = responseDb(mid(image(dual(impulse(65536, 100, 0)), MONO_BASS)));
    const measured = response.slice(14, 27307).reduce((most, db) => Math.max(most, Math.abs(db)), 0);
    expectGate({ stage: "imager", what: "mono sum with mono bass, 10 Hz to 20 kHz, off flat", measured, unit: "dB", must: 0.001 });
  });
});

describe("balance", () => {
  it.each([[-100, 1, 0], [-50, 1, 0.5], [0, 1, 1], [30, 0.7, 1], [100, 0, 1]])("of %i %% turns left to %d and right to %d", (balance, l, r) => {
    const signal = stereoNoise(4800);
    const { left, right } = image(signal, { "imager.balancePercent": balance });
    expect(nullDb(left, signal.left.map((x) => l * x))).toBeLessThan(-300);
    expect(nullDb(right, signal.right.map((x) => r * x))).toBeLessThan(-300);
  });
});

describe("safety", () => {
  const common = pinkNoise(6 * RATE, -20, 11);
  const opposed = pinkNoise(6 * RATE, -20, 12);
  /** Correlation of a second that ends at the given one. */
  const correlation = ({ left, right }: StereoSignal, second: number): number => {
    let [lr, ll, rr] = [0, 0, 0];
    for (let n = (second - 1) * RATE; n < second * RATE; n++) {
      lr += left[n]! * right[n]!;
      ll += left[n]! ** 2;
      rr += right[n]! ** 2;
    }
    return lr / Math.sqrt(ll * rr);
  };

  it("brings a correlation of -0.6 to zero or more within 2 s, and reads its reduction", () => {
    const signal = fromMidSide(common, opposed.map((x) => 2 * x));
    expect(correlation(signal, 3)).toBeLessThan(-0.5);
    let readout = 0;
    const out = runChain(signal, {
      stages: ["imager"], blockFrames: 160,
      afterBlock: (chain) => (readout = Math.max(readout, chain.readout(READOUT_IMAGER_SAFETY_PERCENT))),
    });
    expectGate({ stage: "imager", what: "safety: correlation of -0.6 within 3 s", measured: correlation(out, 3), unit: "", must: 0, atLeast: true });
    // S at twice M: half the width brings them level.
    expect(Math.abs(readout - 51)).toBeLessThan(8);
  });

  it("acts on negative correlation that its own widening made", () => {
    const signal = fromMidSide(common, opposed.map((x) => 0.8 * x));
    expect(correlation(image(signal, widths(200, 200, 200, 200)), 4)).toBeGreaterThanOrEqual(0);
    expect(correlation(image(signal, widths(200, 200, 200, 199)), 4)).toBeGreaterThanOrEqual(0);
  });

  it("never touches material of positive correlation, nor a sound in one channel alone", () => {
    const signal = fromMidSide(common, opposed.map((x) => 0.7 * x));
    expectSame(image(signal), signal);
    const panned = { left: common, right: new Float64Array(common.length) };
    expectSame(image(panned), panned);
    expect(peakDb(image(panned, widths(100, 100, 100.5, 100)).right.slice(RATE))).toBeLessThan(-60);
  });

  it("waits 300 ms, so that a short burst of opposed sound passes", () => {
    const burst = opposed.map((x, n) => (n % RATE < 0.1 * RATE ? 1.5 * x : 0));
    const signal = fromMidSide(common, burst);
    expectSame(image(signal), signal);
  });

  it("comes back to the full width within 10 s of good sound", () => {
    const good = stereoNoise(11 * RATE, 5);
    const even = fromMidSide(mid(good), side(good).map((x) => x / 2));
    const bad = fromMidSide(common.slice(0, 2 * RATE), opposed.slice(0, 2 * RATE).map((x) => 2 * x));
    const out = image({ left: concat(bad.left, even.left), right: concat(bad.right, even.right) });
    expectSame(lastSecond(out), lastSecond(even));
  });

  it("leaves a quarter of the side of a channel wired upside down", () => {
    const { left, right } = image({ left: common, right: common.map((x) => -x) });
    expect(Math.abs(rmsDb(left.slice(-RATE)) - rmsDb(common.slice(-RATE)) + 12.04)).toBeLessThan(0.1);
    expect(nullDb(left, right.map((x) => -x))).toBeLessThan(-300);
  });
});

describe("as a stage", () => {
  const full = { ...widths(0, 200, 50, 150), ...MONO_BASS, "imager.balancePercent": 20 };

  it.each([["matrix", widths(150, 150, 150, 150)], ["mono bass", MONO_BASS], ["all", full]])(
    "has no latency: an impulse begins to leave at its own frame: %s", (_, parameters) => {
      let reported = -1;
      const { left } = runChain(dual(impulse(4800, 1000, -20)), {
        stages: ["imager"], parameters, afterBlock: (chain) => (reported = chain.latencyFrames),
      });
      expect(left.findIndex((x) => Math.abs(x) > 0.01)).toBe(1000);
      expect(reported).toBe(0);
    });

  it.each([["matrix", widths(150, 150, 150, 150)], ["mono bass", MONO_BASS], ["all", full]])(
    "gives the same bits for blocks of 1, 17, 64, 480 and 1024 frames: %s", (_, parameters) => {
      expectBlockInvariance({ stage: "imager", parameters }, stereoNoise(9600));
    });

  it("gives the same bits for every block size while the safety narrows", () => {
    const noise = stereoNoise(48000);
    expectBlockInvariance({ stage: "imager", parameters: {} }, fromMidSide(noise.left, noise.right.map((x) => 2 * x)));
  });

  it("falls exactly silent after the sound", () => {
    const gap = new Float64Array(6 * RATE);
    const noise = stereoNoise(9600);
    const { left, right } = image({ left: concat(noise.left, gap), right: concat(noise.right, gap) }, full);
    expect(left.slice(-RATE / 2).every((x) => x === 0)).toBe(true);
    expect(right.slice(-RATE / 2).every((x) => x === 0)).toBe(true);
  });

  it.each([["matrix", widths(150, 150, 150, 150)], ["all", full]])("after a reset is as new: %s", (_, parameters) => {
    expectResetEqualsNew({ stage: "imager", parameters }, stereoNoise(48000));
  });

  it("recovers from samples that are not finite", () => {
    expectRecoveryFromNan({ stage: "imager", parameters: full });
  });

  it("is bit-exact again once its widths, its mono bass and its balance have come back to neutral", () => {
    const signal = stereoNoise(3 * RATE);
    const neutral = { ...widths(100, 100, 100, 100), "imager.monoBass": 0, "imager.balancePercent": 0 };
    const { left, right } = runChain(signal, { stages: ["imager"], parameters: full, changes: new Map([[24000, neutral]]) });
    expectSame(lastSecond({ left, right }), lastSecond(signal));
  });

  it("does not jump while the split of unlike widths fades in and out", () => {
    const tone = dual(sine(3 * RATE, RATE, { freqHz: 1000, levelDbfs: -6 }));
    const { left } = runChain(tone, {
      stages: ["imager"],
      changes: new Map([[24000, widths(100, 100, 0, 100)], [72000, widths(100, 100, 100, 100)]]),
    });
    // No step between samples beyond the tone's own slope, 2 pi f / fs times its amplitude.
    const steps = left.slice(1).map((x, n) => x - left[n]!);
    expect(peakDb(steps)).toBeLessThan(-6 + 20 * Math.log10((2 * Math.PI * 1000) / RATE) + 0.5);
  });
});

describe("jumps of a parameter under a 1 kHz tone leave nothing above -60 dBFS outside 500 Hz to 2 kHz", () => {
  const tone = sine(96_000, RATE, { freqHz: 1000, levelDbfs: -6 });
  const panned = fromMidSide(tone.map((x) => x / 2), tone.map((x) => x / 2));
  const jumps: [string, number, number][] = [
    ["imager.band1.widthPercent", 0, 200], ["imager.band2.widthPercent", 0, 200], ["imager.band3.widthPercent", 0, 200],
    ["imager.band4.widthPercent", 0, 200], ["imager.monoBass", 0, 1], ["imager.monoBelowHz", 20, 500],
    ["imager.balancePercent", -100, 100], ["imager.safety", 0, 1], ["imager.bypass", 0, 1],
    ["multiband.bands", 0, 1], ["multiband.crossover2Hz", 300, 3000],
  ];
  const both = jumps.flatMap(([id, from, to]) => [[id, from, to], [id, to, from]] as [string, number, number][]);

  it.each(both)("%s from %d to %d, from neutral", (id, from, to) => {
    expectCleanJump({ stage: "imager", parameters: {}, id, from, to, signal: panned });
  });

  it.each(both)("%s from %d to %d, with unlike widths and mono bass", (id, from, to) => {
    const parameters = { ...widths(0, 200, 50, 150), ...MONO_BASS };
    expectCleanJump({ stage: "imager", parameters, id, from, to, signal: panned });
  });
});
