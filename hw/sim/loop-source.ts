import { AudioError } from "../../src/hal/audio.js";
import type { MixerSource } from "./mixer-source.js";

/** Sound held in shared memory, as the box decoded it from a file. */
export interface LoopedSound {
  /** Interleaved stereo of 32-bit floats, full scale 1; two at least. */
  readonly samples: SharedArrayBuffer;
  readonly sampleRateHz: number;
  /** Where it comes from, for people. */
  readonly name: string;
}

/** Plays a sound from memory, over and over. */
export class LoopSource implements MixerSource {
  readonly #sound: LoopedSound;
  readonly #samples: Float32Array;
  #next = 0;

  constructor(sound: LoopedSound) {
    this.#sound = sound;
    this.#samples = new Float32Array(sound.samples, 0, 2 * Math.floor(sound.samples.byteLength / 8));
  }

  prepare(sampleRateHz: number): void {
    const { name, sampleRateHz: ownHz } = this.#sound;
    if (this.#samples.length === 0) throw new AudioError("unsupported", `${name} has no sound: choose another file.`);
    if (sampleRateHz !== ownHz) {
      throw new AudioError("unsupported", `${name} has ${ownHz} Hz and the simulated board ${sampleRateHz} Hz: convert one to the other.`);
    }
    this.#next = 0;
  }

  render(target: Float64Array, frames: number): void {
    const samples = this.#samples;
    for (let i = 0; i < 2 * frames; i++) {
      target[i] = samples[this.#next++] as number;
      if (this.#next === samples.length) this.#next = 0;
    }
  }
}
