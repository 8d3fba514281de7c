import { AUDIO_FAULTS, PCM_FORMATS, POSITION_FIELDS, type AudioFormat } from "../hal/audio.js";
import type { ChainAddresses } from "./chain-memory.js";

// Words of the control block: Int32, each written by one side, as told.

/** Box: 1 asks the audio thread to end. It is notified, so that a thread that waits wakes up. */
export const STOP = 0;
/** Box sets bits (COMMAND_*), the audio thread takes them. */
export const COMMANDS = 1;
/** Box: 1 lets sound out, 0 keeps the output faded to silence. */
export const GATE = 2;
/** Box: any bit (BYPASS_*) lets go of the relay, so that the bare input is heard, whatever the loop thinks of the output. */
export const BYPASS = 3;
/** Index in SOUND_STATES. */
export const STATE = 4;
/** Counts up while the audio thread lives, also while it waits for a device. */
export const HEARTBEAT = 5;
/** Frames, modulo 2^32: a double would be an object made for each block. */
export const FRAMES_IN = 6;
export const FRAMES_OUT = 7;
export const RESTARTS = 8;
export const REOPENS = 9;
/** Largest block load in thousandths of a period; the box may set it to 0. */
export const LOAD_MAX = 10;
/** Index in SHEDDING. */
export const SHED = 11;
export const COLLECTIONS = 12;
export const RELAY_HELD = 13;
/** Odd while POSITIONS are being written. */
export const POSITIONS_VERSION = 14;
/** Odd while a text is being written. */
export const TEXTS_VERSION = 15;
/** 1 once the format below and the chain's memory hold. */
const PREPARED = 16;
const SAMPLE_RATE_HZ = 17;
const PERIOD_FRAMES = 18;
const PERIODS = 19;
/** Index in PCM_FORMATS. */
const PCM_FORMAT = 20;
const IS_LINKED = 21;
const IS_PACED = 22;
const HAS_MONITOR = 23;
/** Longest time that a call of the driver may take while no sound flows, ms. */
export const PATIENCE_MS = 24;
/** Times that COLLECTIONS was brought up to date. */
export const COLLECTION_COUNTS = 25;
/** Addresses of the chain's memory, a word each, in the order of CHAIN_PARTS. */
const ADDRESSES = 26;
const CHAIN_PARTS = [
  "parameters", "readouts", "records", "recordCount", "live", "period", "heardPeriod", "periodBytes", "tapRing", "tapFrames", "referenceRing", "referenceFrames",
] as const satisfies readonly (keyof ChainAddresses)[];
/** One counter for each of AUDIO_FAULTS. */
export const FAULTS = ADDRESSES + CHAIN_PARTS.length;

/** Clears the stages of the chain. */
export const COMMAND_RESET = 1;
/** Fades out and starts the streams again. */
export const COMMAND_RESTART = 2;
/** Brings COLLECTIONS up to date, and adds to COLLECTION_COUNTS. */
export const COMMAND_COUNT = 4;

/** The output is dead: the relay falls at once. */
export const BYPASS_DEAD = 1;
/** A person wants the bare input: the relay falls after a fade. */
export const BYPASS_WANTED = 2;

/** Texts of the control block. */
export const TEXT_DETAIL = 0;
const TEXT_DEVICE = 1;
export const TEXT_PRIORITY_REFUSAL = 2;
export const TEXT_LOCK_REFUSAL = 3;
const TEXTS = 4;
const TEXT_CHARACTERS = 255;
/** A text is written in microseconds, unless its thread is interrupted. */
const TEXT_TRIES = 50;
const TEXT_PAUSE_MS = 1;

/** Load histogram: a bucket is a thousandth of a period wide, the last one takes all that is more. */
export const LOAD_BUCKETS = 1024;

const WORDS = FAULTS + AUDIO_FAULTS.length;
const LOAD_BYTES = 8 * Math.ceil(WORDS / 2);
const POSITIONS_BYTES = LOAD_BYTES + 4 * LOAD_BUCKETS;
const TEXTS_BYTES = POSITIONS_BYTES + 8 * POSITION_FIELDS;
const TOTAL_BYTES = TEXTS_BYTES + 2 * TEXTS * (1 + TEXT_CHARACTERS);

