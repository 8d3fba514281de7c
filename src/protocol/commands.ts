import { PARAMETERS } from "../params/table.js";
import { suggestion } from "../params/nearest.js";
import { CommandFailure } from "./command-failure.js";
import { FINDING_IDS } from "./diagnosis.js";
import {
  REFERENCE_LOOPS, SOLO_BANDS, type AnswerMessage, type CommandMessage, type CommandName, type Commands, type Values,
} from "./messages.js";
import { MAX_FADE_S, MAX_SET_LIST, SCENES, SET_LIST_FOLLOWS } from "./scenes.js";
import { STAGES } from "./meter-snapshot.js";
import { ROLES } from "./phones.js";
import { presetFile } from "./preset-file.js";
import { MAX_REFERENCE_BYTES, nameOfFile, referenceName } from "./references.js";
import { finite, flag, givenName, listOf, oneOf, optional, orNull, parameterId, settings, shape, text, whole, type Reader } from "./shape.js";
import { parseStrictJson, quoted } from "./strict-json.js";

/** Longest command in bytes; a `set` of every parameter has about 8 KiB. */
export const MAX_COMMAND_BYTES = 16_384;
/** Most snapshots of the meters a second. */
export const MAX_METER_RATE_HZ = 60;
/** Longest take in seconds that may be asked for. */
export const MAX_TAKE_S = 3600;
const LONGEST_NAME = 64;
/** Longest place in a reference that may be asked for, seconds. */
const MAX_PLACE_S = 7200;

/** What a command takes after it was read: all values are numbers in the range of the table. */
export type CommandInput<Name extends CommandName> = Name extends "set" ? { readonly values: Values } : Commands[Name]["in"];

/** A command that was read: well formed, every field in its range. */
export type ReadCommand = { [Name in CommandName]: { readonly id: number; readonly command: Name; readonly input: CommandInput<Name> } }[CommandName];

const nothing = shape<Record<never, never>>({});
const someIds = shape<{ readonly ids?: readonly string[] }>({ ids: optional(listOf(parameterId, PARAMETERS.length)) });
const scene = shape<Commands["storeScene"]["in"]>({ scene: oneOf(SCENES) });

/** A preset by its name; never a path, which would open any file of the box to whoever may send commands. */
const presetName: Reader<string> = (value, path) => {
  const name = text(LONGEST_NAME)(value, path);
  if (!/[/\\]|^\.|\.json$/i.test(name)) return name;
  throw new CommandFailure("badValue", `${path} is ${quoted(name)}; allowed the name of a preset, without folder or ending.`);
};

const preset = shape<Commands["deletePreset"]["in"]>({ preset: presetName });
const fadeS = finite(0, MAX_FADE_S);
/** A scene may lose its name again. */
const maybeNoName: Reader<string> = (value, path) => (value === "" ? "" : givenName(value, path));
const phoneId = text(LONGEST_NAME);
const reference = text(LONGEST_NAME);
const upload = shape<Commands["finishUpload"]["in"]>({ upload: whole() });
const amount = shape<Commands["applyMatch"]["in"]>({ amountPercent: finite(0, 100) });
const phone = shape<Commands["forgetPhone"]["in"]>({ phone: phoneId });

