import { LIVE_TAP_COUNT, LIVE_TAP_START, TAP_RING_FIELDS } from "../dsp/layout.js";
import type { ChainMemory } from "./chain-memory.js";

/** So close to the end of the ring a frame may be overwritten while it is read: the largest period. */
const MARGIN_FRAMES = 1024;

/**
 * Reads the sound that went in and out, frame by frame, from the tap ring of the live chain. Any number of readers may
 * follow it; each begins with the sound of the moment at which it was made.
 */
export class TapReader {
  readonly #memory: ChainMemory;
  /** The next frame to read, modulo 2^32. */
  #next: number;

  constructor(memory: ChainMemory) {
    this.#memory = memory;
    this.#next = memory.word(LIVE_TAP_COUNT);
  }

  /** The next frame that `read` gives, modulo 2^32: the count of LIVE_PROBE_FRAME. */
  get frame(): number {
    return this.#next;
  }

  /** Frames that wait to be read at this moment. */
  get waiting(): number {
    return this.#behind();
  }

  /** Passes over frames that were left out under load, or cannot be read any more; returns how many. */
  skipLost(): number {
    const toStart = (this.#memory.word(LIVE_TAP_START) - this.#next) | 0;
    const toOldest = this.#behind() - (this.#ringFrames - MARGIN_FRAMES);
    return this.#forward(Math.max(0, toStart, toOldest));
  }

  /**
   * Copies frames that are new, after `skipLost`: TAP_RING_FIELDS numbers each (input left and right, output left and
   * right), full scale 1. Returns how many; 0 when there are none, or the writer came too close: `skipLost` tells.
   */
  read(into: Float32Array): number {
    const { tapRing } = this.#memory;
    const frames = Math.min(this.#behind(), Math.floor(into.length / TAP_RING_FIELDS));
    const at = (this.#next >>> 0) % this.#ringFrames;
    const straight = Math.min(frames, this.#ringFrames - at);
    into.set(tapRing.subarray(at * TAP_RING_FIELDS, (at + straight) * TAP_RING_FIELDS));
    into.set(tapRing.subarray(0, (frames - straight) * TAP_RING_FIELDS), straight * TAP_RING_FIELDS);
    return this.#behind() > this.#ringFrames - MARGIN_FRAMES ? 0 : this.#forward(frames);
  }

  get #ringFrames(): number {
    return this.#memory.tapRing.length / TAP_RING_FIELDS;
  }

  /** Frames that the writer is ahead. */
  #behind(): number {
    return (this.#memory.word(LIVE_TAP_COUNT) - this.#next) | 0;
  }

  #forward(frames: number): number {
    this.#next = (this.#next + frames) | 0;
    return frames;
  }
}
