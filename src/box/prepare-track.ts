import { rmSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ProfileRecorder } from "../analysis/profile-recorder.js";
import { WINDOW_S } from "../analysis/profile-windows.js";
import type { PreparedTrack } from "./prepared-file.js";
import { Chain } from "../engine/chain.js";
import { readMeterRecord } from "../engine/meter-record.js";
import { AudioFileError, printable } from "../files/audio-file-error.js";
import type { AudioSource } from "../files/audio-source.js";
import type { DecodedFormat, DecodedPiece } from "../files/decoded-audio.js";
import { FileBytes } from "../files/file-bytes.js";
import { openOrDecode, type PieceTaker } from "../files/open-audio.js";
import { ResampledSource } from "../files/resampler.js";
import { WavReader } from "../files/wav-reader.js";
import { WavWriter } from "../files/wav-writer.js";
import { LoudnessSteps } from "../meters/matched-loudness.js";
import { loudestPart } from "../meters/loudest-part.js";
import { LoudnessMeter } from "../meters/loudness-meter.js";
import { energyLufs } from "../meters/lufs.js";
import { roomProblem, type DiskRoom } from "./disk-room.js";

/** What is to be prepared. */
export interface PrepareJob {
  readonly path: string;
  /** What people call the track. */
  readonly name: string;
  /** Rate of the box. */
  readonly sampleRateHz: number;
  /** Where the prepared sound goes; beside it lies for a while what was decoded at another rate. */
  readonly soundPath: string;
}

/** What the thread tells: how far it has come, 0..1, and how it ended. */
export type PrepareMessage = { readonly progress: number } | { readonly prepared: PreparedTrack } | { readonly problem: string };

/** Prepared sound lies 6 dB down on the disk, so that what lossy coding puts over full scale is not cut. */
export const PREPARED_SCALE = 0.5;
/** The shortest track, one step of the loudness curve, and the longest. */
const LEAST_MS = 20;
const MOST_MINUTES = 30;
const BLOCK_FRAMES = 4096;
/** Blocks between two looks at the disk, and at what else the thread has to do. */
const BLOCKS_A_TURN = 64;
/** Sound after the end that the meter needs to see the last peak, and to end its last 10 ms. */
const METER_TAIL_S = 0.012;
/** Decoding is a third of the work where the rate must be changed. */
const DECODING_SHARE = 0.3;

/** Writes the prepared sound of one track and measures it. */
class TrackSink {
  readonly #job: PrepareJob;
  readonly #roomOf: (path: string) => DiskRoom;
  readonly #writer: WavWriter;
  readonly #chain: Chain;
  readonly #meter = new LoudnessMeter();
  readonly #profile: ProfileRecorder;
  readonly #energies: number[] = [];
  readonly #steps = new LoudnessSteps((energy) => this.#energies.push(energy));
  #frames = 0;
  #blocks = 0;

  constructor(job: PrepareJob, roomOf: (path: string) => DiskRoom) {
    const { sampleRateHz, soundPath } = job;
    this.#job = job;
    this.#roomOf = roomOf;
    this.#writer = new WavWriter(soundPath, { sampleRateHz, format: "pcm24", maxFrames: mostFrames(sampleRateHz) });
    this.#chain = new Chain({ sampleRateHz, maxFrames: BLOCK_FRAMES, stages: [], taps: "output" });
    this.#profile = new ProfileRecorder(sampleRateHz, { windows: Math.ceil((60 * MOST_MINUTES) / WINDOW_S) });
  }

  /** Takes frames of interleaved stereo, any number. @throws AudioFileError when there is too much, or no room for it */
  write(sound: Float64Array, frames: number): void {
    requireLength(this.#job.path, this.#frames + frames, this.#job.sampleRateHz);
    const { io } = this.#chain;
    for (let done = 0; done < frames; done += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, frames - done);
      if (this.#blocks++ % BLOCKS_A_TURN === 0) requireRoom(this.#job.soundPath, this.#roomOf);
      io.set(sound.subarray(2 * done, 2 * (done + count)));
      this.#profile.add(io, count);
      this.#measure(count);
      for (let k = 0; k < 2 * count; k++) io[k] = PREPARED_SCALE * (sound[2 * done + k] as number);
      this.#writer.write(io, count);
    }
    this.#frames += frames;
  }

  /** Brings the sound to the disk, and tells what is known of it. @throws AudioFileError when it is too short */
  finish(): PreparedTrack {
    if (1000 * this.#frames < LEAST_MS * this.#job.sampleRateHz) {
      throw new AudioFileError("empty", this.#job.path, `is shorter than ${LEAST_MS} ms: too short to compare with.`);
    }
    const tailFrames = Math.ceil(METER_TAIL_S * this.#job.sampleRateHz);
    this.#chain.io.fill(0, 0, 2 * tailFrames);
    this.#measure(tailFrames);
    this.#writer.finish();
    const { integratedLufs, loudnessRangeLu, truePeakDbtp: maxTruePeakDbtp } = this.#meter;
    const stepCentiLufs = this.#energies.map((energy) => {
      const lufs = energyLufs(energy);
      return lufs === null ? null : Math.round(100 * lufs);
    });
    return {
      sampleRateHz: this.#job.sampleRateHz, frames: this.#frames, integratedLufs, loudnessRangeLu, maxTruePeakDbtp, stepCentiLufs,
      loudest: this.#loudest, profile: this.#profile.profile,
    };
  }

  abort(): void {
    this.#writer.abort();
  }

  get #loudest(): PreparedTrack["loudest"] {
    const seconds = this.#frames / this.#job.sampleRateHz;
    const { fromS, toS } = loudestPart(Float64Array.from(this.#energies));
    return { fromS, toS: Math.max(fromS + Number.EPSILON, Math.min(toS === 0 ? seconds : toS, seconds)) };
  }

  #measure(frames: number): void {
    this.#chain.process(frames);
    this.#chain.takeRecords((record) => {
      const { output } = readMeterRecord(record);
      const { kMeanSquares, truePeaks, samplePeaks } = output;
      this.#profile.addBin(output);
      this.#meter.addBin(kMeanSquares, Math.max(...truePeaks), Math.max(...samplePeaks));
      this.#steps.addBin(kMeanSquares);
    });
  }
}

