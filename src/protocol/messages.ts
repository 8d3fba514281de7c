import type { AudioHealth, LatencyMeasurement } from "../hal/audio-health.js";
import type { DiagnosisMessage, Finding, FindingId } from "./diagnosis.js";
import type { MeterSnapshot, MeterWishes, StageId } from "./meter-snapshot.js";
import type { AppliedMatch, MatchPreview, MixReading } from "./mix-comparison.js";
import type { LevelsMessage, LevelsState, LoudnessHistory, PlatformReadings } from "./levels.js";
import type { NewPhone, PairButton, PairingOffer, Phone, Role } from "./phones.js";
import type { SceneName, SetList } from "./scenes.js";

/** Both ends must speak the same version; the box says its own in the welcome. */
export const PROTOCOL_VERSION = 3;

/** Parameter ids and their values, in the units of the table. */
export type Values = Readonly<Record<string, number>>;

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
  /** What people call each scene; empty where they have not named it. */
  readonly sceneNames: Readonly<Record<SceneName, string>>;
  /** Seconds over which each scene fades in when it is recalled. */
  readonly sceneFadesS: Readonly<Record<SceneName, number>>;
  /** The scene that is fading in; its values come as changes until it is there. Null when none is. */
  readonly fadingTo: SceneName | null;
  readonly setList: SetList;
  /** Whether a person let the relay go: the input is wired to the output, whatever the chain does. */
  readonly isHardBypassed: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A change of what can be adjusted: the fields that changed, of `values` only those that did, and who did it. */
