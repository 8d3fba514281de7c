import type { LiveMeters } from "../../src/box/live-meters.js";
import { Chain, type StageName } from "../../src/engine/chain.js";
import { sine } from "./signals.js";

const RATE_HZ = 48_000;
const BLOCK = 480;

export interface ToneOptions {
  /** Gain of the right channel. */
  readonly right?: number;
  readonly stages?: readonly StageName[];
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Plays a stereo sine of 1 kHz through a new chain, without stages by default, and hands its records to the meters. */
export function feedTone(meters: LiveMeters, seconds: number, levelDbfs: number, { right = 1, stages = [], parameters = {} }: ToneOptions = {}): void {
  const chain = new Chain({ sampleRateHz: RATE_HZ, maxFrames: BLOCK, stages }, Object.entries(parameters));
  const tone = sine(Math.round(seconds * RATE_HZ), RATE_HZ, { freqHz: 1000, levelDbfs });
  for (let at = 0; at < tone.length; at += BLOCK) {
    for (let n = 0; n < BLOCK; n++) {
      chain.io[2 * n] = tone[at + n]!;
      chain.io[2 * n + 1] = right * tone[at + n]!;
    }
    chain.process(BLOCK);
    chain.takeRecords((record) => meters.add(record));
  }
}
