import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { type AudioFormat, BYTES_PER_SAMPLE } from "../../src/hal/audio.js";
import { ByteRing } from "../shared-memory/byte-ring.js";
import { DONE, STOP, type WavDrainData } from "./wav-recorder.js";

const HEADER_BYTES = 44;
const PCM = 1;
const IEEE_FLOAT = 3;
const POLL_MS = 50;
/** Sizes in the header have 32 bits. */
const MAX_DATA_BYTES = 2 ** 32 - 2 ** 16;
const REST_BYTES = 4;
/** Silence is written in pieces of this many frames. */
const SILENT_FRAMES = 65536;

/** Bytes of a sample in the file: WAV has no 24 bits in the low bytes of 4, so those are packed. */
function fileSampleBytes({ format }: AudioFormat): number {
  return format === "S24_LE" ? 3 : BYTES_PER_SAMPLE[format];
}

function header(format: AudioFormat, dataBytes: number): Buffer {
  const sampleBytes = fileSampleBytes(format);
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(format.format === "FLOAT_LE" ? IEEE_FLOAT : PCM, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(format.sampleRateHz, 24);
  bytes.writeUInt32LE(2 * sampleBytes * format.sampleRateHz, 28);
  bytes.writeUInt16LE(2 * sampleBytes, 32);
  bytes.writeUInt16LE(8 * sampleBytes, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}

/** Leaves out every fourth byte, the sign's extension. */
function pack24(wire: Uint8Array): Uint8Array {
  return wire.filter((_, i) => i % 4 !== 3);
}

/** The file of a recording, whose header tells of no more than what is there. */
class WavFile {
  readonly #file: number;
  readonly #format: AudioFormat;
  #dataBytes = 0;

  constructor(file: number, format: AudioFormat) {
    this.#file = file;
    this.#format = format;
    writeSync(file, header(format, 0), 0, HEADER_BYTES, 0);
  }

  append(bytes: Uint8Array): void {
    if (this.#dataBytes + bytes.length > MAX_DATA_BYTES) return;
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#file, bytes, done, bytes.length - done, HEADER_BYTES + this.#dataBytes + done);
    this.#dataBytes += bytes.length;
  }

  silence(frames: number): void {
    const piece = new Uint8Array(2 * fileSampleBytes(this.#format) * SILENT_FRAMES);
    for (let left = frames; left > 0; left -= SILENT_FRAMES) {
      this.append(left < SILENT_FRAMES ? piece.subarray(0, (piece.length / SILENT_FRAMES) * left) : piece);
    }
  }

  /** Lets the header tell of all that was appended. */
  commit(): void {
    writeSync(this.#file, header(this.#format, this.#dataBytes), 0, HEADER_BYTES, 0);
  }
}

function drain({ file, format, ring: buffer, words: shared }: WavDrainData): void {
  const ring = new ByteRing(buffer);
  const words = new Int32Array(shared);
  const wav = new WavFile(file, format);
  const rest = new Int32Array(1);
  const restBytes = new Uint8Array(rest.buffer);
  const period = new Uint8Array(2 * BYTES_PER_SAMPLE[format.format] * format.periodFrames);
  for (;;) {
    const isLast = Atomics.load(words, STOP) !== 0;
    while (ring.readable >= REST_BYTES + period.length) {
      ring.read(restBytes, REST_BYTES);
      ring.read(period, period.length);
      wav.silence(rest[0] as number);
      wav.append(format.format === "S24_LE" ? pack24(period) : period);
    }
    wav.commit();
    if (isLast) break;
    Atomics.wait(words, STOP, 0, POLL_MS);
  }
}

const data = workerData as WavDrainData;
try {
  drain(data);
} finally {
  const words = new Int32Array(data.words);
  Atomics.store(words, DONE, 1);
  Atomics.notify(words, DONE);
}
