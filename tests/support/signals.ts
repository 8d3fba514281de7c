/** Deterministic test signals. All are one channel, full scale 1.0. */

/** A seeded generator of uniform numbers in 0..1 (xorshift32). */
export function randomUniform(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}

export function dbToLinear(db: number): number {
  return 10 ** (db / 20);
}

export function linearToDb(linear: number): number {
  return 20 * Math.log10(Math.max(linear, 1e-300));
}

export interface Tone {
  readonly freqHz: number;
  /** Peak level in dBFS. */
  readonly levelDbfs: number;
  readonly phaseRad?: number;
}

export function sine(frames: number, sampleRateHz: number, tone: Tone): Float64Array {
  const amplitude = dbToLinear(tone.levelDbfs);
  const step = (2 * Math.PI * tone.freqHz) / sampleRateHz;
  return Float64Array.from({ length: frames }, (_, n) => amplitude * Math.sin(step * n + (tone.phaseRad ?? 0)));
}

export function impulse(frames: number, at: number, levelDbfs: number): Float64Array {
  const signal = new Float64Array(frames);
  signal[at] = dbToLinear(levelDbfs);
  return signal;
}

/** White noise, uniform, of the given RMS (RMS of samples, not AES17). */
export function whiteNoise(frames: number, rmsDbfs: number, seed: number): Float64Array {
  const random = randomUniform(seed);
  const scale = dbToLinear(rmsDbfs) * Math.sqrt(12);
  return Float64Array.from({ length: frames }, () => scale * (random() - 0.5));
}

/** Pink noise (Paul Kellet's filter over uniform white noise), scaled to the given RMS. */
export function pinkNoise(frames: number, rmsDbfs: number, seed: number): Float64Array {
  const random = randomUniform(seed);
  const poles = [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616];
  const gains = [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898];
  const state = new Float64Array(7);
  const signal = new Float64Array(frames);
  let squares = 0;
  for (let n = 0; n < frames; n++) {
    const white = random() * 2 - 1;
    let sum = white * 0.5362 + state[6]!;
    for (let k = 0; k < 6; k++) {
      state[k] = poles[k]! * state[k]! + gains[k]! * white;
      sum += state[k]!;
    }
    state[6] = white * 0.115926;
    signal[n] = sum;
    squares += sum * sum;
  }
  const scale = dbToLinear(rmsDbfs) / Math.sqrt(squares / frames);
  return signal.map((x) => x * scale);
}

/** Joins signals end to end. */
export function concat(...parts: Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
