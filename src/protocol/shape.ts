import { lookUpParameter, parseJsonValue, parseValue } from "../params/parse.js";
import { suggestion } from "../params/nearest.js";
import type { Parameter } from "../params/parameter.js";
import { formatRange } from "../params/values.js";
import { CommandFailure } from "./command-failure.js";
import { quoted } from "./strict-json.js";

/** Reads a value of parsed JSON as a T; throws a CommandFailure that names `path`, the value and what is allowed. */
export type Reader<T> = (value: unknown, path: string) => T;

/** A field that may be left out. */
export interface OptionalField<T> {
  readonly optional: Reader<T>;
}

/** A reader for each field of T, an OptionalField for each that T may lack: neither can be forgotten or invented. */
export type FieldReaders<T> = {
  readonly [Key in keyof T]-?: Partial<Pick<T, Key>> extends Pick<T, Key> ? OptionalField<Exclude<T[Key], undefined>> : Reader<T[Key]>;
};

/** Longest piece of a bad message that a sentence shows. */
const LONGEST_JSON = 60;
/** Longest value of a parameter as people write it: the order of the stages. */
const LONGEST_VALUE = 120;

/** Throws the CommandFailure for `value` at `path`; `allowed` completes the sentence "... allowed". */
function refuse(value: unknown, path: string, allowed: string): never {
  const text = typeof value === "string" ? quoted(value) : typeof value === "number" ? String(value) : JSON.stringify(value) ?? "missing";
  const shown = text.length > LONGEST_JSON ? `${text.slice(0, LONGEST_JSON)}...` : text;
  throw new CommandFailure("badValue", `${path} is ${shown}; allowed ${allowed}.`);
}

/** Marks a field that may be left out. */
export function optional<T>(reader: Reader<T>): OptionalField<T> {
  return { optional: reader };
}

/** A finite number from `min` to `max`. */
export function finite(min = -Number.MAX_VALUE, max = Number.MAX_VALUE): Reader<number> {
  const allowed = min === -Number.MAX_VALUE && max === Number.MAX_VALUE ? "a finite number" : `${min} to ${max}`;
  return (value, path) => (typeof value === "number" && value >= min && value <= max ? value : refuse(value, path, allowed));
}

/** A whole number from `min` to `max`. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, path) => {
    const isAllowed = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
    return isAllowed ? value : refuse(value, path, `whole numbers, ${min} to ${max}`);
  };
}

/** A text of at most `maxLength` characters, none of them a control character. */
export function text(maxLength: number): Reader<string> {
  return (value, path) => {
    const isAllowed = typeof value === "string" && value.length <= maxLength && !/[\u0000-\u001f\u007f]/.test(value);
    return isAllowed ? value : refuse(value, path, `a text of at most ${maxLength} characters in one line`);
  };
}

/** Marks that no name needs: direction overrides, separators of lines, halves of characters, those that show nothing. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2800\u3164]/u;
/** What joins emoji to one ("\u200d"): it may stand between two of them. */
const JOINED = /(\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*)\u200D(?=\p{Extended_Pictographic})/gu;
/** Something that can be seen by itself: no mark on another character, no space, none that fonts leave out. */
const SEEN = /[^\p{Default_Ignorable_Code_Point}\p{M}\p{Z}]/u;
/** Longest name that people give to a phone, a preset, a scene or a song, in UTF-16 units. */
export const MAX_NAME = 32;

/** A name that people give: 1 to `maxLength` characters that can be seen, on one line; white space around it is cut off. */
export function nameReader(maxLength: number): Reader<string> {
  return (value, path) => {
    const name = typeof value === "string" ? value.trim() : "";
    const isAllowed = name.length <= maxLength && SEEN.test(name) && !UNSEEN.test(name.replace(JOINED, "$1"));
    return isAllowed ? name : refuse(value, path, `1 to ${maxLength} characters that can be seen, in one line`);
  };
}

/** A name of at most MAX_NAME characters. */
export const givenName = nameReader(MAX_NAME);

/** true or false. */
export const flag: Reader<boolean> = (value, path) => (typeof value === "boolean" ? value : refuse(value, path, "true or false"));

/** One of the texts or numbers of `allowed`. */
export function oneOf<T extends string | number>(allowed: readonly T[]): Reader<T> {
  return (value, path) => allowed.find((candidate) => candidate === value) ?? refuse(value, path, allowed.join(", "));
}

