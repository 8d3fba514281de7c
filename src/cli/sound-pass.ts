import { setImmediate } from "node:timers/promises";
import { Chain, type ChainOptions } from "../engine/chain.js";
import type { AudioSource } from "../files/audio-source.js";

const BLOCK_FRAMES = 4800;
/** Blocks between two looks at what else the process has to do; signals are heard there. About 50 ms of work. */
const BLOCKS_A_TURN = 16;
/** Frames after the end that a meter needs to see the last peak, and to end its last 10 ms. */
const METER_TAIL_MS = 12;

export interface SoundPassOptions extends Pick<ChainOptions, "stages" | "taps"> {
  readonly values?: ReadonlyMap<string, number>;
  /** Called with each meter record; it is valid during the call only. */
  readonly onRecord?: (record: Float64Array) => void;
  /** Called with the processed sound, aligned to the source: `frames` of interleaved stereo. */
  readonly onSound?: (sound: Float64Array, frames: number) => void;
  /** Called with the share done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

/** Sends a whole source through a chain; the chain's delay is taken out, so that input and output align. */
export async function runSoundPass(source: AudioSource, options: SoundPassOptions): Promise<void> {
  const { values, onRecord, onSound, onProgress, ...build } = options;
  const chain = new Chain({ ...build, sampleRateHz: source.sampleRateHz, maxFrames: BLOCK_FRAMES }, values);
  let toSkip = chain.latencyFrames;
  let toWrite = source.frames;
  const step = (frames: number): void => {
    chain.process(frames);
    if (onRecord) chain.takeRecords(onRecord);
    const skipped = Math.min(toSkip, frames);
    toSkip -= skipped;
    const count = Math.min(frames - skipped, toWrite);
    toWrite -= count;
    if (count > 0) onSound?.(chain.io.subarray(2 * skipped, 2 * (skipped + count)), count);
    onProgress?.(1 - toWrite / source.frames);
  };
  source.rewind();
  let blocks = 0;
  for (let frames = source.read(chain.io, BLOCK_FRAMES); frames > 0; frames = source.read(chain.io, BLOCK_FRAMES)) {
    step(frames);
    if (++blocks % BLOCKS_A_TURN === 0) await setImmediate();
  }
  const tail = chain.latencyFrames + Math.ceil((source.sampleRateHz * METER_TAIL_MS) / 1000);
  chain.io.fill(0, 0, 2 * tail);
  step(tail);
}
