import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as layout from "../dsp/layout.js";
import { findParameter, PARAMETERS } from "../params/table.js";
import { slotOf } from "./slots.js";

/** The stages of the chain, in its default order; the index is the stage number of the layout. */
export const STAGES = [
  "input", "filters", "eq", "compressor", "multiband", "imager", "saturation", "loudness", "limiter", "dither",
] as const;
export type StageName = (typeof STAGES)[number];

export interface ChainOptions {
  /** 44100..192000. */
  readonly sampleRateHz: number;
  /** Largest block that `process` will be asked for. */
  readonly maxFrames: number;
  /** Stages to build; all by default. An empty list passes the sound and only meters it. */
  readonly stages?: readonly StageName[];
  /** Meters to run: at the input and the output, at the output alone, or none. Both by default. */
  readonly taps?: "both" | "output" | "none";
}

interface Exports {
  parameterAddress(): number;
  readoutAddress(): number;
  prepare(sampleRateHz: number, maxFrames: number, stageMask: number, inputTap: number, outputTap: number): void;
  ioAddress(): number;
  recordsAddress(): number;
  recordCountAddress(): number;
  process(frames: number): void;
  reset(): void;
  latencyFrames(): number;
}

const MEMORY_PAGES = { initial: 64, maximum: 1024, shared: true } as const;

let compiled: WebAssembly.Module | undefined;

function compiledModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve("#dsp.wasm")));
  return compiled;
}

/** The mastering chain in WebAssembly: one instance, with its parameters, its sound block and its meter records. */
export class Chain {
  /** The sound: interleaved stereo, full scale 1.0. Fill it before `process`, read it after. */
  readonly io: Float64Array;
  readonly sampleRateHz: number;
  readonly #exports: Exports;
  readonly #parameters: Float64Array;
  readonly #readouts: Float64Array;
  readonly #records: Float64Array;
  readonly #recordCount: Int32Array;
  #recordsTaken = 0;

  /** Builds a chain with every parameter at its default, or as `initial` says. */
  constructor(options: ChainOptions, initial: Iterable<readonly [id: string, value: number]> = []) {
    const { sampleRateHz, maxFrames, stages = STAGES, taps = "both" } = options;
    const memory = new WebAssembly.Memory(MEMORY_PAGES);
    const abort = (): never => {
      throw new Error("The chain ran out of memory.");
    };
    const instance = new WebAssembly.Instance(compiledModule(), { env: { memory, abort } });
    const exports = instance.exports as unknown as Exports;
    this.#exports = exports;
    this.sampleRateHz = sampleRateHz;
    this.#parameters = new Float64Array(memory.buffer, exports.parameterAddress(), layout.PARAMETER_SLOTS);
    for (const row of PARAMETERS) this.set(row.id, row.default);
    for (const [id, value] of initial) this.set(id, value);
    const mask = stages.reduce((bits, name) => bits | (1 << STAGES.indexOf(name)), 0);
    exports.prepare(sampleRateHz, maxFrames, mask, taps === "both" ? 1 : 0, taps === "none" ? 0 : 1);
    // Views are made after `prepare`, which may have grown the memory.
    this.io = new Float64Array(memory.buffer, exports.ioAddress(), maxFrames * 2);
    this.#parameters = new Float64Array(memory.buffer, exports.parameterAddress(), layout.PARAMETER_SLOTS);
    this.#readouts = new Float64Array(memory.buffer, exports.readoutAddress(), layout.READOUT_COUNT);
    const fields = layout.RECORD_RING * layout.RECORD_FIELDS;
    this.#records = new Float64Array(memory.buffer, exports.recordsAddress(), fields);
    this.#recordCount = new Int32Array(memory.buffer, exports.recordCountAddress(), 1);
  }

  /** Sets a parameter's target; the chain glides to it. The value must lie in the range of the table. */
  set(id: string, value: number): void {
    const row = findParameter(id);
    if (!row) throw new RangeError(`There is no parameter ${id}.`);
    if (!(value >= row.min && value <= row.max)) {
      throw new RangeError(`${id} is ${value}; allowed ${row.min} to ${row.max}.`);
    }
    this.#parameters[slotOf(id)] = value;
  }

  /** Processes the first `frames` of `io` in place. Allocates nothing. */
  process(frames: number): void {
    this.#exports.process(frames);
  }

  /** Clears signal state, meters and counters; parameters jump to their targets. */
  reset(): void {
    this.#exports.reset();
    this.#recordsTaken = 0;
  }

  /** Delay from input to output in frames, as of the last processed block. */
  get latencyFrames(): number {
    return this.#exports.latencyFrames();
  }

  /** A readout of the layout (READOUT_*), as it stands now. */
  readout(index: number): number {
    return this.#readouts[index] ?? 0;
  }

  /**
   * Hands each meter record (RECORD_* fields) since the last call to `take`, oldest first. The view is valid
   * during the call only. Records older than the ring are lost; take them at least every 2.5 s of sound.
   */
  takeRecords(take: (record: Float64Array) => void): void {
    const written = Atomics.load(this.#recordCount, 0);
    this.#recordsTaken = Math.max(this.#recordsTaken, written - layout.RECORD_RING);
    for (; this.#recordsTaken < written; this.#recordsTaken++) {
      const start = (this.#recordsTaken % layout.RECORD_RING) * layout.RECORD_FIELDS;
      take(this.#records.subarray(start, start + layout.RECORD_FIELDS));
    }
  }
}
