import { setImmediate } from "node:timers/promises";
import { AudioFileError, durationText } from "./audio-file-error.js";
import { DecodedAudio } from "./decoded-audio.js";
import type { DecodedFormat, DecodedPiece } from "./decoded-audio.js";

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

export interface DecodeJob {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly format: DecodedFormat;
  /** Frames that the header promises; 0 if it does not say. */
  readonly promisedFrames: number;
  /** Changes a piece in place, such as its scale. */
  readonly mend?: (channel: Float32Array) => void;
}

const FEED_BYTES = 1 << 16;

/**
 * Decodes a whole file into memory and frees the decoder.
 *
 * @throws AudioFileError `damaged` if the decoder complains, `truncated` if it gives less than was promised,
 *   `empty` without sound, `too-long` out of memory
 */
export async function decodeAll(decoder: Decoder, job: DecodeJob): Promise<DecodedAudio> {
  const pieces: DecodedPiece[] = [];
  const take = (result: DecodeResult): void => {
    const [error] = result.errors;
    if (error !== undefined) throw new Error(error.message);
    const channels = result.channelData.slice(0, job.format.channels);
    if (result.samplesDecoded === 0 || channels.length < job.format.channels) return;
    for (const channel of channels) {
      job.mend?.(channel);
      silenceNonFinite(channel);
    }
    pieces.push(channels);
  };
  try {
    await decoder.ready;
    for (let at = 0; at < job.bytes.length; at += FEED_BYTES) {
      take(await heedingErrors(() => decoder.decode(job.bytes.subarray(at, at + FEED_BYTES))));
      // Signals are heard between the pieces.
      await setImmediate();
    }
    if (decoder.flush !== undefined) take(await heedingErrors(() => decoder.flush?.() ?? EMPTY));
  } catch (error) {
    throw asDecodeError(job.path, error, soundSeconds(pieces, job.format.sampleRateHz));
  } finally {
    release(decoder);
  }
  return requireComplete(job, new DecodedAudio(job.format, pieces));
}

function requireComplete(job: DecodeJob, source: DecodedAudio): DecodedAudio {
  const { path, promisedFrames } = job;
  const seconds = (frames: number): string => durationText(frames / source.sampleRateHz);
  if (source.frames < promisedFrames) {
    throw new AudioFileError("truncated", path, `is cut short or damaged: its header promises ${seconds(promisedFrames)} of `
      + `sound, ${seconds(source.frames)} can be decoded; copy or export it again.`);
  }
  if (source.frames === 0) throw new AudioFileError("empty", path, "holds no sound; record or export it again.");
  return source;
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

function soundSeconds(pieces: readonly DecodedPiece[], sampleRateHz: number): number {
  return pieces.reduce((sum, [left]) => sum + (left?.length ?? 0), 0) / sampleRateHz;
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
