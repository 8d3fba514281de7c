import { AUDIO_FAULTS, PCM_FORMATS, type AudioFormat } from "../hal/audio.js";
import { SHEDDING, SOUND_STATES, type AudioHealth, type LatencyMeasurement } from "../hal/audio-health.js";
import { findParameter, PARAMETERS } from "../params/table.js";
import { CommandFailure } from "./command-failure.js";
import { findings, type DiagnosisMessage } from "./diagnosis.js";
import {
  LANDING_REASONS, LEARN_PHASES, type LearnPlan, type LearnState, type LevelsMessage, type LevelsState, type LimitingCost, type PlatformReading,
  type PlatformReadings, type PreviewState,
} from "./levels.js";
import { appliedMatch, matchPreview, mixReading } from "./mix-comparison.js";
import {
  PROTOCOL_VERSION, REFERENCE_LOOPS, REFERENCE_STATES, SOLO_BANDS, type BoxMessage, type BoxStatus, type ChangeMessage,
  type CommandError, type CommandName, type Commands, type Comparison, type ComparisonMessage, type ControlState,
  type NoticeMessage, type PhonesMessage, type PresetEntry, type PresetsMessage, type Reference, type ReferenceSound,
  type ReferencesMessage, type Song, type TargetEntry, type UploadMessage, type Values, type WelcomeMessage,
} from "./messages.js";
import { MAX_FADE_S, MAX_SET_LIST, SCENES, SET_LIST_FOLLOWS, type SetList } from "./scenes.js";
import { MAX_PHONES, ROLES, type NewPhone, type PairButton, type PairingOffer, type Phone } from "./phones.js";
import { presetFile } from "./preset-file.js";
import { MAX_REFERENCES } from "./references.js";
import {
  finite, flag, listOf, oneOf, optional, orNull, recordOf, settings, shape, text, whole, type FieldReaders, type Reader,
} from "./shape.js";
import { parseStrictJson } from "./strict-json.js";

/** Longest message of a box in characters; a welcome has about 10 KiB. */
export const MAX_BOX_MESSAGE_CHARACTERS = 262_144;

/** A sentence for people; line ends that it was put together with become spaces. */
const sentence: Reader<string> = (value, path) => text(4000)(typeof value === "string" ? value.replace(/\s+/g, " ") : value, path);
const name = text(200);
const count = whole();
/** Most steps of the history of loudness: half an hour. */
const MAX_STEPS = 1800;
/** A text of many lines. */
const longText: Reader<string> = (value, path) => (typeof value === "string" ? value : text(0)(value, path));
const level = orNull(finite(-1000, 1000));

const scenes = listOf(oneOf(SCENES), SCENES.length);
const sceneNames = recordOf(SCENES, name);
const sceneFadesS = recordOf(SCENES, finite(0, MAX_FADE_S));
const setList = shape<SetList>({ scenes: listOf(oneOf(SCENES), MAX_SET_LIST), at: orNull(whole(0, MAX_SET_LIST)), follows: oneOf(SET_LIST_FOLLOWS) });
const someValues: Reader<Values> = settings;
/** All values: one for each id of the table. */
const allValues: Reader<Values> = (value, path) => {
  const values = settings(value, path);
  const missing = PARAMETERS.find(({ id }) => !Object.hasOwn(values, id));
  if (missing === undefined) return values;
  throw new CommandFailure("badValue", `${path} lacks ${missing.id}; ${findParameter(missing.id)?.label ?? ""} needs a value.`, missing.id);
};

const state = shape<ControlState>({
  sequence: count, values: allValues, preset: orNull(name), isPresetEdited: flag, target: name, scenes, sceneNames, sceneFadesS,
  fadingTo: orNull(oneOf(SCENES)), setList, isHardBypassed: flag, canUndo: flag, canRedo: flag,
});

