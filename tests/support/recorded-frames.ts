import { readFileSync } from "node:fs";

/** The header of a WAV file with an extensible format is shorter. */
const HEADER_BYTES = 128;

/** The recording of the simulated recorder as it lies in the file, but for its first frames: interleaved pairs of 32-bit floats. */
export function recordedFrames(file: string): Float32Array {
  const bytes = readFileSync(file).subarray(HEADER_BYTES);
  const at = bytes.length % 8;
  return new Float32Array(Uint8Array.from(bytes.subarray(at)).buffer);
}
