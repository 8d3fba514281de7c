import { AudioFileError } from "./audio-file-error.js";
import type { AudioSource } from "./audio-source.js";
import { decodeAll, decodeInto, type DecodeJob } from "./decode-all.js";
import type { DecodedFormat, DecodedPiece } from "./decoded-audio.js";
import { FileBytes } from "./file-bytes.js";
import { flacJob } from "./flac-reader.js";
import { READABLE_FORMATS } from "./limits.js";
import { mp3Job } from "./mp3-reader.js";
import { findMpegAudio } from "./mpeg-frames.js";
import { vorbisJob } from "./vorbis-reader.js";
import { WavReader } from "./wav-reader.js";

/** Most of a compressed file that is read into memory while it is decoded piece by piece. */
const MOST_WHOLE_BYTES = 100e6;
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
  if (isWav(file)) return new WavReader(file);
  try {
    return await decodeAll(decodeJob(file));
  } finally {
    file.close();
  }
}

/** Takes the sound of a compressed file piece by piece. */
export interface PieceTaker {
  /** Hears what is coming, once, before the first piece. */
  begin(format: DecodedFormat): void;
  /** Takes a piece; `doneShare` of the file, 0..1, is decoded with it. */
  take(piece: DecodedPiece, doneShare: number): void;
}

/**
 * Opens a WAV, or hands a compressed file to `taker` while it is decoded, so that a long one takes no more memory than a short
 * one: a FLAC is read from disk in pieces, of the others the file itself is in memory.
 *
 * @returns the WAV; undefined when the taker has got everything
 * @throws AudioFileError as `openAudio` does, and what the taker throws
 */
export async function openOrDecode(path: string, taker: PieceTaker): Promise<AudioSource | undefined> {
  const file = new FileBytes(path);
  if (isWav(file)) return new WavReader(file);
  try {
    const job = decodeJob(file, MOST_WHOLE_BYTES);
    taker.begin(job.format);
    await decodeInto(job, (piece, doneShare) => taker.take(piece, doneShare));
    return undefined;
  } finally {
    file.close();
  }
}

function isWav(file: FileBytes): boolean {
  return /^(RIFF|RF64|BW64)....WAVE/s.test(headAt(file, 0));
}

/** How the file is decoded; it must stay open meanwhile. A file whose bytes must all be in memory has `mostBytes` at most. */
function decodeJob(file: FileBytes, mostBytes = Infinity): DecodeJob {
  const { path } = file;
  const start = afterTags(file);
  const head = headAt(file, start);
  if (head.startsWith("fLaC")) return flacJob(file, start);
  if (head.startsWith("OggS")) return vorbisJob(path, wholeFile(file, mostBytes).subarray(start));
  const foreign = FOREIGN.find(([pattern]) => pattern.test(head));
  if (foreign !== undefined) {
    throw new AudioFileError("coding", path, `is ${foreign[1]}; ${READABLE_FORMATS} are supported; convert it to WAV first.`);
  }
  // Three frames fit in this many bytes behind the junk that is passed over.
  if (findMpegAudio(file.take(1 << 17, start), 0) === undefined) {
    throw new AudioFileError("not-audio", path, `is no sound file that can be read; ${READABLE_FORMATS} are supported.`);
  }
  const bytes = wholeFile(file, mostBytes);
  return mp3Job(path, bytes, findMpegAudio(bytes, start) ?? start);
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

function wholeFile(file: FileBytes, mostBytes: number): Uint8Array {
  if (file.size > mostBytes) {
    throw new AudioFileError("too-long", file.path, `has ${Math.ceil(file.size / 1e6)} MB, ${mostBytes / 1e6} MB are allowed; cut it, or convert it to WAV or FLAC.`);
  }
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
