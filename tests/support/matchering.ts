import { fft } from "./measure.js";
import type { StereoSignal } from "./run-chain.js";

/**
 * The published method of matchering 2 (Sergree, matchering, stages 1 and 2 as its documentation and code describe them), written
 * anew for comparison: the mean magnitude spectrum of the loudest pieces of mid and side, 4096 frames without window or overlap;
 * the ratio of reference to target on a logarithmic grid, smoothed by local linear regression with tricube weights over a share of
 * 0.0375 of the points (Cleveland's LOWESS); and from that a linear-phase filter of 4096 taps. No limit, no limiter.
 */
const SIZE = 4096;
const PIECE_S = 15;
const SHARE = 0.0375;
const FLOOR = 1e-6;

type Channel = Float64Array;

interface MidSide {
  readonly mid: Channel;
  readonly side: Channel;
}

function midSide({ left, right }: StereoSignal): MidSide {
  return { mid: left.map((l, n) => (l + right[n]!) / 2), side: left.map((l, n) => (l - right[n]!) / 2) };
}

function rms(signal: Channel): number {
  return Math.sqrt(signal.reduce((sum, x) => sum + x * x, 0) / signal.length);
}

/** Pieces of at most 15 s whose RMS in the middle is that of all pieces together, or more. */
function loudest({ mid, side }: MidSide, sampleRateHz: number): MidSide[] {
  const count = Math.max(1, Math.ceil(mid.length / (PIECE_S * sampleRateHz)));
  const length = Math.floor(mid.length / count);
  const pieces = Array.from({ length: count }, (_, k) => ({
    mid: mid.subarray(k * length, (k + 1) * length), side: side.subarray(k * length, (k + 1) * length),
  }));
  const average = Math.sqrt(pieces.reduce((sum, piece) => sum + rms(piece.mid) ** 2, 0) / count);
  return pieces.filter((piece) => rms(piece.mid) >= average - 1e-12);
}

function meanSpectrum(pieces: readonly Channel[]): Float64Array {
  const sum = new Float64Array(SIZE / 2 + 1);
  for (const piece of pieces) {
    for (let at = 0; at + SIZE <= piece.length; at += SIZE) {
      const { re, im } = fft(piece.slice(at, at + SIZE));
      for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + Math.hypot(re[k]!, im[k]!);
    }
  }
  return sum;
}

/** LOWESS without iterations, at evenly spaced points. */
function lowess(values: Float64Array): Float64Array {
  const half = Math.max(1, Math.round((SHARE * values.length) / 2));
  return values.map((_, at) => {
    const from = Math.max(0, Math.min(values.length - 1 - 2 * half, at - half));
    const reach = Math.max(at - from, from + 2 * half - at) + 1e-9;
    let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
    for (let k = from; k <= from + 2 * half && k < values.length; k++) {
      const x = k - at;
      const weight = (1 - Math.min(1, Math.abs(x) / reach) ** 3) ** 3;
      w += weight; wx += weight * x; wy += weight * values[k]!; wxx += weight * x * x; wxy += weight * x * values[k]!;
    }
    const determinant = w * wxx - wx * wx;
    return Math.abs(determinant) < 1e-12 ? wy / w : (wxx * wy - wx * wxy) / determinant;
  });
}

function between(values: Float64Array, place: number): number {
  const below = Math.min(values.length - 2, Math.max(0, Math.floor(place)));
  return values[below]! + (place - below) * (values[below + 1]! - values[below]!);
}

/** Smooths a ratio over bins on a logarithmic grid of four points a bin. */
function smoothed(ratio: Float64Array): Float64Array {
  const points = 4 * ratio.length;
  const last = ratio.length - 1;
  const grid = Float64Array.from({ length: points }, (_, k) => between(ratio, last ** (k / (points - 1))));
  const smooth = lowess(grid);
  return ratio.map((_, k) => (k === 0 ? 0 : k === 1 ? ratio[1]! : between(smooth, (Math.log(k) / Math.log(last)) * (points - 1))));
}

/** The linear-phase filter of a magnitude response, under a Hann window. */
function filterOf(response: Float64Array): Float64Array {
  const spectrum = Float64Array.from({ length: SIZE }, (_, k) => response[k <= SIZE / 2 ? k : SIZE - k]!);
  // Of an even response the inverse transform is the transform; `fft` gives its first half.
  const { re } = fft(spectrum);
  return Float64Array.from({ length: SIZE }, (_, n) => {
    const distance = Math.abs(n - SIZE / 2);
    return (re[distance]! / SIZE) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (SIZE - 1)));
  });
}

/** Gain in dB of the filter for the middle. */
export interface MatcheringFilter {
  readonly gainDb: (freqHz: number) => number;
}

/** The response of the middle's filter that matchering's method gives for a target and its reference. */
export function matcheringFilter(target: StereoSignal, reference: StereoSignal, sampleRateHz: number): MatcheringFilter {
  const [ofTarget, ofReference] = [target, reference].map((signal) => loudest(midSide(signal), sampleRateHz).map(({ mid }) => mid)) as [Channel[], Channel[]];
  const level = (pieces: readonly Channel[]): number => Math.sqrt(pieces.reduce((sum, piece) => sum + rms(piece) ** 2, 0) / pieces.length);
  const gain = level(ofReference) / level(ofTarget);
  const [a, b] = [meanSpectrum(ofReference), meanSpectrum(ofTarget)];
  const taps = filterOf(smoothed(a.map((value, k) => value / Math.max(FLOOR, gain * b[k]!))));
  return {
    gainDb: (freqHz) => {
      const w = (2 * Math.PI * freqHz) / sampleRateHz;
      let [re, im] = [0, 0];
      taps.forEach((tap, n) => { re += tap * Math.cos(w * n); im += tap * Math.sin(w * n); });
      return 20 * Math.log10(Math.hypot(re, im));
    },
  };
}
