/** Formats of samples on the wire, little endian; S24_LE has its 24 bits in the low bytes of 4, S24_3LE takes 3 bytes. */
export const PCM_FORMATS = ["S32_LE", "S24_LE", "S24_3LE", "S16_LE", "FLOAT_LE"] as const;
export type PcmFormat = (typeof PCM_FORMATS)[number];

/** Bytes of one sample of a format. */
export const BYTES_PER_SAMPLE: Readonly<Record<PcmFormat, number>> = {
  S32_LE: 4, S24_LE: 4, S24_3LE: 3, S16_LE: 2, FLOAT_LE: 4,
};

/** What is asked of a device. Both directions are stereo and run with the same figures. */
export interface AudioRequest {
  /** 44100..192000, exactly: a device that offers another rate is refused. */
  readonly sampleRateHz: number;
  /** Frames of one transfer, 16..1024. */
  readonly periodFrames: number;
  /** Periods of the playback buffer, 2..4: with `periodFrames` the delay of the device. */
  readonly periods: number;
  /** Acceptable formats, the best first. */
  readonly formats: readonly PcmFormat[];
  /** Whether the monitor output, outputs 3 and 4, is wanted too; a device without one is opened all the same. False by default. */
  readonly wantsMonitor?: boolean;
}

/** What a device was opened with. */
export interface AudioFormat {
  /** Name of the device as its driver knows it, for people. */
  readonly device: string;
  readonly sampleRateHz: number;
  readonly periodFrames: number;
  readonly periods: number;
  readonly format: PcmFormat;
  /** Whether one trigger starts both directions. */
  readonly isLinked: boolean;
  /** Whether the device keeps time by itself; false for a device that moves sound as fast as it is asked to. */
  readonly isPaced: boolean;
  /** Whether it plays the period of the monitor on outputs 3 and 4; only where that was wanted. */
  readonly hasMonitor: boolean;
}

/** Where the device puts what it reads, and takes what it writes: one period each, in memory shared with the DSP. */
export interface SoundBlock {
  readonly buffer: SharedArrayBuffer;
  /** Address of the period that `read` fills and `write` sends, interleaved in the wire's format; a multiple of 16. */
  readonly address: number;
  /** Bytes there; at least those of one period. */
  readonly bytes: number;
  /** Address of the period that `write` sends to the monitor output beside it, as long; read where `hasMonitor` alone. */
  readonly monitorAddress?: number;
}

/** Why a device cannot be opened. */
export type AudioErrorKind = "missing" | "busy" | "denied" | "unsupported" | "disconnected" | "other";

/** A device that cannot be opened. The message names the device, the reason and the remedy. */
export class AudioError extends Error {
  override readonly name = "AudioError";
  constructor(readonly kind: AudioErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * Troubles of a running stream. `start`, `read` and `write` answer with the negative code of `faultCode`; an index here
 * is one counter of the engine's health.
 *
 * - overrun: sound from the mixer was lost; underrun: the recorder was fed too late
 * - suspended: the system took the device away for a while
 * - shortTransfer: fewer frames than a period were moved
 * - stalled: no period came within the time of eight (20 ms at least): the clock stands still
 * - disconnected: the device is gone
 * - wrongClock: the stream runs at another rate than was set
 * - other: any other error of the driver
 */
export const AUDIO_FAULTS = [
  "overrun", "underrun", "suspended", "shortTransfer", "stalled", "disconnected", "wrongClock", "other",
] as const;
export type AudioFault = (typeof AUDIO_FAULTS)[number];

/** The negative number that stands for a fault in the answers of a device. */
export function faultCode(fault: AudioFault): number {
  return -1 - AUDIO_FAULTS.indexOf(fault);
}

/** The fault of a negative answer. */
export function faultOf(code: number): AudioFault {
  return AUDIO_FAULTS[-1 - code] ?? "other";
}

export type AudioState = "closed" | "open" | "running" | "faulted";

/** Fields of `positions`, as indices. */
export const POSITION_CAPTURED = 0;
export const POSITION_PLAYED = 1;
export const POSITION_QUEUED = 2;
export const POSITION_TIME_MS = 3;
export const POSITION_FIELDS = 4;

/**
 * A full-duplex stereo sound device: sound in from the mixer, sound out to the recorder, on one clock.
 *
 * Life: `open` → `start(block)` → `read`, `write`, `read`, `write` ... → `close`. After any negative answer the stream is
 * faulted; `start` again is the one way back: it stops both directions, empties both, fills the playback buffer with
 * silence and starts both, so that the delay is what it was and no sound of before the fault is heard. All calls are made
 * by one thread and block it; none but `open`, the first `start` and `close` allocates memory or throws.
 */
export interface AudioDuplex {
  /**
   * Opens both directions and fixes their figures.
   * @throws AudioError when there is no such device, it is busy or denied, or it does not offer what is asked.
   */
  open(request: AudioRequest): AudioFormat;

  /**
   * Starts both directions, or brings them back after a fault. The playback buffer holds `periods` periods of silence then.
   * @returns 0, or the code of the fault that was met again; "disconnected" asks for `close` and `open`.
   */
  start(block: SoundBlock): number;

  /** Waits for the next period and puts it into the block. Returns its frames, or the code of a fault. */
  read(): number;

  /** Sends the period in the block behind what is queued. Returns its frames, or the code of a fault. */
  write(): number;

  /**
   * Fills the POSITION_* fields: frames captured and played since the last `start` by the device's own count, frames
   * queued for playback, and the monotonic time of the reading in milliseconds.
   */
  positions(into: Float64Array): void;

  readonly state: AudioState;

  /** Longest time that a call of `open`, `start` or `close` may take, ms: a thread that is longer in one hangs. */
  readonly patienceMs: number;

  /** What the driver said about the last fault or failed `start`, for people; empty when nothing went wrong. */
  readonly detail: string;

  /** Releases the device; may be called in any state, and twice. */
  close(): void;
}