export interface ChangeMessage {
  readonly type: "change";
  readonly sequence: number;
  /** Who changed it: "knob", "cli", "box" ...; a phone is "phone:" and its name. */
  readonly source: string;
  readonly state: Partial<Omit<ControlState, "sequence">>;
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
  /** Takes the last change back. */
  readonly undo: { readonly in: object; readonly out: { readonly values: Values } };
  /** Makes the change again that was taken back last. */
  readonly redo: { readonly in: object; readonly out: { readonly values: Values } };
  /** The level-matched bypass of the whole chain; without `on` it is toggled. */
  readonly bypass: { readonly in: { readonly on?: boolean }; readonly out: { readonly on: boolean } };
  /** The presets of this box first, then those of the product. */
  readonly listPresets: { readonly in: object; readonly out: { readonly presets: readonly PresetEntry[] } };
  /** Recalls a preset by its id or name as one change; trim, polarity, swap, word length and bypass stay. */
  readonly applyPreset: { readonly in: { readonly preset: string }; readonly out: { readonly values: Values } };
  /** Keeps all values, the preset and the target as a scene. */
  readonly storeScene: { readonly in: { readonly scene: SceneName }; readonly out: object };
  /** Brings a scene back as one change, over `fadeS` seconds, 0 to 10; over those of the scene unless said. Answers at its beginning. */
  readonly recallScene: { readonly in: { readonly scene: SceneName; readonly fadeS?: number }; readonly out: { readonly values: Values } };
  /** Sets how long a scene cross-fades when it is recalled, 0 to 10 s. */
  readonly setSceneFade: { readonly in: { readonly scene: SceneName; readonly fadeS: number }; readonly out: object };
  /** Writes the set list, and what steps it; what is left out stays. */
  readonly setSetList: { readonly in: { readonly scenes?: readonly SceneName[]; readonly follows?: SetList["follows"] }; readonly out: { readonly setList: SetList } };
  /** Recalls the next or the previous scene of the set list. */
  readonly stepSetList: { readonly in: { readonly direction: "next" | "previous" }; readonly out: { readonly setList: SetList } };
  /** Marks that a section of the song begins; steps the set list where that follows sections. */
  readonly markSection: { readonly in: object; readonly out: { readonly setList: SetList } };
  /** The loudness targets. */
  readonly listTargets: { readonly in: object; readonly out: { readonly targets: readonly TargetEntry[] } };
  /** Chooses the loudness target by id, name or alias; sets the limiter's ceiling to its own. */
  readonly setTarget: { readonly in: { readonly target: string }; readonly out: { readonly target: string } };
  /** Snapshots at most this often, 1 to 60 Hz, with what is wished for beside the figures; 0 ends them. */
  readonly subscribeMeters: { readonly in: MeterWishes & { readonly maxRateHz: number }; readonly out: object };
  /** Holds, continues or clears integrated loudness, range and maxima; a reset begins the song anew. */
  readonly controlMeters: { readonly in: { readonly action: "start" | "pause" | "reset" }; readonly out: object };
  /** Passes the sound around one stage; without `on` it is toggled. */
  readonly bypassStage: { readonly in: { readonly stage: StageId; readonly on?: boolean }; readonly out: { readonly on: boolean } };
  /** Lets the relay go, so that the bare input is heard, or lets the box hold it again. */
  readonly hardBypass: { readonly in: { readonly on: boolean }; readonly out: { readonly on: boolean } };
  /** Keeps what sounds now as an own preset; one of that name is replaced. */
  readonly savePreset: { readonly in: { readonly name: string }; readonly out: { readonly preset: string } };
  /** Gives an own preset another name; its id stays. */
  readonly renamePreset: { readonly in: { readonly preset: string; readonly name: string }; readonly out: object };
  /** Removes an own preset. */
  readonly deletePreset: { readonly in: { readonly preset: string }; readonly out: object };
  /** A preset as a file, an own one or one of the product. */
  readonly exportPreset: { readonly in: { readonly preset: string }; readonly out: { readonly file: PresetFile } };
  /** Keeps a preset that came as a file as an own one; a name that is taken gets a number behind it. */
  readonly importPreset: { readonly in: { readonly file: PresetFile }; readonly out: { readonly preset: string } };
  /** Names a scene; an empty name takes it away. */
  readonly renameScene: { readonly in: { readonly scene: SceneName; readonly name: string }; readonly out: object };
  /** Empties a scene. */
  readonly clearScene: { readonly in: { readonly scene: SceneName }; readonly out: object };
  /** Ends the song that is measured and begins the next. */
  readonly markSong: { readonly in: { readonly name?: string }; readonly out: { readonly songs: readonly Song[] } };
  /** The songs of this box, up to 500 over restarts, the present one last. */
  readonly listSongs: { readonly in: object; readonly out: { readonly songs: readonly Song[] } };
  /** What each platform would do to the song that is measured. */
  readonly platforms: { readonly in: object; readonly out: PlatformReadings };
  /** What is being done about the loudness. */
  readonly levels: { readonly in: object; readonly out: LevelsState };
  /**
   * Learns the drive from a passage that is played: begins to listen; ends the listening and sets the drive that lands it on
   * the target, which a silence of 3 s does too; or gives up.
   */
  readonly learn: { readonly in: { readonly action: "start" | "stop" | "cancel" }; readonly out: LevelsState };
  /** Lets the output be as low as a platform plays it, for two minutes; null ends it. On one output the recorder hears it too. */
  readonly preview: { readonly in: { readonly platform: string | null }; readonly out: LevelsState };
  /** Loudness of the last half hour, over songs and resets. */
  readonly loudnessHistory: { readonly in: object; readonly out: LoudnessHistory };
  /** A text to hand on when something is wrong: version, status, notices, last lines of the log, settings; no keys. */
  readonly logs: { readonly in: object; readonly out: { readonly text: string } };
  /** The paired phones. */
  readonly listPhones: { readonly in: object; readonly out: { readonly phones: readonly Phone[] } };
  /** Takes a phone's right away; it is disconnected at once. */
  readonly forgetPhone: { readonly in: { readonly phone: string }; readonly out: object };
  /** Changes what a phone is called. */
  readonly renamePhone: { readonly in: { readonly phone: string; readonly name: string }; readonly out: object };
  /** Changes what a phone may do, from its next command on. */
  readonly setPhoneRole: { readonly in: { readonly phone: string; readonly role: Role }; readonly out: object };
  /** Opens the box to one new phone for a minute; `isStanding`, on the simulated board alone, until the box ends and for any number. */
  readonly startPairing: { readonly in: { readonly role?: Role; readonly isStanding?: boolean }; readonly out: PairingOffer };
  /** Closes the door that is open for a minute. */
  readonly stopPairing: { readonly in: object; readonly out: object };
  /** The open doors, the one with a code first, and the button of the box that opens one; null where the box has none. */
  readonly pairingState: { readonly in: object; readonly out: { readonly offers: readonly PairingOffer[]; readonly button: PairButton | null } };
  /** The key of a phone, by its id. */
  readonly phoneKey: { readonly in: { readonly phone: string }; readonly out: { readonly key: string } };
  /** Pairs a phone that has proved to know `secret`, the code or the key of an offer. */
  readonly addPhone: { readonly in: { readonly name: string; readonly secret: string }; readonly out: NewPhone };
  /** Says on which port of the machine the page is served, and at which address others reach it, for as long as this connection lasts. */
  readonly announcePage: { readonly in: { readonly port: number; readonly address?: string }; readonly out: object };
  /** Counts a wrong code; the fifth ends the offer. */
  readonly wrongPairingTry: { readonly in: object; readonly out: { readonly triesLeft: number } };
  /** Writes the last seconds of input and output as two WAV files. */
  readonly take: { readonly in: { readonly seconds?: number }; readonly out: Take };
  /** Begins to take in a reference track of `bytes` bytes, whose chunks follow; its name is that of the file, without folder and ending. */
  readonly startUpload: { readonly in: { readonly name: string; readonly bytes: number }; readonly out: { readonly upload: number } };
  /** Keeps what was uploaded, when all of it came. */
  readonly finishUpload: { readonly in: { readonly upload: number }; readonly out: { readonly reference: string } };
  /** Gives an upload up. */
  readonly cancelUpload: { readonly in: { readonly upload: number }; readonly out: object };
  /** The reference tracks, in the order in which they came. */
  readonly listReferences: { readonly in: object; readonly out: { readonly references: readonly Reference[] } };
  /** Gives a reference track another name. */
  readonly renameReference: { readonly in: { readonly reference: string; readonly name: string }; readonly out: object };
  /** Removes a reference track. */
  readonly deleteReference: { readonly in: { readonly reference: string }; readonly out: object };
  /** Lets references be heard, on one output for a quarter of an hour, or no more. The answer says what that means for the recorder. */
  readonly armReferences: { readonly in: { readonly on: boolean }; readonly out: { readonly warning: string } };
  /** Switches between mix and reference, at the same loudness; without `on` it is toggled. On one output it must be armed. */
  readonly compareReference: { readonly in: { readonly on?: boolean }; readonly out: { readonly on: boolean } };
  /** Chooses the reference, what of it is played (`fromS` and `toS` for a passage), and the band that is heard alone, null for all. */
  readonly setComparison: {
    readonly in: {
      readonly reference?: string; readonly loop?: ReferenceLoop; readonly fromS?: number; readonly toS?: number; readonly solo?: SoloBand | null;
    };
    readonly out: object;
  };
  /** How mix and reference are compared at present. */
  readonly comparison: { readonly in: object; readonly out: Comparison };
  /** What is wrong with the sound now, the worst first; it is heard 3 s at a time. */
  readonly diagnosis: { readonly in: object; readonly out: { readonly findings: readonly Finding[] } };
  /** Takes the remedy of a fault as one change, at the same loudness where the drive can make up for it, and ends a bypass of the chain with it; undo takes all of it back. */
  readonly tryRemedy: { readonly in: { readonly finding: FindingId }; readonly out: { readonly values: Values; readonly loudnessChangeDb: number } };
  /** The mix of the last half minute beside the reference tracks. */
  readonly compareMix: { readonly in: object; readonly out: MixReading };
  /** An equaliser that brings the mix to the references, `amountPercent` of the way, 0 to 100. Changes nothing. */
  readonly suggestMatch: { readonly in: { readonly amountPercent: number }; readonly out: MatchPreview };
  /** Sets that equaliser as one change, at the same loudness where the drive can make up for it, and ends a bypass of the chain with it; undo takes all of it back. */
  readonly applyMatch: { readonly in: { readonly amountPercent: number }; readonly out: AppliedMatch };
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
  /** Made by people on this box: it can be renamed, replaced and deleted. */
  readonly isOwn: boolean;
}

