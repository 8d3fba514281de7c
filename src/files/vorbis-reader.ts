import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { AudioFileError, durationText } from "./audio-file-error.js";
import { piecesOf, type DecodeJob } from "./decode-all.js";
import { READABLE_FORMATS, requireSupported } from "./limits.js";
import { checkOggPages } from "./ogg-pages.js";

const OTHER_CODINGS: readonly (readonly [start: string, name: string])[] = [
  ["OpusHead", "Opus"], ["\x7fFLAC", "FLAC"], ["Speex   ", "Speex"], ["\x80theora", "Theora video"], ["fishead\0", "several streams"],
];

/**
 * How an Ogg Vorbis file is decoded. Its last page gives the exact length.
 *
 * @param bytes - starts with OggS
 * @throws AudioFileError, `truncated` when the last page of the stream is missing
 */
export function vorbisJob(path: string, bytes: Uint8Array): DecodeJob {
  const pages = checkOggPages(path, bytes);
  const start = Buffer.from(pages.firstPacket.subarray(0, 8)).toString("latin1");
  if (!start.startsWith("\x01vorbis")) {
    const coding = OTHER_CODINGS.find(([pattern]) => start.startsWith(pattern))?.[1] ?? "an unknown coding";
    throw new AudioFileError("coding", path, `is an Ogg with ${coding}; ${READABLE_FORMATS} are supported; convert it to WAV first.`);
  }
  const head = new DataView(pages.firstPacket.buffer, pages.firstPacket.byteOffset, pages.firstPacket.length);
  // Identification header: Vorbis I specification, clause 4.2.2.
  if (head.byteLength < 30) {
    throw new AudioFileError("damaged", path, "is a damaged Ogg: its Vorbis header is too short; export it again.");
  }
  const sampleRateHz = head.getUint32(12, true);
  const channels = requireSupported(path, sampleRateHz, head.getUint8(11));
  if (!pages.isComplete) {
    throw new AudioFileError("truncated", path, `is cut short: its last page is missing, `
      + `${durationText(pages.lastGranule / sampleRateHz)} of sound are there; copy or export it again.`);
  }
  const format = { sampleRateHz, channels, encoding: "Ogg Vorbis" };
  // The last position need not count from 0 (a piece cut out of a stream), so it promises nothing.
  return { path, createDecoder: () => new OggVorbisDecoder(), pieces: piecesOf(bytes), bytes: bytes.length, format, promisedFrames: 0 };
}
