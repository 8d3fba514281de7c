import { Chain, type ChainOptions, type StageName } from "../../src/engine/chain.js";

export interface StereoSignal {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

export interface RunOptions {
  readonly sampleRateHz?: number;
  readonly stages?: readonly StageName[];
  readonly taps?: ChainOptions["taps"];
  readonly blockFrames?: number;
  readonly parameters?: Readonly<Record<string, number>>;
  /** Parameter changes, applied before the block that begins at the frame (a multiple of the block). */
  readonly changes?: ReadonlyMap<number, Readonly<Record<string, number>>>;
  /** Called after each block, for readouts. */
  readonly afterBlock?: (chain: Chain, framesDone: number) => void;
}

/** Builds one stage or more in the shipped dsp.wasm and runs a signal through it. */
export function runChain(signal: StereoSignal, options: RunOptions = {}): StereoSignal {
  const { sampleRateHz = 48000, stages, taps = "none", blockFrames = 480, parameters = {}, changes } = options;
  const chain = new Chain(
    { sampleRateHz, maxFrames: blockFrames, taps, ...(stages ? { stages } : {}) },
    Object.entries(parameters),
  );
  return processThrough(chain, signal, blockFrames, (frame) => {
    if (frame > 0) options.afterBlock?.(chain, frame);
    for (const [id, value] of Object.entries(changes?.get(frame) ?? {})) chain.set(id, value);
  });
}

/** Runs a signal through a chain in blocks; `beforeBlock` is called with the frame at which each block begins. */
export function processThrough(
  chain: Chain,
  signal: StereoSignal,
  blockFrames: number,
  beforeBlock: (frame: number) => void = () => undefined,
): StereoSignal {
  const frames = signal.left.length;
  const left = new Float64Array(frames);
  const right = new Float64Array(frames);
  for (let at = 0; at < frames; at += blockFrames) {
    beforeBlock(at);
    const count = Math.min(blockFrames, frames - at);
    for (let i = 0; i < count; i++) {
      chain.io[2 * i] = signal.left[at + i]!;
      chain.io[2 * i + 1] = signal.right[at + i]!;
    }
    chain.process(count);
    for (let i = 0; i < count; i++) {
      left[at + i] = chain.io[2 * i]!;
      right[at + i] = chain.io[2 * i + 1]!;
    }
  }
  beforeBlock(frames);
  return { left, right };
}

/** The same signal on both channels. */
export function dual(signal: Float64Array): StereoSignal {
  return { left: signal, right: signal };
}
