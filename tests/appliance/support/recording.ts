import type { StereoSignal } from "../../support/run-chain.js";

const FULL_SCALE = 2 ** 31;

/** A programme as the mixer plays it: interleaved stereo of 32 bits. */
export function programmeBytes({ left, right }: StereoSignal): Uint8Array {
  const samples = new Int32Array(2 * left.length);
  left.forEach((x, n) => {
    samples[2 * n] = Math.round(x * FULL_SCALE);
    samples[2 * n + 1] = Math.round((right[n] as number) * FULL_SCALE);
  });
  return new Uint8Array(samples.buffer);
}

/** The samples of one channel of a recording, as whole numbers of 32 bits. */
export function channelOf(recording: Buffer, channel: 0 | 1): Int32Array {
  const samples = new Int32Array(recording.buffer.slice(recording.byteOffset, recording.byteOffset + recording.byteLength));
  return samples.filter((_, n) => n % 2 === channel);
}

/** Mean level of a part of a channel, dBFS as the RMS of samples. */
export function levelDbfs(channel: Int32Array, fromFrame: number, toFrame: number): number {
  let squares = 0;
  for (let n = fromFrame; n < toFrame; n++) squares += ((channel[n] as number) / FULL_SCALE) ** 2;
  return 10 * Math.log10(squares / (toFrame - fromFrame));
}
