import type { AudioSource } from "./audio-source.js";

/** A source that notes the largest sample it delivers. */
export class PeakWatch implements AudioSource {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly frames: number;
  readonly encoding: string;
  readonly #source: AudioSource;
  #samplePeak = 0;

  /** @param source - is closed with this one */
  constructor(source: AudioSource) {
    this.#source = source;
    this.sampleRateHz = source.sampleRateHz;
    this.channels = source.channels;
    this.frames = source.frames;
    this.encoding = source.encoding;
  }

  /** Largest magnitude read so far, full scale 1.0. */
  get samplePeak(): number {
    return this.#samplePeak;
  }

  read(target: Float64Array, frames: number): number {
    const got = this.#source.read(target, frames);
    let peak = this.#samplePeak;
    for (let k = 0; k < 2 * got; k++) peak = Math.max(peak, Math.abs(target[k] as number));
    this.#samplePeak = peak;
    return got;
  }

  rewind(): void {
    this.#source.rewind();
  }

  close(): void {
    this.#source.close();
  }
}
