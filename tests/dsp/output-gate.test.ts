import { describe, expect, it } from "vitest";
import { GATE_CLOSE, GATE_OPEN, GATE_SHUT, LIVE_GATE, LIVE_PROBE, LIVE_PROBES_SENT, READOUT_DC_MUTED, READOUT_GATE_GAIN } from "../../src/dsp/layout.js";
import { expectGate } from "../support/gates.js";
import { liveChain, runLive } from "../support/live-chain.js";
import { loudestAboveDb, peakDb } from "../support/measure.js";
import { dual } from "../support/run-chain.js";
import { concat, dbToLinear, linearToDb, sine, whiteNoise } from "../support/signals.js";
import { expectSame, stereoNoise } from "../support/stage-checks.js";

const RATE = 48000;
const BARE = { stages: [], taps: "none" } as const;

/** The documented law of the ramp, 6 t^5 - 15 t^4 + 10 t^3. */
function rampGain(t: number): number {
  return t ** 3 * (t * (t * 6 - 15) + 10);
}

describe("ramps", () => {
  it("starts closed, and lets not one sample out before it is opened", () => {
    const chain = liveChain({ ...BARE, open: false });
    const out = runLive(chain, dual(sine(RATE, RATE, { freqHz: 1000, levelDbfs: 0 })));
    expect(Math.max(...out.left.map(Math.abs))).toBe(0);
    expect(chain.readout(READOUT_GATE_GAIN)).toBe(0);
  });

  it("opens over 400 ms along 6 t^5 - 15 t^4 + 10 t^3, within 1e-6, and then passes sound bit for bit", () => {
    const chain = liveChain({ ...BARE, open: false });
    chain.memory.setGate(GATE_OPEN, 400);
    const ones = Float64Array.from({ length: RATE / 2 }, (_, n) => (n % 2 === 0 ? 1 : -1));
    const { left } = runLive(chain, dual(ones));
    for (let n = 0; n < RATE / 2; n++) {
      const gain = rampGain(Math.min(1, (n + 1) / (0.4 * RATE)));
      expect(Math.abs(Math.abs(left[n]!) - gain)).toBeLessThan(1e-6);
    }
    expect([...left.slice(0.4 * RATE)]).toEqual([...ones.slice(0.4 * RATE)]);
    expect(chain.readout(READOUT_GATE_GAIN)).toBe(1);
  });

  it("rises by less than 6 dB in any 10 ms of the 400 ms, from -40 dB on", () => {
    const chain = liveChain({ ...BARE, open: false });
    chain.memory.setGate(GATE_OPEN, 400);
    const tone = dual(sine(RATE / 2, RATE, { freqHz: 2000, levelDbfs: 0 }));
    const { left } = runLive(chain, tone);
    // Peaks of one period of the tone, 24 frames; 480 frames apart.
    const level = (at: number): number => peakDb(left.slice(at, at + 24));
    let measured = 0;
    for (let at = 0; at + 504 < left.length; at += 24) {
      if (level(at) > -40) measured = Math.max(measured, level(at + 480) - level(at));
    }
    expectGate({ stage: "output gate", what: "start over 400 ms: steepest rise in 10 ms, above -40 dB", measured, unit: "dB", must: 6 });
  });

  it.each([["start, 400 ms", 400], ["recovery, 20 ms", 20]] as const)("makes no click: %s", (name, rampMs) => {
    const chain = liveChain({ ...BARE, open: false });
    const tone = dual(sine(3 * RATE, RATE, { freqHz: 997, levelDbfs: 0 }));
    const { left } = runLive(chain, tone, 64, (frame) => {
      if (frame === 6400) chain.memory.setGate(GATE_OPEN, rampMs);
      if (frame === 96_000) chain.memory.setGate(GATE_CLOSE, rampMs);
    });
    expect(peakDb(left.slice(RATE, 96_000))).toBeGreaterThan(-0.01);
    expect(peakDb(left.slice(96_000 + rampMs * 48))).toBeLessThan(-290);
    const measured = loudestAboveDb(left, RATE, 4000);
    expectGate({ stage: "output gate", what: `${name}, opening and closing on 997 Hz at 0 dBFS: above 4 kHz`, measured, unit: "dBFS", must: -80 });
  });

  it("shuts at once, and opens again from zero", () => {
    const chain = liveChain(BARE);
    const noise = stereoNoise(19_200);
    const { left } = runLive(chain, noise, 64, (frame) => {
      if (frame === 6400) chain.memory.setGate(GATE_SHUT);
      if (frame === 9600) chain.memory.setGate(GATE_OPEN, 0);
      if (frame === 12_736) chain.memory.setGate(GATE_SHUT);
      if (frame === 12_800) chain.memory.setGate(GATE_OPEN, 20);
    });
    const float = (n: number): number => Math.fround(noise.left[n]!);
    expect(left[6399]).toBe(float(6399));
    expect(Math.max(...left.slice(6400, 9600).map(Math.abs))).toBe(0);
    expect(left[9601]).toBe(float(9601));
    expect(Math.abs(left[12_800]!)).toBeLessThan(1e-6);
    expect(left[12_800 + 480]! / float(12_800 + 480)).toBeCloseTo(rampGain(481 / 960), 5);
    expect(left[12_800 + 960]).toBe(float(12_800 + 960));
  });

  it("closes over 20 ms, and not in one step, when nobody has told it how long to take", () => {
    const chain = liveChain(BARE);
    const ones = dual(Float64Array.from({ length: 4800 }, (_, n) => (n % 2 === 0 ? 1 : -1)));
    const { left } = runLive(chain, ones, 48, (frame) => {
      if (frame === 480) chain.memory.setWord(LIVE_GATE, GATE_CLOSE);
    });
    for (let n = 1; n < 4800; n++) expect(Math.abs(Math.abs(left[n]!) - Math.abs(left[n - 1]!))).toBeLessThan(15 / 8 / 960 + 1e-6);
    expect(left[480 + 960]).toBe(0);
  });

  it("sends no impulse while it is shut, and forgets a probe that was asked for or begun", () => {
    const chain = liveChain(BARE);
    const silence = dual(new Float64Array(9600));
    const { left } = runLive(chain, silence, 64, (frame) => {
      if (frame === 640) chain.memory.setGate(GATE_SHUT);
      if (frame === 1280) chain.memory.setWord(LIVE_PROBE, 4800);
      if (frame === 2560) chain.memory.setGate(GATE_CLOSE);
    });
    expect(Math.max(...left)).toBe(0);
    expect([chain.memory.word(LIVE_PROBE), chain.memory.word(LIVE_PROBES_SENT)]).toEqual([0, 0]);
    const again = runLive(chain, silence, 64, (frame) => {
      if (frame === 640) chain.memory.setWord(LIVE_PROBE, 4800);
      if (frame === 1280) chain.memory.setGate(GATE_SHUT);
      if (frame === 2560) chain.memory.setGate(GATE_CLOSE);
    });
    expect(again.left.filter((x) => x !== 0)).toHaveLength(5);
    expect(chain.memory.word(LIVE_PROBES_SENT)).toBe(1);
  });

  it("turns back in the middle of a ramp without a step", () => {
    const chain = liveChain({ ...BARE, open: false });
    chain.memory.setGate(GATE_OPEN, 20);
    const ones = dual(Float64Array.from({ length: 2400 }, (_, n) => (n % 2 === 0 ? 1 : -1)));
    const { left } = runLive(chain, ones, 48, (frame) => {
      if (frame === 480) chain.memory.setGate(GATE_CLOSE, 100);
    });
    // The steepest slope of the law is 15/8 a ramp.
    for (let n = 1; n < 2400; n++) expect(Math.abs(Math.abs(left[n]!) - Math.abs(left[n - 1]!))).toBeLessThan(15 / 8 / 960 + 1e-6);
  });

  it("closes when the chain is reset, and opens again under its ramp", () => {
    const chain = liveChain({ ...BARE, open: false });
    chain.memory.setGate(GATE_OPEN, 20);
    const noise = stereoNoise(9600);
    const { left } = runLive(chain, noise, 64, (frame) => {
      if (frame === 6400) chain.reset();
    });
    expect(left[6399]).toBe(Math.fround(noise.left[6399]!));
    expect(Math.abs(left[6400]!)).toBeLessThan(1e-6);
    expect(left[9599]).toBe(Math.fround(noise.left[9599]!));
  });
});