/**
 * What the audio thread and the box process say to each other beside sound, meters and parameters: words in shared
 * memory, so that neither waits for the other and nothing is allocated. Both build it over the same buffer.
 */
export class ControlBlock {
  readonly buffer: SharedArrayBuffer;
  /** The words above. */
  readonly words: Int32Array;
  readonly load: Int32Array;
  /** The last reading of the device's positions since it was started. */
  readonly positions: Float64Array;
  readonly #texts: Uint16Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(TOTAL_BYTES)) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer, 0, WORDS);
    this.load = new Int32Array(buffer, LOAD_BYTES, LOAD_BUCKETS);
    this.positions = new Float64Array(buffer, POSITIONS_BYTES, POSITION_FIELDS);
    this.#texts = new Uint16Array(buffer, TEXTS_BYTES, TEXTS * (1 + TEXT_CHARACTERS));
  }

  /** Writes a text (TEXT_*), cut at 255 characters. Called by the audio thread; allocates nothing. */
  setText(text: number, value: string): void {
    const at = text * (1 + TEXT_CHARACTERS);
    const length = Math.min(value.length, TEXT_CHARACTERS);
    Atomics.add(this.words, TEXTS_VERSION, 1);
    this.#texts[at] = length;
    for (let k = 0; k < length; k++) this.#texts[at + 1 + k] = value.charCodeAt(k);
    Atomics.add(this.words, TEXTS_VERSION, 1);
  }

  /** Reads a text whole; what is being written at this moment is read again. Empty when its writer stopped in the middle. */
  text(text: number): string {
    const at = text * (1 + TEXT_CHARACTERS);
    for (let tries = 0; tries < TEXT_TRIES; tries++) {
      const version = Atomics.load(this.words, TEXTS_VERSION);
      const value = String.fromCharCode(...this.#texts.subarray(at + 1, at + 1 + (this.#texts[at] ?? 0)));
      if (version % 2 === 0 && Atomics.load(this.words, TEXTS_VERSION) === version) return value;
      Atomics.wait(this.words, TEXTS_VERSION, version, TEXT_PAUSE_MS);
    }
    return "";
  }

  /** Says what the device was opened with, and where the chain lies that was made for it. */
  publish(format: AudioFormat, addresses: ChainAddresses): void {
    const { words } = this;
    words[SAMPLE_RATE_HZ] = format.sampleRateHz;
    words[PERIOD_FRAMES] = format.periodFrames;
    words[PERIODS] = format.periods;
    words[PCM_FORMAT] = PCM_FORMATS.indexOf(format.format);
    words[IS_LINKED] = Number(format.isLinked);
    words[IS_PACED] = Number(format.isPaced);
    words[HAS_MONITOR] = Number(format.hasMonitor);
    this.setText(TEXT_DEVICE, format.device);
    CHAIN_PARTS.forEach((part, k) => {
      words[ADDRESSES + k] = addresses[part];
    });
    Atomics.store(words, PREPARED, 1);
  }

  /** What was published; null before. */
  published(): { readonly format: AudioFormat; readonly addresses: ChainAddresses } | null {
    if (Atomics.load(this.words, PREPARED) === 0) return null;
    const word = (index: number): number => this.words[index] as number;
    const format: AudioFormat = {
      device: this.text(TEXT_DEVICE),
      sampleRateHz: word(SAMPLE_RATE_HZ),
      periodFrames: word(PERIOD_FRAMES),
      periods: word(PERIODS),
      format: PCM_FORMATS[word(PCM_FORMAT)] ?? "S32_LE",
      isLinked: word(IS_LINKED) === 1,
      isPaced: word(IS_PACED) === 1,
      hasMonitor: word(HAS_MONITOR) === 1,
    };
    const entries = CHAIN_PARTS.map((part, k) => [part, word(ADDRESSES + k)]);
    return { format, addresses: Object.fromEntries(entries) as ChainAddresses };
  }
}