/** A preset as a file, of the form of those in config/presets: values as people write them; what is not named stands at its default. */
export interface PresetFile {
  readonly version: 1;
  readonly name: string;
  readonly sentence: string;
  readonly values: Readonly<Record<string, number | boolean | string | readonly string[]>>;
}

/** One song: what was measured from its mark to the next. */
export interface Song {
  readonly index: number;
  readonly name: string;
  /** Seconds of sound from the start of the box process to the mark. */
  readonly startedS: number;
  readonly durationS: number;
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly maxTruePeakDbtp: number | null;
  /** By the clock of the box, ISO 8601; null while it is measured. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Interruptions of the sound, clipped runs at the input, and seconds in which the input was heard in place of the master. */
  readonly faults: { readonly xruns: number; readonly clips: number; readonly bypassedS: number };
}

/** A reference track, as it lies in the box. */
export interface Reference {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** By the clock of the box, ISO 8601. */
  readonly addedAt: string;
  /** A track is decoded, brought to the rate of the box and measured once, before it can be played. */
  readonly state: ReferenceState;
  /** Share of the preparing that is done, 0..1. */
  readonly progress: number;
  /** Why it cannot be played, for people; null unless `state` is failed. */
  readonly problem: string | null;
  /** What was measured; null until `state` is ready. */
  readonly sound: ReferenceSound | null;
}

export const REFERENCE_STATES = ["waiting", "preparing", "ready", "failed"] as const;
export type ReferenceState = (typeof REFERENCE_STATES)[number];

