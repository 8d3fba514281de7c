import { constants, openSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { AudioError, type AudioFormat, BYTES_PER_SAMPLE } from "../../src/hal/audio.js";
import { ByteRing } from "../shared-memory/byte-ring.js";
import type { RecorderSink } from "./recorder-sink.js";

/** Sound that the ring holds while the disk is slow. */
const RING_SECONDS = 4;
const CLOSE_TIMEOUT_MS = 5000;
/** More silence than a file holds; what is asked for beyond is no longer counted. */
const MOST_REST_FRAMES = 2 ** 31 - 1;

/** How a recording is begun, and how one goes on. */
const KEEP = constants.O_RDWR | constants.O_CREAT;
const NEW = KEEP | constants.O_TRUNC;

/** Words shared with the thread that writes. */
export const STOP = 0;
export const DONE = 1;
const WORDS = 2;

/** What that thread is handed. The ring carries records: 4 bytes of how many silent frames come first, then a period. */
export interface WavDrainData {
  /** The thread closes it. */
  readonly file: number;
  readonly isNew: boolean;
  readonly format: AudioFormat;
  readonly ring: SharedArrayBuffer;
  readonly words: SharedArrayBuffer;
}

/**
 * Records what the simulated board plays into a WAV file, in the wire's format, on a thread of its own; its header is
 * valid at every moment. Where the disk does not keep up, silence takes the place of what was lost. Opened again in the
 * same rate and format, it goes on in the same file, with silence for the time in between; in others, it begins the file
 * anew. One recording ends short of 4 GiB, the most that WAV holds: 3.1 h of FLOAT_LE at 48 kHz.
 */
export class WavRecorder implements RecorderSink {
  readonly #path: string;
  readonly #closeTimeoutMs: number;
  /** Words of the thread that writes, and of the one before it: each has its own. */
  #words: Int32Array | undefined;
  #format: AudioFormat | undefined;
  #isOpen = false;
  #ring: ByteRing | undefined;
  #periodFrames = 0;
  /** Silent frames before the next period, and their bytes. */
  readonly #rest = new Int32Array(1);
  readonly #restBytes = new Uint8Array(this.#rest.buffer);
  #lostFrames = 0;

  /** @param closeTimeoutMs - how long `close` waits for the disk */
  constructor(path: string, closeTimeoutMs = CLOSE_TIMEOUT_MS) {
    this.#path = path;
    this.#closeTimeoutMs = closeTimeoutMs;
  }

  /** Frames that the disk was too slow for. */
  get lostFrames(): number {
    return this.#lostFrames;
  }

  /** @throws AudioError when the file cannot be made, or a slow disk is not done with what was recorded before. */
  open(format: AudioFormat): boolean {
    if (this.#words !== undefined && Atomics.load(this.#words, DONE) === 0) {
      throw new AudioError("busy", "The recorder's file is still being written: its disk is too slow. Choose another path.");
    }
    const isNew = format.format !== this.#format?.format || format.sampleRateHz !== this.#format.sampleRateHz;
    const file = this.#openFile(isNew ? NEW : KEEP);
    const bytesPerSecond = 2 * BYTES_PER_SAMPLE[format.format] * format.sampleRateHz;
    const ring = ByteRing.allocate(RING_SECONDS * bytesPerSecond);
    const words = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
    this.#ring = new ByteRing(ring);
    this.#words = new Int32Array(words);
    this.#format = format;
    this.#periodFrames = format.periodFrames;
    if (isNew) this.#rest[0] = 0;
    const data: WavDrainData = { file, isNew, format, ring, words };
    // The file is opened here and closed there, which Node would warn of if it kept a list for that thread.
    const worker = new Worker(createRequire(import.meta.url).resolve("#hw/sim/wav-drain.js"), { workerData: data, trackUnmanagedFds: false });
    // Of a disk that is full the lost frames tell; the sound goes on.
    worker.on("error", () => undefined);
    worker.unref();
    this.#isOpen = true;
    return !isNew;
  }

  put(period: Uint8Array): void {
    const ring = this.#ring as ByteRing;
    if (ring.writable < this.#restBytes.length + period.length) {
      this.#lostFrames += this.#periodFrames;
      this.rest(this.#periodFrames);
      return;
    }
    ring.write(this.#restBytes, this.#restBytes.length);
    ring.write(period, period.length);
    this.#rest[0] = 0;
  }

  rest(frames: number): void {
    this.#rest[0] = Math.min(MOST_REST_FRAMES, (this.#rest[0] as number) + frames);
  }

  /** Waits until everything is in the file, 5 s at most: a slower disk is left to go on by itself. */
  close(): void {
    if (!this.#isOpen || this.#words === undefined) return;
    Atomics.store(this.#words, STOP, 1);
    Atomics.notify(this.#words, STOP);
    Atomics.wait(this.#words, DONE, 0, this.#closeTimeoutMs);
    this.#isOpen = false;
  }

  #openFile(flags: number): number {
    try {
      return openSync(this.#path, flags);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AudioError("other", `The recorder's file cannot be made (${reason}): choose another path.`, { cause });
    }
  }
}
