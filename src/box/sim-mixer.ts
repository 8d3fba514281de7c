import { openAudio } from "../files/open-audio.js";
import { ResampledSource } from "../files/resampler.js";

/** Sounds that the simulated board makes by itself. */
const BUILT_IN = ["programme", "pink", "sine", "silence"] as const;

/** A sound file in shared memory, decoded: interleaved stereo of 32-bit floats, full scale 1. */
export interface DecodedSound {
  readonly samples: SharedArrayBuffer;
  readonly sampleRateHz: number;
  /** Its path, for people. */
  readonly name: string;
}

export type SimMixer = (typeof BUILT_IN)[number] | DecodedSound;

/** A loop of so many minutes at most is kept in memory: 345 MB at 48 kHz. */
const MOST_S = 15 * 60;
const BLOCK_FRAMES = 4096;

/**
 * The mixer of the simulated board by its name, or a sound file at the rate of the device; of a long file the first 15
 * minutes.
 * @throws AudioFileError for a file that cannot be used
 */
export async function simMixer(nameOrPath: string, sampleRateHz: number): Promise<SimMixer> {
  const builtIn = BUILT_IN.find((name) => name === nameOrPath);
  if (builtIn !== undefined) return builtIn;
  const file = await openAudio(nameOrPath);
  const source = file.sampleRateHz === sampleRateHz ? file : new ResampledSource(file, sampleRateHz);
  try {
    const frames = Math.min(source.frames, MOST_S * sampleRateHz);
    const samples = new SharedArrayBuffer(2 * frames * Float32Array.BYTES_PER_ELEMENT);
    const sound = new Float32Array(samples);
    const block = new Float64Array(2 * BLOCK_FRAMES);
    for (let at = 0; at < frames;) {
      const read = source.read(block, Math.min(BLOCK_FRAMES, frames - at));
      if (read === 0) break;
      sound.set(block.subarray(0, 2 * read), 2 * at);
      at += read;
    }
    return { samples, sampleRateHz, name: nameOrPath };
  } finally {
    source.close();
  }
}
