import type { AudioSource } from "../files/audio-source.js";
import { openAudio } from "../files/open-audio.js";
import { ResampledSource } from "../files/resampler.js";

/** The chain works from 44.1 kHz up; slower files are converted to 48 kHz. */
const MIN_RATE_HZ = 44100;
const SLOW_FILES_RATE_HZ = 48000;

/**
 * Opens a sound file at `rateHz`, or at its own rate where the chain can work at that.
 * @throws AudioFileError with a sentence for the user
 */
export async function openForProcessing(path: string, rateHz?: number): Promise<AudioSource> {
  const source = await openAudio(path);
  const wanted = rateHz ?? (source.sampleRateHz < MIN_RATE_HZ ? SLOW_FILES_RATE_HZ : source.sampleRateHz);
  return wanted === source.sampleRateHz ? source : new ResampledSource(source, wanted);
}