/** The reader of the arguments of every command: a command without one does not compile. */
const INPUTS: { readonly [Name in CommandName]: Reader<CommandInput<Name>> } = {
  status: shape<Commands["status"]["in"]>({ count: optional(flag) }),
  get: someIds,
  set: shape<{ readonly values: Values }>({ values: settings }),
  reset: someIds,
  undo: nothing,
  redo: nothing,
  bypass: shape<Commands["bypass"]["in"]>({ on: optional(flag) }),
  listPresets: nothing,
  applyPreset: shape<Commands["applyPreset"]["in"]>({ preset: presetName }),
  storeScene: scene,
  recallScene: shape<Commands["recallScene"]["in"]>({ scene: oneOf(SCENES), fadeS: optional(fadeS) }),
  setSceneFade: shape<Commands["setSceneFade"]["in"]>({ scene: oneOf(SCENES), fadeS }),
  setSetList: shape<Commands["setSetList"]["in"]>({ scenes: optional(listOf(oneOf(SCENES), MAX_SET_LIST)), follows: optional(oneOf(SET_LIST_FOLLOWS)) }),
  stepSetList: shape<Commands["stepSetList"]["in"]>({ direction: oneOf(["next", "previous"]) }),
  markSection: nothing,
  listTargets: nothing,
  setTarget: shape<Commands["setTarget"]["in"]>({ target: text(LONGEST_NAME) }),
  subscribeMeters: shape<Commands["subscribeMeters"]["in"]>({
    maxRateHz: whole(0, MAX_METER_RATE_HZ), spectrum: optional(flag), goniometer: optional(flag),
  }),
  controlMeters: shape<Commands["controlMeters"]["in"]>({ action: oneOf(["start", "pause", "reset"]) }),
  bypassStage: shape<Commands["bypassStage"]["in"]>({ stage: oneOf(STAGES), on: optional(flag) }),
  hardBypass: shape<Commands["hardBypass"]["in"]>({ on: flag }),
  savePreset: shape<Commands["savePreset"]["in"]>({ name: givenName }),
  renamePreset: shape<Commands["renamePreset"]["in"]>({ preset: presetName, name: givenName }),
  deletePreset: preset,
  exportPreset: preset,
  importPreset: shape<Commands["importPreset"]["in"]>({ file: presetFile }),
  renameScene: shape<Commands["renameScene"]["in"]>({ scene: oneOf(SCENES), name: maybeNoName }),
  clearScene: scene,
  markSong: shape<Commands["markSong"]["in"]>({ name: optional(givenName) }),
  listSongs: nothing,
  platforms: nothing,
  levels: nothing,
  learn: shape<Commands["learn"]["in"]>({ action: oneOf(["start", "stop", "cancel"]) }),
  preview: shape<Commands["preview"]["in"]>({ platform: orNull(text(LONGEST_NAME)) }),
  loudnessHistory: nothing,
  logs: nothing,
  listPhones: nothing,
  forgetPhone: phone,
  renamePhone: shape<Commands["renamePhone"]["in"]>({ phone: phoneId, name: givenName }),
  setPhoneRole: shape<Commands["setPhoneRole"]["in"]>({ phone: phoneId, role: oneOf(ROLES) }),
  startPairing: shape<Commands["startPairing"]["in"]>({ role: optional(oneOf(ROLES)), isStanding: optional(flag) }),
  stopPairing: nothing,
  pairingState: nothing,
  phoneKey: phone,
  addPhone: shape<Commands["addPhone"]["in"]>({ name: givenName, secret: text(LONGEST_NAME) }),
  announcePage: shape<Commands["announcePage"]["in"]>({ port: whole(1, 65_535), address: optional(text(LONGEST_NAME)) }),
  wrongPairingTry: nothing,
  take: shape<Commands["take"]["in"]>({ seconds: optional(whole(1, MAX_TAKE_S)) }),
  startUpload: shape<Commands["startUpload"]["in"]>({ name: nameOfFile, bytes: whole(1, MAX_REFERENCE_BYTES) }),
  finishUpload: upload,
  cancelUpload: upload,
  listReferences: nothing,
  renameReference: shape<Commands["renameReference"]["in"]>({ reference, name: referenceName }),
  deleteReference: shape<Commands["deleteReference"]["in"]>({ reference }),
  armReferences: shape<Commands["armReferences"]["in"]>({ on: flag }),
  compareReference: shape<Commands["compareReference"]["in"]>({ on: optional(flag) }),
  setComparison: shape<Commands["setComparison"]["in"]>({
    reference: optional(reference), loop: optional(oneOf(REFERENCE_LOOPS)), fromS: optional(finite(0, MAX_PLACE_S)), toS: optional(finite(0, MAX_PLACE_S)),
    solo: optional(orNull(oneOf(SOLO_BANDS))),
  }),
  comparison: nothing,
  diagnosis: nothing,
  tryRemedy: shape<Commands["tryRemedy"]["in"]>({ finding: oneOf(FINDING_IDS) }),
  compareMix: nothing,
  suggestMatch: amount, applyMatch: amount,
  latency: nothing,
};

/** Every command there is. */
export const COMMAND_NAMES = Object.keys(INPUTS) as CommandName[];

const messageId = whole();

/** A message that is refused, with its id where it has a sound one. */
export interface RefusedCommand {
  readonly id: number | null;
  readonly failure: CommandFailure;
}

function soundId(value: unknown): number | null {
  const id = typeof value === "object" && value !== null && Object.hasOwn(value, "id") ? (value as { id: unknown }).id : null;
  return typeof id === "number" && Number.isSafeInteger(id) && id >= 0 ? id : null;
}

function readCommand(value: unknown): ReadCommand {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CommandFailure("badMessage", 'The message is no object; write {"id": 1, "command": "status"}.');
  }
  const { id, command, ...input } = value as Record<string, unknown>;
  const numbered = messageId(id, "id");
  const name = COMMAND_NAMES.find((known) => known === command);
  if (name === undefined) {
    const given = typeof command === "string" ? command.slice(0, LONGEST_NAME) : "";
    const shown = typeof command === "string" ? `There is no command ${quoted(command)}.` : "The message names no command.";
    throw new CommandFailure("unknownCommand", `${shown}${suggestion(given, COMMAND_NAMES)} There are ${COMMAND_NAMES.join(", ")}.`);
  }
  return { id: numbered, command: name, input: INPUTS[name](input, "") } as ReadCommand;
}

/**
 * Reads a message of a client. Never throws: what is malformed comes back as a RefusedCommand, whose failure names the
 * field, the value and what is allowed.
 */
export function parseCommand(message: string): ReadCommand | RefusedCommand {
  let value: unknown;
  try {
    value = parseStrictJson(message, MAX_COMMAND_BYTES);
    return readCommand(value);
  } catch (failure) {
    if (!(failure instanceof CommandFailure)) throw failure;
    return { id: soundId(value), failure };
  }
}

/** Writes a command for the wire. */
export function writeCommand<Name extends CommandName>(id: number, command: Name, input: Commands[Name]["in"]): string {
  return JSON.stringify({ ...input, id, command } as CommandMessage);
}

/** Writes the answer to a command that was carried out. */
export function writeAnswer(id: number, result: Commands[CommandName]["out"]): string {
  return JSON.stringify({ type: "answer", id, ok: true, result } satisfies AnswerMessage);
}

/** Writes the answer to a command that was refused or failed; `id` is null where the message had no sound one. */
export function writeRefusal(id: number | null, failure: CommandFailure): string {
  return JSON.stringify({ type: "answer", id, ok: false, error: failure.wire } satisfies AnswerMessage);
}
