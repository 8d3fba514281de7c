import { LIVE_SHED, LIVE_SKIP } from "../dsp/layout.js";
import { PCM_FORMATS, type AudioFormat, type SoundBlock } from "../hal/audio.js";
import type { LiveChain } from "./block-loop.js";
import { Chain } from "./chain.js";
import type { ChainAddresses, ChainMemory } from "./chain-memory.js";

/** A disk may keep a reference waiting so long, seconds, before it gives way to the mix. */
const REFERENCE_S = 2.5;

export interface DeviceChainOptions {
  readonly memory: WebAssembly.Memory;
  /** Frames of the tap ring, at least. */
  readonly tapFrames: number;
  readonly values: Iterable<readonly [id: string, value: number]>;
}

/** The chain between the two directions of a device: its period is the block that the device fills and sends. */
export class DeviceChain implements LiveChain {
  readonly block: SoundBlock;
  readonly #chain: Chain;
  readonly #memory: ChainMemory;
  readonly #format: number;

  constructor(format: AudioFormat, options: DeviceChainOptions) {
    const { memory, tapFrames, values } = options;
    const { sampleRateHz, periodFrames: maxFrames, hasMonitor } = format;
    const live = { tapFrames, referenceFrames: REFERENCE_S * sampleRateHz, hasMonitor };
    this.#chain = new Chain({ sampleRateHz, maxFrames, memory, live }, values);
    this.#memory = this.#chain.memory;
    this.#format = PCM_FORMATS.indexOf(format.format);
    const { period, heardPeriod, periodBytes } = this.#memory.addresses;
    this.block = { buffer: memory.buffer, address: period, bytes: periodBytes, monitorAddress: heardPeriod };
  }

  /** Where the parts of the chain lie in its memory. */
  get addresses(): ChainAddresses {
    return this.#memory.addresses;
  }

  /** Delay of the chain in frames, as of the last processed period. */
  get latencyFrames(): number {
    return this.#chain.latencyFrames;
  }

  processPeriod(frames: number): void {
    this.#chain.processPeriod(this.#format, frames);
  }

  setGate(command: number, rampMs: number): void {
    this.#memory.setGate(command, rampMs);
  }

  setShedding(index: number): void {
    this.#memory.setWord(LIVE_SHED, index);
  }

  skipFrames(frames: number): void {
    this.#memory.setWord(LIVE_SKIP, frames);
  }

  resetStages(): void {
    this.#chain.resetStages();
  }

  reset(): void {
    this.#chain.reset();
  }
}
