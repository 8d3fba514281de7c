import type { StereoSignal } from "../../support/run-chain.js";

const FULL_SCALE = 2 ** 31;

/** Sound as the mixer plays it: interleaved stereo of 32 bits. */
export function wireOf({ left, right }: StereoSignal): Uint8Array {
  const wire = new Int32Array(2 * left.length);
  const word = (x: number): number => Math.round(Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, x * FULL_SCALE)));
  left.forEach((x, n) => {
    wire[2 * n] = word(x);
    wire[2 * n + 1] = word(right[n]!);
  });
  return new Uint8Array(wire.buffer);
}

/** The same sound in two channels of full scale 1. */
export function soundOf(bytes: Uint8Array): StereoSignal {
  const wire = new Int32Array(bytes.slice().buffer);
  const side = (first: number): Float64Array => Float64Array.from({ length: wire.length / 2 }, (_, n) => wire[2 * n + first]! / FULL_SCALE);
  return { left: side(0), right: side(1) };
}

/** What the recorder took. @throws Error when the file is not there */
export function recordingOf(file: Uint8Array | undefined): StereoSignal {
  if (file === undefined) throw new Error("The recorder left no recording.");
  return soundOf(Uint8Array.from(file));
}
