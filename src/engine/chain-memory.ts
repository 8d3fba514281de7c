import * as layout from "../dsp/layout.js";
import { findParameter } from "../params/table.js";
import { slotOf } from "./slots.js";

/** The next records are written over the oldest ones, which must not be read meanwhile: 80 ms of sound. */
const RECORD_MARGIN = 8;

/** Where things lie in the memory of a chain; plain numbers, to be handed from thread to thread beside the memory. */
export interface ChainAddresses {
  readonly parameters: number;
  readonly readouts: number;
  readonly records: number;
  readonly recordCount: number;
  /** Words of the live block. */
  readonly live: number;
  /** The period in the wire's format and its bytes; 0 without live use. */
  readonly period: number;
  /** The period that is heard: that of the monitor output, or without one the period itself. */
  readonly heardPeriod: number;
  readonly periodBytes: number;
  /** The tap ring and its frames; 0 without one. */
  readonly tapRing: number;
  readonly tapFrames: number;
  /** The reference ring and its frames; 0 without one. */
  readonly referenceRing: number;
  readonly referenceFrames: number;
}

/**
 * The memory of a chain as any thread may see it: parameters, figures, meter records, the rings, and what the live
 * sound path is told. Each word is written by one side only and read whole; nothing here waits or allocates sound memory.
 */
export class ChainMemory {
  /** The frames of the tap ring (TAP_RING_* fields); frame n of `tapCount` lies at n modulo the ring's frames. */
  readonly tapRing: Float32Array;
  /** The frames of the reference ring (REFERENCE_RING_FIELDS), which one thread beside the sound's fills. */
  readonly referenceRing: Float32Array;
  readonly #parameters: Float64Array;
  readonly #readouts: Float64Array;
  readonly #records: Float64Array;
  readonly #recordCount: Int32Array;
  readonly #live: Int32Array;
  #recordsTaken = 0;

  constructor(readonly buffer: SharedArrayBuffer, readonly addresses: ChainAddresses) {
    this.#parameters = new Float64Array(buffer, addresses.parameters, layout.PARAMETER_SLOTS);
    this.#readouts = new Float64Array(buffer, addresses.readouts, layout.READOUT_COUNT);
    this.#records = new Float64Array(buffer, addresses.records, layout.RECORD_RING * layout.RECORD_FIELDS);
    this.#recordCount = new Int32Array(buffer, addresses.recordCount, 1);
    this.#live = new Int32Array(buffer, addresses.live, layout.LIVE_WORDS);
    this.tapRing = new Float32Array(buffer, addresses.tapRing, addresses.tapFrames * layout.TAP_RING_FIELDS);
    this.referenceRing = new Float32Array(buffer, addresses.referenceRing, addresses.referenceFrames * layout.REFERENCE_RING_FIELDS);
  }

  /** Sets a parameter's target; the chain glides to it. The value must lie in the range of the table. */
  set(id: string, value: number): void {
    this.#parameters[slotOf(id)] = checkedValue(id, value);
  }

  /** A readout of the layout (READOUT_*), as it stands now. */
  readout(index: number): number {
    return this.#readouts[index] ?? 0;
  }

  /** A word of the live block (LIVE_*), as it stands now. */
  word(index: number): number {
    return Atomics.load(this.#live, index);
  }

  /** Takes isolated stages back into the chain; bit n stands for stage n. */
  restoreStages(stages: number): void {
    Atomics.or(this.#live, layout.LIVE_RESTORE, stages);
  }

  /** Sets a word of the live block's first group; the chain reads it at the next period. */
  setWord(index: number, value: number): void {
    Atomics.store(this.#live, index, value);
  }

  /**
   * Tells the output gate what to do.
   * @param command a GATE_* of the layout
   * @param rampMs duration of the ramp that it takes to open, or to close; a closing at once has none
   */
  setGate(command: number, rampMs = 0): void {
    if (command !== layout.GATE_SHUT) this.setWord(command === layout.GATE_OPEN ? layout.LIVE_OPEN_MS : layout.LIVE_CLOSE_MS, rampMs);
    this.setWord(layout.LIVE_GATE, command);
  }

  /**
   * Hands each meter record (RECORD_* fields) since the last call to `take`, oldest first. The view is valid
   * during the call only. Records older than the ring are lost; take them at least every 2.4 s of sound.
   */
  takeRecords(take: (record: Float64Array) => void): void {
    const written = Atomics.load(this.#recordCount, 0);
    // A reset counts from 0 again.
    if (written < this.#recordsTaken) this.#recordsTaken = 0;
    this.#recordsTaken = Math.max(this.#recordsTaken, written - layout.RECORD_RING + RECORD_MARGIN);
    for (; this.#recordsTaken < written; this.#recordsTaken++) {
      const start = (this.#recordsTaken % layout.RECORD_RING) * layout.RECORD_FIELDS;
      take(this.#records.subarray(start, start + layout.RECORD_FIELDS));
    }
  }

  /** Makes the next `takeRecords` begin with the first record after a reset. */
  forgetRecords(): void {
    this.#recordsTaken = 0;
  }
}

/** The value, if it is one of the parameter's; a RangeError that says what is allowed if not. */
export function checkedValue(id: string, value: number): number {
  const row = findParameter(id);
  if (!row) throw new RangeError(`There is no parameter ${id}.`);
  if (!(value >= row.min && value <= row.max)) {
    throw new RangeError(`${id} is ${value}; allowed ${row.min} to ${row.max}.`);
  }
  return value;
}
