import type { AudioSource } from "../../src/files/audio-source.js";

/** Reads a source to its end in blocks of `blockFrames`; interleaved stereo. */
export function readAll(source: AudioSource, blockFrames = 1000): Float64Array {
  const sound = new Float64Array(2 * source.frames);
  const block = new Float64Array(2 * blockFrames);
  let done = 0;
  for (;;) {
    const got = source.read(block, blockFrames);
    if (got === 0) break;
    sound.set(block.subarray(0, 2 * got), 2 * done);
    done += got;
  }
  if (done !== source.frames) throw new Error(`The source promised ${source.frames} frames and gave ${done}.`);
  return sound;
}

/** One channel of interleaved stereo. */
export function channelOf(stereo: Float64Array, channel: 0 | 1): Float64Array {
  return Float64Array.from({ length: stereo.length / 2 }, (_, n) => stereo[2 * n + channel]!);
}
