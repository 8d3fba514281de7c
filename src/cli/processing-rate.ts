import type { AudioSource } from "../files/audio-source.js";
import { openAudio } from "../files/open-audio.js";
import { PeakWatch } from "../files/peak-watch.js";
import { ResampledSource } from "../files/resampler.js";
import { amplitudeDb } from "../meters/decibels.js";

/** The chain works from 44.1 kHz up; slower files are converted to 48 kHz. */
const MIN_RATE_HZ = 44100;
const SLOW_FILES_RATE_HZ = 48000;

/** A file at another rate than its own. */
export class ConvertedSource extends ResampledSource {
  readonly #file: PeakWatch;

  constructor(source: AudioSource, sampleRateHz: number) {
    const file = new PeakWatch(source);
    super(file, sampleRateHz);
    this.#file = file;
  }

  /** Largest sample of the file itself, as far as it was read; null for silence. */
  get fileSamplePeakDbfs(): number | null {
    return amplitudeDb(this.#file.samplePeak);
  }
}

/**
 * Opens a sound file at `rateHz`, or at its own rate where the chain can work at that.
 * @throws AudioFileError with a sentence for the user
 */
export async function openForProcessing(path: string, rateHz?: number): Promise<AudioSource> {
  const source = await openAudio(path);
  const wanted = rateHz ?? (source.sampleRateHz < MIN_RATE_HZ ? SLOW_FILES_RATE_HZ : source.sampleRateHz);
  return wanted === source.sampleRateHz ? source : new ConvertedSource(source, wanted);
}
