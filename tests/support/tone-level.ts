import { spectrumDb } from "./measure.js";

const SIZE = 8192;

/** Level of a tone in each piece of 8192 frames, dBFS peak: the loudest of the bins within 3 of its frequency. */
export function toneLevelsDb(signal: Float64Array, sampleRateHz: number, freqHz: number): readonly number[] {
  const bin = Math.round((freqHz * SIZE) / sampleRateHz);
  return Array.from({ length: Math.floor(signal.length / SIZE) }, (_, n) =>
    Math.max(...spectrumDb(signal.slice(n * SIZE, (n + 1) * SIZE)).slice(bin - 3, bin + 4)));
}
