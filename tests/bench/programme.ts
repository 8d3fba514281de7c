import { pinkNoise } from "../support/signals.js";

/**
 * A minute of something like music, interleaved stereo, peaks near full scale: a decaying kick every half
 * second, a slow chord, and pink noise that swells, a little different on either side.
 */
export function programme(sampleRateHz: number, seconds = 60): Float64Array {
  const frames = seconds * sampleRateHz;
  const noise = [pinkNoise(frames, -26, 1), pinkNoise(frames, -26, 2)];
  const samples = new Float64Array(2 * frames);
  for (let n = 0; n < frames; n++) {
    const t = n / sampleRateHz;
    const beat = t % 0.5;
    const kick = 0.55 * Math.exp(-beat / 0.08) * Math.sin(2 * Math.PI * 55 * beat + 20 * Math.exp(-beat / 0.02));
    const swell = 0.6 + 0.4 * Math.sin((2 * Math.PI * t) / 13);
    for (let side = 0; side < 2; side++) {
      const chord = Math.sin(2 * Math.PI * (220 + side) * t) + Math.sin(2 * Math.PI * 277.2 * t) + Math.sin(2 * Math.PI * 2637 * t) / 3;
      samples[2 * n + side] = kick + swell * (0.08 * chord + noise[side]![n]!);
    }
  }
  return samples;
}