it("gives the same bits for periods of 1, 15, 32, 60 and 480 frames, with the whole chain and ramps on the way", () => {
  const noise = stereoNoise(14_400);
  const run = (blockFrames: number): ReturnType<typeof runLive> => {
    const chain = liveChain({ parameters: { "saturation.bypass": 0, "multiband.bypass": 0 }, open: false });
    chain.memory.setGate(GATE_OPEN, 30);
    return runLive(chain, noise, blockFrames, (frame) => {
      if (frame === 4800) chain.memory.setGate(GATE_CLOSE, 20);
      if (frame === 7200) chain.memory.setGate(GATE_OPEN, 25);
      if (frame === 9600) chain.memory.setGate(GATE_SHUT);
      if (frame === 10_080) chain.memory.setGate(GATE_OPEN, 20);
    });
  };
  const expected = run(480);
  for (const blockFrames of [1, 15, 32, 60]) expectSame(run(blockFrames), expected, `blocks of ${blockFrames}`);
});

describe("constant offset at the output", () => {
  /** Runs a signal, and returns in ms when the mute was first seen, and when its end. */
  function mutes(signal: Float64Array, parameters: Record<string, number> = {}): { from: number; to: number; left: Float64Array } {
    const chain = liveChain({ taps: "none", stages: ["input"], parameters: { "input.dcBlock": 0, ...parameters } });
    let from = Infinity;
    let to = Infinity;
    const { left } = runLive(chain, dual(signal), 48, (frame) => {
      const muted = chain.readout(READOUT_DC_MUTED) === 1;
      if (muted && from === Infinity) from = frame / 48;
      if (!muted && from !== Infinity && to === Infinity) to = frame / 48;
    });
    return { from, to, left };
  }
  const constant = (frames: number, levelDbfs: number): Float64Array => new Float64Array(frames).fill(dbToLinear(levelDbfs));
  const noise = whiteNoise(2 * RATE, -30, 4);

  it("of -29 dBFS beside noise mutes within 0.5 s, and sound is back within 1 s of its end", () => {
    const sound = concat(noise.slice(0, RATE), noise.map((x) => x - dbToLinear(-29)), noise);
    const { from, to, left } = mutes(sound);
    expectGate({ stage: "output gate", what: "offset of -29 dBFS: muted after", measured: from - 1000, unit: "ms", must: 500 });
    expectGate({ stage: "output gate", what: "offset gone: unmuted after", measured: to - 3000, unit: "ms", must: 1000 });
    expect(peakDb(left.slice(2 * RATE, 3 * RATE))).toBeLessThan(-290);
    expect(left.at(-1)).toBe(Math.fround(sound.at(-1)!));
  });

  it("of full scale mutes within 0.3 s", () => {
    const { from } = mutes(concat(new Float64Array(4800), constant(RATE, -0.1)));
    expect(from - 100).toBeLessThan(300);
  });

  it("of -31 dBFS, bass of 20 to 60 Hz at full scale, or a step that the DC block lets die, does not mute", () => {
    expect(mutes(constant(3 * RATE, -31)).from).toBe(Infinity);
    for (const freqHz of [20, 22, 25, 31, 43, 60]) {
      expect(mutes(sine(4 * RATE, RATE, { freqHz, levelDbfs: 0 })).from, `${freqHz} Hz`).toBe(Infinity);
    }
    expect(mutes(concat(constant(RATE, 0).map((x) => -x), constant(RATE, 0)), { "input.dcBlock": 1 }).from).toBe(Infinity);
  });

  it("closes and opens the gate under its ramps", () => {
    const chain = liveChain({ ...BARE, open: false });
    chain.memory.setGate(GATE_OPEN, 20);
    chain.memory.setGate(GATE_OPEN, 20);
    const { left } = runLive(chain, dual(constant(RATE, -20)), 48);
    const steps = left.slice(1).map((x, n) => Math.abs(x - left[n]!));
    // At most the steepest slope of a ramp of 20 ms; one of 0 ms would step by the whole offset.
    expect(linearToDb(Math.max(...steps.slice(0, 4800)))).toBeLessThan(linearToDb((dbToLinear(-20) * 15) / 8 / 960) + 0.1);
  });
});
