import { readdirSync } from "node:fs";
import { join } from "node:path";
import { sameName, suggestion } from "../params/nearest.js";
import { lookUpParameter, parseJsonValue } from "../params/parse.js";
import { PARAMETERS } from "../params/table.js";
import { ConfigError } from "./config-error.js";
import { readJsonFile, shippedPresetsFolder } from "./files.js";
import { plainValue, type JsonNode } from "./json-source.js";
import { Section } from "./section.js";

/** A named sound: what it sets apart from the defaults. */
export interface Preset {
  readonly name: string;
  /** What it is for, in one sentence for a musician. */
  readonly sentence: string;
  /** Parameter id -> value of the table; parameters that are not named stand at their defaults. */
  readonly values: ReadonlyMap<string, number>;
}

function readValues(file: string, node: JsonNode): ReadonlyMap<string, number> {
  if (node.kind !== "object") throw new ConfigError(file, node.line, "values must be an object in braces.");
  const values = new Map<string, number>();
  for (const [id, member] of node.members) {
    const found = lookUpParameter(id);
    if ("problem" in found) throw new ConfigError(file, member.line, found.problem);
    const parsed = parseJsonValue(found.value, plainValue(member));
    if ("problem" in parsed) throw new ConfigError(file, member.line, parsed.problem);
    values.set(id, parsed.value);
  }
  return values;
}

/** Reads the preset in `file`; throws a ConfigError that names the file and the line of the first fault. */
function readPreset(file: string): Preset {
  return presetOf(file, readJsonFile(file));
}

/** The preset that a document holds; throws a ConfigError that names `file` and the line of the first fault. */
export function presetOf(file: string, document: JsonNode): Preset {
  const section = new Section(file, "the preset", document, ["version", "name", "sentence", "values"]);
  section.oneOf("version", [1]);
  return {
    name: section.text("name"),
    sentence: section.text("sentence"),
    values: readValues(file, section.node("values")),
  };
}

function presetNames(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length)).sort();
}

/** The presets of `folder` by name, those of the product unless said. */
export function listPresets(folder = shippedPresetsFolder()): Preset[] {
  return presetNames(folder).map((name) => readPreset(join(folder, `${name}.json`)));
}

/**
 * Loads a preset by its name in `folder` ("vocal-presence", "Vocal presence") or by the path of a file: anything with
 * a slash or ending in .json. Throws a ConfigError; for an unknown name it suggests a near one and lists all.
 */
export function loadPreset(nameOrPath: string, folder = shippedPresetsFolder()): Preset {
  if (/[/\\]|\.json$/i.test(nameOrPath)) return readPreset(nameOrPath);
  const names = presetNames(folder);
  const name = sameName(nameOrPath, names);
  if (name !== undefined) return readPreset(join(folder, `${name}.json`));
  const hint = `${suggestion(nameOrPath, names)} There are ${names.join(", ")}; a file of your own ends in .json.`;
  throw new ConfigError(nameOrPath, undefined, `There is no such preset.${hint}`);
}

/** Every parameter as recalling `preset` leaves it: the defaults, and over them the values of the preset. */
export function recalledValues(preset: Preset): ReadonlyMap<string, number> {
  return new Map(PARAMETERS.map((row) => [row.id, preset.values.get(row.id) ?? row.default]));
}
