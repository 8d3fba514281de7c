import { dirname, resolve } from "node:path";
import { lookUpParameter, parseJsonValue } from "../params/parse.js";
import { ConfigError } from "./config-error.js";
import { plainValue, type JsonNode } from "./json-source.js";
import { loadPreset } from "./presets.js";
import { written, type Place, type Rule } from "./rules.js";
import { findTarget, loadTargets } from "./targets.js";

/** A text that `check` takes; the message of what it throws is the finding. */
function checked<T>(place: Place, check: (text: string) => T): T | undefined {
  const value = plainValue(place.node);
  try {
    if (typeof value !== "string") throw new RangeError(`${written(value)} is no text in double quotes.`);
    return check(value);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof ConfigError)) throw error;
    place.report(place.node.line, `${place.path}: ${error.message}`);
    return undefined;
  }
}

/** A preset by name, or by a path that starts from the folder of the configuration file; or null. */
export function presetOrNull(sentence: string): Rule<string | null> {
  return {
    sentence,
    allowed: "the name of a preset, the path of one, or null",
    read: (place) => plainValue(place.node) === null ? null : checked(place, (text) => {
      const nameOrPath = /[/\\]|\.json$/i.test(text) ? resolve(dirname(place.file), text) : text;
      loadPreset(nameOrPath);
      return nameOrPath;
    }),
  };
}

/** A loudness target; its id is the value. */
export function target(sentence: string): Rule<string> {
  return {
    sentence,
    allowed: "id, name or alias of a target",
    read: (place) => checked(place, (text) => findTarget(loadTargets(), text).id),
  };
}

/** Reads `node` as the value of the parameter `id`; gives undefined and reports when it is none. */
export function readParameterValue(id: string, node: JsonNode, report: Place["report"]): number | undefined {
  const found = lookUpParameter(id);
  const parsed = "problem" in found ? found : parseJsonValue(found.value, plainValue(node));
  if (!("problem" in parsed)) return parsed.value;
  report(node.line, parsed.problem);
  return undefined;
}

/** Values of parameters by id. */
export function parameterValues(sentence: string): Rule<ReadonlyMap<string, number>> {
  return {
    sentence,
    allowed: "parameter ids with their values, in braces",
    read: ({ path, node, report }) => {
      if (node.kind !== "object") {
        report(node.line, `${path} must be an object in braces.`);
        return undefined;
      }
      const values = new Map<string, number>();
      for (const [id, member] of node.members) {
        const value = readParameterValue(id, member, report);
        if (value !== undefined) values.set(id, value);
      }
      return values;
    },
  };
}
