import {
  HEARD_MIX, HEARD_REFERENCE, LIVE_COMPARE_BAND, LIVE_COMPARE_HEARD, LIVE_COMPARE_LEASE, LIVE_MIX_GAIN, LIVE_REFERENCE_DRY, LIVE_REFERENCE_FLUSH,
  LIVE_REFERENCE_GAIN, LIVE_REFERENCE_IS_HEARD, LIVE_REFERENCE_READ, LIVE_REFERENCE_WRITTEN, REFERENCE_RING_FIELDS,
} from "../dsp/layout.js";
import type { ChainMemory } from "./chain-memory.js";

const STEPS_PER_DB = 1000;

/** What is to be heard while a reference is compared with the mix. */
export interface Listening {
  readonly isReferenceHeard: boolean;
  /** Gain of the reference, and of the mix beside it, dB. */
  readonly referenceDb: number;
  readonly mixDb: number;
  /** One band alone, 1 to 4 from the lowest; 0 for all. */
  readonly band: number;
}

/** Tells the sound path what is heard while a reference is compared with the mix. For one thread, which is not the sound's. */
export class ReferencePort {
  readonly #memory: ChainMemory;

  constructor(memory: ChainMemory) {
    this.#memory = memory;
  }

  /** The memory of the chain, in which another thread fills the ring. */
  get memory(): ChainMemory {
    return this.#memory;
  }

  /** Keeps a comparison going for `frames` more; without another call the mix alone is heard again after them. */
  listen({ isReferenceHeard, referenceDb, mixDb, band }: Listening, frames: number): void {
    const memory = this.#memory;
    memory.setWord(LIVE_REFERENCE_GAIN, Math.round(STEPS_PER_DB * referenceDb));
    memory.setWord(LIVE_MIX_GAIN, Math.round(STEPS_PER_DB * mixDb));
    memory.setWord(LIVE_COMPARE_BAND, band);
    memory.setWord(LIVE_COMPARE_HEARD, isReferenceHeard ? HEARD_REFERENCE : HEARD_MIX);
    memory.setWord(LIVE_COMPARE_LEASE, frames);
  }

  /** Ends the comparison: the mix alone is heard from the next period on, after the cross-fade. */
  end(): void {
    this.#memory.setWord(LIVE_COMPARE_HEARD, HEARD_MIX);
    this.#memory.setWord(LIVE_COMPARE_LEASE, 0);
  }

  /** Whether any of the reference is heard at this moment. */
  get isReferenceHeard(): boolean {
    return this.#memory.word(LIVE_REFERENCE_IS_HEARD) === 1;
  }

  /** Frames of the reference that were taken into the sound, modulo 2^32. */
  get readFrames(): number {
    return this.#memory.word(LIVE_REFERENCE_READ);
  }

  /** Times that the reference gave way to the mix because it did not come fast enough. */
  get dryTimes(): number {
    return this.#memory.word(LIVE_REFERENCE_DRY);
  }
}

/**
 * Fills the reference ring, from one thread alone. Never waits: what does not fit is left to the next call.
 */
export class ReferenceWriter {
  readonly #memory: ChainMemory;
  #written: number;

  constructor(memory: ChainMemory) {
    this.#memory = memory;
    this.#written = memory.word(LIVE_REFERENCE_WRITTEN);
  }

  /** Asks for what waits to be dropped, so that other sound can follow. `isFlushed` tells when that is done. */
  flush(): void {
    this.#memory.setWord(LIVE_REFERENCE_FLUSH, 1);
  }

  /** Whether nothing is left to be dropped. While it is not, nothing may be written. */
  get isFlushed(): boolean {
    return this.#memory.word(LIVE_REFERENCE_FLUSH) === 0;
  }

  /** Frames that were ever written, modulo 2^32: the count at which the next one will be read. */
  get writtenFrames(): number {
    return this.#written;
  }

  /** Frames that there is room for. */
  get roomFrames(): number {
    return this.#memory.addresses.referenceFrames - ((this.#written - this.#memory.word(LIVE_REFERENCE_READ)) | 0);
  }

  /** Puts frames in, at most `roomFrames`: interleaved stereo, each sample multiplied by `scale`. */
  write(sound: Float64Array, frames: number, scale: number): void {
    const { referenceRing, addresses: { referenceFrames } } = this.#memory;
    for (let k = 0; k < frames; k++) {
      const at = ((this.#written + k) & (referenceFrames - 1)) * REFERENCE_RING_FIELDS;
      referenceRing[at] = scale * (sound[2 * k] as number);
      referenceRing[at + 1] = scale * (sound[2 * k + 1] as number);
    }
    this.#written = (this.#written + frames) | 0;
    this.#memory.setWord(LIVE_REFERENCE_WRITTEN, this.#written);
  }
}
