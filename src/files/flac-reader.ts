import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { AudioFileError } from "./audio-file-error.js";
import type { DecodeJob } from "./decode-all.js";
import { readPieces, type RandomAccess } from "./file-bytes.js";
import { requireSupported } from "./limits.js";

interface StreamInfo {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bits: number;
  /** 0 if the encoder did not know. */
  readonly frames: number;
}

/** STREAMINFO with the marker and the header of its block before it. */
const HEAD_BYTES = 42;

/**
 * How a FLAC is decoded, read from disk in pieces. Integers of up to 24 bits are delivered exactly; fewer frames than the
 * header promises are an error.
 *
 * @param start - position of fLaC
 * @throws AudioFileError for a header that cannot be read, or promises what is not supported
 */
export function flacJob(file: RandomAccess, start: number): DecodeJob {
  const { path } = file;
  const info = readStreamInfo(path, file.take(HEAD_BYTES, start));
  const { sampleRateHz, bits } = info;
  const channels = requireSupported(path, sampleRateHz, info.channels);
  const format = { sampleRateHz, channels, encoding: `FLAC, ${bits}-bit` };
  const mend = (channel: Float32Array): void => {
    rescale(channel, bits);
  };
  const pieces = readPieces(file, start);
  return { path, createDecoder: () => new FLACDecoder(), pieces, bytes: file.size - start, format, promisedFrames: info.frames, mend };
}

/** Reads the STREAMINFO block, which must be the first (RFC 9639, clause 8.2). */
function readStreamInfo(path: string, bytes: Uint8Array): StreamInfo {
  const info = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEAD_BYTES || (info.getUint8(4) & 0x7f) !== 0) {
    throw new AudioFileError("damaged", path, "is a damaged FLAC: its stream information is missing; export it again.");
  }
  const packed = info.getBigUint64(18);
  return {
    sampleRateHz: Number(packed >> 44n),
    channels: Number((packed >> 41n) & 7n) + 1,
    bits: Number((packed >> 36n) & 31n) + 1,
    frames: Number(packed & 0xf_ffff_ffffn),
  };
}

/**
 * The decoder divides integers of b bits by 2^(b-1) - 1; full scale is 2^(b-1) here, as in every other reader.
 * Up to 24 bits the integer is recovered exactly, since a float keeps 24 bits.
 */
function rescale(channel: Float32Array, bits: number): void {
  const fullScale = 2 ** (bits - 1);
  for (let n = 0; n < channel.length; n++) {
    channel[n] = Math.round((channel[n] as number) * (fullScale - 1)) / fullScale;
  }
}
