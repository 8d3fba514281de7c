import { LIVE_TAP_COUNT, LIVE_TAP_START, LIVE_WORDS, PARAMETER_SLOTS, READOUT_COUNT, RECORD_FIELDS, RECORD_RING, TAP_RING_FIELDS } from "../../src/dsp/layout.js";
import { ChainMemory } from "../../src/engine/chain-memory.js";

/** Memory of a live chain without the chain: the test writes the tap ring. */
export class TapMemory {
  readonly memory: ChainMemory;
  readonly #ringFrames: number;
  #count: number;

  /** @param count - frames that were written before, modulo 2^32 */
  constructor(ringFrames: number, count = 0) {
    const sizes = { parameters: 8 * PARAMETER_SLOTS, readouts: 8 * READOUT_COUNT, records: 8 * RECORD_RING * RECORD_FIELDS, recordCount: 8,
      live: 8 * Math.ceil(LIVE_WORDS / 2), period: 0, tapRing: 4 * TAP_RING_FIELDS * ringFrames };
    let at = 0;
    const place = (bytes: number): number => (at += bytes) - bytes;
    const addresses = {
      parameters: place(sizes.parameters), readouts: place(sizes.readouts), records: place(sizes.records), recordCount: place(sizes.recordCount),
      live: place(sizes.live), period: 0, heardPeriod: 0, periodBytes: 0, tapRing: place(sizes.tapRing), tapFrames: ringFrames,
      referenceRing: 0, referenceFrames: 0,
    };
    this.memory = new ChainMemory(new SharedArrayBuffer(at), addresses);
    this.#ringFrames = ringFrames;
    this.#count = count;
    this.memory.setWord(LIVE_TAP_COUNT, count);
    this.memory.setWord(LIVE_TAP_START, count);
  }

  /** Writes frames of four numbers each; `sample` is given the count of the frame since the memory was made. */
  write(frames: number, sample: (frame: number, field: number) => number): void {
    for (let k = 0; k < frames; k++) {
      const frame = this.#count + k;
      for (let field = 0; field < TAP_RING_FIELDS; field++) {
        this.memory.tapRing[((frame >>> 0) % this.#ringFrames) * TAP_RING_FIELDS + field] = sample(frame, field);
      }
    }
    this.#count += frames;
    this.memory.setWord(LIVE_TAP_COUNT, this.#count | 0);
  }

  /** Passes over frames, as under load. */
  leaveOut(frames: number): void {
    this.#count += frames;
    this.memory.setWord(LIVE_TAP_START, this.#count | 0);
    this.memory.setWord(LIVE_TAP_COUNT, this.#count | 0);
  }
}