/** What `reader` reads, or null. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path) => (value === null ? null : reader(value, path));
}

/** A list of at most `maxItems`. */
export function listOf<T>(reader: Reader<T>, maxItems: number): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > maxItems) return refuse(value, path, `a list of at most ${maxItems}`);
    return value.map((item, index) => reader(item, `${path}[${index}]`));
  };
}

function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : refuse(value, path, "an object in braces");
}

/** An object with exactly these fields, less the optional ones; any other is refused, or ignored where a later release may say more. */
export function shape<T extends object>(fields: FieldReaders<T>, others: "refused" | "ignored" = "refused"): Reader<T> {
  const readers = new Map<string, Reader<unknown> | OptionalField<unknown>>(Object.entries(fields));
  return (value, path) => {
    const given = asObject(value, path);
    const prefix = path === "" ? "" : `${path}.`;
    const unknown = Object.keys(given).find((key) => !readers.has(key));
    if (unknown !== undefined && others === "refused") {
      const names = [...readers.keys()];
      const allowed = names.length === 0 ? "" : ` It may have ${names.join(", ")}.`;
      throw new CommandFailure("badValue", `${path || "The message"} has no ${quoted(unknown)}.${suggestion(unknown.slice(0, LONGEST_JSON), names)}${allowed}`);
    }
    const read: [string, unknown][] = [];
    for (const [key, reader] of readers) {
      const isThere = Object.hasOwn(given, key);
      if (typeof reader === "function") read.push([key, reader(isThere ? given[key] : undefined, prefix + key)]);
      else if (isThere) read.push([key, reader.optional(given[key], prefix + key)]);
    }
    return Object.fromEntries(read) as T;
  };
}

/** An object that names each of `keys` and nothing else. */
export function recordOf<Key extends string, T>(keys: readonly Key[], reader: Reader<T>): Reader<Readonly<Record<Key, T>>> {
  return shape(Object.fromEntries(keys.map((key) => [key, reader])) as FieldReaders<Readonly<Record<Key, T>>>);
}

/** The row of `id`. Only what looks like an id is compared with the table: to find a near one costs time. */
function rowOf(id: string): Parameter {
  const looksSound = /^[\w. -]{1,64}$/.test(id);
  const found = looksSound ? lookUpParameter(id) : { problem: `There is no parameter ${quoted(id)}.` };
  if ("problem" in found) throw new CommandFailure("badValue", found.problem, ...(looksSound ? [id] : []));
  return found.value;
}

/** The id of a parameter of the table. */
export const parameterId: Reader<string> = (value, path) => (
  typeof value === "string" ? rowOf(value).id : refuse(value, path, "the id of a parameter"));

function parameterValue(row: Parameter, value: unknown): number {
  if (typeof value === "string") {
    const parsed = parseValue(row, text(LONGEST_VALUE)(value, row.id));
    if ("value" in parsed) return parsed.value;
    throw new CommandFailure("badValue", parsed.problem, row.id);
  }
  const isAllowed = typeof value === "number" && value >= row.min && value <= row.max
    && (row.kind === "number" || Number.isInteger(value));
  if (isAllowed) return value + 0;
  const shown = typeof value === "number" ? String(value) : "no number";
  const asNumber = row.kind === "number" ? "" : `, or as a number ${row.min} to ${row.max}`;
  throw new CommandFailure("badValue", `${row.id} is ${shown}; allowed ${formatRange(row)}${asNumber}.`, row.id);
}

/** Parameter ids with their values: numbers in the table's unit, or texts as people write them; all in their range. */
export const settings: Reader<Readonly<Record<string, number>>> = (value, path) => (
  Object.fromEntries(Object.entries(asObject(value, path)).map(([id, given]) => [id, parameterValue(rowOf(id), given)])));

/** A value as a file of JSON has it. */
export type JsonValue = number | boolean | string | readonly string[];

/** Parameter ids with their values as a file has them, all in their range; they are given back as they were. */
export const jsonSettings: Reader<Readonly<Record<string, JsonValue>>> = (value, path) => {
  const given = Object.entries(asObject(value, path));
  for (const [id, json] of given) {
    const row = rowOf(id);
    const isShort = (JSON.stringify(json) ?? "").length <= LONGEST_VALUE;
    const parsed = isShort ? parseJsonValue(row, json) : { problem: `${row.id} is no value.` };
    if ("problem" in parsed) throw new CommandFailure("badValue", parsed.problem, row.id);
  }
  return Object.fromEntries(given as [string, JsonValue][]);
};
