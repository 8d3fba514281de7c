import { AudioFileError } from "./audio-file-error.js";
import type { AudioSource } from "./audio-source.js";
import { FileBytes } from "./file-bytes.js";
import { readFlac } from "./flac-reader.js";
import { READABLE_FORMATS } from "./limits.js";
import { readMp3 } from "./mp3-reader.js";
import { findMpegAudio } from "./mpeg-frames.js";
import { readOggVorbis } from "./vorbis-reader.js";
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
  if (/^(RIFF|RF64|BW64)....WAVE/s.test(headAt(file, 0))) return new WavReader(file);
  try {
    return await decode(file);
  } finally {
    file.close();
  }
}

async function decode(file: FileBytes): Promise<AudioSource> {
  const { path } = file;
  const start = afterTags(file);
  const head = headAt(file, start);
  if (head.startsWith("fLaC")) return readFlac(path, wholeFile(file).subarray(start));
  if (head.startsWith("OggS")) return readOggVorbis(path, wholeFile(file).subarray(start));
  const foreign = FOREIGN.find(([pattern]) => pattern.test(head));
  if (foreign !== undefined) {
    throw new AudioFileError("coding", path, `is ${foreign[1]}; ${READABLE_FORMATS} are supported; convert it to WAV first.`);
  }
  // Three frames fit in this many bytes behind the junk that is passed over.
  if (findMpegAudio(file.take(1 << 17, start), 0) === undefined) {
    throw new AudioFileError("not-audio", path, `is no sound file that can be read; ${READABLE_FORMATS} are supported.`);
  }
  const bytes = wholeFile(file);
  return readMp3(path, bytes, findMpegAudio(bytes, start) ?? start);
}

function headAt(file: FileBytes, position: number): string {
  return Buffer.from(file.take(HEAD_BYTES, position)).toString("latin1");
}

/** Position behind the ID3v2 tags at the start (id3.org, ID3v2.4.0 structure, clause 3.1); 0 without. */
function afterTags(file: FileBytes): number {
  let position = 0;
  for (let count = 0; count < MAX_TAGS; count++) {
    const head = Buffer.from(file.take(10, position));
    if (head.length < 10 || head.toString("latin1", 0, 3) !== "ID3") break;
    const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (head.readUInt8(at) & 0x7f), 0);
    const hasFooter = (head.readUInt8(5) & 0x10) !== 0;
    position += 10 + size + (hasFooter ? 10 : 0);
  }
  return position;
}

function wholeFile(file: FileBytes): Uint8Array {
  try {
    return file.take(file.size, 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AudioFileError("too-long", file.path, "does not fit in memory; convert it to WAV, which is read in pieces.", error);
  }
}

/** No file in use has more ID3 tags in a row. */
const MAX_TAGS = 4;

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
