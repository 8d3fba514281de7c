import type { MixerSource } from "./mixer-source.js";

/** What a generator plays. Pink noise is alike in both channels to no degree: each has noise of its own. */
export const SIGNALS = ["silence", "sine", "pink", "impulse"] as const;
export type Signal = (typeof SIGNALS)[number];

/** Row of Kellet's filter for pink noise ("pk3", musicdsp.org archive 76): within 0.05 dB of -3 dB an octave above 9 Hz at 44.1 kHz. */
const PINK_POLES = [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616] as const;
const PINK_GAINS = [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898] as const;
const PINK_DIRECT = 0.5362;
const PINK_DELAYED = 0.115926;
/** What a mixer with capacitors at its output gives of it: a constant offset is no sound. */
const PINK_LOWEST_HZ = 20;
/** One over the root mean square of both filters' answer to white noise within +-1, at 48 kHz: the energy of their impulse response, by 1/3. */
const PINK_RMS = 1 / 1.53269;

export interface GeneratorOptions {
  readonly signal: Signal;
  /** Peak of the sine and the impulse, root mean square of the noise; dB below full scale, -20 by default. */
  readonly levelDb?: number;
  /** Of the sine, and impulses per second; 1000 and 1 by default. */
  readonly freqHz?: number;
}

/** A test signal for the input of the simulated board: the same at every start. */
export class Generator implements MixerSource {
  readonly #signal: Signal;
  readonly #level: number;
  readonly #freqHz: number;
  /** Turns of the signal a frame, and where it stands in its turn. */
  readonly #turn = new Float64Array(2);
  /** For each channel the rows of the filter, its delay, and the mean that is taken away. */
  readonly #pink = new Float64Array(2 * (PINK_POLES.length + 2));
  #meanShare = 0;
  #seed = 1;

  constructor({ signal, levelDb = -20, freqHz = signal === "impulse" ? 1 : 1000 }: GeneratorOptions) {
    this.#signal = signal;
    this.#level = 10 ** (levelDb / 20);
    this.#freqHz = freqHz;
  }

  prepare(sampleRateHz: number): void {
    this.#turn[0] = this.#freqHz / sampleRateHz;
    this.#turn[1] = this.#signal === "impulse" ? 1 : 0;
    this.#pink.fill(0);
    this.#meanShare = 1 - Math.exp((-2 * Math.PI * PINK_LOWEST_HZ) / sampleRateHz);
    this.#seed = 1;
  }

  render(target: Float64Array, frames: number): void {
    switch (this.#signal) {
      case "silence": target.fill(0, 0, 2 * frames); break;
      case "sine": this.#sine(target, frames); break;
      case "pink": this.#noise(target, frames); break;
      case "impulse": this.#impulses(target, frames); break;
    }
  }

  #sine(target: Float64Array, frames: number): void {
    const turn = this.#turn;
    for (let i = 0; i < frames; i++) {
      const value = this.#level * Math.sin(2 * Math.PI * (turn[1] as number));
      target[2 * i] = value;
      target[2 * i + 1] = value;
      turn[1] = ((turn[1] as number) + (turn[0] as number)) % 1;
    }
  }

  #impulses(target: Float64Array, frames: number): void {
    const turn = this.#turn;
    for (let i = 0; i < frames; i++) {
      const isDue = (turn[1] as number) >= 1;
      if (isDue) turn[1] = (turn[1] as number) - 1;
      target[2 * i] = isDue ? this.#level : 0;
      target[2 * i + 1] = isDue ? this.#level : 0;
      turn[1] = (turn[1] as number) + (turn[0] as number);
    }
  }

  #noise(target: Float64Array, frames: number): void {
    const pink = this.#pink;
    const rows = PINK_POLES.length;
    for (let i = 0; i < 2 * frames; i++) {
      this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) | 0;
      const white = this.#seed / 2 ** 31;
      const first = (i & 1) * (rows + 2);
      let sum = PINK_DIRECT * white + (pink[first + rows] as number);
      for (let row = 0; row < rows; row++) {
        const value = (PINK_POLES[row] as number) * (pink[first + row] as number) + (PINK_GAINS[row] as number) * white;
        pink[first + row] = value;
        sum += value;
      }
      pink[first + rows] = PINK_DELAYED * white;
      pink[first + rows + 1] = (pink[first + rows + 1] as number) + this.#meanShare * (sum - (pink[first + rows + 1] as number));
      target[i] = this.#level * PINK_RMS * (sum - (pink[first + rows + 1] as number));
    }
  }
}
