import { ComplexFft } from "./fft.js";
import { HalfRate } from "./half-rate.js";

/** A band by its edges. */
export interface Band {
  readonly fromHz: number;
  readonly toHz: number;
}

const FFT_FRAMES = 1024;
const BASE_RATE_HZ = 48_000;
/** A band is read at the highest rate at which a bin is this small a part of it: the fastest that tells it from its neighbours. */
const BIN_SHARE = 0.25;
/** Longest window: what is below the lowest bands' need is not waited for. */
const LONGEST_WINDOW_S = 1.5;
/** Numbers that are summed for a band. */
const FIGURES = 3;
/** Mean square of the Hann window. */
const HANN_POWER = 0.375;

/** How often transforms are made, and how many rates have some. */
export interface Resolution {
  /** Transforms follow each other after this time, but after an eighth of a window at the earliest, and `mostHop` windows at the latest. */
  readonly hopS: number;
  readonly mostHop: number;
  /** Octaves from one rate with transforms to the next. */
  readonly octaves: number;
  /** Bands that begin lower are left out, and read as silence. */
  readonly fromHz: number;
}

/** For the eye: every sound is in two windows, and each octave as fast as it can be. */
export const LIVELY: Resolution = { hopS: 1 / 30, mostHop: 0.5, octaves: 1, fromHz: 0 };
/** For means over seconds, at a third of the work: each sound in one window or two, and three rates. */
export const SPARING: Resolution = { hopS: 1 / 20, mostHop: 1, octaves: 3, fromHz: 0 };

/** What the two channels hold in each band: mean squares, and the mean of left times right. */
export interface StereoPowers {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly product: Float64Array;
}

/** A band in the transforms of its rate: bins `first` to `last`, of which the outer ones lie inside in part. */
interface BandBins {
  readonly band: number;
  readonly first: number;
  readonly last: number;
  readonly firstShare: number;
  readonly lastShare: number;
}

/** One rate of the pyramid: the last frames at that rate, and what their transforms told about its bands. */
class RateLevel {
  readonly #fft: ComplexFft;
  readonly #window: Float64Array;
  readonly #work: Float64Array;
  /** The last frames, interleaved stereo; the oldest at `#at`. */
  readonly #ring: Float64Array;
  readonly #bins: readonly BandBins[];
  readonly #hopFrames: number;
  /** For each band, summed over the transforms since the last reading: mean of the channels' powers, half their difference, their product. */
  readonly #sums: Float64Array;
  readonly #last: Float64Array;
  #at = 0;
  #untilNext: number;
  #transforms = 0;

  constructor(size: number, hopFrames: number, bins: readonly BandBins[]) {
    this.#fft = new ComplexFft(size);
    this.#window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    this.#work = new Float64Array(2 * size);
    this.#ring = new Float64Array(2 * size);
    this.#bins = bins;
    this.#hopFrames = hopFrames;
    this.#sums = new Float64Array(FIGURES * bins.length);
    this.#last = new Float64Array(FIGURES * bins.length);
    this.#untilNext = this.#hopFrames;
  }

