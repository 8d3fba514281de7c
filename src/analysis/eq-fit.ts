import { bandGainDb, eqGainsDb, type EqBand } from "./eq-response.js";
import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";

/** Where the bands of the equaliser begin their search: two shelves, and six bells between. */
const START: readonly EqBand[] = [
  { shape: "lowShelf", freqHz: 70, gainDb: 0, q: 0.71 },
  ...[110, 220, 450, 950, 2100, 4600].map((freqHz) => ({ shape: "bell" as const, freqHz, gainDb: 0, q: 1 })),
  { shape: "highShelf", freqHz: 8500, gainDb: 0, q: 0.71 },
];
/** How far a band may go from there, in octaves; within which Q a bell stays; a shelf keeps its own. */
const ROAM_OCTAVES = 0.7;
const Q_RANGE = [0.4, 3] as const;
const ITERATIONS = 40;
const FIRST_DAMPING = 0.01;
/** A band that does less than this is left out. */
const LEAST_DB = 0.05;
/** Each band is three numbers of the search: octaves from its start, gain in dB, octaves of Q from 1. */
const NUMBERS = 3;
const STEPS = [0.02, 0.1, 0.02] as const;

/** What the search may do. */
export interface FitOptions {
  /** Wanted gain in dB at each third-octave band. */
  readonly wantedDb: readonly number[];
  /** How much each band counts, 0..1. */
  readonly weights: readonly number[];
  /** The response exceeds this nowhere, up or down. */
  readonly limitDb: number;
}

/**
 * Fits the eight bands of the equaliser to a wanted response: least squares over frequency, gain and Q of the bands by
 * Levenberg and Marquardt's method (Marquardt, J. SIAM 11 (1963)), then scaled into the limit.
 */
export function fitEq(options: FitOptions): EqBand[] {
  let place = START.flatMap(({ freqHz, q }) => [0, nearest(options.wantedDb, freqHz), Math.log2(q)]);
  let cost = costOf(place, options);
  let damping = FIRST_DAMPING;
  for (let n = 0; n < ITERATIONS; n++) {
    const trial = bounded(stepped(place, options, damping), options.limitDb);
    const trialCost = costOf(trial, options);
    damping *= trialCost < cost ? 0.3 : 4;
    if (trialCost >= cost) continue;
    place = trial;
    cost = trialCost;
  }
  return limited(bandsOf(place), options.limitDb).map(tidy).filter(({ gainDb }) => Math.abs(gainDb) >= LEAST_DB);
}

function nearest(levels: readonly number[], freqHz: number): number {
  const distance = (hz: number): number => Math.abs(Math.log(hz / freqHz));
  const best = THIRD_OCTAVE_FREQ_HZ.reduce((found, hz, k) => (distance(hz) < distance(THIRD_OCTAVE_FREQ_HZ[found] as number) ? k : found), 0);
  return (levels[best] as number) / 2;
}

function bandsOf(place: readonly number[]): EqBand[] {
  return START.map((start, k) => ({
    shape: start.shape,
    freqHz: start.freqHz * 2 ** (place[NUMBERS * k] as number),
    gainDb: place[NUMBERS * k + 1] as number,
    q: start.shape === "bell" ? 2 ** (place[NUMBERS * k + 2] as number) : start.q,
  }));
}

function bounded(place: readonly number[], limitDb: number): number[] {
  const ranges = [[-ROAM_OCTAVES, ROAM_OCTAVES], [-limitDb, limitDb], Q_RANGE.map(Math.log2)] as const;
  return place.map((value, k) => Math.min(ranges[k % NUMBERS]?.[1] ?? value, Math.max(ranges[k % NUMBERS]?.[0] ?? value, value)));
}

function errorsOf(place: readonly number[], { wantedDb, weights }: FitOptions): number[] {
  return eqGainsDb(bandsOf(place)).map((db, k) => (weights[k] as number) * (db - (wantedDb[k] as number)));
}

function costOf(place: readonly number[], options: FitOptions): number {
  return errorsOf(place, options).reduce((sum, error) => sum + error * error, 0);
}

/** One step of the method, with derivatives by differences. */
function stepped(place: readonly number[], options: FitOptions, damping: number): number[] {
  const errors = errorsOf(place, options);
  const slopes = place.map((_, k) => {
    const step = STEPS[k % NUMBERS] as number;
    const moved = errorsOf(place.map((one, at) => (at === k ? one + step : one)), options);
    return moved.map((error, at) => (error - (errors[at] as number)) / step);
  });
  const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
  const matrix = slopes.map((row, k) => slopes.map((column, m) => product(row, column) * (k === m ? 1 + damping : 1) + (k === m ? damping : 0)));
  const change = solved(matrix, slopes.map((row) => -product(row, errors)));
  return place.map((value, k) => value + (change[k] as number));
}

/** Solves a symmetric positive system by elimination. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, k) => [...row, right[k] as number]);
  const size = rows.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const top = rows[pivot] as number[];
    for (let k = pivot + 1; k < size; k++) {
      const row = rows[k] as number[];
      const factor = (row[pivot] as number) / (top[pivot] as number);
      for (let m = pivot; m <= size; m++) row[m] = (row[m] as number) - factor * (top[m] as number);
    }
  }
  const result = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    const row = rows[k] as number[];
    let sum = row[size] as number;
    for (let m = k + 1; m < size; m++) sum -= (row[m] as number) * (result[m] as number);
    result[k] = sum / (row[k] as number);
  }
  return result;
}

/** Turns all gains down until bands that overlap exceed the limit nowhere. */
function limited(bands: readonly EqBand[], limitDb: number): EqBand[] {
  let result = [...bands];
  for (let n = 0; n < ITERATIONS && largestDb(result) > limitDb; n++) result = result.map((band) => ({ ...band, gainDb: 0.98 * band.gainDb }));
  return result;
}

/** Largest gain of bands together, up or down, on a grid of a twelfth of an octave. */
export function largestDb(bands: readonly EqBand[]): number {
  const gains = Array.from({ length: 121 }, (_, k) => 20 * 2 ** (k / 12))
    .map((hz) => Math.abs(bands.reduce((sum, band) => sum + bandGainDb(band, hz), 0)));
  return Math.max(...gains);
}

/** On the steps of the equaliser's controls. */
function tidy({ shape, freqHz, gainDb, q }: EqBand): EqBand {
  return { shape, freqHz: Math.round(freqHz), gainDb: Math.round(100 * gainDb) / 100, q: Math.round(100 * q) / 100 };
}
