import { MPEGDecoder } from "mpg123-decoder";
import type { AudioSource } from "./audio-source.js";
import { decodeAll } from "./decode-all.js";
import { requireSupported } from "./limits.js";
import { checkMpegFrames } from "./mpeg-frames.js";

/**
 * Decodes MPEG audio of layer I, II or III. Encoder delay and padding are taken away if a LAME or Xing tag states them.
 *
 * @param start - position of the first frame
 */
export async function readMp3(path: string, bytes: Uint8Array, start: number): Promise<AudioSource> {
  const stream = checkMpegFrames(path, bytes, start);
  const { sampleRateHz } = stream;
  const channels = requireSupported(path, sampleRateHz, stream.channels);
  const format = { sampleRateHz, channels, encoding: stream.layer === 3 ? "MP3" : `MPEG layer ${stream.layer}` };
  return decodeAll(new MPEGDecoder(), { path, bytes: bytes.subarray(stream.start, stream.end), format, promisedFrames: 0 });
}
