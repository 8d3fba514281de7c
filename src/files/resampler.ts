import type { AudioSource } from "./audio-source.js";
import { BandLimiter } from "./band-limiter.js";
import { SAMPLE_RATE_RANGE_HZ } from "./limits.js";
import { designPolyphase } from "./polyphase.js";
import type { PolyphaseFilter } from "./polyphase.js";

/** Flat up to this part of the Nyquist frequency of the lower rate; the stop band starts at that frequency itself. */
const PASS_BAND = 0.91;

/**
 * Designs of the two stop bands in dB, with reserve under the -120 promised: the formula for the length of a Kaiser
 * window falls short by some dB, by more for the short filter.
 */
const BAND_STOP_DB = 130;
const POLYPHASE_STOP_DB = 140;

/**
 * Converts a source to another sample rate. Linear phase with the delay removed: frame 0 of the output is at the
 * time of frame 0 of the input, and the length is `round(frames * ratio)`. Flat to 0.91 of the Nyquist frequency of
 * the lower rate; images and aliases lie 120 dB and more below the signal. Not real time.
 *
 * Two steps: a long low-pass by FFT cuts the band, at double rate where the two rates are close to each other; a
 * short polyphase filter then reads between the frames, since nothing is left near its Nyquist frequency.
 */
export class ResampledSource implements AudioSource {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly frames: number;
  readonly encoding: string;
  readonly #source: AudioSource;
  readonly #limiter: BandLimiter;
  readonly #filter: PolyphaseFilter;
  /** Band-limited sound around the place of the next output, interleaved stereo. */
  readonly #sound: Float64Array;
  /** Frame of the band-limited sound, from its time 0, at the front of `#sound`. */
  #soundStart = 0;
  #soundFrames = 0;
  #next = 0;
  readonly #mixedTaps: Float64Array;

  /**
   * @param source - is read through this object from now on, and closed with it
   * @param sampleRateHz - a whole number within `SAMPLE_RATE_RANGE_HZ`
   */
  constructor(source: AudioSource, sampleRateHz: number) {
    const { min, max } = SAMPLE_RATE_RANGE_HZ;
    if (!Number.isInteger(sampleRateHz) || sampleRateHz < min || sampleRateHz > max) {
      throw new RangeError(`The sample rate is ${sampleRateHz} Hz; allowed ${min} to ${max}, whole.`);
    }
    this.sampleRateHz = sampleRateHz;
    this.channels = source.channels;
    this.encoding = source.encoding;
    this.frames = Math.round((source.frames * sampleRateHz) / source.sampleRateHz);
    this.#source = source;
    const factor = source.sampleRateHz >= 2 * sampleRateHz ? 1 : 2;
    const rateHz = factor * source.sampleRateHz;
    const bandHz = Math.min(source.sampleRateHz, sampleRateHz) / 2;
    this.#filter = designPolyphase(rateHz, sampleRateHz,
      { stopBandDb: POLYPHASE_STOP_DB, passEdge: bandHz / rateHz, stopEdge: 1 - bandHz / rateHz });
    const { phaseTaps } = this.#filter;
    this.#limiter = new BandLimiter(source, { factor, leadFrames: phaseTaps,
      design: { stopBandDb: BAND_STOP_DB, passEdge: (PASS_BAND * bandHz) / rateHz, stopEdge: bandHz / rateHz } });
    this.#sound = new Float64Array(2 * (this.#limiter.blockFrames + phaseTaps));
    this.#mixedTaps = new Float64Array(phaseTaps);
    this.rewind();
  }

  read(target: Float64Array, frames: number): number {
    const { up, down, phases, phaseTaps, taps } = this.#filter;
    const wanted = Math.min(frames, this.frames - this.#next);
    for (let n = 0; n < wanted; n++, this.#next++) {
      const position = this.#next * down;
      const whole = Math.floor(position / up);
      const phase = position - whole * up;
      const first = whole - phaseTaps / 2 + 1;
      while (first + phaseTaps > this.#soundStart + this.#soundFrames) this.#load(first);
      if (phases === up) this.#convolve(taps, phase * phaseTaps, first, target, n);
      else this.#convolve(this.#mixTaps(phase), 0, first, target, n);
    }
    return wanted;
  }

  rewind(): void {
    this.#limiter.rewind();
    this.#next = 0;
    this.#soundStart = -this.#filter.phaseTaps;
    this.#soundFrames = 0;
  }

  close(): void {
    this.#source.close();
  }

  /** Drops the sound before frame `first` and appends a block. */
  #load(first: number): void {
    const kept = Math.max(0, this.#soundStart + this.#soundFrames - first);
    const end = 2 * this.#soundFrames;
    this.#sound.copyWithin(0, end - 2 * kept, end);
    this.#soundStart += this.#soundFrames - kept;
    this.#sound.set(this.#limiter.next(), 2 * kept);
    this.#soundFrames = kept + this.#limiter.blockFrames;
  }

  /** Writes output frame `n`: the sum of products of a row of taps with the sound from frame `first` on. */
  #convolve(taps: Float64Array, row: number, first: number, target: Float64Array, n: number): void {
    const sound = this.#sound;
    const end = row + this.#filter.phaseTaps;
    // The number of taps is even; two sums a channel let the additions overlap.
    let [leftA, rightA, leftB, rightB] = [0, 0, 0, 0];
    for (let tap = row, at = 2 * (first - this.#soundStart); tap < end; tap += 2, at += 4) {
      const a = taps[tap] as number;
      const b = taps[tap + 1] as number;
      leftA += a * (sound[at] as number);
      rightA += a * (sound[at + 1] as number);
      leftB += b * (sound[at + 2] as number);
      rightB += b * (sound[at + 3] as number);
    }
    target[2 * n] = leftA + leftB;
    target[2 * n + 1] = rightA + rightB;
  }

  /** Interpolates between the two stored phases around the one asked for. */
  #mixTaps(phase: number): Float64Array {
    const { up, phases, phaseTaps, taps } = this.#filter;
    const place = (phase * phases) / up;
    const below = Math.floor(place);
    const weight = place - below;
    const mixed = this.#mixedTaps;
    for (let k = 0, a = below * phaseTaps; k < phaseTaps; k++, a++) {
      mixed[k] = (1 - weight) * (taps[a] as number) + weight * (taps[a + phaseTaps] as number);
    }
    return mixed;
  }
}
