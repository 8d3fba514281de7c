import { openAudio } from "../../src/files/open-audio.js";
import type { StereoSignal } from "./run-chain.js";

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
  const { sampleRateHz, frames } = source;
  const count = Math.min(frames, Math.round(seconds * sampleRateHz));
  const from = Math.floor((frames - count) / 2);
  const channel = (offset: number): Float64Array => Float64Array.from({ length: count }, (_, n) => sound[2 * (from + n) + offset]!);
  return { sampleRateHz, signal: { left: channel(0), right: channel(1) } };
}
