import { MPEGDecoder } from "mpg123-decoder";
import { piecesOf, type DecodeJob } from "./decode-all.js";
import { requireSupported } from "./limits.js";
import { checkMpegFrames } from "./mpeg-frames.js";

/**
 * How MPEG audio of layer I, II or III is decoded. Encoder delay and padding are taken away if a LAME or Xing tag states them.
 *
 * @param start - position of the first frame
 */
export function mp3Job(path: string, bytes: Uint8Array, start: number): DecodeJob {
  const stream = checkMpegFrames(path, bytes, start);
  const { sampleRateHz } = stream;
  const channels = requireSupported(path, sampleRateHz, stream.channels);
  const format = { sampleRateHz, channels, encoding: stream.layer === 3 ? "MP3" : `MPEG layer ${stream.layer}` };
  const pieces = piecesOf(bytes.subarray(stream.start, stream.end));
  return { path, createDecoder: () => new MPEGDecoder(), pieces, bytes: stream.end - stream.start, format, promisedFrames: 0 };
}
