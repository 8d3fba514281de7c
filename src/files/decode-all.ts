import { setImmediate } from "node:timers/promises";
import { AudioFileError, durationText } from "./audio-file-error.js";
import { DecodedAudio } from "./decoded-audio.js";
import type { DecodedFormat, DecodedPiece } from "./decoded-audio.js";
import { FEED_BYTES } from "./file-bytes.js";

/** What the three decoder packages have in common. */
export interface Decoder {
  readonly ready: Promise<unknown>;
  decode(bytes: Uint8Array): DecodeResult | Promise<DecodeResult>;
  /** Delivers what is still held back; a decoder that holds nothing back has none. */
  flush?(): DecodeResult | Promise<DecodeResult>;
  free(): void;
}

interface DecodeResult {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly errors: readonly { readonly message: string }[];
}

/** A compressed file that is to be decoded. */
export interface DecodeJob {
  readonly path: string;
  readonly createDecoder: () => Decoder;
  /** The bytes in pieces, from the first that the decoder wants. */
  readonly pieces: Iterable<Uint8Array>;
  /** Bytes of all pieces. */
  readonly bytes: number;
  readonly format: DecodedFormat;
  /** Frames that the header promises; 0 if it does not say. */
  readonly promisedFrames: number;
  /** Changes a piece in place, such as its scale. */
  readonly mend?: (channel: Float32Array) => void;
}

/** Bytes in memory, in the pieces that a decoder is fed with. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += FEED_BYTES) yield bytes.subarray(at, at + FEED_BYTES);
}

/**
 * Decodes a whole file into memory and frees the decoder.
 *
 * @throws AudioFileError `damaged` if the decoder complains, `truncated` if it gives less than was promised,
 *   `empty` without sound, `too-long` out of memory
 */
export async function decodeAll(job: DecodeJob): Promise<DecodedAudio> {
  const pieces: DecodedPiece[] = [];
  await decodeInto(job, (piece) => pieces.push(piece));
  return new DecodedAudio(job.format, pieces);
}

/**
 * Decodes a whole file piece by piece, keeps none, and frees the decoder. What `onPiece` throws ends it.
 *
 * @throws AudioFileError as `decodeAll` does
 */
export async function decodeInto(job: DecodeJob, onPiece: (piece: DecodedPiece, doneShare: number) => void): Promise<void> {
  const decoder = job.createDecoder();
  let frames = 0;
  let fedBytes = 0;
  const take = (result: DecodeResult): void => {
    const [error] = result.errors;
    if (error !== undefined) throw new Error(error.message);
    const channels = result.channelData.slice(0, job.format.channels);
    if (result.samplesDecoded === 0 || channels.length < job.format.channels) return;
    for (const channel of channels) {
      job.mend?.(channel);
      silenceNonFinite(channel);
    }
    frames += result.samplesDecoded;
    onPiece(channels, fedBytes / job.bytes);
  };
  try {
    await decoder.ready;
    for (const bytes of job.pieces) {
      fedBytes += bytes.length;
      take(await heedingErrors(() => decoder.decode(bytes)));
      // Signals are heard between the pieces.
      await setImmediate();
    }
    if (decoder.flush !== undefined) take(await heedingErrors(() => decoder.flush?.() ?? EMPTY));
  } catch (error) {
    throw asDecodeError(job.path, error, frames / job.format.sampleRateHz);
  } finally {
    release(decoder);
  }
  requireComplete(job, frames);
}

function requireComplete({ path, promisedFrames, format }: DecodeJob, frames: number): void {
  const seconds = (count: number): string => durationText(count / format.sampleRateHz);
  if (frames < promisedFrames) {
    throw new AudioFileError("truncated", path, `is cut short or damaged: its header promises ${seconds(promisedFrames)} of `
      + `sound, ${seconds(frames)} can be decoded; copy or export it again.`);
  }
  if (frames === 0) throw new AudioFileError("empty", path, "holds no sound; record or export it again.");
}

const EMPTY: DecodeResult = { channelData: [], samplesDecoded: 0, errors: [] };

/**
 * Runs a step of a decoder whose errors arrive through `console.error`. The packages print there, which is not for
 * the user to see, and the one for MP3 then goes on reading for ever; throwing from the call ends both.
 */
function heedingErrors<T>(step: () => T): T {
  const original = console.error;
  console.error = (...parts: unknown[]): never => {
    throw new Error(parts.join(" "));
  };
  try {
    return step();
  } finally {
    console.error = original;
  }
}

function asDecodeError(path: string, error: unknown, seconds: number): AudioFileError {
  if (error instanceof AudioFileError) return error;
  if (error instanceof RangeError) {
    return new AudioFileError("too-long", path,
      `does not fit in memory after ${durationText(seconds)} of sound; convert it to WAV, which is read in pieces.`, error);
  }
  return new AudioFileError("damaged", path,
    `is damaged: it cannot be decoded after ${durationText(seconds)}; copy or export it again.`, error);
}

/** Frees the memory of a decoder; one that failed may fail again here, and has no more to give back. */
function release(decoder: Decoder): void {
  try {
    decoder.free();
  } catch {
    // Its WebAssembly instance is unreachable now and is collected as a whole.
  }
}

function silenceNonFinite(channel: Float32Array): void {
  for (let n = 0; n < channel.length; n++) {
    if (!Number.isFinite(channel[n])) channel[n] = 0;
  }
}
