import { dirname, resolve } from "node:path";
import { suggestion } from "../params/nearest.js";
import { plainValue, type JsonNode } from "./json-source.js";

/** A value of a configuration file that is being read: where it stands, and whom to tell what is wrong with it. */
export interface Place {
  readonly file: string;
  /** Its name for people: "audio.periodFrames". */
  readonly path: string;
  readonly node: JsonNode;
  report(line: number, problem: string): void;
}

/** How one setting is read, and what people are told about it. */
export interface Rule<T> {
  /** What it is for, in one sentence. */
  readonly sentence: string;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** Gives the value; reports every fault and gives undefined where there is none to use. */
  read(place: Place): T | undefined;
}

/** Writes a value as JSON has it, and the numbers that JSON cannot write as well. */
export function written(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** A rule that takes a value whole or refuses it; `accept` gives undefined for what is not allowed. */
function plain<T>(sentence: string, allowed: string, accept: (value: unknown) => T | undefined): Rule<T> {
  return {
    sentence,
    allowed,
    read: ({ path, node, report }) => {
      const value = plainValue(node);
      const accepted = accept(value);
      if (accepted === undefined) report(node.line, `${path} is ${written(value)}; allowed ${allowed}.`);
      return accepted;
    },
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, sentence: string): Rule<number> {
  return plain(sentence, `${min} to ${max}, a whole number`, (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined);
}

/** A number from `min` to `max`. */
export function range(min: number, max: number, sentence: string): Rule<number> {
  return plain(sentence, `${min} to ${max}`, (value) =>
    typeof value === "number" && value >= min && value <= max ? value : undefined);
}

/** true or false. */
export function trueOrFalse(sentence: string): Rule<boolean> {
  return plain(sentence, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
}

/** One of a few values. */
export function oneOf<T extends string | number>(values: readonly T[], sentence: string): Rule<T> {
  return plain(sentence, values.map(written).join(", "), (value) => values.find((allowed) => allowed === value));
}

/** Some of a few texts, the first the best; none twice. */
export function someOf<T extends string>(values: readonly T[], sentence: string): Rule<readonly T[]> {
  return plain(sentence, `a list in brackets of some of ${values.map(written).join(", ")}, none twice`, (value) => {
    if (!Array.isArray(value) || value.length === 0 || new Set(value).size < value.length) return undefined;
    const known = value.map((item) => values.find((allowed) => allowed === item));
    return known.every((item) => item !== undefined) ? known : undefined;
  });
}

/** A text that `pattern` describes; `allowed` says it in words. */
export function matching(pattern: RegExp, allowed: string, sentence: string): Rule<string> {
  return plain(sentence, allowed, (value) => (isText(value) && pattern.test(value) ? value : undefined));
}

/** A text that is not empty, or null. */
export function textOrNull(allowed: string, sentence: string): Rule<string | null> {
  return plain(sentence, allowed, (value) => (value === null || isText(value) ? value : undefined));
}

/** A path, or null; a relative one starts from the folder of the configuration file. */
export function pathOrNull(sentence: string): Rule<string | null> {
  const text = textOrNull("a path, or null", sentence);
  return {
    ...text,
    read: (place) => {
      const value = text.read(place);
      return value ? resolve(dirname(place.file), value) : value;
    },
  };
}

/** One of a few names, or a path as `pathOrNull` takes it. */
export function nameOrPath(names: readonly string[], sentence: string): Rule<string> {
  const allowed = `${names.map(written).join(", ")}, or the path of a file (with a slash or a dot)`;
  const text = matching(new RegExp(`^(?:${names.join("|")})$|[./]`), allowed, sentence);
  return {
    ...text,
    read: (place) => {
      const value = text.read(place);
      return value === undefined || names.includes(value) ? value : resolve(dirname(place.file), value);
    },
  };
}

/** Says that `path` has no key of this name. */
export function unknownKey(path: string, key: string, keys: readonly string[]): string {
  return `${path} has no "${key}"; allowed ${keys.join(", ")}.${suggestion(key, keys)}`;
}