/** What is known of the sound of a reference track. */
export interface ReferenceSound {
  readonly durationS: number;
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly maxTruePeakDbtp: number | null;
  /** Its loudest part, seconds from the beginning. */
  readonly loudest: { readonly fromS: number; readonly toS: number };
}

/** What of a reference is played over and over: all of it, its loudest part, or the passage between two places. */
export const REFERENCE_LOOPS = ["whole", "loudest", "passage"] as const;
export type ReferenceLoop = (typeof REFERENCE_LOOPS)[number];

/** One band that is heard alone while comparing; the crossovers of the multiband compressor part them. */
export const SOLO_BANDS = ["low", "lowMid", "highMid", "high"] as const;
export type SoloBand = (typeof SOLO_BANDS)[number];

/**
 * How the mix is compared with a reference. On one output the recorder hears the reference too, so that comparing must be armed
 * first, and ends by itself; a monitor output plays it alone, so that it is armed by the first comparison, and lasts.
 */
export interface Comparison {
  /** Whether a monitor output plays what is compared, while the recorder keeps the mix. */
  readonly hasMonitorOutput: boolean;
  readonly isArmed: boolean;
  /** Seconds until it ends by itself; null while it is not armed, and where it lasts. */
  readonly secondsLeft: number | null;
  /** What was asked to be heard. */
  readonly heard: "mix" | "reference";
  /** Whether the reference was asked for, but gives way to the mix because it is not there yet, or its disk is too slow. */
  readonly isWaiting: boolean;
  /** Id of the chosen reference; null while none is ready. */
  readonly reference: string | null;
  readonly loop: ReferenceLoop;
  /** The passage, in seconds; null where none was chosen. */
  readonly passage: { readonly fromS: number; readonly toS: number } | null;
  readonly solo: SoloBand | null;
  /** Where the reference is, seconds from its beginning. */
  readonly placeS: number;
  /** Gains that make both equally loud, dB: of the reference, and of the mix, 0 unless the reference cannot go up so far. */
  readonly referenceDb: number;
  readonly mixDb: number;
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
  readonly code: "badMessage" | "unknownCommand" | "badValue" | "notAllowed" | "notNow" | "failed";
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
  /** The phone that this connection is of; null for a program on the box itself. */
  readonly phone: Phone | null;
  readonly references: readonly Reference[];
  readonly comparison: Comparison;
}

export type AnswerMessage =
  | { readonly type: "answer"; readonly id: number; readonly ok: true; readonly result: Commands[CommandName]["out"] }
  | { readonly type: "answer"; readonly id: number | null; readonly ok: false; readonly error: CommandError };

/** The meters; on the wire they are binary (meter-wire.ts). */
export interface MetersMessage {
  readonly type: "meters";
  readonly snapshot: MeterSnapshot;
}

/** The paired phones, whenever one came, went or was changed. */
export interface PhonesMessage {
  readonly type: "phones";
  readonly phones: readonly Phone[];
}

/** All presets, whenever people saved, renamed or deleted one. */
export interface PresetsMessage {
  readonly type: "presets";
  readonly presets: readonly PresetEntry[];
}

/** All reference tracks, whenever one came, went, was renamed, or came further on its way to being played. */
export interface ReferencesMessage {
  readonly type: "references";
  readonly references: readonly Reference[];
}

/** How mix and reference are compared, whenever that changes, and twice a second while it is armed. */
export interface ComparisonMessage {
  readonly type: "comparison";
  readonly comparison: Comparison;
}

/** How far an upload of this connection has come; UPLOAD_WINDOW_BYTES more than `bytes` may be sent, and no more. */
export interface UploadMessage {
  readonly type: "upload";
  readonly upload: number;
  /** Bytes that are on the disk. */
  readonly bytes: number;
  /** Why the box has given it up; null while it goes on. */
  readonly error: CommandError | null;
}

/** Something that people should know, once: a fault and its remedy, a recovery, a state file that was set aside. */
export interface NoticeMessage {
  readonly type: "notice";
  readonly level: "info" | "warning" | "error";
  /** What it is about, such as "sound": of one subject at most one comes a second. */
  readonly subject: string;
  readonly sentence: string;
  /** How often it happened since it was told last; 1 for once. */
  readonly times: number;
}

/** From the box, as JSON text. */
export type BoxMessage = WelcomeMessage | AnswerMessage | ChangeMessage | NoticeMessage | PhonesMessage | PresetsMessage | ReferencesMessage | ComparisonMessage
  | DiagnosisMessage | LevelsMessage | UploadMessage;
