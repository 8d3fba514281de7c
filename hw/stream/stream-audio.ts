import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import {
  AudioError, BYTES_PER_SAMPLE, faultCode, POSITION_CAPTURED, POSITION_PLAYED, POSITION_QUEUED, POSITION_TIME_MS,
} from "../../src/hal/audio.js";
import type { AudioDuplex, AudioFormat, AudioRequest, AudioState, PcmFormat, SoundBlock } from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";
import { checkFigures } from "../figures.js";
import type { CheckAnswer } from "./check.js";
import { isInstalled } from "./packages.js";
import type { PumpData } from "./pump.js";
import { CLOSE, CLOSED, PULSE, RUNNING, StreamLink, WANTED } from "./stream-link.js";
import { CAPTURE_PACKAGE, type ChildJob, SPEAKER_PACKAGE, type StreamOptions } from "./stream-options.js";

const OVERRUN = faultCode("overrun");
const UNDERRUN = faultCode("underrun");
const STALLED = faultCode("stalled");
const OTHER = faultCode("other");

/** Speaker knows no 24 bits in 4 bytes. */
const FORMATS: readonly PcmFormat[] = ["S32_LE", "S24_3LE", "S16_LE", "FLOAT_LE"];
const RING_SECONDS = 1;
const CHECK_TIMEOUT_MS = 20_000;
/** A process of Node that loads two packages and opens two devices; 10 s on the slowest of machines. */
const START_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 5000;
const STALL_PERIODS = 8;
/** Data comes through two processes, so that a period may be late by what the system gives others to do. */
const LEAST_STALL_MS = 200;
/** A period is in time when it took this part of its duration to come; if that never happens, so many are enough. */
const TIMELY = 0.75;
const SETTLE_PERIODS = 100;
/** The device's clock may be so much slower than the system's. */
const MAX_DRIFT = 2e-4;
const NOW_MS = 0;
const DEADLINE_MS = 1;
/** When the first frame since the start was captured, by the earliest of the periods that came. */
const FIRST_FRAME_MS = 2;

const require = createRequire(import.meta.url);

/**
 * The packages alsa-capture and speaker behind the port of sound devices, for boards where latency does not matter. They
 * crash, spin and replay stale sound when a device misbehaves, so they run in a child process that is killed at the first
 * sign of it and at every start; a thread of this process moves the sound between both. The packages tell nothing about
 * what was played: it is counted by the clock of the capture. Speaker adds its own buffer, which this count does not see.
 */
export class StreamAudio implements AudioDuplex {
  /** Either time-out, and room for the loading and the settling beside it. */
  readonly patienceMs = CHECK_TIMEOUT_MS + START_TIMEOUT_MS;
  readonly #options: StreamOptions;
  readonly #clock: Clock;
  readonly #times = new Float64Array(3);
  #state: AudioState = "closed";
  #detail = "";
  #link: StreamLink | undefined;
  #block: SoundBlock | undefined;
  #wire: Uint8Array = new Uint8Array();
  #silence: Uint8Array = new Uint8Array();
  #periodFrames = 0;
  #periods = 0;
  #frameBytes = 0;
  #periodMs = 0;
  #stallMs = 0;
  /** Periods read and written since the last start. */
  #read = 0;
  #written = 0;

