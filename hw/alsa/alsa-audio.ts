import {
  type AudioDuplex, AudioError, type AudioFormat, type AudioRequest, type AudioState, BYTES_PER_SAMPLE, faultCode,
  POSITION_CAPTURED, POSITION_PLAYED, POSITION_QUEUED, POSITION_TIME_MS, type SoundBlock,
} from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";
import {
  codeOfError, DEAD, EPIPE, ESTRPIPE, OPEN_NONBLOCK, SHORT, SKEWED, STALLED, STREAM_CAPTURE, STREAM_PLAYBACK, TYPE_HARDWARE,
} from "./alsa-constants.js";
import { AlsaStream } from "./alsa-stream.js";
import { configurePcms, type OpenPcm, type PcmChoice } from "./hw-params.js";
import { type Libasound, openLibasound } from "./libasound.js";
import { deviceName, openError } from "./open-errors.js";
import { StreamPair } from "./stream-pair.js";
import { WirePeriod } from "./wire-period.js";

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
  #choice: PcmChoice | null = null;
  #hasMonitor = false;
  #state: AudioState = "closed";
  #block: SoundBlock | null = null;
  /** The period as the card captures and plays it. */
  #captured: WirePeriod | null = null;
  #played: WirePeriod | null = null;
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
      const { choice, hasMonitor } = configure(lib, [capture, playback], request);
      const { format, captureChannels, playbackChannels } = choice;
      const isLinked = lib.link(capture.handle, playback.handle) >= 0;
      const stream = (pcm: OpenPcm, channels: number): AlsaStream => new AlsaStream(lib, this.#clock, pcm, request, channels * BYTES_PER_SAMPLE[format]);
      this.#pair = new StreamPair(lib, stream(capture, captureChannels), stream(playback, playbackChannels), isLinked);
      this.#choice = choice;
      this.#hasMonitor = hasMonitor;
      this.#lib = lib;
      this.#state = "open";
      this.#error = 0;
      const device = captureDevice === playbackDevice ? captureDevice : `${captureDevice} and ${playbackDevice}`;
      const { sampleRateHz, periodFrames, periods } = request;
      return { device, sampleRateHz, periodFrames, periods, format, isLinked, isPaced: true, hasMonitor };
    } catch (error) {
      for (const pcm of opened) lib.close(pcm.handle);
      throw error;
    }
  }

  start(block: SoundBlock): number {
    const pair = this.#pair;
    const choice = this.#choice;
    if (pair === null || choice === null) return DISCONNECTED;
    if (block !== this.#block) this.#use(block, choice, pair.capture.figures.periodFrames);
    const error = pair.restart();
    if (error < 0) return this.#fail(error, pair.failed.stream);
    this.#state = "running";
    return 0;
  }

  read(): number {
    const pair = this.#pair;
    const period = this.#captured;
    if (pair === null || period === null) return DISCONNECTED;
    const moved = pair.capture.move(period.places, period.places.length);
    if (moved < 0) return this.#fail(moved, STREAM_CAPTURE);
    period.unpack();
    return moved;
  }

  write(): number {
    const pair = this.#pair;
    const period = this.#played;
    if (pair === null || period === null) return DISCONNECTED;
    period.pack();
    const moved = pair.playback.move(period.places, period.places.length);
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
    this.#choice = null;
    this.#block = null;
    this.#captured = null;
    this.#played = null;
    this.#state = "closed";
  }

  #use(block: SoundBlock, { format, captureChannels, playbackChannels }: PcmChoice, periodFrames: number): void {
    this.#captured = new WirePeriod(block, { channels: captureChannels, format, periodFrames, hasMonitor: false });
    this.#played = new WirePeriod(block, { channels: playbackChannels, format, periodFrames, hasMonitor: this.#hasMonitor });
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

/**
 * Sets both directions with the monitor output, if it is wanted; where the card has none, or not at these figures, without it. A
 * device of software takes four channels whatever the card has: a plug drops the last two, so that nobody would hear them, and a
 * sound server may mix them into the first, which are the recorder's. It is never asked.
 */
function configure(lib: Libasound, pcms: readonly [OpenPcm, OpenPcm], request: AudioRequest): { readonly choice: PcmChoice; readonly hasMonitor: boolean } {
  if (request.wantsMonitor === true && lib.type(pcms[1].handle) === TYPE_HARDWARE) {
    try {
      return { choice: configurePcms(lib, pcms, request), hasMonitor: true };
    } catch (error) {
      if (!(error instanceof AudioError && error.kind === "unsupported")) throw error;
    }
  }
  return { choice: configurePcms(lib, pcms, { ...request, wantsMonitor: false }), hasMonitor: false };
}

/** Opens without waiting for a device that is taken, and keeps it so: the driver waits by itself, with a limit. */
function openPcm(lib: Libasound, device: string, stream: number): OpenPcm {
  const handle = new BigUint64Array(1);
  const code = lib.open(handle, device, stream, OPEN_NONBLOCK);
  if (code < 0) throw openError(device, code, lib.strerror(code));
  return { handle: handle[0] as bigint, device, stream };
}
