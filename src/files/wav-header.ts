import { AudioFileError, durationText } from "./audio-file-error.js";
import type { RandomAccess } from "./file-bytes.js";
import { requireSupported } from "./limits.js";

/** Where the samples of a WAV lie and how they are written. */
export interface WavHeader {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly kind: "integer" | "float";
  /** Bytes of one sample in the file: 1..4 for integers, 4 or 8 for floats. */
  readonly sampleBytes: number;
  /** Bits that carry sound; samples are left-justified in their bytes. */
  readonly validBits: number;
  readonly dataStart: number;
  readonly frames: number;
}

interface Format extends Omit<WavHeader, "dataStart" | "frames"> {
  readonly frameBytes: number;
}

interface Chunk {
  readonly id: string;
  readonly start: number;
  readonly size: number;
}

const TAG_PCM = 1;
const TAG_FLOAT = 3;
const TAG_EXTENSIBLE = 0xfffe;

/** Bytes 2..15 of the sub-format of WAVE_FORMAT_EXTENSIBLE; bytes 0..1 are the format tag (ksmedia.h, KSDATAFORMAT_SUBTYPE). */
const SUBTYPE_TAIL = "000000001000800000aa00389b71";

const TAG_NAMES: Readonly<Record<number, string>> = {
  0x02: "Microsoft ADPCM", 0x06: "A-law", 0x07: "mu-law", 0x11: "IMA ADPCM", 0x31: "GSM 6.10", 0x50: "MPEG",
  0x55: "MP3", 0x92: "Dolby AC-3", 0xff: "AAC", 0x161: "Windows Media Audio", 0x2000: "Dolby AC-3",
};

/** No file in use has more chunks; a crafted one must not keep the reader busy. */
const MAX_CHUNKS = 4096;

const UINT32_MAX = 0xffff_ffff;

/**
 * Reads and checks the header of a WAV: RIFF, and RF64 or BW64 with its ds64 chunk for more than 4 GiB.
 * A data size that only marks a stream (0 in a header never completed, 0x7FFFF000.. of sox and arecord,
 * 0xFFFFF000.. of ffmpeg) means "to the end of the file"; any other that reaches over the end is an error.
 * Reference: Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306 (RF64).
 *
 * @param file - starts with RIFF, RF64 or BW64 and WAVE
 */
export function readWavHeader(file: RandomAccess): WavHeader {
  const riff = view(file.take(12, 0));
  const riffSize = riff.getUint32(4, true);
  const longDataSize = text(riff, 0) === "RIFF" ? undefined : readLongDataSize(file);
  let format: Format | undefined;
  let position = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const chunk = readChunk(file, position);
    if (chunk === undefined) break;
    if (chunk.id === "fmt ") {
      format = readFormat(file, chunk);
    } else if (chunk.id === "data") {
      if (format === undefined) throw damaged(file, "its format chunk is missing before the sound");
      const size = chunk.size === UINT32_MAX && longDataSize !== undefined ? longDataSize : chunk.size;
      return locate(file, format, { ...chunk, size }, riffSize);
    }
    // Chunks start at even positions (padded by one byte).
    position = chunk.start + chunk.size + (chunk.size % 2);
  }
  throw format === undefined ? damaged(file, "it has no format chunk") : noSound(file);
}

function locate(file: RandomAccess, format: Format, data: Chunk, riffSize: number): WavHeader {
  const { frameBytes, ...rest } = format;
  const present = file.size - data.start;
  const toTheEnd = isStreamed(data, riffSize, present);
  if (!toTheEnd && data.size > present) {
    const seconds = (bytes: number): string => durationText(Math.floor(bytes / frameBytes) / format.sampleRateHz);
    throw new AudioFileError("truncated", file.path, `is cut short: its header promises ${seconds(data.size)} of sound, `
      + `${seconds(present)} are there; copy or export it again.`);
  }
  const frames = Math.floor((toTheEnd ? present : data.size) / frameBytes);
  if (frames === 0) throw noSound(file);
  return { ...rest, dataStart: data.start, frames };
}

