import {
  type AudioDuplex, type AudioFormat, type AudioRequest, type AudioState, BYTES_PER_SAMPLE, faultCode,
  POSITION_CAPTURED, POSITION_PLAYED, POSITION_QUEUED, POSITION_TIME_MS, type SoundBlock,
} from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";
import {
  codeOfError, DEAD, EPIPE, ESTRPIPE, OPEN_NONBLOCK, SHORT, SKEWED, STALLED, STREAM_CAPTURE, STREAM_PLAYBACK,
} from "./alsa-constants.js";
import { AlsaStream } from "./alsa-stream.js";
import { configurePcms, type OpenPcm } from "./hw-params.js";
import { type Libasound, openLibasound } from "./libasound.js";
import { deviceName, openError } from "./open-errors.js";
import { StreamPair } from "./stream-pair.js";

const CHANNELS = 2;
const DISCONNECTED = faultCode("disconnected");

/** Names of the PCMs, such as `hw:CARD=sndrpihifiberry,DEV=0`, or FIRST_CARD; most cards have one name for both. */
export interface AlsaDevices {
  readonly captureDevice: string;
  readonly playbackDevice: string;
}

/** A sound card through ALSA's own library, called from the thread of sound. */
export class AlsaAudio implements AudioDuplex {
  readonly patienceMs = 2000;
  readonly #devices: AlsaDevices;
  readonly #clock: Clock;
  readonly #openLibrary: () => Libasound;
  #lib: Libasound | null = null;
  #pair: StreamPair | null = null;
  #frameBytes = 0;
  #state: AudioState = "closed";
  /** Where the n-th frame of the period lies in the block. */
  #places: readonly Uint8Array[] = [];
  #block: SoundBlock | null = null;
  /** Last error of the library, and of which direction. */
  #error = 0;
  #errorStream = 0;
  /** What was said about each error of each direction: made once, since the sound's loop must leave no garbage behind. */
  readonly #details = new Map<number, string>();

  /** @param openLibrary - stands in for the system's libasound in tests */
  constructor(devices: AlsaDevices, clock: Clock, openLibrary: () => Libasound = openLibasound) {
    this.#devices = devices;
    this.#clock = clock;
    this.#openLibrary = openLibrary;
  }

  get state(): AudioState {
    return this.#state;
  }

  get detail(): string {
    if (this.#error === 0) return "";
    const isCapture = this.#errorStream === STREAM_CAPTURE;
    const key = 2 * this.#error + Number(isCapture);
    const known = this.#details.get(key);
    if (known !== undefined) return known;
    const made = `${isCapture ? "capture" : "playback"}: ${this.#reason(this.#error)}`;
    this.#details.set(key, made);
    return made;
  }

  open(request: AudioRequest): AudioFormat {
    this.close();
    const captureDevice = deviceName(this.#devices.captureDevice);
    const playbackDevice = deviceName(this.#devices.playbackDevice);
    const lib = this.#openLibrary();
    const opened: OpenPcm[] = [];
    try {
      const capture = openPcm(lib, captureDevice, STREAM_CAPTURE);
      opened.push(capture);
      const playback = openPcm(lib, playbackDevice, STREAM_PLAYBACK);
      opened.push(playback);
      const format = configurePcms(lib, [capture, playback], request);
      const isLinked = lib.link(capture.handle, playback.handle) >= 0;
      this.#frameBytes = CHANNELS * BYTES_PER_SAMPLE[format];
      const stream = (pcm: OpenPcm): AlsaStream => new AlsaStream(lib, this.#clock, pcm, request);
      this.#pair = new StreamPair(lib, stream(capture), stream(playback), { isLinked, frameBytes: this.#frameBytes });
      this.#lib = lib;
      this.#state = "open";
      this.#error = 0;
      const device = captureDevice === playbackDevice ? captureDevice : `${captureDevice} and ${playbackDevice}`;
      const { sampleRateHz, periodFrames, periods } = request;
      return { device, sampleRateHz, periodFrames, periods, format, isLinked, isPaced: true };
    } catch (error) {
      for (const pcm of opened) lib.close(pcm.handle);
      throw error;
    }
  }

  start(block: SoundBlock): number {
    const pair = this.#pair;
    if (pair === null) return DISCONNECTED;
    if (block !== this.#block) this.#use(block, pair.capture.figures.periodFrames);
    const error = pair.restart();
    if (error < 0) return this.#fail(error, pair.failed.stream);
    this.#state = "running";
    return 0;
  }

  read(): number {
    const pair = this.#pair;
    if (pair === null) return DISCONNECTED;
    const moved = pair.capture.move(this.#places, this.#places.length);
    return moved < 0 ? this.#fail(moved, STREAM_CAPTURE) : moved;
  }

  write(): number {
    const pair = this.#pair;
    if (pair === null) return DISCONNECTED;
    const moved = pair.playback.move(this.#places, this.#places.length);
    return moved < 0 ? this.#fail(moved, STREAM_PLAYBACK) : moved;
  }

  positions(into: Float64Array): void {
    this.#clock.read(into, POSITION_TIME_MS);
    const pair = this.#pair;
    if (pair === null) return;
    // A device in trouble has no position; what was known last stays.
    pair.capture.position(into, POSITION_CAPTURED);
    const room = pair.playback.position(into, POSITION_PLAYED);
    if (room >= 0) into[POSITION_QUEUED] = pair.playback.figures.bufferFrames - room;
  }

  close(): void {
    this.#pair?.close();
    this.#pair = null;
    this.#block = null;
    this.#places = [];
    this.#state = "closed";
  }

  /** Makes a view of the period from each of its frames on, so that the rest of a short transfer needs no new one. */
  #use(block: SoundBlock, periodFrames: number): void {
    const bytes = periodFrames * this.#frameBytes;
    if (block.bytes < bytes) throw new RangeError(`The sound block holds ${block.bytes} bytes; a period takes ${bytes}.`);
    this.#places = Array.from({ length: periodFrames }, (_, frame) =>
      new Uint8Array(block.buffer, block.address + frame * this.#frameBytes, bytes - frame * this.#frameBytes));
    this.#block = block;
  }

  #fail(error: number, stream: number): number {
    this.#state = "faulted";
    this.#error = error;
    this.#errorStream = stream;
    return codeOfError(error, stream);
  }

  #reason(error: number): string {
    if (error === EPIPE) return "the buffer ran over or dry before it was served";
    if (error === ESTRPIPE) return "the system suspended the device";
    if (error === STALLED) return "no frames in time: the device's clock stands still";
    if (error === SHORT) return "only a part of a period came in time";
    if (error === DEAD) return "the device moves nothing although it says it could";
    if (error === SKEWED) return "capture and playback do not run in step";
    return this.#lib?.strerror(error) ?? `error ${-error}`;
  }
}

/** Opens without waiting for a device that is taken, and keeps it so: the driver waits by itself, with a limit. */
function openPcm(lib: Libasound, device: string, stream: number): OpenPcm {
  const handle = new BigUint64Array(1);
  const code = lib.open(handle, device, stream, OPEN_NONBLOCK);
  if (code < 0) throw openError(device, code, lib.strerror(code));
  return { handle: handle[0] as bigint, device, stream };
}
