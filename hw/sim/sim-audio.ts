import {
  AudioError, BYTES_PER_SAMPLE, faultCode, POSITION_CAPTURED, POSITION_PLAYED, POSITION_QUEUED, POSITION_TIME_MS,
} from "../../src/hal/audio.js";
import type { AudioDuplex, AudioFormat, AudioRequest, AudioState, PcmFormat, SoundBlock } from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";
import { checkFigures } from "../figures.js";
import { DeviceTime, NOW_MS, POSITION, RATE } from "./device-time.js";
import { FaultPort, NONFINITE_KINDS } from "./fault-port.js";
import type { MixerSource } from "./mixer-source.js";
import { pcmEncoder, type PcmEncoder } from "./pcm-encoder.js";
import type { RecorderSink } from "./recorder-sink.js";
import { Sleeper } from "./sleeper.js";

const OVERRUN = faultCode("overrun");
const UNDERRUN = faultCode("underrun");
const SUSPENDED = faultCode("suspended");
const SHORT_TRANSFER = faultCode("shortTransfer");
const STALLED = faultCode("stalled");
const DISCONNECTED = faultCode("disconnected");
const OTHER = faultCode("other");

const STALL_PERIODS = 8;
const LEAST_STALL_MS = 20;
const NONFINITE: Readonly<Record<(typeof NONFINITE_KINDS)[number], number>> = { nan: NaN, infinity: Infinity, minusInfinity: -Infinity };

/** Cells of the device's own figures, in a typed array like those of `DeviceTime`. */
const TARGET = 0;
const WAIT_MS = 1;
const DEADLINE_MS = 2;
const PERIOD = 3;
const STALL_MS = 4;
const RECORDED = 5;
const FIRST_START_MS = 6;
const CELLS = 7;

export interface SimAudioOptions {
  readonly clock: Clock;
  readonly mixer: MixerSource;
  /** What takes the sound that was played; nothing by default. */
  readonly recorder?: RecorderSink;
  /** What takes the sound of the monitor output, where that was wanted; nothing by default. */
  readonly monitor?: RecorderSink;
  /** The relay in front of the recorder: not held, it wires the input to it. Held for ever by default. */
  readonly relay?: { readonly isHeld: boolean };
  /** Where others break the device; a port of its own by default. */
  readonly faults?: FaultPort;
  /** The one format of the device, FLOAT_LE by default. */
  readonly format?: PcmFormat;
  /** False moves sound as fast as it is asked for; true by default. */
  readonly isPaced?: boolean;
  /** How much faster than the system's clock the device runs; 1 by default. */
  readonly speed?: number;
  /** Puts the calling thread to sleep; the system's by default. */
  readonly sleeper?: Pick<Sleeper, "sleep">;
}

/**
 * A sound card without hardware, with its buffers and its clock: a mixer at the input, a recorder or nothing at the
 * output, or a cable between both. Who comes late loses sound as with a real card, and the fault port breaks it.
 */
export class SimAudio implements AudioDuplex {
  readonly patienceMs = 2000;
  readonly #options: SimAudioOptions;
  readonly #faults: FaultPort;
  readonly #sleeper: Pick<Sleeper, "sleep">;
  readonly #time: DeviceTime;
  readonly #cells = new Float64Array(CELLS);
  readonly #isPaced: boolean;
  #state: AudioState = "closed";
  #detail = "";
  #format: AudioFormat | undefined;
  #block: SoundBlock | undefined;
  /** Bytes and encoder of the block in shared memory. */
  #wire: Uint8Array = new Uint8Array();
  #encode: PcmEncoder = () => undefined;
  /** The period of the monitor output in the block; empty without one. */
  #heard: Uint8Array = new Uint8Array();
  #sound = new Float64Array();
  /** The playback buffer and as much of its past: one period each, by turns. */
  #slots: readonly Uint8Array[] = [];
  /** As much of the monitor output; none without one. */
  #heardSlots: readonly Uint8Array[] = [];
  /** As much of what came in. */
  #inputs: readonly Uint8Array[] = [];
  #isRelayHeld = true;
  #periods = 0;
  #read = 0;
  #written = 0;
  #recorded = 0;

