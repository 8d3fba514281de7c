import { openAudio } from "../../src/files/open-audio.js";
import type { StereoSignal } from "./run-chain.js";
import { randomUniform } from "./signals.js";

/** A part of a track. */
export interface Passage {
  readonly signal: StereoSignal;
  readonly sampleRateHz: number;
}

/** The middle of a sound file, at most so long. */
export async function openPassage(path: string, seconds: number): Promise<Passage> {
  const source = await openAudio(path);
  const sound = new Float64Array(2 * source.frames);
  source.read(sound, source.frames);
  source.close();
  const [left, right] = [new Float64Array(source.frames), new Float64Array(source.frames)];
  for (let n = 0; n < source.frames; n++) {
    left[n] = sound[2 * n]!;
    right[n] = sound[2 * n + 1]!;
  }
  return { sampleRateHz: source.sampleRateHz, signal: partOf({ left, right }, seconds * source.sampleRateHz) };
}

/** The middle of a signal, at most so long. */
function partOf({ left, right }: StereoSignal, frames: number): StereoSignal {
  const count = Math.min(left.length, Math.round(frames));
  const from = Math.floor((left.length - count) / 2);
  return { left: left.slice(from, from + count), right: right.slice(from, from + count) };
}

/** Cross-fade where parts of a track meet. */
const JOINT_S = 0.02;

/**
 * Half of a track: of every two parts of 3 s one, drawn by lot so that no beat falls in with the parts, cross-faded where parts meet.
 *
 * @param seed of the lots
 */
export function halfOf(signal: StereoSignal, sampleRateHz: number, seed: number): StereoSignal {
  const partFrames = 3 * sampleRateHz;
  const jointFrames = JOINT_S * sampleRateHz;
  const draw = randomUniform(seed);
  const pairs = Math.floor((signal.left.length - jointFrames) / (2 * partFrames));
  const starts = Array.from({ length: pairs }, (_, k) => (2 * k + (draw() < 0.5 ? 0 : 1)) * partFrames);
  return joinedParts(signal, starts, partFrames, jointFrames);
}

function joinedParts(signal: StereoSignal, starts: readonly number[], partFrames: number, jointFrames: number): StereoSignal {
  const join = (channel: Float64Array): Float64Array => {
    const joined = new Float64Array(starts.length * partFrames);
    starts.forEach((start, k) => {
      joined.set(channel.subarray(start, start + partFrames), k * partFrames);
      const before = starts[k - 1];
      if (before === undefined) return;
      for (let n = 0; n < jointFrames; n++) {
        const share = n / jointFrames;
        // What would have followed the part before goes out while this one comes in.
        joined[k * partFrames + n] = share * channel[start + n]! + (1 - share) * channel[before + partFrames + n]!;
      }
    });
    return joined;
  };
  return { left: join(signal.left), right: join(signal.right) };
}
