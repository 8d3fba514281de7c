import { ComplexFft } from "../analysis/fft.js";

/** Levels in bands of a third of an octave, closely spaced. */
export interface ThirdOctaveSpectrum {
  /** Band centres, 20 Hz to 20 kHz, 12 an octave. */
  readonly freqHz: readonly number[];
  /**
   * Mean level of the two channels in the band of a third of an octave around each centre, in dBFS (a full-scale sine
   * in both is 0); null where there is no sound, or above the Nyquist frequency.
   */
  readonly levelDbfs: readonly (number | null)[];
}

const BASE_FFT_FRAMES = 8192;
const BASE_RATE_HZ = 48_000;
const LOWEST_HZ = 20;
const POINTS = 120;
const POINTS_AN_OCTAVE = 12;
/** From the centre of a third of an octave to its edges. */
const HALF_BAND = 2 ** (1 / 6);
/** Power below this is rounding noise of the transform, not sound: -200 dBFS. */
const SILENCE_POWER = 1e-20;

/**
 * Averages the power spectrum of stereo sound: Hann windows of 8192 frames (longer in proportion above 48 kHz) with
 * half overlap. Left and right share one transform as its real and imaginary part.
 * Reference: Welch, IEEE Transactions on Audio and Electroacoustics 15 (1967).
 */
export class AveragedSpectrum {
  readonly #sampleRateHz: number;
  readonly #fft: ComplexFft;
  readonly #window: Float64Array;
  /** The frames of the next window, interleaved stereo, and how many are there. */
  readonly #frames: Float64Array;
  #filled = 0;
  readonly #work: Float64Array;
  /** Sum of the windows' power, both channels, for bins 0 to Nyquist. */
  readonly #power: Float64Array;
  #windows = 0;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
    const size = BASE_FFT_FRAMES * Math.max(1, 2 ** Math.round(Math.log2(sampleRateHz / BASE_RATE_HZ)));
    this.#fft = new ComplexFft(size);
    this.#window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    this.#frames = new Float64Array(2 * size);
    this.#work = new Float64Array(2 * size);
    this.#power = new Float64Array(size / 2 + 1);
  }

  /** Takes the next frames of sound, interleaved stereo. */
  add(sound: Float64Array, frames: number): void {
    const { size } = this.#fft;
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, size - this.#filled);
      this.#frames.set(sound.subarray(2 * done, 2 * (done + count)), 2 * this.#filled);
      this.#filled += count;
      done += count;
      if (this.#filled === size) this.#takeWindow();
    }
  }

  /** The average so far; sound shorter than one window is taken as followed by silence. */
  thirdOctaves(): ThirdOctaveSpectrum {
    if (this.#windows === 0 && this.#filled > 0) {
      this.#frames.fill(0, 2 * this.#filled);
      this.#takeWindow();
    }
    const freqHz = Array.from({ length: POINTS + 1 }, (_, k) => LOWEST_HZ * 2 ** (k / POINTS_AN_OCTAVE));
    return { freqHz, levelDbfs: freqHz.map((centre) => this.#bandLevel(centre)) };
  }

  #takeWindow(): void {
    const { size } = this.#fft;
    const [frames, work, window, power] = [this.#frames, this.#work, this.#window, this.#power];
    for (let n = 0; n < size; n++) {
      const weight = window[n] as number;
      work[2 * n] = weight * (frames[2 * n] as number);
      work[2 * n + 1] = weight * (frames[2 * n + 1] as number);
    }
    this.#fft.transform(work);
    // |L|^2 + |R|^2 of a bin is half the sum over the bin and its mirror image.
    for (let k = 0; k <= size / 2; k++) {
      const a = 2 * k;
      const b = 2 * ((size - k) % size);
      power[k] = (power[k] as number) + ((work[a] as number) ** 2 + (work[a + 1] as number) ** 2
        + (work[b] as number) ** 2 + (work[b + 1] as number) ** 2) / 2;
    }
    this.#windows++;
    frames.copyWithin(0, size);
    this.#filled = size / 2;
  }

  #bandLevel(centreHz: number): number | null {
    const binHz = this.#sampleRateHz / this.#fft.size;
    const [from, to] = [centreHz / HALF_BAND / binHz, (centreHz * HALF_BAND) / binHz];
    if (this.#windows === 0 || to > this.#power.length - 0.5) return null;
    let sum = 0;
    // A bin reaches half its width to either side; the band takes the part of it that lies inside.
    for (let k = Math.round(from); k <= Math.round(to); k++) {
      const share = Math.min(to, k + 0.5) - Math.max(from, k - 0.5);
      sum += share * (this.#power[k] as number);
    }
    // Twice for the mirror images, half for two channels; the Hann window has a mean square of 3/8; a sine of power
    // 1/2 is full scale.
    const meanSquare = sum / (this.#windows * this.#fft.size ** 2 * 0.375);
    return meanSquare * 2 < SILENCE_POWER ? null : 10 * Math.log10(2 * meanSquare);
  }
}