  /** Takes frames of interleaved stereo. */
  add(sound: Float64Array, frames: number): void {
    if (this.#bins.length === 0) return;
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, this.#untilNext, this.#fft.size - this.#at);
      this.#ring.set(sound.subarray(2 * done, 2 * (done + count)), 2 * this.#at);
      this.#at = (this.#at + count) % this.#fft.size;
      this.#untilNext -= count;
      done += count;
      if (this.#untilNext === 0) this.#transform();
    }
  }

  /** Writes the mean power of each band since the last call; where there was no transform since, what the last one told. */
  take(into: Float64Array): void {
    this.#conclude();
    for (let k = 0; k < this.#bins.length; k++) into[(this.#bins[k] as BandBins).band] = this.#last[FIGURES * k] as number;
  }

  /** As `take`, with what tells the channels apart. */
  takeStereo({ left, right, product }: StereoPowers): void {
    this.#conclude();
    for (let k = 0; k < this.#bins.length; k++) {
      const { band } = this.#bins[k] as BandBins;
      const mean = this.#last[FIGURES * k] as number;
      const half = this.#last[FIGURES * k + 1] as number;
      left[band] = Math.max(0, mean + half);
      right[band] = Math.max(0, mean - half);
      product[band] = this.#last[FIGURES * k + 2] as number;
    }
  }

  #conclude(): void {
    if (this.#transforms === 0) return;
    for (let k = 0; k < this.#sums.length; k++) this.#last[k] = (this.#sums[k] as number) / this.#transforms;
    this.#sums.fill(0);
    this.#transforms = 0;
  }

  clear(): void {
    for (const list of [this.#ring, this.#sums, this.#last]) list.fill(0);
    this.#at = 0;
    this.#untilNext = this.#hopFrames;
    this.#transforms = 0;
  }

  #transform(): void {
    const { size } = this.#fft;
    const [ring, window, work] = [this.#ring, this.#window, this.#work];
    for (let n = 0, from = 2 * this.#at; n < size; n++) {
      const weight = window[n] as number;
      work[2 * n] = weight * (ring[from] as number);
      work[2 * n + 1] = weight * (ring[from + 1] as number);
      from = from + 2 === 2 * size ? 0 : from + 2;
    }
    this.#fft.transform(work);
    for (let k = 0; k < this.#bins.length; k++) this.#addBand(k, this.#bins[k] as BandBins);
    this.#transforms++;
    this.#untilNext = this.#hopFrames;
  }

  /** Left and right are the parts of one number, so a bin A and its mirror image B hold both: |L|² + |R|² = (|A|² + |B|²) / 2, and AB = |L|² - |R|² + 2i Re(LR*). */
  #addBand(index: number, { first, last, firstShare, lastShare }: BandBins): void {
    const work = this.#work;
    const mirror = 2 * this.#fft.size;
    let power = 0;
    let difference = 0;
    let product = 0;
    for (let bin = first, a = 2 * first; bin <= last; bin++, a += 2) {
      const share = bin === first ? firstShare : bin === last ? lastShare : 1;
      const [ar, ai] = [work[a] as number, work[a + 1] as number];
      const [br, bi] = [work[mirror - a] as number, work[mirror - a + 1] as number];
      power += share * (ar * ar + ai * ai + br * br + bi * bi);
      difference += share * (ar * br - ai * bi);
      product += share * (ar * bi + ai * br);
    }
    // Twice for the mirror images, half for the mean of two channels.
    const scale = 1 / (this.#fft.size ** 2 * HANN_POWER);
    const at = FIGURES * index;
    this.#sums[at] = (this.#sums[at] as number) + scale * 0.5 * power;
    this.#sums[at + 1] = (this.#sums[at + 1] as number) + scale * difference;
    this.#sums[at + 2] = (this.#sums[at + 2] as number) + scale * product;
  }
}

/**
 * Power of stereo sound in bands, each read with a window that suits its width: Hann windows of 1024 frames at the sound's
 * rate, at half of it, a quarter and so on, so that a high band follows in 20 ms and a low one is told from its neighbours.
 * Pink noise has the same power in all bands of one relative width. Allocates nothing while it runs but for typed views.
 * References: Welch, IEEE Transactions on Audio and Electroacoustics 15 (1967); Brown, JASA 89 (1991) on constant Q.
 */
export class BandPowers {
  readonly #levels: readonly RateLevel[];
  readonly #halves: readonly HalfRate[];

  /** @param bands each inside 10 Hz .. half the rate; what lies above half the rate is silent */
  constructor(sampleRateHz: number, bands: readonly Band[], { hopS, mostHop, octaves, fromHz: lowestHz }: Resolution) {
    const topSize = FFT_FRAMES * Math.max(1, 2 ** Math.round(Math.log2(sampleRateHz / BASE_RATE_HZ)));
    const rates: { readonly rateHz: number; readonly size: number }[] = [];
    for (let rateHz = sampleRateHz; rates.length === 0 || FFT_FRAMES / rateHz <= LONGEST_WINDOW_S; rateHz /= 2) {
      rates.push({ rateHz, size: rates.length === 0 ? topSize : FFT_FRAMES });
    }
    const levelOf = ({ fromHz, toHz }: Band): number => {
      const found = rates.findIndex(({ rateHz, size }, level) => level % octaves === 0 && rateHz / size <= BIN_SHARE * (toHz - fromHz));
      return found < 0 ? rates.length - 1 - ((rates.length - 1) % octaves) : found;
    };
    const hopOf = (size: number, rateHz: number): number => Math.round(Math.max(size / 8, Math.min(mostHop * size, hopS * rateHz)));
    this.#levels = rates.map(({ rateHz, size }, level) => new RateLevel(size, hopOf(size, rateHz), bands.flatMap((band, index) => (
      band.fromHz >= lowestHz && levelOf(band) === level ? [binsOf(band, index, rateHz / size, size)] : []))));
    this.#halves = rates.slice(1).map(() => new HalfRate());
  }

  /** Takes frames of interleaved stereo; `sound` is written over. `onRate` is shown it at its rate, at half of it, a quarter and so on. */
  add(sound: Float64Array, frames: number, onRate?: (halvings: number, sound: Float64Array, frames: number) => void): void {
    let left = frames;
    for (let k = 0; k < this.#levels.length; k++) {
      this.#levels[k]?.add(sound, left);
      onRate?.(k, sound, left);
      left = this.#halves[k]?.run(sound, left) ?? 0;
    }
  }

  /** Writes the mean square of each band (mean of left and right) since the last call. */
  take(into: Float64Array): void {
    for (const level of this.#levels) level.take(into);
  }

  /** As `take`, each channel by itself, with the mean of left times right. A reading takes what is new from the other one. */
  takeStereo(into: StereoPowers): void {
    for (const level of this.#levels) level.takeStereo(into);
  }

  /** Forgets what it heard. */
  clear(): void {
    for (const part of [...this.#levels, ...this.#halves]) part.clear();
  }
}

/** A bin reaches half its width to either side; of the outer ones the band takes the part that lies inside. */
function binsOf({ fromHz, toHz }: Band, band: number, binHz: number, size: number): BandBins {
  const [from, to] = [fromHz / binHz, Math.min(toHz / binHz, size / 2 - 0.5)];
  const [first, last] = [Math.max(1, Math.round(from)), Math.max(1, Math.round(to))];
  if (first === last) return { band, first, last, firstShare: Math.max(0, to - from), lastShare: 0 };
  return { band, first, last, firstShare: first + 0.5 - Math.max(from, first - 0.5), lastShare: to - (last - 0.5) };
}
