import type { AudioSource } from "./audio-source.js";
import { ComplexFft } from "../analysis/fft.js";
import { kaiserHalfFrames, kaiserImpulse } from "./kaiser.js";
import type { KaiserDesign } from "./kaiser.js";

export interface BandLimiterOptions {
  /** Output rate = rate of the source * factor. */
  readonly factor: 1 | 2;
  /** The low-pass, at the output rate. */
  readonly design: KaiserDesign;
  /** Frames of output before the time of the first input frame; even. */
  readonly leadFrames: number;
}

const MIN_FFT_FRAMES = 8192;

/**
 * Low-passes a source, and doubles its rate if asked, with a long linear-phase filter and without delay.
 * Overlap-save convolution; left and right are the real and the imaginary part of one transform, which the filter
 * does not mix because its spectrum is real (symmetric about time 0). After the end of the source comes silence.
 * Reference: Oppenheim and Schafer, Discrete-Time Signal Processing, section 8.7.3.
 */
export class BandLimiter {
  /** Frames that `next` delivers. */
  readonly blockFrames: number;
  readonly #source: AudioSource;
  readonly #factor: number;
  readonly #half: number;
  readonly #leadFrames: number;
  readonly #inputFft: ComplexFft;
  readonly #outputFft: ComplexFft;
  readonly #response: Float64Array;
  /** The last input of one transform, interleaved stereo. */
  readonly #input: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #output: Float64Array;
  /** Input frames still to be filled in before the next transform. */
  #missing = 0;

  constructor(source: AudioSource, options: BandLimiterOptions) {
    const { factor, design, leadFrames } = options;
    this.#source = source;
    this.#factor = factor;
    this.#leadFrames = leadFrames;
    this.#half = kaiserHalfFrames(design);
    const size = Math.max(MIN_FFT_FRAMES, 2 ** Math.ceil(Math.log2(8 * this.#half)));
    this.blockFrames = size - 2 * this.#half;
    this.#outputFft = new ComplexFft(size);
    this.#inputFft = factor === 1 ? this.#outputFft : new ComplexFft(size / factor);
    this.#response = this.#designResponse(design);
    this.#input = new Float64Array((2 * size) / factor);
    this.#spectrum = new Float64Array(this.#input.length);
    this.#output = new Float64Array(2 * size);
    this.rewind();
  }

  /** Goes back to the start, `leadFrames` before the first input frame; rewinds the source as well. */
  rewind(): void {
    this.#source.rewind();
    this.#input.fill(0);
    const inputFrames = this.#input.length / 2;
    this.#missing = inputFrames - (this.#half + this.#leadFrames) / this.#factor;
  }

  /** The next block, interleaved stereo; valid until the next call. */
  next(): Float64Array {
    const input = this.#input;
    this.#fill();
    this.#spectrum.set(input);
    input.copyWithin(0, input.length - (4 * this.#half) / this.#factor);
    this.#missing = this.blockFrames / this.#factor;
    this.#inputFft.transform(this.#spectrum);
    this.#filter();
    this.#outputFft.transform(this.#output);
    return this.#output.subarray(2 * this.#half, 2 * (this.#half + this.blockFrames));
  }

  /** Fills the input behind what stays of the last one. */
  #fill(): void {
    const input = this.#input;
    let at = input.length - 2 * this.#missing;
    while (at < input.length) {
      const got = this.#source.read(input.subarray(at), (input.length - at) / 2);
      if (got === 0) break;
      at += 2 * got;
    }
    input.fill(0, at);
  }

  /** Multiplies by the response, and turns the order round so that the forward transform works as the inverse. */
  #filter(): void {
    const size = this.#response.length;
    const spectrum = this.#spectrum;
    // Zeros between the frames of the input repeat its spectrum.
    const mask = spectrum.length / 2 - 1;
    for (let k = 0; k < size; k++) {
      const gain = this.#response[k] as number;
      const from = 2 * ((size - k) & mask);
      this.#output[2 * k] = gain * (spectrum[from] as number);
      this.#output[2 * k + 1] = gain * (spectrum[from + 1] as number);
    }
  }

  #designResponse(design: KaiserDesign): Float64Array {
    const { size } = this.#outputFft;
    const impulse = kaiserImpulse(design);
    const data = new Float64Array(2 * size);
    for (let n = -this.#half; n <= this.#half; n++) data[2 * ((n + size) % size)] = impulse(n);
    this.#outputFft.transform(data);
    // Doubling the rate by zeros between frames halves the level; the transform back is not scaled.
    return Float64Array.from({ length: size }, (_, k) => ((data[2 * k] as number) * this.#factor) / size);
  }
}
