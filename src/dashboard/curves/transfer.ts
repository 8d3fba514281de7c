import { dbToLinear, linearToDb } from "./scales.js";

/** What shapes the static curve of a compressor. */
export interface TransferShape {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly kneeDb: number;
  readonly makeupDb: number;
  readonly mixPercent: number;
}

/**
 * Reduction in dB (0 or more) that the compressor asks for at a steady level: a quadratic knee around the threshold (D.
 * Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design", JAES 60, 2012, equation 4).
 */
export function reductionDb({ thresholdDb, ratio, kneeDb }: TransferShape, levelDb: number): number {
  const over = levelDb - (thresholdDb - kneeDb / 2);
  const inKnee = Math.min(Math.max(over, 0), kneeDb);
  const bend = kneeDb > 0 ? (inKnee * inKnee) / (2 * kneeDb) : 0;
  return (1 - 1 / ratio) * (bend + Math.max(over - kneeDb, 0));
}

/** Gain in dB at a reduction: made up, and mixed with the dry sound. */
export function gainAtReductionDb({ makeupDb, mixPercent }: TransferShape, reduction: number): number {
  const mix = mixPercent / 100;
  return linearToDb(1 + mix * (dbToLinear(makeupDb - reduction) - 1));
}

/** Level in dB that comes out for a steady level that goes in. */
export function transferDb(shape: TransferShape, levelDb: number): number {
  return levelDb + gainAtReductionDb(shape, reductionDb(shape, levelDb));
}

/** The crossovers as they work: each is kept an octave above the one below it. */
export function effectiveCrossovers(crossover1Hz: number, crossover2Hz: number, crossover3Hz: number): [number, number, number] {
  const second = Math.max(crossover2Hz, 2 * crossover1Hz);
  return [crossover1Hz, second, Math.max(crossover3Hz, 2 * second)];
}
