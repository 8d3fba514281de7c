import type { LiveChain } from "../../src/engine/block-loop.js";
import type { ChainAddresses } from "../../src/engine/chain-memory.js";
import type { SoundBlock } from "../../src/hal/audio.js";

/** A chain that passes the period on as it is, and takes down what it is told. */
export class RecordedChain implements LiveChain {
  readonly block: SoundBlock = { buffer: new SharedArrayBuffer(16384), address: 16, bytes: 8192 };
  readonly addresses: ChainAddresses = {
    parameters: 0, readouts: 0, records: 0, recordCount: 0, live: 0, period: 16, heardPeriod: 16, periodBytes: 8192, tapRing: 0, tapFrames: 0, referenceRing: 0, referenceFrames: 0,
  };
  /** "gate 1 20" (command, ramp in ms), "shed 1", "reset stages", "reset", and "period" for each processed. */
  readonly calls: string[] = [];

  /** The calls that are no periods. */
  get orders(): string[] {
    return this.calls.filter((call) => call !== "period");
  }

  processPeriod(): void {
    this.calls.push("period");
  }

  setGate(command: number, rampMs: number): void {
    this.calls.push(`gate ${command} ${rampMs}`);
  }

  setShedding(index: number): void {
    this.calls.push(`shed ${index}`);
  }

  skipFrames(frames: number): void {
    if (frames > 0) this.calls.push(`skip ${frames}`);
  }

  resetStages(): void {
    this.calls.push("reset stages");
  }

  reset(): void {
    this.calls.push("reset");
  }
}

/** A relay that takes down its beats. */
export class RecordedRelay {
  beats = 0;
  releases = 0;

  constructor(public isWired = true) {}

  beat(): void {
    this.beats++;
  }

  release(): void {
    this.releases++;
  }
}
