import type { AudioSource } from "./audio-source.js";

export interface DecodedFormat {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  /** Coding in words for the user. */
  readonly encoding: string;
}

/** One decoded piece: a Float32Array for each channel, of equal length. */
export type DecodedPiece = readonly Float32Array[];

/** A compressed file, decoded: the pieces as the decoder delivered them, in memory until `close`. */
export class DecodedAudio implements AudioSource {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly frames: number;
  readonly encoding: string;
  #pieces: readonly DecodedPiece[];
  /** The place of the next frame: a piece, and a frame in it. */
  #piece = 0;
  #offset = 0;

  constructor(format: DecodedFormat, pieces: readonly DecodedPiece[]) {
    this.sampleRateHz = format.sampleRateHz;
    this.channels = format.channels;
    this.encoding = format.encoding;
    this.#pieces = pieces;
    this.frames = pieces.reduce((sum, [left]) => sum + (left?.length ?? 0), 0);
  }

  read(target: Float64Array, frames: number): number {
    let done = 0;
    while (done < frames) {
      const [left, right = left] = this.#pieces[this.#piece] ?? [];
      if (left === undefined || right === undefined) break;
      const count = Math.min(frames - done, left.length - this.#offset);
      for (let n = 0, from = this.#offset, to = 2 * done; n < count; n++, from++, to += 2) {
        target[to] = left[from] as number;
        target[to + 1] = right[from] as number;
      }
      done += count;
      this.#offset += count;
      if (this.#offset === left.length) {
        this.#piece++;
        this.#offset = 0;
      }
    }
    return done;
  }

  rewind(): void {
    this.#piece = 0;
    this.#offset = 0;
  }

  close(): void {
    this.#pieces = [];
  }
}
