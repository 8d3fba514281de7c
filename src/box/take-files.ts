import { rmSync } from "node:fs";
import { AudioFileError } from "../files/audio-file-error.js";
import { WavWriter } from "../files/wav-writer.js";

/** Numbers of a frame in the ring: input left and right, output left and right. */
export const TAKE_FIELDS = 4;
/**
 * Words of `TakeJob.progress`: the frames ever kept, modulo 2^32, which is told before they are written over the oldest;
 * and 1 to give up.
 */
export const KEPT = 0;
export const GIVE_UP = 1;

/** What to write: frames `from` to `to` of a ring that goes on being filled. */
export interface TakeJob {
  /** f32, TAKE_FIELDS a frame; frame n lies at n modulo the frames of the ring. */
  readonly ring: SharedArrayBuffer;
  readonly progress: SharedArrayBuffer;
  readonly from: number;
  readonly to: number;
  readonly sampleRateHz: number;
  readonly inputPath: string;
  readonly outputPath: string;
}

/** How it went: frames that were overtaken while they were being written and became silence, or what is wrong. */
export type TakeResult = { readonly overtakenFrames: number } | { readonly problem: string };

const PIECE_FRAMES = 8192;

/** Writes both files of a take, 24 bits a sample. Either both are there in the end, or neither. Blocks for as long as the disk takes. */
export function writeTake(job: TakeJob): TakeResult {
  const writers: WavWriter[] = [];
  try {
    const options = { sampleRateHz: job.sampleRateHz, format: "pcm24", maxFrames: job.to - job.from } as const;
    for (const path of [job.inputPath, job.outputPath]) writers.push(new WavWriter(path, options));
    const overtakenFrames = writePieces(job, writers);
    for (const writer of writers) writer.finish();
    return { overtakenFrames };
  } catch (error) {
    for (const writer of writers) writer.abort();
    // The first may have its name already; the names are new with each take.
    for (const path of [job.inputPath, job.outputPath]) rmSync(path, { force: true });
    if (error instanceof AudioFileError) return { problem: error.message };
    throw error;
  }
}

function writePieces(job: TakeJob, writers: readonly WavWriter[]): number {
  const ring = new Float32Array(job.ring);
  const progress = new Int32Array(job.progress);
  const ringFrames = ring.length / TAKE_FIELDS;
  const piece = new Float64Array(2 * PIECE_FRAMES);
  let overtaken = 0;
  for (let first = job.from; first < job.to; first += PIECE_FRAMES) {
    if (Atomics.load(progress, GIVE_UP) === 1) throw new AudioFileError("unwritable", job.inputPath, "was not finished: the box was stopped.");
    const frames = Math.min(PIECE_FRAMES, job.to - first);
    writers.forEach((writer, side) => {
      for (let k = 0; k < frames; k++) {
        const at = ((first + k) % ringFrames) * TAKE_FIELDS + 2 * side;
        piece[2 * k] = ring[at] as number;
        piece[2 * k + 1] = ring[at + 1] as number;
      }
      const lost = Math.min(frames, Math.max(0, (Atomics.load(progress, KEPT) - (first + ringFrames)) | 0));
      piece.fill(0, 0, 2 * lost);
      overtaken += side === 0 ? lost : 0;
      writer.write(piece, frames);
    });
  }
  return overtaken;
}
