import { closeSync, readSync, writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { type AudioFormat, BYTES_PER_SAMPLE } from "../../src/hal/audio.js";
import { ByteRing } from "../shared-memory/byte-ring.js";
import { DONE, STOP, type WavDrainData } from "./wav-recorder.js";

const HEADER_BYTES = 44;
const DATA_BYTES_AT = 40;
const PCM = 1;
const IEEE_FLOAT = 3;
const POLL_MS = 50;
/** Sizes in the header have 32 bits. */
const MAX_DATA_BYTES = 2 ** 32 - 2 ** 16;
const REST_BYTES = 4;

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
  bytes.writeUInt32LE(dataBytes, DATA_BYTES_AT);
  return bytes;
}

/** Leaves out every fourth byte, the sign's extension. */
function pack24(wire: Uint8Array): Uint8Array {
  return wire.filter((_, i) => i % 4 !== 3);
}

/** Bytes of sound that the header of a file tells of. */
function dataBytesOf(file: number): number {
  const bytes = Buffer.alloc(4);
  return readSync(file, bytes, 0, 4, DATA_BYTES_AT) === 4 ? bytes.readUInt32LE() : 0;
}

/** The file of a recording, whose header tells of no more than what is there. */
class WavFile {
  readonly #file: number;
  readonly #format: AudioFormat;
  #dataBytes: number;
  #isFull = false;

  constructor({ file, format, isNew }: WavDrainData) {
    this.#file = file;
    this.#format = format;
    this.#dataBytes = isNew ? 0 : dataBytesOf(file);
    this.commit();
  }

  /** Adds silent frames and then a sound. Silence is a hole in the file: it takes no room, and reads as zeros. */
  append(silentFrames: number, bytes: Uint8Array): void {
    const silentBytes = 2 * fileSampleBytes(this.#format) * silentFrames;
    this.#isFull ||= this.#dataBytes + silentBytes + bytes.length > MAX_DATA_BYTES;
    if (this.#isFull) return;
    this.#dataBytes += silentBytes;
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#file, bytes, done, bytes.length - done, HEADER_BYTES + this.#dataBytes + done);
    this.#dataBytes += bytes.length;
  }

  /** Lets the header tell of all that was appended. */
  commit(): void {
    writeSync(this.#file, header(this.#format, this.#dataBytes), 0, HEADER_BYTES, 0);
  }
}

function drain(data: WavDrainData): void {
  const { format } = data;
  const ring = new ByteRing(data.ring);
  const words = new Int32Array(data.words);
  const wav = new WavFile(data);
  const rest = new Int32Array(1);
  const restBytes = new Uint8Array(rest.buffer);
  const period = new Uint8Array(2 * BYTES_PER_SAMPLE[format.format] * format.periodFrames);
  for (;;) {
    const isLast = Atomics.load(words, STOP) !== 0;
    while (ring.readable >= REST_BYTES + period.length) {
      ring.read(restBytes, REST_BYTES);
      ring.read(period, period.length);
      wav.append(rest[0] as number, format.format === "S24_LE" ? pack24(period) : period);
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
  closeSync(data.file);
  const words = new Int32Array(data.words);
  Atomics.store(words, DONE, 1);
  Atomics.notify(words, DONE);
}