/** Of the phones that are paired. */
const phone = shape<Phone>({ id: name, name, role: oneOf(ROLES), pairedAt: name, lastSeen: orNull(name), isHere: flag });
const phones = listOf(phone, MAX_PHONES);
const pairButton = shape<PairButton>({ name, holdS: finite(0) });
const offer = shape<PairingOffer>({ role: oneOf(ROLES), code: orNull(name), key: name, secondsLeft: orNull(finite(0)), triesLeft: count, pagePort: orNull(count) });
const presets = listOf(shape<PresetEntry>({ id: name, name, sentence, isOwn: flag }), 1000);
const passage = shape<{ readonly fromS: number; readonly toS: number }>({ fromS: finite(0), toS: finite(0) });
const referenceSound = shape<ReferenceSound>({
  durationS: finite(0), integratedLufs: level, loudnessRangeLu: level, maxTruePeakDbtp: level, loudest: passage,
});
const references = listOf(shape<Reference>({
  id: name, name, bytes: count, addedAt: name, state: oneOf(REFERENCE_STATES), progress: finite(0, 1), problem: orNull(sentence), sound: orNull(referenceSound),
}), MAX_REFERENCES);
const comparison = shape<Comparison>({
  hasMonitorOutput: flag, isArmed: flag, secondsLeft: orNull(finite(0)), heard: oneOf(["mix", "reference"]), isWaiting: flag, reference: orNull(name), loop: oneOf(REFERENCE_LOOPS),
  passage: orNull(passage), solo: orNull(oneOf(SOLO_BANDS)), placeS: finite(0), referenceDb: finite(-100, 100), mixDb: finite(-100, 0),
});
const song = shape<Song>({
  index: count, name, startedS: finite(0), durationS: finite(0), integratedLufs: level, loudnessRangeLu: level, maxTruePeakDbtp: level,
  startedAt: name, endedAt: orNull(name), faults: shape<Song["faults"]>({ xruns: count, clips: count, bypassedS: finite(0) }),
});
const songs = shape<{ readonly songs: readonly Song[] }>({ songs: listOf(song, 10_000) });

const audioFormat = shape<AudioFormat>({
  device: name, sampleRateHz: finite(1), periodFrames: whole(1), periods: whole(1), format: oneOf(PCM_FORMATS), isLinked: flag, isPaced: flag, hasMonitor: flag,
});

const audio = shape<AudioHealth>({
  state: oneOf(SOUND_STATES), detail: sentence, format: orNull(audioFormat),
  latency: shape<AudioHealth["latency"]>({ deviceFrames: finite(0), chainFrames: finite(0), totalMs: finite(0) }),
  framesIn: finite(0), framesOut: finite(0),
  faults: recordOf(AUDIO_FAULTS, count), restarts: count, reopens: count,
  load: shape<AudioHealth["load"]>({ p50Percent: finite(0), p99Percent: finite(0), maxPercent: finite(0) }),
  shedding: oneOf(SHEDDING), collections: count,
  refused: refusedRights(),
  stageFaults: count, isolatedStages: listOf(name, 32), nonfiniteInputs: count, nonfiniteOutputs: count,
  measuredRateHz: orNull(finite(0)),
  isOutputDead: flag, isDcMuted: flag, isRelayHeld: flag,
});

/** JSON leaves a field out whose value is undefined. */
function refusedRights(): Reader<AudioHealth["refused"]> {
  const given = shape<{ readonly priority?: string; readonly memoryLock?: string }>({ priority: optional(sentence), memoryLock: optional(sentence) });
  return (value, path) => {
    const { priority, memoryLock } = given(value, path);
    return { priority, memoryLock };
  };
}

/** State of the whole box. */
export const boxStatus = shape<BoxStatus>({
  version: name, board: name, uptimeS: finite(0), audio, notices: listOf(sentence, 200),
  processorCelsius: orNull(finite()), memoryBytes: finite(0), clients: count,
});

const values = shape<{ readonly values: Values }>({ values: someValues });
const empty = shape<Record<never, never>>({});
const limitingCost = shape<LimitingCost>({ integratedLufs: level, meanLimitingDb: finite(), maxLimitingDb: finite() });
const levels = shape<LevelsState>({
  learn: shape<LearnState>({
    phase: oneOf(LEARN_PHASES), heardS: finite(0), measured: orNull(limitingCost),
    plan: orNull(shape<LearnPlan>({
      targetLufs: finite(), driveBeforeDb: finite(), driveDb: finite(), reason: oneOf(LANDING_REASONS), predicted: limitingCost,
    })),
  }),
  preview: shape<PreviewState>({ hasMonitorOutput: flag, platform: orNull(name), gainDb: finite(), secondsLeft: orNull(finite(0)) }),
});
const platformReadings = shape<PlatformReadings>({
  integratedLufs: level, maxTruePeakDbtp: level, plrDb: level,
  platforms: listOf(shape<PlatformReading>({ id: name, name, loudnessLufs: finite(), adjustmentDb: level }), 1000),
});
const steppedList = shape<{ readonly setList: SetList }>({ setList });
const savedPreset = shape<{ readonly preset: string }>({ preset: name });

