import {
  READOUT_DC_MUTED, READOUT_ISOLATED_STAGES, READOUT_LATENCY_FRAMES, READOUT_NONFINITE_INPUT, READOUT_NONFINITE_OUTPUT, READOUT_STAGE_FAULTS,
} from "../dsp/layout.js";
import { AUDIO_FAULTS, type AudioFault, type AudioFormat } from "../hal/audio.js";
import { SHEDDING, SOUND_STATES, type AudioHealth, type SoundState } from "../hal/audio-health.js";
import { STAGES } from "./chain.js";
import type { ChainMemory } from "./chain-memory.js";
import {
  COLLECTIONS, FAULTS, LOAD_MAX, RELAY_HELD, REOPENS, RESTARTS, SHED, STATE, TEXT_DETAIL, TEXT_LOCK_REFUSAL, TEXT_PRIORITY_REFUSAL,
  type ControlBlock,
} from "./control-block.js";

/** What the box process has worked out by itself. */
export interface WatchedHealth {
  readonly framesIn: number;
  readonly framesOut: number;
  readonly load: { readonly p50Percent: number; readonly p99Percent: number };
  readonly measuredRateHz: number | null;
  readonly isOutputDead: boolean;
  /** What is wrong although sound flows; empty when nothing is. */
  readonly detail: string;
}

/** State of the sound path, as the audio thread last said. */
export function soundState(control: ControlBlock): SoundState {
  return SOUND_STATES[Atomics.load(control.words, STATE)] ?? "stopped";
}

/** Puts together what the audio thread, the chain and the watch in the box say about the sound path. */
export function healthReport(
  control: ControlBlock, prepared: { readonly format: AudioFormat; readonly memory: ChainMemory } | null, watched: WatchedHealth,
): AudioHealth {
  const word = (index: number): number => Atomics.load(control.words, index);
  const readout = (index: number): number => prepared?.memory.readout(index) ?? 0;
  const format = prepared?.format ?? null;
  const isolated = readout(READOUT_ISOLATED_STAGES);
  const state = soundState(control);
  return {
    state,
    detail: state === "running" ? watched.detail : control.text(TEXT_DETAIL),
    format,
    latency: latencyOf(format, readout(READOUT_LATENCY_FRAMES)),
    framesIn: watched.framesIn,
    framesOut: watched.framesOut,
    faults: Object.fromEntries(AUDIO_FAULTS.map((fault, k) => [fault, word(FAULTS + k)])) as Record<AudioFault, number>,
    restarts: word(RESTARTS),
    reopens: word(REOPENS),
    load: { ...watched.load, maxPercent: word(LOAD_MAX) / 10 },
    shedding: SHEDDING[word(SHED)] ?? "none",
    collections: word(COLLECTIONS),
    refused: {
      priority: control.text(TEXT_PRIORITY_REFUSAL) || undefined,
      memoryLock: control.text(TEXT_LOCK_REFUSAL) || undefined,
    },
    stageFaults: readout(READOUT_STAGE_FAULTS),
    isolatedStages: STAGES.filter((_, k) => ((isolated >> k) & 1) === 1),
    nonfiniteInputs: readout(READOUT_NONFINITE_INPUT),
    nonfiniteOutputs: readout(READOUT_NONFINITE_OUTPUT),
    measuredRateHz: watched.measuredRateHz,
    isOutputDead: watched.isOutputDead,
    isDcMuted: readout(READOUT_DC_MUTED) === 1,
    isRelayHeld: word(RELAY_HELD) === 1,
  };
}

function latencyOf(format: AudioFormat | null, chainFrames: number): AudioHealth["latency"] {
  if (format === null) return { deviceFrames: 0, chainFrames: 0, totalMs: 0 };
  const deviceFrames = format.periods * format.periodFrames;
  return { deviceFrames, chainFrames, totalMs: (1000 * (deviceFrames + chainFrames)) / format.sampleRateHz };
}
