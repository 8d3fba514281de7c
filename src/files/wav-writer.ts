import * as fs from "node:fs";
import { AtomicFile } from "./atomic-file.js";
import type { FileOperations } from "./atomic-file.js";
import { needsRf64, wavDataBytes, wavHeader, WAV_SAMPLE_BYTES } from "./wav-layout.js";
import type { WavSampleFormat } from "./wav-layout.js";

export interface WavWriterOptions {
  readonly sampleRateHz: number;
  readonly format: WavSampleFormat;
  /** Most frames that will be written; decides between RIFF and RF64 (4 GiB and more). */
  readonly maxFrames: number;
}

const PIECE_FRAMES = 8192;

/** Adding and taking away 1.5 * 2^52 rounds a double to an integer, halves to even (IEEE 754 default rounding). */
const ROUND_MAGIC = 6_755_399_441_055_744;

/**
 * Writes a stereo WAV in pieces. The file is there, complete, after `finish`, and otherwise not at all.
 * Integers are rounded half to even and held within their range, so samples already on the grid of the format
 * come out exactly; there is no dither here.
 */
export class WavWriter {
  readonly #file: AtomicFile;
  readonly #options: WavWriterOptions;
  readonly #isLong: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #frames = 0;

  /** @throws AudioFileError if the target cannot be written */
  constructor(path: string, options: WavWriterOptions, operations: FileOperations = fs) {
    this.#options = options;
    this.#isLong = needsRf64(options.format, options.maxFrames);
    this.#bytes = new Uint8Array(PIECE_FRAMES * wavDataBytes(options.format, 1));
    this.#view = new DataView(this.#bytes.buffer);
    this.#file = new AtomicFile(path, operations);
    this.#file.write(this.#header());
  }

  /**
   * Appends frames.
   *
   * @param sound - interleaved stereo, full scale 1.0; above full scale is clipped in the integer formats;
   *   NaN is written as 0
   * @param frames - to take from the front of `sound`
   * @throws AudioFileError; nothing is left behind then. RangeError beyond `maxFrames`.
   */
  write(sound: Float64Array, frames: number): void {
    if (this.#frames + frames > this.#options.maxFrames) {
      throw new RangeError(`More than the ${this.#options.maxFrames} frames announced were written.`);
    }
    for (let done = 0; done < frames; done += PIECE_FRAMES) {
      const count = Math.min(PIECE_FRAMES, frames - done);
      this.#convert(sound.subarray(2 * done, 2 * (done + count)));
      this.#file.write(this.#bytes.subarray(0, wavDataBytes(this.#options.format, count)));
    }
    this.#frames += frames;
  }

  /** Completes the header, brings the file to the disk and gives it its name. */
  finish(): void {
    this.#file.write(this.#header(), 0);
    this.#file.commit();
  }

  /** Gives up: removes what was written. Does nothing after `finish`. */
  abort(): void {
    this.#file.abort();
  }

  #header(): Uint8Array {
    const { sampleRateHz, format } = this.#options;
    return wavHeader({ sampleRateHz, format, frames: this.#frames, isLong: this.#isLong });
  }

  #convert(sound: Float64Array): void {
    const { format } = this.#options;
    const view = this.#view;
    if (format === "float32") {
      sound.forEach((x, k) => {
        view.setFloat32(4 * k, Number.isNaN(x) ? 0 : x, true);
      });
      return;
    }
    const step = WAV_SAMPLE_BYTES[format];
    const fullScale = 2 ** (8 * step - 1);
    for (let k = 0, at = 0; k < sound.length; k++, at += step) {
      const held = Math.max(-fullScale, Math.min(fullScale - 1, (sound[k] as number) * fullScale));
      const integer = held + ROUND_MAGIC - ROUND_MAGIC;
      // The setters take the low bits of a negative number as two's complement, and NaN as 0.
      view.setInt16(at, integer, true);
      if (step === 3) view.setInt8(at + 2, integer >> 16);
    }
  }
}
