import { AudioFileError, durationText } from "./audio-file-error.js";

/** One MPEG audio frame header (ISO/IEC 11172-3, clause 2.4.1.3; 13818-3 for the lower rates). */
interface FrameHeader {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly layer: 1 | 2 | 3;
  /** Bytes from this header to the next. */
  readonly bytes: number;
  /** Frames of sound. */
  readonly frames: number;
  /** Position of a Xing or Info tag in a frame of layer III. */
  readonly tagOffset: number;
}

export interface MpegStream {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly layer: 1 | 2 | 3;
  /** The bytes from the first frame to the end of the last. */
  readonly start: number;
  readonly end: number;
}

const KBIT_RATES: Readonly<Record<string, readonly number[]>> = {
  "1/1": [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  "1/2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  "1/3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  "2/1": [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  "2/2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

const SAMPLE_RATES_HZ = [44_100, 48_000, 32_000];

/** Junk before the first frame, such as padding of a tag, is passed over up to here. */
const MAX_JUNK_BYTES = 1 << 16;
const FRAMES_TO_BELIEVE = 3;

/**
 * Finds the first position from which three frames of one kind follow each other (or fewer, to the very end).
 *
 * @returns undefined if this is no MPEG audio
 */
export function findMpegAudio(bytes: Uint8Array, from: number): number | undefined {
  const last = Math.min(bytes.length - 4, from + MAX_JUNK_BYTES);
  for (let at = from; at <= last; at++) {
    if (bytes[at] === 0xff && isMpegRun(bytes, at)) return at;
  }
  return undefined;
}

function isMpegRun(bytes: Uint8Array, start: number): boolean {
  const first = readHeader(bytes, start);
  let at = start;
  for (let count = 0; count < FRAMES_TO_BELIEVE; count++) {
    const header = readHeader(bytes, at);
    if (first === undefined || header === undefined || !isSameKind(first, header)) return count > 0 && at === bytes.length;
    at += header.bytes;
  }
  return true;
}

/**
 * Walks over all frames.
 *
 * @param start - as `findMpegAudio` found it
 * @throws AudioFileError `truncated` if the last frame is cut or the Xing tag counts more frames, `damaged` if
 *   there is a gap between frames
 */
export function checkMpegFrames(path: string, bytes: Uint8Array, start: number): MpegStream {
  const first = readHeader(bytes, start);
  if (first === undefined) throw new AudioFileError("damaged", path, "has no MPEG frame; export it again.");
  const seconds = (frameCount: number): string => durationText((frameCount * first.frames) / first.sampleRateHz);
  const promised = promisedFrames(bytes, start, first);
  let at = start;
  let channels = first.channels;
  let count = promised === undefined ? 0 : -1;
  for (;;) {
    const header = readHeader(bytes, at);
    if (header === undefined || !isSameKind(first, header)) break;
    if (at + header.bytes > bytes.length) {
      throw truncated(path, `its last frame is incomplete, ${seconds(count)} of sound are there`);
    }
    if (header.channels === 2) channels = 2;
    at += header.bytes;
    count++;
  }
  if (findMpegAudio(bytes, at + 1) !== undefined) {
    throw new AudioFileError("damaged", path, `is damaged after ${seconds(Math.max(0, count))} of sound; copy or export it again.`);
  }
  if (promised !== undefined && count < promised) {
    throw truncated(path, `its header promises ${seconds(promised)} of sound, ${seconds(Math.max(0, count))} are there`);
  }
  return { sampleRateHz: first.sampleRateHz, channels, layer: first.layer, start, end: at };
}

function truncated(path: string, what: string): AudioFileError {
  return new AudioFileError("truncated", path, `is cut short: ${what}; copy or export it again.`);
}

/** The number of frames after the one with the Xing or Info tag, if there is such a tag with a count. */
function promisedFrames(bytes: Uint8Array, start: number, header: FrameHeader): number | undefined {
  const at = start + header.tagOffset;
  if (header.layer !== 3 || at + 12 > bytes.length) return undefined;
  const tag = Buffer.from(bytes.buffer, bytes.byteOffset + at, 12);
  const name = tag.toString("latin1", 0, 4);
  const hasCount = (tag.readUInt32BE(4) & 1) === 1;
  return (name === "Xing" || name === "Info") && hasCount ? tag.readUInt32BE(8) : undefined;
}

function isSameKind(a: FrameHeader, b: FrameHeader): boolean {
  return a.sampleRateHz === b.sampleRateHz && a.layer === b.layer && a.frames === b.frames;
}

function readHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (at + 4 > bytes.length) return undefined;
  const [sync = 0, kind = 0, rates = 0, mode = 0] = bytes.subarray(at, at + 4);
  const version = (kind >> 3) & 3;
  const layer = 4 - ((kind >> 1) & 3);
  if (sync !== 0xff || (kind & 0xe0) !== 0xe0 || version === 1) return undefined;
  if (layer !== 1 && layer !== 2 && layer !== 3) return undefined;
  const isFirst = version === 3;
  const table = isFirst ? `1/${layer}` : `2/${Math.min(layer, 2)}`;
  const kbitRate = KBIT_RATES[table]?.[(rates >> 4) - 1];
  const baseRateHz = SAMPLE_RATES_HZ[(rates >> 2) & 3];
  // Free format (index 0) and the forbidden values have no entry.
  if (kbitRate === undefined || baseRateHz === undefined) return undefined;
  const sampleRateHz = baseRateHz / (isFirst ? 1 : version === 2 ? 2 : 4);
  const frames = layer === 1 ? 384 : layer === 3 && !isFirst ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor(((frames / 8) * kbitRate * 1000) / sampleRateHz / slotBytes) + ((rates >> 1) & 1);
  const channels = mode >> 6 === 3 ? 1 : 2;
  const sideBytes = isFirst ? (channels === 2 ? 32 : 17) : channels === 2 ? 17 : 9;
  return { sampleRateHz, channels, layer, bytes: slots * slotBytes, frames, tagOffset: 4 + sideBytes };
}
