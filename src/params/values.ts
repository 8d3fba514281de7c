import { orderFromRank } from "./order.js";
import type { NumberParameter, Parameter } from "./parameter.js";

/** `value` moved into the range of `row`; a value that is no number becomes the default. */
export function clampValue(row: Parameter, value: number): number {
  if (Number.isNaN(value)) return row.default;
  return Math.min(row.max, Math.max(row.min, value));
}

/** Decimals with which the values of a number are written: those of its step. */
export function decimalsOf(row: NumberParameter): number {
  const [, decimals = ""] = String(row.step).split(".");
  return decimals.length;
}

/**
 * The value nearest to `value` that lies in the range and on a step of `row`. Steps are whole multiples of
 * `row.step`, so a snapped value reads the same as it is written. Switches, choices and orders snap to whole numbers.
 */
export function snapValue(row: Parameter, value: number): number {
  const inRange = clampValue(row, value);
  if (row.kind !== "number") return Math.round(inRange);
  const snapped = Number((Math.round(inRange / row.step) * row.step).toFixed(decimalsOf(row)));
  return clampValue(row, snapped) + 0;
}

/** Place of `value` on a control's travel by the taper of `row`: 0 at the minimum, 1 at the maximum. */
export function positionOf(row: Parameter, value: number): number {
  const inRange = clampValue(row, value);
  if (row.kind === "number" && row.taper === "log") {
    return Math.log(inRange / row.min) / Math.log(row.max / row.min);
  }
  return (inRange - row.min) / (row.max - row.min);
}

/** The value on a step of `row` at `position` (0..1, clamped) of a control's travel: the inverse of `positionOf`. */
export function valueAt(row: Parameter, position: number): number {
  const travel = Math.min(1, Math.max(0, position));
  const logarithmic = row.kind === "number" && row.taper === "log";
  return snapValue(row, logarithmic ? row.min * (row.max / row.min) ** travel : row.min + (row.max - row.min) * travel);
}

/** Writes a number with the decimals of its step, without zeros behind the first: "20.0" and "0.05" in steps of 0.05. */
function writeNumber(row: NumberParameter, value: number): string {
  return clampValue(row, value).toFixed(decimalsOf(row)).replace(/(\.\d+?)0+$/, "$1");
}

/** Puts the unit behind a written number: "-18.0 dB", "50 %", "2.0:1", "0.71". */
function withUnit(row: NumberParameter, written: string): string {
  return row.unit === ":1" || row.unit === "" ? written + row.unit : `${written} ${row.unit}`;
}

/**
 * Writes a value for people: "-18.0 dB", "2.0:1", "tape", "on", "filters, eq, ...". Numbers are rounded to the
 * decimals of the step; `parseValue` reads all that this writes.
 */
export function formatValue(row: Parameter, value: number): string {
  switch (row.kind) {
    case "number": {
      const written = writeNumber(row, value);
      return withUnit(row, /[1-9]/.test(written) ? written : written.replace("-", ""));
    }
    case "switch":
      return snapValue(row, value) === 1 ? "on" : "off";
    case "choice":
      return row.choices[snapValue(row, value)] ?? "";
    case "order":
      return orderFromRank(snapValue(row, value)).join(", ");
  }
}

/** Writes what `row` allows: "-60 to 0 dB", "1:1 to 20:1", "on or off", "tape, tube or transformer". */
export function formatRange(row: Parameter): string {
  switch (row.kind) {
    case "number":
      return row.unit === ":1" ? `${row.min}:1 to ${row.max}:1` : `${row.min} to ${row.max} ${row.unit}`.trimEnd();
    case "switch":
      return "on or off";
    case "choice":
      return `${row.choices.slice(0, -1).join(", ")} or ${row.choices.at(-1)}`;
    case "order":
      return `each of ${orderFromRank(0).join(", ")} once, in any order`;
  }
}
