import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PARAMETER_SLOTS } from "../dsp/layout.js";
import { PARAMETERS } from "../params/table.js";
import { ChainMemory, checkedValue } from "./chain-memory.js";
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
  /** Memory to live in, made by `chainMemory`; its own by default. One memory holds one chain. */
  readonly memory?: WebAssembly.Memory;
  /** For sound between the two directions of a device: adds the period, the rings, the output gate, closed, and the monitor. */
  readonly live?: {
    /** Least frames of the tap ring; the next power of two is taken. 0 for no ring. */
    readonly tapFrames: number;
    /** Least frames of the reference ring; the next power of two is taken. None by default. */
    readonly referenceFrames?: number;
    /** Whether a monitor output plays what is compared, and the recorder keeps the mix; false by default. */
    readonly hasMonitor?: boolean;
  };
}

interface Exports {
  parameterAddress(): number;
  readoutAddress(): number;
  liveAddress(): number;
  prepare(sampleRateHz: number, maxFrames: number, stageMask: number, inputTap: number, outputTap: number): void;
  prepareLive(ringFrames: number, referenceFrames: number, hasMonitor: number): void;
  ioAddress(): number;
  periodAddress(): number;
  heardPeriodAddress(): number;
  tapRingAddress(): number;
  referenceRingAddress(): number;
  recordsAddress(): number;
  recordCountAddress(): number;
  process(frames: number): void;
  processPeriod(format: number, frames: number): void;
  reset(): void;
  resetStages(): void;
  latencyFrames(): number;
}

const MEMORY_PAGES = { initial: 64, maximum: 1024, shared: true } as const;

let compiled: WebAssembly.Module | undefined;

function compiledModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve("#dsp.wasm")));
  return compiled;
}

/** Memory for one chain, shared between threads. */
export function chainMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory(MEMORY_PAGES);
}

function ringFrames(least = 0): number {
  return least > 0 ? 2 ** Math.ceil(Math.log2(least)) : 0;
}

/** The mastering chain in WebAssembly: one instance, with its parameters, its sound block and its meter records. */
export class Chain {
  /** The sound: interleaved stereo, full scale 1.0. Fill it before `process`, read it after. */
  readonly io: Float64Array;
  readonly sampleRateHz: number;
  /** What any thread may see of this chain; a thread makes its own from `memory.buffer` and `memory.addresses`. */
  readonly memory: ChainMemory;
  readonly #exports: Exports;

  /** Builds a chain with every parameter at its default, or as `initial` says. */
  constructor(options: ChainOptions, initial: Iterable<readonly [id: string, value: number]> = []) {
    const { sampleRateHz, maxFrames, stages = STAGES, taps = "both", memory = chainMemory(), live } = options;
    const abort = (): never => {
      throw new Error("The chain ran out of memory.");
    };
    const instance = new WebAssembly.Instance(compiledModule(), { env: { memory, abort } });
    const exports = instance.exports as unknown as Exports;
    this.#exports = exports;
    this.sampleRateHz = sampleRateHz;
    const parameters = new Float64Array(memory.buffer, exports.parameterAddress(), PARAMETER_SLOTS);
    for (const row of PARAMETERS) parameters[slotOf(row.id)] = row.default;
    for (const [id, value] of initial) parameters[slotOf(id)] = checkedValue(id, value);
    const mask = stages.reduce((bits, name) => bits | (1 << STAGES.indexOf(name)), 0);
    exports.prepare(sampleRateHz, maxFrames, mask, taps === "both" ? 1 : 0, taps === "none" ? 0 : 1);
    const [tapFrames, referenceFrames] = [ringFrames(live?.tapFrames), ringFrames(live?.referenceFrames)];
    if (live) exports.prepareLive(tapFrames, referenceFrames, Number(live.hasMonitor ?? false));
    // Views are made after preparing, which may have grown the memory.
    this.io = new Float64Array(memory.buffer, exports.ioAddress(), maxFrames * 2);
    this.memory = new ChainMemory(memory.buffer, {
      parameters: exports.parameterAddress(),
      readouts: exports.readoutAddress(),
      records: exports.recordsAddress(),
      recordCount: exports.recordCountAddress(),
      live: exports.liveAddress(),
      period: live ? exports.periodAddress() : 0,
      heardPeriod: live ? exports.heardPeriodAddress() : 0,
      periodBytes: live ? maxFrames * 8 : 0,
      tapRing: tapFrames > 0 ? exports.tapRingAddress() : 0,
      tapFrames,
      referenceRing: referenceFrames > 0 ? exports.referenceRingAddress() : 0,
      referenceFrames,
    });
  }

  /** Sets a parameter's target; the chain glides to it. The value must lie in the range of the table. */
  set(id: string, value: number): void {
    this.memory.set(id, value);
  }

  /** Processes the first `frames` of `io` in place. Allocates nothing. */
  process(frames: number): void {
    this.#exports.process(frames);
  }

  /**
   * Processes the first `frames` of the period in place: decoded, through the chain and its output gate, encoded.
   * For a chain that was built for live use. Allocates nothing.
   * @param format a FORMAT_* of the layout, the index in PCM_FORMATS
   */
  processPeriod(format: number, frames: number): void {
    this.#exports.processPeriod(format, frames);
  }

  /** Clears signal state, meters and counters, and closes the output gate; parameters jump to their targets. */
  reset(): void {
    this.#exports.reset();
    this.memory.forgetRecords();
  }

  /** Clears the signal state of the stages, and takes isolated ones back; meters, counters and the gate go on. */
  resetStages(): void {
    this.#exports.resetStages();
  }

  /** Delay from input to output in frames, as of the last processed block. */
  get latencyFrames(): number {
    return this.#exports.latencyFrames();
  }

  /** A readout of the layout (READOUT_*), as it stands now. */
  readout(index: number): number {
    return this.memory.readout(index);
  }

  /** Hands out the meter records since the last call; see `ChainMemory.takeRecords`. */
  takeRecords(take: (record: Float64Array) => void): void {
    this.memory.takeRecords(take);
  }
}
