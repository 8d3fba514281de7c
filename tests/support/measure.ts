import { linearToDb } from "./signals.js";

export function rmsDb(signal: Float64Array): number {
  let squares = 0;
  for (const x of signal) squares += x * x;
  return 10 * Math.log10(Math.max(squares / signal.length, 1e-300));
}

export function peakDb(signal: Float64Array): number {
  let peak = 0;
  for (const x of signal) peak = Math.max(peak, Math.abs(x));
  return linearToDb(peak);
}

/** Largest difference of two signals, in dBFS. */
export function nullDb(a: Float64Array, b: Float64Array): number {
  return peakDb(a.map((x, n) => x - b[n]!));
}

/** Complex FFT of a real signal whose length is a power of two; returns [real, imaginary] of bins 0..N/2. */
export function fft(signal: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = signal.length;
  const bits = Math.log2(n);
  if (!Number.isInteger(bits)) throw new Error(`FFT length ${n} is no power of two.`);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let reversed = 0;
    for (let b = 0; b < bits; b++) reversed |= ((i >>> b) & 1) << (bits - 1 - b);
    re[reversed] = signal[i]!;
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      for (let i = k; i < n; i += size) {
        const j = i + half;
        const tr = re[j]! * c - im[j]! * s;
        const ti = re[j]! * s + im[j]! * c;
        re[j] = re[i]! - tr;
        im[j] = im[i]! - ti;
        re[i] = re[i]! + tr;
        im[i] = im[i]! + ti;
      }
    }
  }
  return { re: re.slice(0, n / 2 + 1), im: im.slice(0, n / 2 + 1) };
}

/** Magnitude response in dB of an impulse response at the given bins' frequencies (bin k = k fs / N). */
export function responseDb(impulseResponse: Float64Array, impulseLevelDbfs = 0): Float64Array {
  const { re, im } = fft(impulseResponse);
  return re.map((x, k) => linearToDb(Math.hypot(x, im[k]!)) - impulseLevelDbfs);
}

const kaiserWindows = new Map<string, Float64Array>();

function kaiserWindow(length: number, beta: number): Float64Array {
  const key = `${length} ${beta}`;
  const known = kaiserWindows.get(key);
  if (known) return known;
  const window = Float64Array.from({ length }, (_, i) => {
    const x = (2 * i) / length - 1;
    return besselI0(beta * Math.sqrt(1 - x * x)) / besselI0(beta);
  });
  kaiserWindows.set(key, window);
  return window;
}

/** Magnitude spectrum in dBFS (a full-scale sine on a bin reads 0), Kaiser window of the given beta. */
export function spectrumDb(signal: Float64Array, beta = 20): Float64Array {
  const window = kaiserWindow(signal.length, beta);
  const gain = window.reduce((sum, w) => sum + w, 0);
  const { re, im } = fft(signal.map((x, i) => x * window[i]!));
  return re.map((x, k) => linearToDb((2 * Math.hypot(x, im[k]!)) / gain));
}

export function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 80; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Band-limits to `cutoffHz` with a long linear-phase Kaiser low-pass (beta 12, 511 taps: -115 dB within 1.5 kHz
 * at 48 kHz), as a converter or decoder delivers its sound. The delay is removed.
 */
export function bandLimit(signal: Float64Array, sampleRateHz: number, cutoffHz: number): Float64Array {
  const half = 255;
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const t = i - half;
    const fc = (2 * cutoffHz) / sampleRateHz;
    const sinc = t === 0 ? fc : Math.sin(Math.PI * fc * t) / (Math.PI * t);
    return (sinc * besselI0(12 * Math.sqrt(1 - (t / (half + 1)) ** 2))) / besselI0(12);
  });
  const out = new Float64Array(signal.length);
  for (let n = 0; n < signal.length; n++) {
    let sum = 0;
    for (let k = Math.max(0, n - half); k <= Math.min(signal.length - 1, n + half); k++) {
      sum += signal[k]! * taps[n - k + half]!;
    }
    out[n] = sum;
  }
  return out;
}
