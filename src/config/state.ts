import { jsonOfValue } from "../params/json.js";
import { lookUpParameter, parseJsonValue } from "../params/parse.js";
import { PARAMETERS } from "../params/table.js";
import type { Migration } from "./migrate.js";
import { written } from "./rules.js";

/** Steps from each version of the saved state to the next; there is one version so far. */
export const STATE_MIGRATIONS: readonly Migration[] = [];

const SCENES = ["A", "B", "C", "D"] as const;
type SceneName = (typeof SCENES)[number];
const LONGEST_SCENE_NAME = 32;
const MAX_FADE_S = 10;
const MAX_SET_LIST = 64;
const SET_LIST_FOLLOWS = ["hand", "songs", "sections"] as const;

/** The values, in the units of the table, and where they come from. */
export interface SavedAdjustments {
  readonly values: Readonly<Record<string, number>>;
  readonly preset: string | null;
  readonly isPresetEdited: boolean;
  /** Id of the loudness target. */
  readonly target: string;
}

/** The scenes of an evening, where it stands (from 0, null before the first), and what steps it. */
export interface SavedSetList {
  readonly scenes: readonly SceneName[];
  readonly at: number | null;
  readonly follows: (typeof SET_LIST_FOLLOWS)[number];
}

/** What the box knows again after a loss of power. */
export interface BoxState extends SavedAdjustments {
  readonly scenes: Readonly<Partial<Record<SceneName, SavedAdjustments>>>;
  /** What people call the scenes. */
  readonly sceneNames: Readonly<Partial<Record<SceneName, string>>>;
  /** Seconds over which they fade in, 0 to 10. */
  readonly sceneFadesS: Readonly<Partial<Record<SceneName, number>>>;
  readonly setList: SavedSetList;
  /** What was measured on this box, by name: delays of its converters, end stops of its knobs. Finite numbers. */
  readonly calibration: Readonly<Record<string, number>>;
}

type Json = Readonly<Record<string, unknown>>;

function adjustmentsJson({ values, preset, isPresetEdited, target }: SavedAdjustments): Json {
  const json = PARAMETERS.map((row) => [row.id, jsonOfValue(row, values[row.id] ?? row.default)]);
  return { preset, isPresetEdited, target, values: Object.fromEntries(json) };
}

/** The state as it is saved: values as people write them, so that they mean the same to a later table. */
export function stateJson(state: BoxState): Json {
  const scenes = Object.entries(state.scenes).map(([name, scene]) => [name, adjustmentsJson(scene)]);
  const { sceneNames, sceneFadesS, setList, calibration } = state;
  return { ...adjustmentsJson(state), scenes: Object.fromEntries(scenes), sceneNames, sceneFadesS, setList, calibration };
}

function isObject(json: unknown): json is Json {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Reads a saved state field by field: what cannot be used goes to its default and leaves a note. */
class StateReader {
  readonly notes: string[] = [];
  readonly #targets: readonly string[];

  constructor(targets: readonly string[]) {
    this.#targets = targets;
  }

  read(json: Json): BoxState {
    const scenes = this.#object("scenes", json["scenes"]);
    const calibration = Object.entries(this.#object("calibration", json["calibration"]));
    for (const name of Object.keys(scenes)) {
      if (!SCENES.some((scene) => scene === name)) this.notes.push(`there is no scene ${written(name)}`);
    }
    return {
      ...this.#adjustments("", json),
      scenes: Object.fromEntries(SCENES.filter((name) => isObject(scenes[name]))
        .map((name) => [name, this.#adjustments(`scene ${name}: `, scenes[name] as Json)])),
      sceneNames: this.#sceneNames(json["sceneNames"]),
      sceneFadesS: this.#sceneFades(json["sceneFadesS"]),
      setList: this.#setList(json["setList"]),
      calibration: Object.fromEntries(calibration.filter((entry): entry is [string, number] => {
        const isNumber = Number.isFinite(entry[1]);
        if (!isNumber) this.notes.push(`calibration.${entry[0]} is ${written(entry[1])}; allowed a number`);
        return isNumber;
      })),
    };
  }

  /** A state of before scenes had names has none. */
  #sceneNames(json: unknown): BoxState["sceneNames"] {
    const names = isObject(json) ? json : {};
    return Object.fromEntries(SCENES.flatMap((scene) => {
      const name = names[scene];
      return typeof name === "string" && name.length <= LONGEST_SCENE_NAME ? [[scene, name]] : [];
    }));
  }

  /** A state of before scenes had times has none. */
  #sceneFades(json: unknown): BoxState["sceneFadesS"] {
    const fades = isObject(json) ? json : {};
    return Object.fromEntries(SCENES.flatMap((scene) => {
      const fadeS = fades[scene];
      return typeof fadeS === "number" && fadeS >= 0 && fadeS <= MAX_FADE_S ? [[scene, fadeS]] : [];
    }));
  }

  /** A state of before there were set lists has an empty one. */
  #setList(json: unknown): SavedSetList {
    const { scenes, at, follows } = isObject(json) ? json : {};
    const named: readonly unknown[] = Array.isArray(scenes) ? scenes : [];
    const known = named.flatMap((name) => SCENES.filter((scene) => scene === name)).slice(0, MAX_SET_LIST);
    const isPlace = typeof at === "number" && Number.isInteger(at) && at >= 0 && at < known.length;
    return { scenes: known, at: isPlace ? at : null, follows: SET_LIST_FOLLOWS.find((mark) => mark === follows) ?? "hand" };
  }

  #object(name: string, json: unknown): Json {
    if (isObject(json)) return json;
    this.notes.push(`${name} is missing`);
    return {};
  }

  #adjustments(of: string, json: Json): SavedAdjustments {
    const { preset = null, isPresetEdited = false, target } = json;
    const isPreset = preset === null || typeof preset === "string";
    if (!isPreset) this.notes.push(`${of}preset is ${written(preset)}; allowed a name or null`);
    const known = this.#targets.find((id) => id === target);
    if (known === undefined) this.notes.push(`${of}there is no target ${written(target)}`);
    return {
      values: this.#values(of, this.#object(`${of}values`, json["values"])),
      preset: isPreset ? preset : null,
      isPresetEdited: isPresetEdited === true,
      target: known ?? this.#targets[0] ?? "",
    };
  }

  #values(of: string, json: Json): Readonly<Record<string, number>> {
    const values = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
    for (const [id, value] of Object.entries(json)) {
      const found = lookUpParameter(id);
      const parsed = "problem" in found ? found : parseJsonValue(found.value, value);
      if ("problem" in parsed) this.notes.push(`${of}${parsed.problem}`);
      else values[id] = parsed.value;
    }
    return values;
  }
}

/** A state, and what had to be left out of it: one note each. */
export interface ReadState {
  readonly state: BoxState;
  readonly notes: readonly string[];
}

/**
 * Reads what `stateJson` wrote. A value that the table does not know or allow goes to its default alone, a parameter
 * that is not named stands at its default, and a target that is none of `targets` becomes the first.
 */
export function readState(json: Json, targets: readonly string[]): ReadState {
  const reader = new StateReader(targets);
  const state = reader.read(json);
  return { state, notes: reader.notes };
}
