import { nearestName, sameName, suggestion } from "./nearest.js";
import { rankFromOrder, TONE_STAGES } from "./order.js";
import type { ChoiceParameter, NumberParameter, Parameter, Unit } from "./parameter.js";
import { findParameter, PARAMETERS } from "./table.js";
import { clampValue, formatRange, formatValue } from "./values.js";

/** A value that was understood, or a sentence that says what is wrong and what to do. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** Written unit in small letters without spaces -> its size in the table's unit. */
const UNITS: Readonly<Record<Unit, ReadonlyMap<string, number>>> = {
  dB: new Map([["db", 1]]),
  dBTP: new Map([["dbtp", 1], ["db", 1]]),
  LUFS: new Map([["lufs", 1], ["lkfs", 1]]),
  Hz: new Map([["hz", 1], ["khz", 1000], ["k", 1000]]),
  ms: new Map([["ms", 1], ["s", 1000]]),
  "%": new Map([["%", 1]]),
  ":1": new Map([[":1", 1]]),
  "": new Map(),
};

const SWITCH_WORDS: ReadonlyMap<string, number> = new Map([
  ["on", 1], ["true", 1], ["yes", 1], ["1", 1], ["off", 0], ["false", 0], ["no", 0], ["0", 0],
]);

/** `row` does not take `given`: says the id, the value, what is allowed, and the remedy. */
function refuse(row: Parameter, given: string, remedy = ""): { readonly problem: string } {
  return { problem: `${row.id} is ${given}; allowed ${formatRange(row)}.${remedy}` };
}

function checkRange(row: NumberParameter, value: number, given: string): Parsed<number> {
  if (value >= row.min && value <= row.max) return { value: value + 0 };
  return refuse(row, given, Number.isNaN(value) ? "" : ` The nearest is ${formatValue(row, clampValue(row, value))}.`);
}

function parseNumber(row: NumberParameter, text: string): Parsed<number> {
  const [, digits, unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([^\d,.].*)?$/i.exec(text.replace("−", "-")) ?? [];
  if (digits === undefined) {
    const comma = /^[+-]?\d*,\d+/.test(text) ? " Write decimals with a point." : "";
    return refuse(row, `"${text}"`, comma || ` Write a number, such as ${formatValue(row, row.default)}.`);
  }
  const factor = unit === "" ? 1 : UNITS[row.unit].get(unit.toLowerCase().replace(/\s/g, ""));
  if (factor === undefined) {
    return refuse(row, `"${text}"`, ` "${unit}" is not its unit; write ${formatValue(row, row.default)}, for example.`);
  }
  return checkRange(row, Number(digits) * factor, text);
}

function parseChoice(row: ChoiceParameter, text: string): Parsed<number> {
  const name = sameName(text, row.choices);
  return name === undefined ? refuse(row, `"${text}"`, suggestion(text, row.choices)) : { value: row.choices.indexOf(name) };
}

function parseOrder(row: Parameter, names: readonly string[]): Parsed<number> {
  const rank = rankFromOrder(names.map((name) => sameName(name, TONE_STAGES) ?? name));
  if (rank !== undefined) return { value: rank };
  const unknown = names.find((name) => sameName(name, TONE_STAGES) === undefined);
  const missing = TONE_STAGES.filter((stage) => !names.some((name) => sameName(name, [stage]) !== undefined));
  if (unknown !== undefined) return refuse(row, `"${names.join(", ")}"`, ` There is no stage "${unknown}".`);
  const remedy = missing.length > 0 ? ` Add ${missing.join(", ")}.` : " Name each stage once.";
  return refuse(row, `"${names.join(", ")}"`, remedy);
}

/**
 * Reads a value as people write it: "-18", "-18.0 dB", "1.2 kHz", "2:1", "tape", "on", "eq, filters, ...". Numbers
 * are taken as written, not snapped to the step. A unit of another kind, a decimal comma, an unknown name and a value
 * out of range are problems.
 */
export function parseValue(row: Parameter, text: string): Parsed<number> {
  const trimmed = text.trim();
  switch (row.kind) {
    case "number":
      return parseNumber(row, trimmed);
    case "switch": {
      const value = SWITCH_WORDS.get(trimmed.toLowerCase());
      return value === undefined ? refuse(row, `"${trimmed}"`) : { value };
    }
    case "choice":
      return parseChoice(row, trimmed);
    case "order":
      return parseOrder(row, trimmed.split(/\s*,\s*|\s+/));
  }
}

/**
 * Reads a value of a JSON file: numbers as numbers or text, switches as true, false or text, choices as their name
 * (a name of digits also as a number), the order as a list of stages.
 */
export function parseJsonValue(row: Parameter, json: unknown): Parsed<number> {
  if (typeof json === "string") return parseValue(row, json);
  if (typeof json === "number" && row.kind === "number") return checkRange(row, json, String(json));
  if (typeof json === "number" && row.kind === "choice") return parseChoice(row, String(json));
  if (typeof json === "boolean" && row.kind === "switch") return { value: json ? 1 : 0 };
  if (row.kind === "order" && Array.isArray(json) && json.every((name) => typeof name === "string")) {
    return parseOrder(row, json);
  }
  return refuse(row, typeof json === "number" ? String(json) : JSON.stringify(json));
}

/** The row of `id`, or a problem that suggests the id that was probably meant. */
export function lookUpParameter(id: string): Parsed<Parameter> {
  const row = findParameter(id);
  if (row) return { value: row };
  const ids = PARAMETERS.map((parameter) => parameter.id);
  // "threshold" for "thresholdDb": people leave the unit out.
  const stem = ids.find((candidate) => candidate.replace(/(?:Dbtp|Db|Hz|Ms|Percent)$/, "").toLowerCase() === id.toLowerCase());
  const nearest = stem ?? nearestName(id, ids);
  return { problem: `There is no parameter "${id}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}` };
}

/** Reads one setting as it is given on a command line: "compressor.ratio=4". */
export function parseSetting(text: string): Parsed<readonly [id: string, value: number]> {
  const equals = text.indexOf("=");
  if (equals < 1) return { problem: `"${text}" is no setting; write parameter=value, such as compressor.ratio=4.` };
  const found = lookUpParameter(text.slice(0, equals).trim());
  if ("problem" in found) return found;
  const parsed = parseValue(found.value, text.slice(equals + 1));
  return "problem" in parsed ? parsed : { value: [found.value.id, parsed.value] };
}