/** Takes the pieces of a compressed file: into the sink where they have its rate, else into a file of their own. */
class DecodedTrack implements PieceTaker {
  readonly #job: PrepareJob;
  readonly #sink: TrackSink;
  readonly #roomOf: (path: string) => DiskRoom;
  readonly #onProgress: (share: number) => void;
  #format: DecodedFormat | undefined;
  #writer: WavWriter | undefined;
  #sound = new Float64Array(0);
  #frames = 0;

  constructor(job: PrepareJob, sink: TrackSink, parts: { readonly roomOf: (path: string) => DiskRoom; readonly onProgress: (share: number) => void }) {
    this.#job = job;
    this.#sink = sink;
    this.#roomOf = parts.roomOf;
    this.#onProgress = parts.onProgress;
  }

  begin(format: DecodedFormat): void {
    const { sampleRateHz } = format;
    this.#format = format;
    if (sampleRateHz === this.#job.sampleRateHz) return;
    this.#writer = new WavWriter(this.path, { sampleRateHz, format: "float32", maxFrames: mostFrames(sampleRateHz) });
  }

  take([left, right = left]: DecodedPiece, doneShare: number): void {
    if (left === undefined || right === undefined) return;
    const frames = left.length;
    if (this.#sound.length < 2 * frames) this.#sound = new Float64Array(2 * frames);
    for (let k = 0; k < frames; k++) {
      this.#sound[2 * k] = left[k] as number;
      this.#sound[2 * k + 1] = right[k] as number;
    }
    this.#frames += frames;
    if (this.#writer === undefined) {
      this.#sink.write(this.#sound, frames);
      this.#onProgress(doneShare);
      return;
    }
    requireLength(this.#job.path, this.#frames, this.#format?.sampleRateHz ?? 0);
    requireRoom(this.path, this.#roomOf);
    this.#writer.write(this.#sound, frames);
    this.#onProgress(DECODING_SHARE * doneShare);
  }

  /** The decoded sound, where it has another rate than the sink. */
  open(): AudioSource | undefined {
    this.#writer?.finish();
    return this.#writer && new WavReader(new FileBytes(this.path));
  }

  /** Removes what it wrote. */
  remove(): void {
    this.#writer?.abort();
    rmSync(this.path, { force: true });
  }

  get path(): string {
    return `${this.#job.soundPath}.decoded`;
  }
}

/**
 * Prepares a track for playing: decoded, at the rate of the box, on the disk as 24-bit WAV, and measured. Sound passes in
 * pieces: the memory it takes does not grow with its length, but for an MP3 or Ogg file itself.
 * @throws AudioFileError with a sentence for people
 */
export async function prepareTrack(
  job: PrepareJob, onProgress: (share: number) => void, roomOf: (path: string) => DiskRoom = statfsSync,
): Promise<PreparedTrack> {
  const sink = new TrackSink(job, roomOf);
  const decoded = new DecodedTrack(job, sink, { roomOf, onProgress });
  try {
    const wav = await openOrDecode(job.path, decoded);
    const source = wav ?? decoded.open();
    if (source !== undefined) await copy(source, sink, { job, onProgress, from: wav === undefined ? DECODING_SHARE : 0 });
    return sink.finish();
  } catch (error) {
    sink.abort();
    throw error;
  } finally {
    decoded.remove();
  }
}

/** What is wrong, with the name of the track in place of the path of its file. */
export function problemOf(error: AudioFileError, name: string): string {
  return `"${name}"${error.message.slice(printable(error.path).length)}`;
}

async function copy(
  source: AudioSource, sink: TrackSink, { job, onProgress, from }: { readonly job: PrepareJob; readonly onProgress: (share: number) => void; readonly from: number },
): Promise<void> {
  const { sampleRateHz } = job;
  try {
    requireLength(job.path, source.frames, source.sampleRateHz);
    const sound = source.sampleRateHz === sampleRateHz ? source : new ResampledSource(source, sampleRateHz);
    const block = new Float64Array(2 * BLOCK_FRAMES);
    let done = 0;
    for (let frames = sound.read(block, BLOCK_FRAMES), blocks = 1; frames > 0; frames = sound.read(block, BLOCK_FRAMES), blocks++) {
      sink.write(block, frames);
      done += frames;
      if (blocks % BLOCKS_A_TURN !== 0) continue;
      onProgress(from + ((1 - from) * done) / sound.frames);
      await setImmediate();
    }
  } finally {
    source.close();
  }
}

function mostFrames(sampleRateHz: number): number {
  return 60 * MOST_MINUTES * sampleRateHz;
}

function requireLength(path: string, frames: number, sampleRateHz: number): void {
  if (frames <= mostFrames(sampleRateHz)) return;
  throw new AudioFileError("too-long", path, `is longer than ${MOST_MINUTES} minutes; cut out the part to compare with.`);
}

function requireRoom(path: string, roomOf: (path: string) => DiskRoom): void {
  const problem = roomProblem(roomOf(dirname(path)), BLOCKS_A_TURN * BLOCK_FRAMES * 8);
  if (problem !== undefined) throw new AudioFileError("disk-full", path, `cannot be prepared. ${problem}; delete takes or reference tracks.`);
}
