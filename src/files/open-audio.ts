import { AudioFileError } from "./audio-file-error.js";
import type { AudioSource } from "./audio-source.js";
import { FileBytes } from "./file-bytes.js";
import { READABLE_FORMATS } from "./limits.js";
import { WavReader } from "./wav-reader.js";

/** Bytes that decide on the format. */
const HEAD_BYTES = 64;

/**
 * Opens a sound file; the content decides on the format, not the name. WAV is read from disk in pieces, the
 * compressed formats are decoded into memory at once.
 *
 * @throws AudioFileError with a sentence for the user, whatever is wrong with the file
 */
export async function openAudio(path: string): Promise<AudioSource> {
  const file = new FileBytes(path);
  try {
    return await openAs(file, Buffer.from(file.take(HEAD_BYTES, 0)).toString("latin1"));
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openAs(file: FileBytes, head: string): Promise<AudioSource> {
  if (/^(RIFF|RF64|BW64)....WAVE/s.test(head)) return new WavReader(file);
  throw foreignFormat(file.path, head);
}

/** Formats that are recognised only to say so. */
const FOREIGN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^RIFX/, "a big-endian WAV (RIFX)"],
  [/^FORM....AIF[FC]/s, "an AIFF file"],
  [/^caff/, "a Core Audio file"],
  [/^....ftyp/s, "an MP4 or M4A file"],
  [/^\x30\x26\xb2\x75\x8e\x66\xcf\x11/, "a Windows Media file"],
  [/^\x1a\x45\xdf\xa3/, "a Matroska or WebM file"],
  [/^wvpk/, "a WavPack file"],
  [/^MAC /, "a Monkey's Audio file"],
  [/^riff\x2e\x91\xcf\x11/, "a Wave64 file"],
  [/^\.snd/, "an AU file"],
  [/^DSD |^FRM8/, "a DSD file"],
  [/^\xff[\xf0\xf1\xf8\xf9]/, "an AAC stream"],
];

function foreignFormat(path: string, head: string): AudioFileError {
  const known = FOREIGN.find(([pattern]) => pattern.test(head));
  if (known === undefined) {
    return new AudioFileError("not-audio", path, `is no sound file that can be read; ${READABLE_FORMATS} are supported.`);
  }
  return new AudioFileError("coding", path, `is ${known[1]}; ${READABLE_FORMATS} are supported; convert it to WAV first.`);
}
