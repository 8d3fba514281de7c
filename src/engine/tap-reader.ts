import { LIVE_TAP_COUNT, LIVE_TAP_START, TAP_RING_FIELDS } from "../dsp/layout.js";
import type { ChainMemory } from "./chain-memory.js";

/** So close to the end of the ring a frame may be overwritten while it is read: the largest period. */
const MARGIN_FRAMES = 1024;

/** What one reading of the tap ring gave. */
export interface TapPiece {
  /** Frames that were copied. */
  readonly frames: number;
  /** Frames that are missing before the first of them: left out under load, or read too late. */
  readonly lost: number;
}

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

  /**
   * Copies frames that are new: TAP_RING_FIELDS numbers each (input left and right, output left and right), full
   * scale 1. Call until it gives 0 frames, and more often than the ring is long.
   */
  read(into: Float32Array): TapPiece {
    const { tapRing } = this.#memory;
    const ringFrames = tapRing.length / TAP_RING_FIELDS;
    const lost = this.#skip(ringFrames);
    const frames = Math.min(this.#behind(), Math.floor(into.length / TAP_RING_FIELDS));
    const at = (this.#next >>> 0) % ringFrames;
    const straight = Math.min(frames, ringFrames - at);
    into.set(tapRing.subarray(at * TAP_RING_FIELDS, (at + straight) * TAP_RING_FIELDS));
    into.set(tapRing.subarray(0, (frames - straight) * TAP_RING_FIELDS), straight * TAP_RING_FIELDS);
    const overtaken = Math.max(0, this.#behind() - ringFrames);
    if (overtaken > 0) return { frames: 0, lost: lost + this.#forward(overtaken + MARGIN_FRAMES) };
    this.#forward(frames);
    return { frames, lost };
  }

  /** Frames that the writer is ahead. */
  #behind(): number {
    return (this.#memory.word(LIVE_TAP_COUNT) - this.#next) | 0;
  }

  /** Moves to the oldest frame that can be read; returns the frames that were passed over. */
  #skip(ringFrames: number): number {
    const toStart = (this.#memory.word(LIVE_TAP_START) - this.#next) | 0;
    const toOldest = this.#behind() - (ringFrames - MARGIN_FRAMES);
    return this.#forward(Math.max(0, toStart, toOldest));
  }

  #forward(frames: number): number {
    this.#next = (this.#next + frames) | 0;
    return frames;
  }
}
