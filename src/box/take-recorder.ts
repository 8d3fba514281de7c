import { mkdirSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { TapReader } from "../engine/tap-reader.js";
import type { AudioHealth } from "../hal/audio-health.js";
import type { Take } from "../protocol/messages.js";
import { roomProblem, type DiskRoom } from "./disk-room.js";
import { GIVE_UP, KEPT, TAKE_FIELDS, type TakeJob, type TakeResult } from "./take-files.js";

export interface TakeRecorderOptions {
  /** The engine: its sound, and what it was opened with. */
  readonly sound: { createTapReader(): TapReader | null; health(): Pick<AudioHealth, "format"> };
  /** How much sound is kept; 0 keeps none. */
  readonly minutes: number;
  /** Is made when the first take is written. */
  readonly folder: string;
  /** The script `take-writer`. */
  readonly writerUrl: URL;
  /** The time of day, for the names of files. */
  readonly now: () => Date;
  /** What is free on the disk of a folder; asks the system unless given. */
  readonly roomOf?: (folder: string) => DiskRoom;
}

/** Often enough for a tap ring of a second. */
const COPY_MS = 250;
/** While a take is written, the sound that follows takes the place of the oldest. */
const MARGIN_S = 5;
/** Never more memory than this, whatever was asked for: 23 minutes at 48 kHz. */
const MOST_BYTES = 2 ** 30;
/** A frame in both files: four samples of 24 bits. */
const WRITTEN_FRAME_BYTES = 3 * TAKE_FIELDS;
const FRAME_BYTES = TAKE_FIELDS * Float32Array.BYTES_PER_ELEMENT;

/** There is no take to write, or it cannot be written; the sentence says why. */
export class TakeError extends Error {
  override readonly name = "TakeError";
}

/** A stretch of silence in place of sound that was not kept. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * Keeps the last minutes of what went in and out, and writes them as two WAV files when asked to. Runs in the box
 * process: it copies from the tap ring four times a second, and a thread of its own writes the files.
 * Takes 46 MB a minute at 48 kHz, 1 GiB at most.
 */
export class TakeRecorder {
  readonly #options: TakeRecorderOptions;
  readonly #progress = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  readonly #words = new Int32Array(this.#progress);
  /** Frames that were ever kept. */
  #keptFrames = 0;
  #tap: TapReader | null = null;
  #sampleRateHz = 0;
  #ring = new Float32Array(new SharedArrayBuffer(0));
  #gaps: readonly Gap[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<TakeResult> | undefined;

  constructor(options: TakeRecorderOptions) {
    this.#options = options;
  }

  /** Begins to keep sound, as soon as there is some. */
  start(): void {
    if (this.#options.minutes > 0) this.#timer ??= setInterval(() => this.copy(), COPY_MS);
  }

  /** Ends; a take that is being written is given up. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    Atomics.store(this.#words, GIVE_UP, 1);
    await this.#writing;
  }

  /** Copies the sound since the last call. */
  copy(): void {
    if (!this.#prepare()) return;
    const tap = this.#tap as TapReader;
    for (let frames = -1; frames !== 0;) {
      this.#addSilence(tap.skipLost());
      const at = this.#keptFrames % this.#ringFrames;
      const most = Math.min(tap.waiting, this.#ringFrames - at);
      this.#announce(most);
      frames = tap.read(this.#ring.subarray(at * TAKE_FIELDS, (at + most) * TAKE_FIELDS));
      this.#keptFrames += frames;
    }
  }

  /** Tells a take that is being written what is about to be overwritten. */
  #announce(frames: number): void {
    Atomics.store(this.#words, KEPT, (this.#keptFrames + frames) | 0);
  }

  /**
   * Writes the last seconds, all that are kept by default, into the folder: `take-0001-2026-05-04-21-30-00-input.wav` and
   * the same for the output, sample by sample alongside.
   * @throws TakeError when no sound is kept, a take is being written, or the files cannot be written
   */
  async take(seconds = Infinity): Promise<Take> {
    if (this.#options.minutes === 0) throw new TakeError("No sound is kept for takes: set record.minutes in the configuration.");
    if (this.#writing) throw new TakeError("A take is being written; try again when it is done.");
    this.copy();
    const to = this.#keptFrames;
    if (to === 0) throw new TakeError("No sound has been kept yet.");
    const most = Math.min(to, this.#ringFrames - MARGIN_S * this.#sampleRateHz);
    const from = to - Math.min(most, Math.round(Math.max(0, seconds) * this.#sampleRateHz));
    if (from === to) throw new TakeError(`${seconds} s is no length of a take; allowed 1 s and more.`);
    const paths = this.#name();
    this.#requireRoom((to - from) * WRITTEN_FRAME_BYTES);
    Atomics.store(this.#words, GIVE_UP, 0);
    this.#writing = this.#write({
      ring: this.#ring.buffer, progress: this.#progress, from, to, sampleRateHz: this.#sampleRateHz, inputPath: paths.input, outputPath: paths.output,
    });
    const result = await this.#writing.finally(() => {
      this.#writing = undefined;
    });
    if ("problem" in result) throw new TakeError(result.problem);
    const missing = this.#gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)), result.overtakenFrames);
    return { ...paths, seconds: (to - from) / this.#sampleRateHz, missingSeconds: missing / this.#sampleRateHz };
  }

  get #ringFrames(): number {
    return this.#ring.length / TAKE_FIELDS;
  }

  /** Makes the ring once the rate of the device is known. */
  #prepare(): boolean {
    if (this.#tap) return true;
    const { sound, minutes } = this.#options;
    const { format } = sound.health();
    this.#tap = format && sound.createTapReader();
    if (!format || !this.#tap) return false;
    this.#sampleRateHz = format.sampleRateHz;
    const frames = Math.min((60 * minutes + MARGIN_S) * format.sampleRateHz, MOST_BYTES / FRAME_BYTES);
    this.#ring = new Float32Array(new SharedArrayBuffer(Math.floor(frames) * FRAME_BYTES));
    return true;
  }

  #addSilence(lost: number): void {
    if (lost === 0) return;
    const from = this.#keptFrames;
    const frames = Math.min(lost, this.#ringFrames);
    this.#announce(frames);
    for (let done = 0; done < frames;) {
      const at = (from + done) % this.#ringFrames;
      const count = Math.min(frames - done, this.#ringFrames - at);
      this.#ring.fill(0, at * TAKE_FIELDS, (at + count) * TAKE_FIELDS);
      done += count;
    }
    this.#keptFrames = from + frames;
    this.#gaps = [...this.#gaps.filter((gap) => gap.to > from - this.#ringFrames), { from, to: from + frames }];
  }

  #name(): { input: string; output: string } {
    const { folder, now } = this.#options;
    let names: string[];
    try {
      mkdirSync(folder, { recursive: true });
      names = readdirSync(folder);
    } catch (error) {
      throw new TakeError(`The folder ${folder} for takes cannot be used (${error instanceof Error ? error.message : String(error)}).`);
    }
    const last = Math.max(0, ...names.map((name) => Number(/^take-(\d+)-/.exec(name)?.[1] ?? 0)));
    const here = now();
    const time = new Date(here.getTime() - here.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace(/[T:]/g, "-");
    const path = (side: string): string => join(folder, `take-${String(last + 1).padStart(4, "0")}-${time}-${side}.wav`);
    return { input: path("input"), output: path("output") };
  }

  /** Takes pile up, and whoever may ask for them may ask again and again. */
  #requireRoom(bytes: number): void {
    const { folder, roomOf = statfsSync } = this.#options;
    const problem = roomProblem(roomOf(folder), bytes);
    if (problem !== undefined) throw new TakeError(`${problem}; move takes away from ${folder}, or delete reference tracks.`);
  }

  async #write(job: TakeJob): Promise<TakeResult> {
    const worker = new Worker(this.#options.writerUrl, { workerData: job });
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new TakeError("The thread that writes the take ended early.")));
    });
  }
}
