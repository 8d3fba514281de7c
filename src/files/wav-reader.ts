import { AudioFileError } from "./audio-file-error.js";
import type { AudioSource } from "./audio-source.js";
import type { RandomAccess } from "./file-bytes.js";
import { readWavHeader } from "./wav-header.js";
import type { WavHeader } from "./wav-header.js";

const PIECE_BYTES = 1 << 16;

/** One sample at a byte position, as a number of full scale 1.0. */
type Decode = (bytes: DataView, at: number) => number;

/** Reads a WAV from disk in pieces of 64 KiB, whatever its length. Integers are delivered exactly. */
export class WavReader implements AudioSource {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
  readonly frames: number;
  readonly encoding: string;
  readonly #file: RandomAccess;
  readonly #header: WavHeader;
  readonly #decode: Decode;
  readonly #bytes = new Uint8Array(PIECE_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #next = 0;
  /** Frames of the file that `#bytes` holds. */
  #pieceStart = 0;
  #pieceEnd = 0;

  /** @param file - starts with RIFF or RF64 and WAVE; the reader closes it, also if its header is refused */
  constructor(file: RandomAccess) {
    this.#file = file;
    try {
      this.#header = readWavHeader(file);
    } catch (error) {
      file.close();
      throw error;
    }
    const { sampleRateHz, channels, frames, kind, validBits } = this.#header;
    this.sampleRateHz = sampleRateHz;
    this.channels = channels;
    this.frames = frames;
    this.encoding = `WAV, ${validBits}-bit ${kind === "float" ? "float" : "PCM"}`;
    this.#decode = decoderOf(this.#header);
  }

  read(target: Float64Array, frames: number): number {
    const wanted = Math.min(frames, this.frames - this.#next);
    let done = 0;
    while (done < wanted) {
      if (this.#next < this.#pieceStart || this.#next >= this.#pieceEnd) this.#load();
      const count = Math.min(wanted - done, this.#pieceEnd - this.#next);
      this.#convert(target.subarray(2 * done), this.#next - this.#pieceStart, count);
      this.#next += count;
      done += count;
    }
    return done;
  }

  rewind(): void {
    this.#next = 0;
  }

  /** Goes to a frame, 0 to `frames`. */
  seek(frame: number): void {
    this.#next = frame;
  }

  close(): void {
    this.#file.close();
  }

  /** Loads the piece that starts at the next frame. */
  #load(): void {
    const frameBytes = this.#header.sampleBytes * this.channels;
    const count = Math.min(Math.floor(PIECE_BYTES / frameBytes), this.frames - this.#next);
    const wantedBytes = count * frameBytes;
    this.#pieceEnd = 0;
    if (this.#file.read(this.#bytes, wantedBytes, this.#header.dataStart + this.#next * frameBytes) < wantedBytes) {
      throw new AudioFileError("truncated", this.#file.path, "became shorter while it was read; try again.");
    }
    this.#pieceStart = this.#next;
    this.#pieceEnd = this.#next + count;
  }

  #convert(target: Float64Array, first: number, frames: number): void {
    const bytes = this.#view;
    const decode = this.#decode;
    const step = this.#header.sampleBytes;
    const right = this.channels === 2 ? step : 0;
    for (let frame = 0, at = first * (step + right); frame < frames; frame++, at += step + right) {
      target[2 * frame] = decode(bytes, at);
      target[2 * frame + 1] = decode(bytes, at + right);
    }
  }
}

/**
 * Integers are left-justified in their container, so the container alone sets the scale.
 * 8-bit samples are unsigned with 128 as zero.
 */
function decoderOf(header: WavHeader): Decode {
  if (header.kind === "float") {
    return header.sampleBytes === 4
      ? (bytes, at) => finite(bytes.getFloat32(at, true))
      : (bytes, at) => finite(bytes.getFloat64(at, true));
  }
  switch (header.sampleBytes) {
    case 1: return (bytes, at) => (bytes.getUint8(at) - 128) / 128;
    case 2: return (bytes, at) => bytes.getInt16(at, true) / 32_768;
    case 3: return (bytes, at) => (bytes.getUint16(at, true) + bytes.getInt8(at + 2) * 65_536) / 8_388_608;
    default: return (bytes, at) => bytes.getInt32(at, true) / 2_147_483_648;
  }
}

function finite(x: number): number {
  return Number.isFinite(x) ? x : 0;
}
