import type { AudioFault, AudioFormat } from "./audio.js";

/**
 * - starting: the device is being opened, or the chain warmed
 * - running: sound flows: a period was written since the last start
 * - recovering: the streams are being started again after a fault
 * - waiting: the device is gone or was never there; it is tried again, ever more slowly
 * - stopped: at rest
 */
export const SOUND_STATES = ["starting", "running", "recovering", "waiting", "stopped"] as const;
export type SoundState = (typeof SOUND_STATES)[number];

/** What is left out while the processor cannot keep up: nothing, the meters, or the meters and the analysis. Never sound. */
export const SHEDDING = ["none", "meters", "analysis"] as const;
export type Shedding = (typeof SHEDDING)[number];

/** What the sound path tells about itself. Counters run since the box process began. */
export interface AudioHealth {
  readonly state: SoundState;
  /** What is wrong, in a sentence; empty while sound flows. */
  readonly detail: string;
  /** Null until the device has been opened. */
  readonly format: AudioFormat | null;
  /** Delay from the mixer's socket to the recorder's, without the converters: the playback buffer and the chain. */
  readonly latency: {
    readonly deviceFrames: number;
    readonly chainFrames: number;
    readonly totalMs: number;
  };
  readonly framesIn: number;
  readonly framesOut: number;
  /** Times each trouble was met. */
  readonly faults: Readonly<Record<AudioFault, number>>;
  /** Times the streams were started again, and times the device was opened again. */
  readonly restarts: number;
  readonly reopens: number;
  /** Processing time of a block, in percent of its duration, over the last 10 s; the largest since the last reset. */
  readonly load: { readonly p50Percent: number; readonly p99Percent: number; readonly maxPercent: number };
  readonly shedding: Shedding;
  /** Garbage collections of the audio thread since sound began to flow; up to 10 minutes old, unless they are counted on request. */
  readonly collections: number;
  /** Undefined when granted, else why it was refused. */
  readonly refused: { readonly priority: string | undefined; readonly memoryLock: string | undefined };
  /** Times that a stage put out a non-finite sample, and the stages that were taken out of the chain for it. */
  readonly stageFaults: number;
  readonly isolatedStages: readonly string[];
  /** Samples that were no numbers: those that came in, and those that the chain made and the guard of the output put to silence. */
  readonly nonfiniteInputs: number;
  readonly nonfiniteOutputs: number;
  /** Rate of the device against the system's clock over the last 10 s, Hz; null until it is known. */
  readonly measuredRateHz: number | null;
  /** Whether the output is silent although the input lives, and whether a constant offset had to be muted. */
  readonly isOutputDead: boolean;
  readonly isDcMuted: boolean;
  /** Whether the relay is held, so that the master and not the bare input is heard. */
  readonly isRelayHeld: boolean;
}

/** What `lacquer latency` measured with a cable from the output to the input. */
export interface LatencyMeasurement {
  /** Frames from the output of the box to its input again: playback buffer, converters and cable. */
  readonly loopFrames: number;
  /** Frames that the chain adds at present. */
  readonly chainFrames: number;
  readonly totalFrames: number;
  readonly totalMs: number;
  /** Level of the impulse that came back against the one sent, dB. */
  readonly returnDb: number;
}
