import { BYTES_PER_SAMPLE, type PcmFormat, type SoundBlock } from "../../src/hal/audio.js";

export interface WireFigures {
  /** Channels of the card in this direction, 2 at least. */
  readonly channels: number;
  readonly format: PcmFormat;
  readonly periodFrames: number;
  /** Whether channels 3 and 4 carry the monitor's period; the others beyond 2 are silent. */
  readonly hasMonitor: boolean;
}

/**
 * A period as the card has it: the block itself where the card has two channels, else a buffer of its own, in which the block
 * lies on the first two. Allocates nothing but when it is made.
 */
export class WirePeriod {
  /** Where the period lies from its n-th frame on: the rest of a short transfer needs no new view. */
  readonly places: readonly Uint8Array[];
  readonly #block: Uint8Array;
  readonly #monitor: Uint8Array | undefined;
  readonly #wire: Uint8Array;
  readonly #frameBytes: number;
  readonly #stereoBytes: number;

  /** @throws RangeError when the block is too small */
  constructor({ buffer, address, bytes, monitorAddress }: SoundBlock, { channels, format, periodFrames, hasMonitor }: WireFigures) {
    this.#stereoBytes = 2 * BYTES_PER_SAMPLE[format];
    this.#frameBytes = channels * BYTES_PER_SAMPLE[format];
    const blockBytes = periodFrames * this.#stereoBytes;
    if (bytes < blockBytes) throw new RangeError(`The sound block holds ${bytes} bytes; a period takes ${blockBytes}.`);
    this.#block = new Uint8Array(buffer, address, blockBytes);
    this.#monitor = hasMonitor ? new Uint8Array(buffer, monitorAddress ?? address, blockBytes) : undefined;
    this.#wire = channels === 2 ? this.#block : new Uint8Array(periodFrames * this.#frameBytes);
    this.places = Array.from({ length: periodFrames }, (_, frame) => this.#wire.subarray(frame * this.#frameBytes));
  }

  /** Takes what the card captured into the block. */
  unpack(): void {
    if (this.#wire === this.#block) return;
    const { length } = this.#block;
    for (let from = 0, to = 0; to < length; from += this.#frameBytes) {
      for (let k = 0; k < this.#stereoBytes; k++) this.#block[to++] = this.#wire[from + k] as number;
    }
  }

  /** Lays out the block, and the period of the monitor, as the card plays them. */
  pack(): void {
    if (this.#wire === this.#block) return;
    this.#lay(this.#block, 0);
    if (this.#monitor !== undefined) this.#lay(this.#monitor, this.#stereoBytes);
  }

  #lay(period: Uint8Array, offset: number): void {
    for (let from = 0, to = offset; from < period.length; to += this.#frameBytes) {
      for (let k = 0; k < this.#stereoBytes; k++) this.#wire[to + k] = period[from++] as number;
    }
  }
}
