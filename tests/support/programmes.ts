import { bandLimit } from "./measure.js";
import { concat, dbToLinear, pinkNoise, randomUniform, sine, whiteNoise } from "./signals.js";

/** Test programmes that limiters find hard. One channel, full scale 1.0, deterministic. */

/** Sine of `freqHz` with 20 ms on, 30 ms off, hard edges. */
export function toneBursts(frames: number, sampleRateHz: number, freqHz: number, levelDbfs: number): Float64Array {
  const on = Math.round(0.02 * sampleRateHz);
  const period = Math.round(0.05 * sampleRateHz);
  return sine(frames, sampleRateHz, { freqHz, levelDbfs }).map((x, n) => (n % period < on ? x : 0));
}

export function square(frames: number, sampleRateHz: number, freqHz: number, levelDbfs: number): Float64Array {
  const amplitude = dbToLinear(levelDbfs);
  return Float64Array.from({ length: frames }, (_, n) => (((n * freqHz) / sampleRateHz) % 1 < 0.5 ? amplitude : -amplitude));
}

/** Pairs of samples + + - - + + with gaps: the worst case between samples. */
export function pulsePairs(frames: number, levelDbfs: number): Float64Array {
  const amplitude = dbToLinear(levelDbfs);
  const shape = [1, 1, -1, -1, 1, 1];
  return Float64Array.from({ length: frames }, (_, n) => amplitude * (shape[n % 211] ?? 0));
}

/** Eight samples of changing sign, every 1511 frames: all energy near half the sample rate. */
export function alternatingBursts(frames: number, levelDbfs: number): Float64Array {
  const amplitude = dbToLinear(levelDbfs);
  return Float64Array.from({ length: frames }, (_, n) => (n % 1511 < 8 ? amplitude * (-1) ** (n % 1511) : 0));
}

/** Pink noise clipped `clipDb` below its peak and scaled to the level. */
export function clippedPink(frames: number, levelDbfs: number, clipDb: number, seed: number): Float64Array {
  const noise = pinkNoise(frames, -20, seed);
  const peak = noise.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const clip = peak / dbToLinear(clipDb);
  return noise.map((x) => (Math.max(-clip, Math.min(clip, x)) / clip) * dbToLinear(levelDbfs));
}

/** A drum loop: kick, snare and hi-hat from decaying tones and noise, 120 beats a minute. */
export function drums(frames: number, sampleRateHz: number, levelDbfs: number, seed: number): Float64Array {
  const noise = whiteNoise(frames, -10, seed);
  const beat = Math.round(sampleRateHz / 2);
  const out = new Float64Array(frames);
  for (let n = 0; n < frames; n++) {
    const kick = (n % beat) / sampleRateHz;
    const snare = ((n + beat / 2) % beat) / sampleRateHz;
    const hat = (n % (beat / 4)) / sampleRateHz;
    out[n] = Math.exp(-kick * 18) * Math.sin(2 * Math.PI * (55 * kick + 6 * (1 - Math.exp(-kick * 60))))
      + 0.8 * Math.exp(-snare * 30) * (noise[n]! * 2 + Math.sin(2 * Math.PI * 190 * snare))
      + 0.5 * Math.exp(-hat * 120) * noise[n]!;
  }
  const peak = out.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  return out.map((x) => (x / peak) * dbToLinear(levelDbfs));
}

/**
 * A random programme of decaying tones from 40 Hz to 20 kHz, clipped pink noise, short multi-level squares or a mix of
 * transients, driven up to +18 dBFS, band-limited to 20.5 kHz as a converter delivers it.
 */