  constructor(options: StreamOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get state(): AudioState {
    return this.#state;
  }

  get detail(): string {
    return this.#detail;
  }

  open(request: AudioRequest): AudioFormat {
    if (this.#state !== "closed") throw new AudioError("busy", "The stream driver is open already: close it first.");
    checkFigures("The stream driver", request);
    const { sampleRateHz, periodFrames, periods } = request;
    const format = request.formats.find((wanted) => FORMATS.includes(wanted));
    if (format === undefined) {
      throw new AudioError("unsupported", `The stream driver offers ${FORMATS.join(", ")}, and ${request.formats.join(", ")} was asked for.`);
    }
    const job = this.#job(sampleRateHz, periodFrames, format);
    checkInstalled(job);
    check(job);
    this.#frameBytes = 2 * BYTES_PER_SAMPLE[format];
    const memory = StreamLink.allocate(Math.max(RING_SECONDS * sampleRateHz, 4 * periods * periodFrames) * this.#frameBytes);
    const pump: PumpData = { job, link: memory, mostWaitingBytes: periods * periodFrames * this.#frameBytes };
    const worker = new Worker(require.resolve("#hw/stream/pump.js"), { workerData: pump });
    worker.unref();
    this.#link = new StreamLink(memory);
    this.#silence = new Uint8Array(periodFrames * this.#frameBytes);
    this.#periodFrames = periodFrames;
    this.#periods = periods;
    this.#periodMs = (1000 * periodFrames) / sampleRateHz;
    this.#stallMs = Math.max(LEAST_STALL_MS, STALL_PERIODS * this.#periodMs);
    this.#block = undefined;
    this.#detail = "";
    this.#read = 0;
    this.#written = 0;
    this.#state = "open";
    const device = `${job.captureDevice} and ${job.playbackDevice} by ${CAPTURE_PACKAGE} and ${SPEAKER_PACKAGE}`;
    return { device, sampleRateHz, periodFrames, periods, format, isLinked: false, isPaced: true, hasMonitor: false };
  }

  start(block: SoundBlock): number {
    const link = this.#link;
    if (link === undefined) return this.#refuse("The device is closed.");
    if (this.#block !== block) this.#take(block);
    Atomics.add(link.words, WANTED, 1);
    link.call();
    this.#begin(START_TIMEOUT_MS);
    while (Atomics.load(link.words, RUNNING) !== Atomics.load(link.words, WANTED)) {
      if (link.fault !== 0) return this.#failed(link);
      if (!this.#sleep(link)) return this.#fail(STALLED, "The capture device delivers no sound.");
    }
    const answer = this.#settle(link);
    if (answer < 0) return answer;
    for (let n = 0; n < this.#periods; n++) link.toPlay.write(this.#silence, this.#silence.length);
    link.call();
    this.#clock.read(this.#times, FIRST_FRAME_MS);
    this.#read = 0;
    this.#written = this.#periods;
    this.#state = "running";
    return 0;
  }

  read(): number {
    const link = this.#link;
    if (link === undefined || this.#state !== "running") return this.#refuse("The stream is not running.");
    this.#begin(this.#stallMs);
    const bytes = this.#silence.length;
    while (link.captured.readable < bytes) {
      if (link.fault !== 0) return this.#failed(link);
      if (!this.#sleep(link)) return this.#fail(STALLED, "The capture device delivers no more sound.");
    }
    if (link.fault !== 0) return this.#failed(link);
    if (link.captured.readable >= this.#periods * bytes) return this.#fail(OVERRUN, "Sound was fetched too late.");
    link.captured.read(this.#wire, bytes);
    this.#read++;
    this.#learn();
    return this.#periodFrames;
  }

  write(): number {
    const link = this.#link;
    if (link === undefined || this.#state !== "running") return this.#refuse("The stream is not running.");
    if (link.fault !== 0) return this.#failed(link);
    const bytes = this.#silence.length;
    if (this.#isDry(link)) return this.#fail(UNDERRUN, "Sound was delivered too late.");
    if (link.toPlay.writable < bytes) return this.#fail(STALLED, "The playback device takes no more sound.");
    link.toPlay.write(this.#wire, bytes);
    link.call();
    this.#written++;
    return this.#periodFrames;
  }

  positions(into: Float64Array): void {
    const unread = this.#link === undefined ? 0 : Math.floor(this.#link.captured.readable / this.#frameBytes);
    const captured = this.#read * this.#periodFrames + unread;
    const written = this.#written * this.#periodFrames;
    const played = Math.min(captured, written);
    into[POSITION_CAPTURED] = captured;
    into[POSITION_PLAYED] = played;
    into[POSITION_QUEUED] = written - played;
    this.#clock.read(into, POSITION_TIME_MS);
  }

  close(): void {
    const link = this.#link;
    if (link === undefined) return;
    Atomics.store(link.words, CLOSE, 1);
    link.call();
    Atomics.wait(link.words, CLOSED, 0, CLOSE_TIMEOUT_MS);
    this.#link = undefined;
    this.#state = "closed";
  }

  /**
   * Throws away what was captured until sound comes in the time that it takes: what piled up while the processes woke
   * would be delay for as long as they live.
   */
  #settle(link: StreamLink): number {
    for (let n = 0; n < SETTLE_PERIODS; n++) {
      this.#skip(link);
      this.#begin(this.#stallMs);
      const fromMs = (this.#times[DEADLINE_MS] as number) - this.#stallMs;
      while (link.captured.readable < this.#silence.length) {
        if (link.fault !== 0) return this.#failed(link);
        if (!this.#sleep(link)) return this.#fail(STALLED, "The capture device delivers no more sound.");
      }
      this.#clock.read(this.#times, NOW_MS);
      if ((this.#times[NOW_MS] as number) - fromMs >= TIMELY * this.#periodMs) break;
    }
    this.#skip(link);
    return 0;
  }

  /** Throws away the whole periods that wait; a part of one belongs to what is still to come. */
  #skip(link: StreamLink): void {
    const waiting = link.captured.readable;
    link.captured.skip(waiting - (waiting % this.#silence.length));
  }

  /** Learns from a period that came when the first frame must have been captured. */
  #learn(): void {
    const times = this.#times;
    this.#clock.read(times, NOW_MS);
    const firstMs = (times[NOW_MS] as number) - this.#read * this.#periodMs;
    times[FIRST_FRAME_MS] = Math.min(firstMs, (times[FIRST_FRAME_MS] as number) + MAX_DRIFT * this.#periodMs);
  }

  /**
   * Whether what was written must have been played to the end. Speaker tells nothing and goes on with a longer delay, so
   * it is reckoned: by what was captured, and by the time, for what was captured may be late with the other process.
   */
  #isDry(link: StreamLink): boolean {
    const times = this.#times;
    const bytes = this.#silence.length;
    this.#clock.read(times, NOW_MS);
    const playedMs = (times[NOW_MS] as number) - (times[FIRST_FRAME_MS] as number);
    return playedMs >= this.#written * this.#periodMs || this.#read * bytes + link.captured.readable >= this.#written * bytes;
  }

  #job(sampleRateHz: number, periodFrames: number, format: PcmFormat): ChildJob {
    const { captureDevice = "default", playbackDevice = "default", capturePackage = CAPTURE_PACKAGE, speakerPackage = SPEAKER_PACKAGE } = this.#options;
    return { captureDevice, playbackDevice, capturePackage, speakerPackage, sampleRateHz, periodFrames, format };
  }

  #take(block: SoundBlock): void {
    const bytes = this.#silence.length;
    if (block.bytes < bytes) throw new RangeError(`The block has ${block.bytes} bytes; a period takes ${bytes}.`);
    this.#wire = new Uint8Array(block.buffer, block.address, bytes);
    this.#block = block;
  }

  /** Sets the time until which there is patience. */
  #begin(patienceMs: number): void {
    this.#clock.read(this.#times, DEADLINE_MS);
    this.#times[DEADLINE_MS] = (this.#times[DEADLINE_MS] as number) + patienceMs;
  }

  /** Sleeps until the pump has news, for a while; false when there is no more patience. */
  #sleep(link: StreamLink): boolean {
    const pulse = Atomics.load(link.words, PULSE);
    this.#clock.read(this.#times, NOW_MS);
    // Whole milliseconds: a fraction handed to Atomics.wait is an object made.
    const leftMs = Math.ceil((this.#times[DEADLINE_MS] as number) - (this.#times[NOW_MS] as number));
    if (leftMs <= 0) return false;
    Atomics.wait(link.words, PULSE, pulse, Math.min(leftMs, 2));
    return true;
  }

  /** Answers with the fault that the pump met. */
  #failed(link: StreamLink): number {
    return this.#fail(link.fault, link.detail);
  }

  #fail(code: number, detail: string): number {
    this.#detail = detail;
    this.#state = "faulted";
    return code;
  }

  #refuse(detail: string): number {
    this.#detail = detail;
    return OTHER;
  }
}

/** @throws AudioError when a package is not installed. */
function checkInstalled({ capturePackage, speakerPackage }: ChildJob): void {
  const missing = [capturePackage, speakerPackage].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new AudioError("missing", `The stream driver needs the packages ${CAPTURE_PACKAGE} and ${SPEAKER_PACKAGE}; not installed: ${missing.join(", ")}. ` +
    `Run \`apt install build-essential python3 libasound2-dev\` and \`npm install ${missing.join(" ")}\`.`);
}

/** Lets a process that can be spared try what may crash. @throws AudioError when it says no, or does not survive. */
function check(job: ChildJob): void {
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [require.resolve("#hw/stream/check.js"), JSON.stringify(job)], {
    encoding: "utf8", timeout: CHECK_TIMEOUT_MS, killSignal: "SIGKILL",
  });
  if (status !== 0) {
    const lastWords = stderr.trim().split("\n").at(-1) ?? "";
    throw new AudioError("other", `The packages of the stream driver do not survive being loaded (${signal ?? `code ${status}`}): ${lastWords}`);
  }
  const { refusal } = JSON.parse(stdout) as CheckAnswer;
  if (refusal !== undefined) throw new AudioError(refusal.kind, refusal.message);
}
