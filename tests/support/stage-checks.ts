import { expect } from "vitest";
import { Chain, type StageName } from "../../src/engine/chain.js";
import { expectGate } from "./gates.js";
import { spectrumDb } from "./measure.js";
import { dual, processThrough, runChain, type StereoSignal } from "./run-chain.js";
import { pinkNoise, sine } from "./signals.js";

/** One stage with the parameters under test. */
export interface StageSetup {
  readonly stage: StageName;
  readonly parameters: Readonly<Record<string, number>>;
  readonly sampleRateHz?: number;
}

const OTHER_BLOCKS = [1, 17, 64, 1024] as const;

/** Two different pink noises, -18 dBFS RMS. */
export function stereoNoise(frames: number, seed = 1): StereoSignal {
  return { left: pinkNoise(frames, -18, seed), right: pinkNoise(frames, -18, seed + 1) };
}

function chainOf(setup: StageSetup, maxFrames: number): Chain {
  return new Chain(
    { sampleRateHz: setup.sampleRateHz ?? 48000, maxFrames, taps: "none", stages: [setup.stage] },
    Object.entries(setup.parameters),
  );
}

/** Expects two sounds to be equal to the last bit; names the first frame where they are not. */
export function expectSame(actual: StereoSignal, expected: StereoSignal, message = "first frame that differs"): void {
  expect(actual.left.length).toBe(expected.left.length);
  const differs = (x: number, n: number): boolean => x !== expected.left[n] || actual.right[n] !== expected.right[n];
  expect(actual.left.findIndex(differs), message).toBe(-1);
}

/** Expects the same bits from blocks of 1, 17, 64 and 1024 frames as from 480. */
export function expectBlockInvariance(setup: StageSetup, signal: StereoSignal): void {
  const run = (blockFrames: number): StereoSignal => processThrough(chainOf(setup, blockFrames), signal, blockFrames);
  const expected = run(480);
  for (const blockFrames of OTHER_BLOCKS) {
    expectSame(run(blockFrames), expected, `blocks of ${blockFrames}: first frame that differs`);
  }
}

/** Expects a used chain to give, after `reset`, the bits of a new one. */
export function expectResetEqualsNew(setup: StageSetup, signal: StereoSignal): void {
  const chain = chainOf(setup, 480);
  const first = processThrough(chain, signal, 480);
  processThrough(chain, { left: signal.right, right: signal.left }, 480);
  chain.reset();
  expectSame(processThrough(chain, signal, 480), first);
}

/** Expects finite output while a non-finite input lasts, and sound again after it. */
export function expectRecoveryFromNan(setup: StageSetup): void {
  const signal = stereoNoise(48000);
  signal.left.fill(Number.NaN, 10_000, 10_100);
  signal.right[12_000] = Number.POSITIVE_INFINITY;
  const { left, right } = processThrough(chainOf(setup, 480), signal, 480);
  expect(left.every(Number.isFinite) && right.every(Number.isFinite)).toBe(true);
  expect(Math.max(...right.slice(40_000).map(Math.abs))).toBeGreaterThan(0.01);
}

/** A parameter that jumps, in the second of a steady tone that is looked at. */
export interface Jump extends StageSetup {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** 1 kHz at -6 dBFS on both channels by default. */
  readonly signal?: StereoSignal;
  /** For stages that distort: ignores what lies within 250 Hz of a harmonic of 1 kHz. */
  readonly betweenHarmonics?: boolean;
}

/**
 * Loudest component in dBFS outside 500 Hz..2 kHz in any 170 ms window of the left channel while the parameter
 * jumps, at 48 kHz; the rest of the second after the jump included.
 */
export function jumpResidueDb(jump: Jump): number {
  const frames = 96_000;
  const at = 38_400;
  const tone = jump.signal ?? dual(sine(frames, 48000, { freqHz: 1000, levelDbfs: -6 }));
  const { left } = runChain(tone, {
    stages: [jump.stage],
    parameters: { ...jump.parameters, [jump.id]: jump.from },
    changes: new Map([[at, { [jump.id]: jump.to }]]),
  });
  const size = 8192;
  const isOutside = (hz: number): boolean =>
    (hz < 500 || hz > 2000) && !(jump.betweenHarmonics && hz > 500 && Math.abs(hz - Math.round(hz / 1000) * 1000) < 250);
  let worst = -300;
  for (let start = at - size; start + size <= frames; start += size / 4) {
    const spectrum = spectrumDb(left.slice(start, start + size));
    spectrum.forEach((db, bin) => {
      if (isOutside((bin * 48000) / size)) worst = Math.max(worst, db);
    });
  }
  return worst;
}

/** Demands that nothing beside the tone comes over -60 dBFS (or `mustDbfs`) while a parameter jumps. */
export function expectCleanJump(jump: Jump, mustDbfs = -60): void {
  const what = jump.betweenHarmonics
    ? "loudest component between the harmonics of 1 kHz at -6 dBFS while a parameter jumps across its range"
    : "loudest component beside 1 kHz at -6 dBFS while a parameter jumps across its range";
  const gate = { stage: jump.stage, what, measured: jumpResidueDb(jump), unit: "dBFS", must: mustDbfs };
  expectGate(gate, `${jump.id} from ${jump.from} to ${jump.to}`);
}
