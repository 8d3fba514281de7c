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

/** Frames until the signal is exactly zero to its end. */
export function framesUntilSilence(signal: Float64Array): number {
  let end = signal.length;
  while (end > 0 && signal[end - 1] === 0) end--;
  return end;
}

/** Largest difference of two signals, in dBFS. */
export function nullDb(a: Float64Array, b: Float64Array): number {
  return peakDb(a.map((x, n) => x - b[n]!));
}

const twiddles = new Map<number, { cos: Float64Array; sin: Float64Array }>();

/** exp(-2 pi i k / size) for k below size / 2. */
function twiddlesOf(size: number): { cos: Float64Array; sin: Float64Array } {
  const known = twiddles.get(size);
  if (known) return known;
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  twiddles.set(size, { cos, sin });
  return { cos, sin };
}

/** Complex FFT of a real signal whose length is a power of two; returns [real, imaginary] of bins 0..N/2. */
export function fft(signal: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = signal.length;
  const bits = Math.log2(n);
  if (!Number.isInteger(bits)) throw new Error(`FFT length ${n} is no power of two.`);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  for (let i = 0, reversed = 0; i < n; i++) {
    re[reversed] = signal[i]!;
    let bit = n >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
  const { cos, sin } = twiddlesOf(n);
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    const stride = n / size;
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < half; k++) {
        const c = cos[k * stride]!;
        const s = sin[k * stride]!;
        const i = start + k;
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

/** A Kaiser window scaled so that a full-scale sine on a bin of its FFT has a magnitude of 1. */
function kaiserWindow(length: number, beta: number): Float64Array {
  const key = `${length} ${beta}`;
  const known = kaiserWindows.get(key);
  if (known) return known;
  const shape = Float64Array.from({ length }, (_, i) => besselI0(beta * Math.sqrt(1 - ((2 * i) / length - 1) ** 2)));
  const gain = shape.reduce((sum, w) => sum + w, 0);
  const window = shape.map((w) => (2 * w) / gain);
  kaiserWindows.set(key, window);
  return window;
}

/** Magnitude spectrum in dBFS (a full-scale sine on a bin reads 0), Kaiser window of the given beta. */
export function spectrumDb(signal: Float64Array, beta = 20): Float64Array {
  const window = kaiserWindow(signal.length, beta);
  const { re, im } = fft(signal.map((x, i) => x * window[i]!));
  return re.map((x, k) => 10 * Math.log10(Math.max(x * x + im[k]! ** 2, 1e-300)));
}

/** Loudest component in dBFS above a frequency, in any of the half-overlapping windows of `size` frames. */
export function loudestAboveDb(signal: Float64Array, sampleRateHz: number, aboveHz: number, size = 8192): number {
  let worst = -300;
  for (let start = 0; start + size <= signal.length; start += size / 2) {
    const spectrum = spectrumDb(signal.slice(start, start + size));
    for (let bin = Math.round((aboveHz * size) / sampleRateHz); bin <= size / 2; bin++) worst = Math.max(worst, spectrum[bin]!);
  }
  return worst;
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
  const padded = new Float64Array(signal.length + 2 * half);
  padded.set(signal, half);
  // Three sums at a time, so that no addition waits for the last.
  return signal.map((x, n) => {
    let [a, b, c] = [taps[half]! * x, 0, 0];
    for (let k = 1, down = n + half - 1, up = n + half + 1; k <= half; k += 3, down -= 3, up += 3) {
      a += taps[half + k]! * (padded[down]! + padded[up]!);
      b += taps[half + k + 1]! * (padded[down - 1]! + padded[up + 1]!);
      c += taps[half + k + 2]! * (padded[down - 2]! + padded[up + 2]!);
    }
    return a + b + c;
  });
}
