import type { AudioSource } from "../../src/files/audio-source.js";

/** A source of computed sound: `left(n)` and `right(n)` for frame n. */
export class MemorySource implements AudioSource {
  readonly channels: 1 | 2;
  readonly encoding = "computed";
  closed = false;
  #next = 0;

  constructor(
    readonly sampleRateHz: number,
    readonly frames: number,
    readonly left: (frame: number) => number,
    readonly right?: (frame: number) => number,
  ) {
    this.channels = right === undefined ? 1 : 2;
  }

  read(target: Float64Array, frames: number): number {
    const count = Math.min(frames, this.frames - this.#next);
    for (let k = 0; k < count; k++, this.#next++) {
      target[2 * k] = this.left(this.#next);
      target[2 * k + 1] = (this.right ?? this.left)(this.#next);
    }
    return count;
  }

  rewind(): void {
    this.#next = 0;
  }

  close(): void {
    this.closed = true;
  }
}