export function fuzzProgramme(frames: number, sampleRateHz: number, seed: number): Float64Array {
  const random = randomUniform(seed * 2654435761);
  for (let i = 0; i < 8; i++) random();
  const drive = dbToLinear(random() * 18);
  const kind = seed % 4;
  let raw: Float64Array;
  if (kind === 0) {
    raw = new Float64Array(frames);
    for (let tone = 0; tone < 12; tone++) {
      const start = Math.floor(random() * frames);
      const freq = 40 * 500 ** random();
      const decay = 2 + random() * 200;
      const amplitude = random();
      const phase = random() * 6.283;
      for (let n = start; n < frames; n++) {
        const t = (n - start) / sampleRateHz;
        raw[n]! += amplitude * Math.exp(-decay * t) * Math.sin(2 * Math.PI * freq * t + phase);
      }
    }
  } else if (kind === 1) {
    raw = clippedPink(frames, 0, 3 + random() * 9, seed);
  } else if (kind === 2) {
    let level = 0;
    raw = Float64Array.from({ length: frames }, (_, n) => {
      if (n % 7 === 0) level = Math.round(random() * 4 - 2) / 2;
      return level;
    });
  } else {
    const music = drums(frames, sampleRateHz, 0, seed);
    const pink = pinkNoise(frames, -18, seed + 1);
    raw = music.map((x, n) => x + pink[n]! + (random() < 0.001 ? random() * 2 - 1 : 0));
  }
  return bandLimit(fadeOut(raw.map((x) => x * drive), sampleRateHz), sampleRateHz, 20500);
}

/** Fades the last 20 ms out and adds 20 ms of silence, so that the end is no step of its own. */
function fadeOut(signal: Float64Array, sampleRateHz: number): Float64Array {
  const fade = Math.round(0.02 * sampleRateHz);
  const faded = signal.map((x, n) => x * Math.sin((Math.PI / 2) * Math.min(1, (signal.length - n) / fade)) ** 2);
  return concat(faded, new Float64Array(fade));
}

/** The named programmes of the limiter's gate, each pushed 12 dB over full scale, band-limited to 20.5 kHz. */
export function limiterCorpus(sampleRateHz: number): ReadonlyMap<string, Float64Array> {
  return new Map([...rawLimiterCorpus(sampleRateHz)].map(([name, signal]) => [name, bandLimit(signal, sampleRateHz, 20500)]));
}

/** The same programmes before the band limit. */
export function rawLimiterCorpus(sampleRateHz: number): ReadonlyMap<string, Float64Array> {
  const second = sampleRateHz;
  const tone = (freqHz: number, phaseRad: number): Float64Array =>
    sine(second / 2, sampleRateHz, { freqHz, levelDbfs: 12, phaseRad });
  const raw = new Map<string, Float64Array>([
    ["fs/4 at 45 degrees", tone(sampleRateHz / 4, Math.PI / 4)],
    ["fs/6 at 60 degrees", tone(sampleRateHz / 6, Math.PI / 3)],
    ["fs/8 at 67.5 degrees", tone(sampleRateHz / 8, (67.5 * Math.PI) / 180)],
    ["0.4 fs between the grid points", tone(0.4 * sampleRateHz, Math.PI / 20)],
    ["20 kHz", tone(20000, 0.3)],
    ["19 and 20 kHz", tone(19000, 0).map((x, n) => x / 2 + 2 * Math.sin((2 * Math.PI * 20000 * n) / sampleRateHz))],
    ["997 Hz", tone(997, 0)],
    ["bursts of 1 kHz", toneBursts(second, sampleRateHz, 1000, 12)],
    ["bursts of 9.7 kHz", toneBursts(second, sampleRateHz, 9700, 12)],
    ["square of 1 kHz", square(second / 2, sampleRateHz, 1003, 12)],
    ["square of 60 Hz", square(second, sampleRateHz, 61, 12)],
    ["pulse pairs", pulsePairs(second / 2, 12)],
    ["bursts of eight alternating samples", alternatingBursts(second / 2, 12)],
    ["drums", drums(2 * second, sampleRateHz, 12, 3)],
    ["clipped pink noise", clippedPink(second, 12, 6, 5)],
    ["burst after silence", concat(new Float64Array(second / 4), sine(second / 4, sampleRateHz, { freqHz: 3300, levelDbfs: 12 }))],
  ]);
  return new Map([...raw].map(([name, signal]) => [name, fadeOut(signal, sampleRateHz)]));
}
