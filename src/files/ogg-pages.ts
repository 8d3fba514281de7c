import { AudioFileError } from "./audio-file-error.js";

/** What a walk over all pages of an Ogg file tells. */
export interface OggSummary {
  /** The first packet of the stream, which names the coding. */
  readonly firstPacket: Uint8Array;
  /** Granule position of the last page: for Vorbis, the frames up to its end. */
  readonly lastGranule: number;
  /** Whether the stream ends with the page that is marked as its last and no page is cut. */
  readonly isComplete: boolean;
}

const HEADER_BYTES = 27;
const FLAG_FIRST = 2;
const FLAG_LAST = 4;

/**
 * Checks every page: capture pattern, version, checksum, serial and sequence number.
 * Reference: RFC 3533, clause 6.
 *
 * @param bytes - starts with OggS
 * @throws AudioFileError `damaged`, or `coding` if there is more than one stream
 */
export function checkOggPages(path: string, bytes: Uint8Array): OggSummary {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const damaged = (what: string, at: number): AudioFileError =>
    new AudioFileError("damaged", path, `is a damaged Ogg: ${what} at byte ${at}; copy or export it again.`);
  let firstPacket = bytes.subarray(0, 0);
  let lastGranule = 0;
  let serial = 0;
  let flags = 0;
  let at = 0;
  for (let sequence = 0; at < bytes.length; sequence++) {
    const length = pageBytes(view, at);
    if (length === undefined) return { firstPacket, lastGranule, isComplete: false };
    if (view.getUint32(at) !== 0x4f67_6753 || view.getUint8(at + 4) !== 0) throw damaged("a page is missing", at);
    if (view.getUint32(at + 22, true) !== pageChecksum(bytes, at, at + length)) throw damaged("a page is corrupt", at);
    flags = view.getUint8(at + 5);
    if (sequence === 0) {
      serial = view.getUint32(at + 14, true);
      firstPacket = bytes.subarray(at + HEADER_BYTES + view.getUint8(at + 26), at + length);
    } else if ((flags & FLAG_FIRST) !== 0 || view.getUint32(at + 14, true) !== serial) {
      throw new AudioFileError("coding", path, "is an Ogg with more than one stream, which is not supported; convert it to WAV first.");
    }
    if (view.getUint32(at + 18, true) !== sequence) throw damaged("a page is missing", at);
    const granule = view.getBigInt64(at + 6, true);
    // -1 marks a page on which no packet ends.
    if (granule >= 0n) lastGranule = Number(granule);
    at += length;
  }
  return { firstPacket, lastGranule, isComplete: (flags & FLAG_LAST) !== 0 };
}

/** Length of the page at a position, or undefined if the bytes end before it does. */
function pageBytes(view: DataView, at: number): number | undefined {
  if (at + HEADER_BYTES > view.byteLength) return undefined;
  const segments = view.getUint8(at + 26);
  let length = HEADER_BYTES + segments;
  if (at + length > view.byteLength) return undefined;
  for (let k = 0; k < segments; k++) length += view.getUint8(at + HEADER_BYTES + k);
  return at + length > view.byteLength ? undefined : length;
}

/** CRC-32 of a page: polynomial 0x04C11DB7, not reflected, with its own field taken as zero (RFC 3533). */
function pageChecksum(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) {
    const isOwnField = at >= start + 22 && at < start + 26;
    const byte = isOwnField ? 0 : (bytes[at] as number);
    crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] as number);
  }
  return crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc;
});
