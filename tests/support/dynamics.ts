import type { StereoSignal } from "./run-chain.js";
import { concat, dbToLinear, linearToDb, pinkNoise, sine } from "./signals.js";
import { drums } from "./programmes.js";

/** A static compression curve. */
export interface Curve {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly kneeDb: number;
}

/** Output level of a compressor at an input level: Giannoulis, Massberg and Reiss, JAES 60 (2012), equation 4. */
export function compressedDb(levelDb: number, { thresholdDb, ratio, kneeDb }: Curve): number {
  const over = levelDb - thresholdDb;
  if (2 * over < -kneeDb) return levelDb;
  if (2 * over > kneeDb || kneeDb === 0) return over < 0 ? levelDb : thresholdDb + over / ratio;
  return levelDb + ((1 / ratio - 1) * (over + kneeDb / 2) ** 2) / (2 * kneeDb);
}

/** Reduction in dB sample by sample, from what went in and what came out (full-band only; the input must not be 0). */
export function reductionDb(input: Float64Array, output: Float64Array): Float64Array {
  return input.map((x, n) => -linearToDb(Math.abs(output[n]! / x)));
}

/** A square wave of fs/4 that stands at `lowDbfs`, steps to `highDbfs` for a while, and back. */
export interface LevelStep {
  readonly lowDbfs: number;
  readonly highDbfs: number;
  /** Frames before the step up, between both, and after the step down. */
  readonly frames: readonly [before: number, high: number, after: number];
}

export function levelStep({ lowDbfs, highDbfs, frames }: LevelStep): Float64Array {
  const [before, high, after] = frames;
  return Float64Array.from({ length: before + high + after }, (_, n) => {
    const amplitude = dbToLinear(n >= before && n < before + high ? highDbfs : lowDbfs);
    return n % 4 < 2 ? amplitude : -amplitude;
  });
}

/** Frames after `from` until the curve crosses `level` (in either direction), interpolated. */
export function framesToReach(curve: Float64Array, from: number, level: number): number {
  const rising = curve[from]! < level;
  let n = from;
  while (n < curve.length && curve[n]! < level === rising) n++;
  const before = n > 0 ? curve[n - 1]! : curve[n]!;
  // The gain of frame n has had n - from + 1 steps.
  return n - from + (level - before) / (curve[n]! - before);
}

/** Music-like stereo: drums in the middle over wide pink noise, with a quiet part of 2 s in every 6. */
export function musicLike(seconds: number, sampleRateHz: number, seed: number): StereoSignal {
  const frames = seconds * sampleRateHz;
  const beat = drums(frames, sampleRateHz, -6, seed);
  const tone = sine(frames, sampleRateHz, { freqHz: 220, levelDbfs: -18 });
  const mix = (bed: Float64Array): Float64Array =>
    bed.map((x, n) => (x + beat[n]! + tone[n]!) * ((n / sampleRateHz) % 6 < 4 ? 1 : 0.35));
  return { left: mix(pinkNoise(frames, -24, seed + 1)), right: mix(pinkNoise(frames, -24, seed + 2)) };
}

/** Sines of 1 kHz, one level after the other, `framesEach` long. */
export function staircase(levelsDbfs: readonly number[], framesEach: number, sampleRateHz: number): Float64Array {
  return concat(...levelsDbfs.map((levelDbfs) => sine(framesEach, sampleRateHz, { freqHz: 1000, levelDbfs })));
}
