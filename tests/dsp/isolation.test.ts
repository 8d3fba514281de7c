import { describe, expect, it } from "vitest";
import { LIVE_FAULTS, LIVE_RESTORE, READOUT_ISOLATED_STAGES, READOUT_NONFINITE_OUTPUT, READOUT_STAGE_FAULTS } from "../../src/dsp/layout.js";
import { type Chain, STAGES } from "../../src/engine/chain.js";
import { expectGate } from "../support/gates.js";
import { liveChain, runLive } from "../support/live-chain.js";
import { rmsDb } from "../support/measure.js";
import { dual } from "../support/run-chain.js";
import { dbToLinear, linearToDb, sine } from "../support/signals.js";

const RATE = 48000;
const ALL_ON = { "saturation.bypass": 0, "multiband.bypass": 0, "filters.highpassSlope": 2 };
const TONE = dual(sine(2 * RATE, RATE, { freqHz: 1000, levelDbfs: -20 }));

/** Runs 2 s of the tone; faults come in the period that begins at each of the frames. */
function withFaults(chain: Chain, stage: number, atFrames: readonly number[]): ReturnType<typeof runLive> {
  return runLive(chain, TONE, 32, (frame) => {
    if (atFrames.includes(frame)) chain.memory.setWord(LIVE_FAULTS + stage, 1);
  });
}

describe.each(STAGES.map((name, stage) => ({ name, stage })))("fault in $name", ({ stage }) => {
  it("mutes 1 ms, comes back over 5 ms, and leaves the stage in the chain", () => {
    const chain = liveChain({ parameters: ALL_ON });
    const out = withFaults(chain, stage, [RATE]);
    expect(chain.readout(READOUT_STAGE_FAULTS)).toBe(1);
    expect(chain.readout(READOUT_ISOLATED_STAGES)).toBe(0);
    expect([...out.left, ...out.right].every(Number.isFinite)).toBe(true);
    // Windows of 1 ms, one period of the tone.
    const level = (from: number): number => rmsDb(out.left.slice(from, from + 48));
    const before = level(RATE - 480);
    const dark = Array.from({ length: 40 }, (_, k) => level(RATE + 48 * k)).filter((db) => db < before - 6).length;
    expect(dark).toBeGreaterThanOrEqual(1);
    expectGate({ stage: "each stage", what: "fault inside the stage: sound is more than 6 dB down for", measured: dark, unit: "ms", must: 6 });
    expect(Math.abs(level(RATE + 960) - before)).toBeLessThan(1);
  });

  if (STAGES[stage] === "limiter") return;

  it("takes the stage out of the chain at the third time, with its latency, and sound goes on", () => {
    const chain = liveChain({ parameters: ALL_ON });
    const latencyOf = (): number => chain.latencyFrames;
    let before = -1;
    const out = runLive(chain, TONE, 32, (frame) => {
      if (frame === RATE) {
        before = latencyOf();
        chain.memory.setWord(LIVE_FAULTS + stage, 100);
      }
    });
    expect(chain.readout(READOUT_STAGE_FAULTS)).toBe(3);
    expect(chain.readout(READOUT_ISOLATED_STAGES)).toBe(1 << stage);
    const ownLatency = STAGES[stage] === "saturation" ? 30 : 0;
    expect(before - latencyOf()).toBe(ownLatency);
    expect([...out.left, ...out.right].every(Number.isFinite)).toBe(true);
    expect(chain.readout(READOUT_NONFINITE_OUTPUT)).toBe(0);
    const level = rmsDb(out.left.slice(RATE + 4800)) - rmsDb(TONE.left);
    expect(Math.abs(level)).toBeLessThan(3);
  });
});

it("keeps the limiter in the chain however often it fails: silence while it does, the ceiling kept to the sample, sound after", () => {
  const chain = liveChain({ parameters: { "loudness.driveDb": 18, "limiter.ceilingDbtp": -1 } });
  const loud = dual(sine(2 * RATE, RATE, { freqHz: 997, levelDbfs: -3 }));
  const out = runLive(chain, loud, 32, (frame) => {
    if (frame === RATE) chain.memory.setWord(LIVE_FAULTS + STAGES.indexOf("limiter"), 300);
  });
  expect(chain.readout(READOUT_STAGE_FAULTS)).toBe(300);
  expect(chain.readout(READOUT_ISOLATED_STAGES)).toBe(0);
  expect(linearToDb(Math.max(...out.left.map(Math.abs)))).toBeLessThanOrEqual(-1);
  // Dither alone: two steps of the 24th bit.
  expect(Math.max(...out.left.slice(RATE, RATE + 300 * 32).map(Math.abs))).toBeLessThan(4 * 2 ** -23);
  expect(rmsDb(out.left.slice(RATE + 24_000))).toBeGreaterThan(-5);
});

it("forgets a fault after 10 s: the third within 9.9 s isolates, after 10.1 s it does not", () => {
  const long = dual(sine(11 * RATE, RATE, { freqHz: 1000, levelDbfs: -20 }));
  const isolated = (third: number): number => {
    const chain = liveChain({ stages: ["eq"], taps: "none" });
    runLive(chain, long, 32, (frame) => {
      if (frame === 3200 || frame === 32_000 || frame === 3200 + Math.round(third * 1500) * 32) chain.memory.setWord(LIVE_FAULTS + 2, 1);
    });
    expect(chain.readout(READOUT_STAGE_FAULTS)).toBe(3);
    return chain.readout(READOUT_ISOLATED_STAGES);
  };
  expect(isolated(9.9)).toBe(1 << 2);
  expect(isolated(10.1)).toBe(0);
});

it("takes an isolated stage back when told, under its fade, and at a reset", () => {
  const chain = liveChain({ stages: ["loudness"], taps: "none", parameters: { "loudness.driveDb": 6 } });
  const out = runLive(chain, TONE, 32, (frame) => {
    if (frame === 4800) chain.memory.setWord(LIVE_FAULTS + STAGES.indexOf("loudness"), 3);
    if (frame === RATE) chain.memory.setWord(LIVE_RESTORE, 1 << STAGES.indexOf("loudness"));
  });
  expect(chain.readout(READOUT_ISOLATED_STAGES)).toBe(0);
  const gainDb = (from: number): number => rmsDb(out.left.slice(from, from + 4800)) - rmsDb(TONE.left);
  expect(gainDb(24_000)).toBeCloseTo(0, 3);
  expect(gainDb(72_000)).toBeCloseTo(6, 3);
  const steps = out.left.slice(RATE).map((x, n) => Math.abs(x - (out.left[RATE + n - 1] ?? x)));
  // A tone of 1 kHz at -14 dBFS moves by 2 pi f / fs of its amplitude a frame; a fade adds next to nothing.
  expect(linearToDb(Math.max(...steps))).toBeLessThan(linearToDb(dbToLinear(-14) * 2 * Math.PI / 48) + 0.2);
  chain.memory.setWord(LIVE_FAULTS + STAGES.indexOf("loudness"), 3);
  runLive(chain, TONE, 32);
  expect(chain.readout(READOUT_ISOLATED_STAGES)).toBe(1 << STAGES.indexOf("loudness"));
  chain.reset();
  expect(chain.readout(READOUT_ISOLATED_STAGES)).toBe(0);
});
