import { drums } from "./programmes.js";
import type { StereoSignal } from "./run-chain.js";
import { pinkNoise } from "./signals.js";

/**
 * A made-up song: drums in the middle, a bed of pink noise of which each side has a part of its own, a bass line.
 * Its balance, width and punch are those of a mix; -14 LUFS or so, peaks under full scale.
 */
export function song(seconds: number, sampleRateHz: number, seed = 1): StereoSignal {
  const frames = seconds * sampleRateHz;
  const kit = drums(frames, sampleRateHz, -6, seed);
  const [middle, left, right] = [0, 1, 2].map((k) => pinkNoise(frames, -26, seed + 10 + k)) as [Float64Array, Float64Array, Float64Array];
  const bass = Float64Array.from({ length: frames }, (_, n) => {
    const note = Math.floor((2 * n) / sampleRateHz) % 4;
    return 0.08 * Math.sin((2 * Math.PI * [70, 92, 83, 104][note]! * n) / sampleRateHz);
  });
  // Now and then all but the bass rests: what is left then is the floor.
  const isRest = (n: number): boolean => n % (2 * sampleRateHz) > 1.65 * sampleRateHz;
  const side = (own: Float64Array): Float64Array => kit.map((x, n) => bass[n]! + (isRest(n) ? 0 : 0.8 * x + middle[n]! + 0.8 * own[n]!));
  return { left: side(left), right: side(right) };
}
