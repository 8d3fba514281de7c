import { AudioFileError } from "./audio-file-error.js";

/** The sample rates that files may have, in Hz, both ends included. */
export const SAMPLE_RATE_RANGE_HZ = { min: 8000, max: 192_000 } as const;

/** The formats that can be read, for messages. */
export const READABLE_FORMATS = "WAV, FLAC, MP3 and Ogg Vorbis";

/**
 * Refuses a file whose header states a format that cannot be processed.
 *
 * @returns the number of channels, narrowed
 * @throws AudioFileError `channels` or `sample-rate`
 */
export function requireSupported(path: string, sampleRateHz: number, channels: number): 1 | 2 {
  const { min, max } = SAMPLE_RATE_RANGE_HZ;
  if (channels !== 1 && channels !== 2) {
    const remedy = channels === 0 ? "export it again" : "fold it down first";
    throw new AudioFileError("channels", path, `has ${channels} channels; mono and stereo are supported; ${remedy}.`);
  }
  if (!(sampleRateHz >= min && sampleRateHz <= max)) {
    throw new AudioFileError("sample-rate", path,
      `has a sample rate of ${sampleRateHz} Hz; ${min} to ${max} Hz are supported; convert it first.`);
  }
  return channels;
}