/** The reader of the answer to every command: a command without one does not compile. */
const RESULTS: { readonly [Name in CommandName]: Reader<Commands[Name]["out"]> } = {
  status: boxStatus,
  get: values, set: values, reset: values, undo: values, redo: values,
  bypass: shape<Commands["bypass"]["out"]>({ on: flag }),
  bypassStage: shape<Commands["bypassStage"]["out"]>({ on: flag }),
  hardBypass: shape<Commands["hardBypass"]["out"]>({ on: flag }),
  listPresets: shape<Commands["listPresets"]["out"]>({ presets }),
  applyPreset: values,
  savePreset: savedPreset, renamePreset: empty, deletePreset: empty,
  exportPreset: shape<Commands["exportPreset"]["out"]>({ file: presetFile }),
  importPreset: savedPreset,
  storeScene: empty, renameScene: empty, clearScene: empty,
  recallScene: values, setSceneFade: empty,
  setSetList: steppedList, stepSetList: steppedList, markSection: steppedList,
  listTargets: shape<Commands["listTargets"]["out"]>({
    targets: listOf(shape<TargetEntry>({ id: name, name, loudnessLufs: level, ceilingDbtp: finite(-100, 100) }), 1000),
  }),
  setTarget: shape<Commands["setTarget"]["out"]>({ target: name }),
  subscribeMeters: empty,
  controlMeters: empty,
  markSong: songs, listSongs: songs,
  platforms: platformReadings, levels, learn: levels, preview: levels,
  loudnessHistory: shape<Commands["loudnessHistory"]["out"]>({
    stepS: finite(0), endS: finite(0), shortTermLufs: listOf(level, MAX_STEPS), momentaryMaxLufs: listOf(level, MAX_STEPS),
  }),
  logs: shape<Commands["logs"]["out"]>({ text: longText }),
  listPhones: shape<Commands["listPhones"]["out"]>({ phones }),
  forgetPhone: empty, renamePhone: empty, setPhoneRole: empty,
  startPairing: offer,
  stopPairing: empty,
  pairingState: shape<Commands["pairingState"]["out"]>({ offers: listOf(offer, 2), button: orNull(pairButton) }),
  phoneKey: shape<Commands["phoneKey"]["out"]>({ key: name }),
  addPhone: shape<NewPhone>({ phone: name, key: name, role: oneOf(ROLES) }),
  announcePage: empty,
  wrongPairingTry: shape<Commands["wrongPairingTry"]["out"]>({ triesLeft: count }),
  take: shape<Commands["take"]["out"]>({ input: text(4096), output: text(4096), seconds: finite(0), missingSeconds: finite(0) }),
  startUpload: shape<Commands["startUpload"]["out"]>({ upload: count }),
  finishUpload: shape<Commands["finishUpload"]["out"]>({ reference: name }),
  cancelUpload: empty,
  listReferences: shape<Commands["listReferences"]["out"]>({ references }),
  renameReference: empty, deleteReference: empty,
  armReferences: shape<Commands["armReferences"]["out"]>({ warning: sentence }),
  compareReference: shape<Commands["compareReference"]["out"]>({ on: flag }),
  setComparison: empty,
  comparison,
  diagnosis: shape<Commands["diagnosis"]["out"]>({ findings }),
  tryRemedy: shape<Commands["tryRemedy"]["out"]>({ values: someValues, loudnessChangeDb: finite() }),
  compareMix: mixReading, suggestMatch: matchPreview, applyMatch: appliedMatch,
  latency: shape<LatencyMeasurement>({
    loopFrames: finite(), chainFrames: finite(), totalFrames: finite(), totalMs: finite(), returnDb: finite(),
  }),
};