/** Whether the data size only marks a stream whose length was not known when its header was written. */
function isStreamed(data: Chunk, riffSize: number, present: number): boolean {
  // A header never completed has a RIFF size of 0 or of the header alone.
  if (data.size === 0) return riffSize + 8 <= data.start || riffSize >= 0xffff_f000;
  if (data.size === UINT32_MAX) return true;
  const isMark = (data.size >= 0x7fff_f000 && data.size <= 0x7fff_ffff) || (data.size >= 0xffff_f000 && data.size < UINT32_MAX);
  return isMark && data.size > present;
}

/** The size of the data chunk from ds64 (EBU Tech 3306, clause 3), which must be the first chunk. */
function readLongDataSize(file: RandomAccess): number {
  const chunk = readChunk(file, 12);
  const bytes = file.take(16, 20);
  if (chunk?.id !== "ds64" || bytes.length < 16) throw damaged(file, "its ds64 chunk is missing");
  const size = view(bytes).getBigUint64(8, true);
  // A number beyond 2^53 is far beyond any file and is refused as cut short.
  return Number(size);
}

function readChunk(file: RandomAccess, position: number): Chunk | undefined {
  const bytes = file.take(8, position);
  if (bytes.length < 8) return undefined;
  const header = view(bytes);
  return { id: text(header, 0), size: header.getUint32(4, true), start: position + 8 };
}

function readFormat(file: RandomAccess, chunk: Chunk): Format {
  const bytes = file.take(Math.min(chunk.size, 40), chunk.start);
  if (bytes.length < 16) throw damaged(file, "its format chunk is too short");
  const fields = view(bytes);
  const declaredTag = fields.getUint16(0, true);
  const bits = fields.getUint16(14, true);
  const tag = declaredTag === TAG_EXTENSIBLE ? readSubFormat(file, bytes) : declaredTag;
  if (tag !== TAG_PCM && tag !== TAG_FLOAT) throw unsupported(file, TAG_NAMES[tag] ?? `format 0x${tag.toString(16)}`);
  const sampleRateHz = fields.getUint32(4, true);
  const channels = requireSupported(file.path, sampleRateHz, fields.getUint16(2, true));
  const frameBytes = fields.getUint16(12, true);
  const sampleBytes = frameBytes / channels;
  const kind = tag === TAG_FLOAT ? "float" : "integer";
  const extensibleBits = declaredTag === TAG_EXTENSIBLE ? fields.getUint16(18, true) : 0;
  const validBits = extensibleBits === 0 ? bits : extensibleBits;
  const coding = `${validBits}-bit ${kind === "float" ? "float" : "PCM"}`;
  const known = kind === "float" ? [4, 8].includes(sampleBytes) && bits === 8 * sampleBytes : [1, 2, 3, 4].includes(sampleBytes);
  if (known && bits > 0 && bits <= 8 * sampleBytes && validBits <= bits) {
    return { sampleRateHz, channels, kind, sampleBytes, validBits, frameBytes };
  }
  throw known || frameBytes === 0
    ? damaged(file, `it states ${bits} bits a sample in ${frameBytes} bytes a frame`)
    : unsupported(file, `${coding} in ${frameBytes} bytes a frame`);
}

function readSubFormat(file: RandomAccess, bytes: Uint8Array): number {
  if (bytes.length < 40) throw damaged(file, "its format chunk is too short");
  const tail = Buffer.from(bytes.subarray(26, 40)).toString("hex");
  if (tail !== SUBTYPE_TAIL) throw unsupported(file, "an unknown sub-format");
  return view(bytes).getUint16(24, true);
}

function unsupported(file: RandomAccess, coding: string): AudioFileError {
  return new AudioFileError("coding", file.path, `is a WAV with ${coding}, which is not supported; `
    + "export it as 16, 24 or 32-bit PCM or as 32-bit float.");
}

function damaged(file: RandomAccess, what: string): AudioFileError {
  return new AudioFileError("damaged", file.path, `is a damaged WAV: ${what}; export it again.`);
}

function noSound(file: RandomAccess): AudioFileError {
  return new AudioFileError("empty", file.path, "is a WAV without sound; record or export it again.");
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(fields: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((k) => fields.getUint8(at + k)));
}
