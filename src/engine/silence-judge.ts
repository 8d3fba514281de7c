import { LIVE_TAP_COUNT, LIVE_TAP_START, TAP_RING_FIELDS, TAP_RING_INPUT } from "../dsp/layout.js";
import { Chain } from "./chain.js";
import type { ChainMemory } from "./chain-memory.js";
import { DEAD_MEAN_SQUARE } from "./output-watch.js";

/** The new chain is given so much of what came in last, and is heard at the end of it. */
const SOUND_S = 0.3;
const HEARD_S = 0.1;
const BLOCKS = 30;

export interface JudgedSound {
  readonly memory: ChainMemory;
  readonly sampleRateHz: number;
  /** Parameters of the chain that are not at their defaults. */
  readonly values: Iterable<readonly [id: string, value: number]>;
}

/**
 * Tells whether the settings explain that nothing comes out: a width of 0 % leaves nothing of a sound without a middle, nor
 * does a band alone that the sound does not reach. A chain built anew with the same settings is given the sound that came
 * in last: it is silent as well, or the chain that plays is broken. Takes some milliseconds.
 * @returns undefined where the last sound was not kept
 */
export function isSilenceMeant({ memory, sampleRateHz, values }: JudgedSound): boolean | undefined {
  const blockFrames = Math.round((SOUND_S * sampleRateHz) / BLOCKS);
  const frames = BLOCKS * blockFrames;
  const count = memory.word(LIVE_TAP_COUNT);
  if (((count - memory.word(LIVE_TAP_START)) | 0) < frames || 2 * frames > memory.addresses.tapFrames) return undefined;
  const chain = new Chain({ sampleRateHz, maxFrames: blockFrames, taps: "none" }, values);
  const heardBlocks = Math.round((BLOCKS * HEARD_S) / SOUND_S);
  let energy = 0;
  for (let block = 0; block < BLOCKS; block++) {
    for (let k = 0; k < 2 * blockFrames; k++) {
      const frame = (count - frames + block * blockFrames + (k >> 1)) >>> 0;
      chain.io[k] = memory.tapRing[(frame % memory.addresses.tapFrames) * TAP_RING_FIELDS + TAP_RING_INPUT + (k & 1)] as number;
    }
    chain.process(blockFrames);
    if (block >= BLOCKS - heardBlocks) energy += chain.io.reduce((sum, x) => sum + x * x, 0);
  }
  // Of both channels together, so that either alone would be enough.
  return energy / (heardBlocks * blockFrames) <= DEAD_MEAN_SQUARE;
}