  constructor(options: SimAudioOptions) {
    this.#options = options;
    this.#faults = options.faults ?? new FaultPort();
    this.#sleeper = options.sleeper ?? new Sleeper();
    this.#time = new DeviceTime(options.clock, options.speed ?? 1);
    this.#isPaced = options.isPaced ?? true;
  }

  get state(): AudioState {
    return this.#state;
  }

  get detail(): string {
    return this.#detail;
  }

  open(request: AudioRequest): AudioFormat {
    if (this.#state !== "closed") throw new AudioError("busy", "The simulated board is open already: close it first.");
    if (this.#faults.isUnplugged) throw new AudioError("missing", "The simulated board is unplugged: plug it in again.");
    const format = this.#options.format ?? "FLOAT_LE";
    checkFigures("The simulated board", request);
    if (!request.formats.includes(format)) {
      throw new AudioError("unsupported", `The simulated board offers ${format} alone, and ${request.formats.join(", ")} was asked for.`);
    }
    const { sampleRateHz, periodFrames, periods } = request;
    this.#options.mixer.prepare(sampleRateHz);
    const hasMonitor = request.wantsMonitor === true;
    this.#format = { device: "simulated board", sampleRateHz, periodFrames, periods, format, isLinked: true, isPaced: this.#isPaced, hasMonitor };
    const periodBytes = 2 * periodFrames * BYTES_PER_SAMPLE[format];
    this.#slots = Array.from({ length: 2 * periods }, () => new Uint8Array(periodBytes));
    this.#inputs = this.#slots.map((slot) => slot.slice());
    this.#heardSlots = hasMonitor ? this.#slots.map((slot) => slot.slice()) : [];
    this.#sound = new Float64Array(2 * periodFrames);
    this.#periods = periods;
    // Where a recording goes on, so does its count of time: the start tells it what it missed.
    const isGoingOn = this.#options.recorder?.open(this.#format) === true;
    const isHeardGoingOn = hasMonitor && this.#options.monitor?.open(this.#format) === true;
    if (!isGoingOn && !isHeardGoingOn) this.#cells.fill(0);
    this.#cells[PERIOD] = periodFrames;
    this.#cells[STALL_MS] = Math.max(LEAST_STALL_MS, (STALL_PERIODS * periodFrames * 1000) / sampleRateHz);
    this.#block = undefined;
    this.#detail = "";
    this.#state = "open";
    return this.#format;
  }

  start(block: SoundBlock): number {
    const format = this.#format;
    if (format === undefined) return this.#refuse("The device is closed.");
    if (this.#faults.isUnplugged) return this.#fail(DISCONNECTED, "The simulated board is unplugged.");
    if (this.#block !== block) this.#take(block, format);
    this.#tick();
    if (this.#state === "running") this.#record();
    for (const slot of this.#slots) slot.fill(0);
    for (const slot of this.#heardSlots) slot.fill(0);
    this.#time.start(format.sampleRateHz);
    this.#rest();
    this.#read = 0;
    this.#written = this.#periods;
    this.#recorded = 0;
    this.#state = "running";
    return 0;
  }

  read(): number {
    if (this.#state !== "running") return this.#refuse("The stream is not running.");
    const faults = this.#faults;
    if (faults.isUnplugged) return this.#fail(DISCONNECTED, "The simulated board was unplugged.");
    if (faults.takeSuspend()) return this.#fail(SUSPENDED, "The simulated board was suspended.");
    if (faults.takeOverrun()) return this.#fail(OVERRUN, "An overrun was asked for.");
    this.#tick();
    const cells = this.#cells;
    cells[TARGET] = (this.#read + 1) * (cells[PERIOD] as number);
    if (!this.#isPaced) this.#time.values[POSITION] = cells[TARGET];
    if (!this.#isReached()) return this.#fail(STALLED, "The clock of the simulated board stands still.");
    const position = this.#time.values[POSITION] as number;
    if (position >= (this.#read + this.#periods) * (cells[PERIOD] as number)) return this.#fail(OVERRUN, "Sound was fetched too late.");
    if (position >= this.#written * (cells[PERIOD] as number)) return this.#fail(UNDERRUN, "The playback buffer ran empty.");
    if (faults.takeShortRead()) return this.#fail(SHORT_TRANSFER, "A read moved less than a period.");
    this.#fill();
    (this.#inputs[this.#read % this.#inputs.length] as Uint8Array).set(this.#wire);
    this.#read++;
    this.#watchRelay();
    this.#record();
    return cells[PERIOD] as number;
  }

  write(): number {
    if (this.#state !== "running") return this.#refuse("The stream is not running.");
    const faults = this.#faults;
    if (faults.isUnplugged) return this.#fail(DISCONNECTED, "The simulated board was unplugged.");
    if (faults.takeUnderrun()) return this.#fail(UNDERRUN, "An underrun was asked for.");
    if (faults.takeShortWrite()) return this.#fail(SHORT_TRANSFER, "A write moved less than a period.");
    this.#tick();
    const cells = this.#cells;
    cells[TARGET] = (this.#written + 1 - this.#periods) * (cells[PERIOD] as number);
    if (!this.#isReached()) return this.#fail(STALLED, "The clock of the simulated board stands still.");
    if ((this.#time.values[POSITION] as number) >= this.#written * (cells[PERIOD] as number)) {
      return this.#fail(UNDERRUN, "Sound was delivered too late.");
    }
    this.#record();
    (this.#slots[this.#written % this.#slots.length] as Uint8Array).set(this.#wire);
    if (this.#heardSlots.length > 0) (this.#heardSlots[this.#written % this.#heardSlots.length] as Uint8Array).set(this.#heard);
    this.#written++;
    return cells[PERIOD] as number;
  }

  positions(into: Float64Array): void {
    const isTicking = this.#isPaced && this.#state === "running";
    if (isTicking) this.#tick();
    const captured = Math.floor(this.#time.values[POSITION] as number);
    const written = this.#written * (this.#cells[PERIOD] as number);
    const played = Math.min(captured, written);
    into[POSITION_CAPTURED] = captured;
    into[POSITION_PLAYED] = played;
    into[POSITION_QUEUED] = written - played;
    if (isTicking) into[POSITION_TIME_MS] = this.#time.values[NOW_MS] as number;
    else this.#options.clock.read(into, POSITION_TIME_MS);
  }

  close(): void {
    if (this.#state === "closed") return;
    if (this.#state === "running") {
      this.#tick();
      this.#record();
    }
    this.#options.recorder?.close();
    if (this.#heardSlots.length > 0) this.#options.monitor?.close();
    this.#format = undefined;
    this.#state = "closed";
  }

  /** Makes the views of a block that was not used before. */
  #take(block: SoundBlock, format: AudioFormat): void {
    const periodBytes = (this.#slots[0] as Uint8Array).length;
    if (block.bytes < periodBytes) throw new RangeError(`The block has ${block.bytes} bytes; a period takes ${periodBytes}.`);
    this.#wire = new Uint8Array(block.buffer, block.address, periodBytes);
    this.#encode = pcmEncoder(format.format, { ...block, bytes: periodBytes });
    this.#heard = format.hasMonitor ? new Uint8Array(block.buffer, block.monitorAddress ?? block.address, periodBytes) : new Uint8Array();
    this.#block = block;
  }

  /** Reads the clock and obeys the hands at it. */
  #tick(): void {
    if (!this.#isPaced) return;
    this.#time.read();
    this.#time.drift(this.#faults.driftPpm);
    const stallMs = this.#faults.takeStallMs();
    if (stallMs > 0) this.#time.hold(stallMs);
    else if (stallMs < 0) this.#time.resume();
  }

  /** Sleeps until the clock has reached the target; false when it stands still for too long. */
  #isReached(): boolean {
    const cells = this.#cells;
    const time = this.#time.values;
    cells[DEADLINE_MS] = (time[NOW_MS] as number) + (cells[STALL_MS] as number);
    while ((time[POSITION] as number) < (cells[TARGET] as number)) {
      const leftMs = (cells[DEADLINE_MS] as number) - (time[NOW_MS] as number);
      if (leftMs <= 0 || !this.#isPaced) return false;
      cells[WAIT_MS] = Math.min(leftMs, ((cells[TARGET] as number) - (time[POSITION] as number)) / (time[RATE] as number));
      this.#sleeper.sleep(cells, WAIT_MS);
      this.#tick();
    }
    return true;
  }

  /** Puts the next period of the mixer, or of the cable, into the block. */
  #fill(): void {
    if (this.#faults.isPatched) {
      this.#wire.set(this.#slots[this.#read % this.#slots.length] as Uint8Array);
      return;
    }
    const sound = this.#sound;
    const frames = this.#cells[PERIOD] as number;
    this.#options.mixer.render(sound, frames);
    const dc = this.#faults.dcMillionths * 1e-6;
    if (dc !== 0) for (let i = 0; i < sound.length; i++) sound[i] = (sound[i] as number) + dc;
    const broken = Math.min(frames, this.#faults.takeBrokenFrames());
    if (broken > 0) sound.fill(NONFINITE[NONFINITE_KINDS[this.#faults.brokenKind] ?? "nan"], 0, 2 * broken);
    this.#encode(sound, sound.length);
  }

  /** Sees where the relay stands, for as long as sound is moved: the end of the box is the end of the recording. */
  #watchRelay(): void {
    const { relay, recorder } = this.#options;
    if (relay !== undefined && recorder !== undefined) this.#isRelayHeld = relay.isHeld;
  }

  /** Hands the periods that were played since the last time to who listens; past the relay the recorder gets those that came in at that time. */
  #record(): void {
    const { recorder, monitor } = this.#options;
    if (recorder === undefined && monitor === undefined) return;
    const played = Math.min(this.#written, Math.floor((this.#time.values[POSITION] as number) / (this.#cells[PERIOD] as number)));
    const heard = this.#isRelayHeld ? this.#slots : this.#inputs;
    const end = this.#isRelayHeld ? played : Math.min(played, this.#read);
    for (; this.#recorded < end; this.#recorded++) {
      recorder?.put(heard[this.#recorded % heard.length] as Uint8Array);
      if (this.#heardSlots.length > 0) monitor?.put(this.#heardSlots[this.#recorded % this.#heardSlots.length] as Uint8Array);
      this.#cells[RECORDED] = (this.#cells[RECORDED] as number) + (this.#cells[PERIOD] as number);
    }
  }

  /** Lets the recorder hear nothing for the time between a fault and the start after it. */
  #rest(): void {
    const cells = this.#cells;
    const nowMs = this.#time.values[NOW_MS] as number;
    if (cells[FIRST_START_MS] === 0) cells[FIRST_START_MS] = nowMs;
    if (!this.#isPaced) return;
    const missing = Math.floor(((nowMs - (cells[FIRST_START_MS] as number)) * (this.#time.values[RATE] as number))) - (cells[RECORDED] as number);
    if (missing <= 0) return;
    this.#options.recorder?.rest(missing);
    if (this.#heardSlots.length > 0) this.#options.monitor?.rest(missing);
    cells[RECORDED] = (cells[RECORDED] as number) + missing;
  }

  #fail(code: number, detail: string): number {
    if (this.#state === "running") this.#record();
    this.#detail = detail;
    this.#state = "faulted";
    return code;
  }

  /** Answers a call that does not belong to the state, and leaves the state alone. */
  #refuse(detail: string): number {
    this.#detail = detail;
    return OTHER;
  }
}
