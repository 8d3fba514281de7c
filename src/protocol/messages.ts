import type { AudioHealth, LatencyMeasurement } from "../hal/audio-health.js";

/** Both ends must speak the same version; the box says its own in the welcome. */
export const PROTOCOL_VERSION = 1;

/** Parameter ids and their values, in the units of the table. */
export type Values = Readonly<Record<string, number>>;

export const SCENES = ["A", "B", "C", "D"] as const;
export type SceneName = (typeof SCENES)[number];

/** What can be adjusted, as it holds now. */
export interface ControlState {
  /** Number of the last change; each change counts one up. */
  readonly sequence: number;
  readonly values: Values;
  /** The preset that was applied last, and whether a value was changed since. */
  readonly preset: string | null;
  readonly isPresetEdited: boolean;
  /** Id of the loudness target. */
  readonly target: string;
  /** Scenes that hold something. */
  readonly scenes: readonly SceneName[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A change of what can be adjusted: the fields that changed, of `values` only those that did, and who did it. */
export interface ChangeMessage {
  readonly type: "change";
  readonly sequence: number;
  /** Who changed it: "knob", "phone", "cli", "box" ... */
  readonly source: string;
  readonly state: Partial<Omit<ControlState, "sequence">>;
}

/** The meters at one moment. Loudness in LUFS, peaks in dBTP, null where nothing can be said (silence, too short). */
export interface MeterSnapshot {
  /** Counts up with each 10 ms of sound since the box process began. */
  readonly bin: number;
  readonly momentaryLufs: number | null;
  readonly shortTermLufs: number | null;
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly maxMomentaryLufs: number | null;
  readonly maxShortTermLufs: number | null;
  /** Largest since the meter was reset. */
  readonly maxTruePeakDbtp: number | null;
  /** Seconds that the integrated measurement has run, and whether it is paused. */
  readonly measuredS: number;
  readonly isPaused: boolean;
  /** Since the last snapshot, left and right: true peaks in dBTP and RMS in dBFS (AES17). */
  readonly input: TapLevels;
  readonly output: TapLevels;
  /** Largest reductions since the last snapshot, dB, 0 or more. */
  readonly reductionDb: {
    readonly eqDynamic: readonly number[];
    readonly compressor: number;
    readonly multiband: readonly number[];
    readonly limiter: number;
  };
  /** Of the output: -1 out of phase, 1 mono; null in silence. */
  readonly correlation: number | null;
  /** Clipped runs at the input since the box process began. */
  readonly inputClips: number;
}

export interface TapLevels {
  readonly truePeakDbtp: readonly [number | null, number | null];
  readonly rmsDbfs: readonly [number | null, number | null];
}

/** State of the whole box. */
export interface BoxStatus {
  readonly version: string;
  readonly board: string;
  readonly uptimeS: number;
  readonly audio: AudioHealth;
  /** What the state file said at the start, and what saving says now; empty when all is well. */
  readonly notices: readonly string[];
  readonly processorCelsius: number | null;
  readonly memoryBytes: number;
  /** Clients of the control socket. */
  readonly clients: number;
}

/** A command: what goes in beside its name, and what the answer holds. */
export interface Commands {
  /** `count`: brings the number of garbage collections up to date first, which is not to be asked for all the time. */
  readonly status: { readonly in: { readonly count?: boolean }; readonly out: BoxStatus };
  /** All values, or those of `ids`. */
  readonly get: { readonly in: { readonly ids?: readonly string[] }; readonly out: { readonly values: Values } };
  /** One change, undone as one. Numbers are in the table's unit; texts are read as people write them ("2:1", "-18 dB", "on"). */
  readonly set: { readonly in: { readonly values: Readonly<Record<string, number | string>> }; readonly out: { readonly values: Values } };
  /** Back to the defaults: all values, or those of `ids`. */
  readonly reset: { readonly in: { readonly ids?: readonly string[] }; readonly out: { readonly values: Values } };
  readonly undo: { readonly in: object; readonly out: { readonly values: Values } };
  readonly redo: { readonly in: object; readonly out: { readonly values: Values } };
  /** The level-matched bypass of the whole chain; without `on` it is toggled. */
  readonly bypass: { readonly in: { readonly on?: boolean }; readonly out: { readonly on: boolean } };
  readonly listPresets: { readonly in: object; readonly out: { readonly presets: readonly PresetEntry[] } };
  readonly applyPreset: { readonly in: { readonly preset: string }; readonly out: { readonly values: Values } };
  readonly storeScene: { readonly in: { readonly scene: SceneName }; readonly out: object };
  readonly recallScene: { readonly in: { readonly scene: SceneName }; readonly out: { readonly values: Values } };
  readonly listTargets: { readonly in: object; readonly out: { readonly targets: readonly TargetEntry[] } };
  /** Chooses the loudness target by id, name or alias; sets the limiter's ceiling to its own. */
  readonly setTarget: { readonly in: { readonly target: string }; readonly out: { readonly target: string } };
  /** Snapshots at most this often, 1 to 60 Hz; 0 ends them. */
  readonly subscribeMeters: { readonly in: { readonly maxRateHz: number }; readonly out: object };
  readonly controlMeters: { readonly in: { readonly action: "pause" | "resume" | "reset" }; readonly out: object };
  /** Writes the last seconds of input and output as two WAV files. */
  readonly take: { readonly in: { readonly seconds?: number }; readonly out: Take };
  /** Mutes the programme, sends an impulse, and waits for it at the input: needs a cable from output to input. */
  readonly latency: { readonly in: object; readonly out: LatencyMeasurement };
}
export type CommandName = keyof Commands;

/** A take that was written: the paths of its files, their length, and how much of it is silence because nothing came or was kept. */
export interface Take {
  readonly input: string;
  readonly output: string;
  readonly seconds: number;
  readonly missingSeconds: number;
}

export interface PresetEntry {
  readonly id: string;
  readonly name: string;
  readonly sentence: string;
}

export interface TargetEntry {
  readonly id: string;
  readonly name: string;
  /** Integrated loudness to aim at; null where none is asked for. */
  readonly loudnessLufs: number | null;
  readonly ceilingDbtp: number;
}

/** From a client. `id` is a whole number of the client's choice; the answer carries it. */
export type CommandMessage = { [Name in CommandName]: { readonly id: number; readonly command: Name } & Commands[Name]["in"] }[CommandName];

/** Why a command was refused: the sentence names the value, the allowed range and the remedy. */
export interface CommandError {
  readonly code: "badMessage" | "unknownCommand" | "badValue" | "notNow" | "failed";
  readonly sentence: string;
  /** The parameter at fault, where it is one. */
  readonly parameter?: string;
}

/** The first message of the box on a connection. */
export interface WelcomeMessage {
  readonly type: "welcome";
  readonly protocol: number;
  readonly version: string;
  readonly state: ControlState;
}

export type AnswerMessage =
  | { readonly type: "answer"; readonly id: number; readonly ok: true; readonly result: Commands[CommandName]["out"] }
  | { readonly type: "answer"; readonly id: number | null; readonly ok: false; readonly error: CommandError };

export interface MetersMessage {
  readonly type: "meters";
  readonly snapshot: MeterSnapshot;
}

/** Something that people should know, once: a fault and its remedy, a recovery, a state file that was set aside. */
export interface NoticeMessage {
  readonly type: "notice";
  readonly level: "info" | "warning" | "error";
  readonly sentence: string;
}

/** From the box. */
export type BoxMessage = WelcomeMessage | AnswerMessage | ChangeMessage | MetersMessage | NoticeMessage;
