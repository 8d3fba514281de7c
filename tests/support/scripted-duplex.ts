import {
  AudioError, faultCode, type AudioDuplex, type AudioFault, type AudioFormat, type AudioRequest, type AudioState, type SoundBlock,
} from "../../src/hal/audio.js";

/** What the device answers instead of moving a period, counted from 0 for each kind of call. */
export interface Script {
  readonly open?: (call: number) => AudioError | Partial<AudioFormat> | undefined;
  readonly start?: (call: number) => AudioFault | undefined;
  /** A number is a short transfer of so many frames. */
  readonly read?: (call: number) => AudioFault | number | undefined;
  readonly write?: (call: number) => AudioFault | number | undefined;
  readonly close?: () => void;
}

/**
 * A sound device that follows a script and holds its user to the contract of `AudioDuplex`: it throws when a call comes
 * out of turn. Each period that it reads holds its number in every sample; what is written is kept in `written`.
 */
export class ScriptedDuplex implements AudioDuplex {
  /** Calls in their order: open, start, read, write, close. */
  readonly calls: string[] = [];
  /** First sample of each period that was written: the number of the period that was read, if nobody changed it. */
  readonly written: number[] = [];
  state: AudioState = "closed";
  readonly patienceMs = 30_000;
  detail = "";
  /** Reading of `positions`. */
  framesPerReading = 0;
  readonly #script: Script;
  readonly #counts = { open: 0, start: 0, read: 0, write: 0 };
  #frames = 0;
  #samples = new Int32Array(new SharedArrayBuffer(0));
  #next: "read" | "write" = "read";
  #positions = 0;

  constructor(script: Script = {}) {
    this.#script = script;
  }

  open(request: AudioRequest): AudioFormat {
    this.#require(this.state === "closed", "open while it is open");
    this.calls.push("open");
    const answer = this.#script.open?.(this.#counts.open++);
    if (answer instanceof AudioError) throw answer;
    this.state = "open";
    const { sampleRateHz, periodFrames, periods } = request;
    this.#frames = periodFrames;
    return { device: "scripted", sampleRateHz, periodFrames, periods, format: "S32_LE", isLinked: true, isPaced: true, hasMonitor: false, ...answer };
  }

  start(block: SoundBlock): number {
    this.#require(this.state !== "closed", "start while it is closed");
    this.calls.push("start");
    this.#samples = new Int32Array(block.buffer, block.address, 2 * this.#frames);
    this.#next = "read";
    this.#positions = 0;
    return this.#answer(this.#script.start?.(this.#counts.start++), 0);
  }

  read(): number {
    this.#require(this.state === "running" && this.#next === "read", "read out of turn");
    this.calls.push("read");
    const number = this.#counts.read++;
    const answer = this.#script.read?.(number);
    // As a real device does, it leaves the last period in the block when it fails.
    if (answer === undefined) this.#samples.fill(number);
    this.#next = "write";
    return this.#answer(answer, this.#frames);
  }

  write(): number {
    this.#require(this.state === "running" && this.#next === "write", "write out of turn");
    this.calls.push("write");
    const answer = this.#script.write?.(this.#counts.write++);
    if (answer === undefined) this.written.push(this.#samples[0] as number);
    this.#next = "read";
    return this.#answer(answer, this.#frames);
  }

  positions(into: Float64Array): void {
    this.#require(this.state === "running", "positions while it does not run");
    this.#positions += this.framesPerReading;
    into.set([this.#positions, this.#positions, 0, this.#positions]);
  }

  close(): void {
    this.calls.push("close");
    this.#script.close?.();
    this.state = "closed";
  }

  #answer(answer: AudioFault | number | undefined, good: number): number {
    if (answer === undefined || typeof answer === "number") {
      this.state = "running";
      return answer ?? good;
    }
    this.state = "faulted";
    this.detail = `scripted ${answer}`;
    return faultCode(answer);
  }

  #require(isAllowed: boolean, what: string): void {
    if (!isAllowed) throw new Error(`The loop broke the contract of the device: ${what} (after ${this.calls.slice(-5).join(", ")}).`);
  }
}
