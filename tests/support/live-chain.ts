import { GATE_OPEN } from "../../src/dsp/layout.js";
import { Chain, type ChainOptions } from "../../src/engine/chain.js";
import type { ChainMemory } from "../../src/engine/chain-memory.js";
import type { StereoSignal } from "./run-chain.js";

export const FLOAT_LE = 4;

export interface LiveOptions extends Partial<ChainOptions> {
  readonly parameters?: Readonly<Record<string, number>>;
  /** Open before the first frame; true by default. */
  readonly open?: boolean;
}

/** A chain for live use, its gate open at once or closed. */
export function liveChain({ parameters = {}, open = true, ...options }: LiveOptions = {}): Chain {
  const chain = new Chain({ sampleRateHz: 48000, maxFrames: 1024, live: { tapFrames: 65536 }, ...options }, Object.entries(parameters));
  if (open) chain.memory.setGate(GATE_OPEN, 0);
  return chain;
}

/** The period in the wire's format, as 32-bit floating point. */
export function floatPeriod(memory: ChainMemory): Float32Array {
  return new Float32Array(memory.buffer, memory.addresses.period, memory.addresses.periodBytes / 4);
}

/** Runs a signal through the live path as FLOAT_LE; `beforeBlock` is called with the frame at which each block begins. */
export function runLive(chain: Chain, signal: StereoSignal, blockFrames = 64, beforeBlock: (frame: number) => void = () => undefined): StereoSignal {
  const period = floatPeriod(chain.memory);
  const frames = signal.left.length;
  const out = { left: new Float64Array(frames), right: new Float64Array(frames) };
  for (let at = 0; at < frames; at += blockFrames) {
    beforeBlock(at);
    const count = Math.min(blockFrames, frames - at);
    for (let i = 0; i < count; i++) {
      period[2 * i] = signal.left[at + i]!;
      period[2 * i + 1] = signal.right[at + i]!;
    }
    chain.processPeriod(FLOAT_LE, count);
    for (let i = 0; i < count; i++) {
      out.left[at + i] = period[2 * i]!;
      out.right[at + i] = period[2 * i + 1]!;
    }
  }
  return out;
}
