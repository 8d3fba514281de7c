import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { AudioError, type AudioFormat, BYTES_PER_SAMPLE } from "../../src/hal/audio.js";
import { ByteRing } from "../shared-memory/byte-ring.js";
import type { RecorderSink } from "./recorder-sink.js";

/** Sound that the ring holds while the disk is slow. */
const RING_SECONDS = 4;
const CLOSE_TIMEOUT_MS = 5000;

/** Words shared with the thread that writes. */
export const STOP = 0;
export const DONE = 1;
const WORDS = 2;

/** What that thread is handed. The ring carries records: 4 bytes of how many silent frames come first, then a period. */
export interface WavDrainData {
  readonly file: number;
  readonly format: AudioFormat;
  readonly ring: SharedArrayBuffer;
  readonly words: SharedArrayBuffer;
}

/**
 * Records what the simulated board plays into a WAV file, in the wire's format, on a thread of its own; its header is
 * valid at every moment. Where the disk does not keep up, silence takes the place of what was lost. One recording ends
 * short of 4 GiB, the most that the format holds: 3.1 h of FLOAT_LE at 48 kHz.
 */
export class WavRecorder implements RecorderSink {
  readonly #path: string;
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  #file = -1;
  #ring: ByteRing | undefined;
  #periodFrames = 0;
  /** Silent frames before the next period, and their bytes. */
  readonly #rest = new Int32Array(1);
  readonly #restBytes = new Uint8Array(this.#rest.buffer);
  #lostFrames = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Frames that the disk was too slow for. */
  get lostFrames(): number {
    return this.#lostFrames;
  }

  /** @throws AudioError when the file cannot be made. */
  open(format: AudioFormat): void {
    try {
      this.#file = openSync(this.#path, "w");
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AudioError("other", `The recorder's file cannot be made (${reason}): choose another path.`, { cause });
    }
    const bytesPerSecond = 2 * BYTES_PER_SAMPLE[format.format] * format.sampleRateHz;
    const ring = ByteRing.allocate(RING_SECONDS * bytesPerSecond);
    this.#ring = new ByteRing(ring);
    this.#periodFrames = format.periodFrames;
    this.#rest[0] = 0;
    this.#words.fill(0);
    const data: WavDrainData = { file: this.#file, format, ring, words: this.#words.buffer as SharedArrayBuffer };
    const worker = new Worker(createRequire(import.meta.url).resolve("#hw/sim/wav-drain.js"), { workerData: data });
    // Of a disk that is full the lost frames tell; the sound goes on.
    worker.on("error", () => undefined);
    worker.unref();
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
    this.#rest[0] = (this.#rest[0] as number) + frames;
  }

  close(): void {
    if (this.#file < 0) return;
    Atomics.store(this.#words, STOP, 1);
    Atomics.notify(this.#words, STOP);
    Atomics.wait(this.#words, DONE, 0, CLOSE_TIMEOUT_MS);
    closeSync(this.#file);
    this.#file = -1;
  }
}
