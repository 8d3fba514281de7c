import { besselI0 } from "./measure.js";
import { concat, dbToLinear } from "./signals.js";

/** A stretch of a test signal: seconds, and the peak level of its 1 kHz tone in dBFS (-Infinity: silence). */
export type Segment = readonly [seconds: number, levelDbfs: number];

/** A 1 kHz tone whose level steps from segment to segment, phase continuous (the signals of EBU Tech 3341 and 3342). */
export function steppedTone(sampleRateHz: number, segments: readonly Segment[]): Float64Array {
  const period = sampleRateHz / 100; // ten cycles of 1 kHz fill whole samples at every rate in use
  const cycle = Float64Array.from({ length: period }, (_, n) => Math.sin((2 * Math.PI * 10 * n) / period));
  const ends: number[] = [];
  let seconds = 0;
  for (const [length] of segments) ends.push(Math.round((seconds += length) * sampleRateHz));
  const signal = new Float64Array(ends.at(-1) ?? 0);
  let n = 0;
  segments.forEach(([, levelDbfs], index) => {
    const amplitude = levelDbfs === -Infinity ? 0 : dbToLinear(levelDbfs);
    for (; n < ends[index]!; n++) signal[n] = amplitude * cycle[n % period]!;
  });
  return signal;
}

/** Repeats segments. */
export function repeat(times: number, segments: readonly Segment[]): Segment[] {
  return Array.from({ length: times }, () => segments).flat();
}

/** A sine at `sampleRate * ratio`, with linear fades of 10 ms (Tech 3341 cases 15 to 19). */
export function fadedSine(sampleRateHz: number, ratio: number, amplitude: number, phaseDeg: number): Float64Array {
  const frames = sampleRateHz / 4;
  const fade = sampleRateHz / 100;
  return Float64Array.from({ length: frames }, (_, n) => {
    const envelope = Math.min(1, n / fade, (frames - 1 - n) / fade);
    return amplitude * envelope * Math.sin(2 * Math.PI * ratio * n + (phaseDeg * Math.PI) / 180);
  });
}

const FACTOR = 4;
const HALF_TAPS = 512;

/**
 * A tone at fs/6 and half of full scale with one full-scale period of fs/4 inside, phase continuous: made at
 * four times the rate, low-passed, decimated with an offset of 0..3 (Tech 3341 cases 20 to 23). Its frames are
 * the same at every rate.
 */
export function burstInTone(offset: number): Float64Array {
  const tone = wholePeriods(24, 1000, 0.5);
  const wide = concat(tone, wholePeriods(16, 1, 1), tone);
  const fade = 2000;
  for (let n = 0; n < fade; n++) {
    wide[n] = (wide[n]! * n) / fade;
    wide[wide.length - 1 - n] = (wide[wide.length - 1 - n]! * n) / fade;
  }
  return decimate(wide, offset);
}

function wholePeriods(period: number, count: number, amplitude: number): Float64Array {
  return Float64Array.from({ length: period * count }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / period));
}

/** Every fourth sample, behind a linear-phase Kaiser(12) low-pass at the new Nyquist frequency. */
function decimate(wide: Float64Array, offset: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * HALF_TAPS + 1 }, (_, i) => {
    const t = (i - HALF_TAPS) / FACTOR;
    const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
    return (sinc * besselI0(12 * Math.sqrt(1 - ((i - HALF_TAPS) / (HALF_TAPS + 1)) ** 2))) / besselI0(12) / FACTOR;
  });
  return Float64Array.from({ length: Math.floor((wide.length - offset) / FACTOR) }, (_, n) => {
    const centre = n * FACTOR + offset;
    let sum = 0;
    for (let i = Math.max(0, HALF_TAPS - centre); i < taps.length && centre + i - HALF_TAPS < wide.length; i++) {
      sum += taps[i]! * wide[centre + i - HALF_TAPS]!;
    }
    return sum;
  });
}