/** An answer whose result is not read yet: what is in it depends on the command. */
export type UnreadAnswer =
  | { readonly type: "answer"; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly type: "answer"; readonly id: number | null; readonly ok: false; readonly error: CommandError };

/** Every message of a box, as it comes in. */
export type ReadBoxMessage = Exclude<BoxMessage, { readonly type: "answer" }> | UnreadAnswer;

const changedFields: FieldReaders<ChangeMessage["state"]> = {
  values: optional(someValues), preset: optional(orNull(name)), isPresetEdited: optional(flag), target: optional(name),
  scenes: optional(scenes), sceneNames: optional(sceneNames), sceneFadesS: optional(sceneFadesS), fadingTo: optional(orNull(oneOf(SCENES))),
  setList: optional(setList), isHardBypassed: optional(flag), canUndo: optional(flag), canRedo: optional(flag),
};

const error = shape<CommandError>({
  code: oneOf(["badMessage", "unknownCommand", "badValue", "notAllowed", "notNow", "failed"]), sentence, parameter: optional(name),
});

const doneAnswer = shape<Extract<UnreadAnswer, { ok: true }>>({
  type: oneOf(["answer"]), id: count, ok: (value) => value as true, result: (value) => value,
});
const refusedAnswer = shape<Extract<UnreadAnswer, { ok: false }>>({
  type: oneOf(["answer"]), id: orNull(count), ok: (value) => value as false, error,
});

const READERS: { readonly [Type in ReadBoxMessage["type"]]: Reader<Extract<ReadBoxMessage, { type: Type }>> } = {
  welcome: shape<WelcomeMessage>({ type: oneOf(["welcome"]), protocol: oneOf([PROTOCOL_VERSION]), version: name, state, phone: orNull(phone), references, comparison }),
  answer: (value, path) => ((value as { ok?: unknown }).ok === true ? doneAnswer(value, path) : refusedAnswer(value, path)),
  change: shape<ChangeMessage>({ type: oneOf(["change"]), sequence: count, source: name, state: shape(changedFields) }),
  diagnosis: shape<DiagnosisMessage>({ type: oneOf(["diagnosis"]), findings }),
  notice: shape<NoticeMessage>({ type: oneOf(["notice"]), level: oneOf(["info", "warning", "error"]), subject: name, sentence, times: whole(1) }),
  phones: shape<PhonesMessage>({ type: oneOf(["phones"]), phones }),
  presets: shape<PresetsMessage>({ type: oneOf(["presets"]), presets }),
  references: shape<ReferencesMessage>({ type: oneOf(["references"]), references }),
  comparison: shape<ComparisonMessage>({ type: oneOf(["comparison"]), comparison }),
  levels: shape<LevelsMessage>({ type: oneOf(["levels"]), levels }),
  upload: shape<UploadMessage>({ type: oneOf(["upload"]), upload: count, bytes: count, error: orNull(error) }),
};
const TYPES = Object.keys(READERS) as ReadBoxMessage["type"][];

function checkVersion(value: Readonly<Record<string, unknown>>): void {
  const { type, protocol, version } = value;
  if (type !== "welcome" || protocol === PROTOCOL_VERSION) return;
  throw new CommandFailure("badMessage", `The box (version ${name(version, "version")}) speaks protocol ${whole()(protocol, "protocol")}, this program`
    + ` protocol ${PROTOCOL_VERSION}; restart both after an update, so that they are of the same release.`);
}

/**
 * Reads a message of a box.
 * @throws CommandFailure that says what is wrong with it; for a welcome of another protocol, what to do
 */
export function parseBoxMessage(message: string): ReadBoxMessage {
  const value = parseStrictJson(message, MAX_BOX_MESSAGE_CHARACTERS);
  if (typeof value !== "object" || value === null) throw new CommandFailure("badMessage", "The message of the box is no object.");
  checkVersion(value as Readonly<Record<string, unknown>>);
  const type = oneOf(TYPES)((value as { type?: unknown }).type, "type");
  return READERS[type](value, "");
}

/** Reads the result in the answer to `command`. @throws CommandFailure that says what is wrong with it */
export function readResult<Name extends CommandName>(command: Name, result: unknown): Commands[Name]["out"] {
  return RESULTS[command](result, "result");
}
