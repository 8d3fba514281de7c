import { lookUpParameter } from "../params/parse.js";
import type { Parameter } from "../params/parameter.js";
import { clampValue, snapValue } from "../params/values.js";

/** Parameter ids and their values, in the units of the table. */
export type Values = Readonly<Record<string, number>>;

/** The row of `id`. @throws RangeError for an unknown id, with the one that was probably meant */
export function rowOf(id: string): Parameter {
  const found = lookUpParameter(id);
  if ("problem" in found) throw new RangeError(found.problem);
  return found.value;
}

/** What the store holds when `value` is asked for: in the range, and whole where only whole numbers mean something. */
export function heldValue(row: Parameter, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`${row.id} is ${value}; give a finite number.`);
  return row.kind === "number" ? clampValue(row, value) + 0 : snapValue(row, value);
}

/** What the store holds when `changes` are asked for. @throws RangeError for an unknown id or a value that is no finite number */
export function heldValues(changes: Values): Record<string, number> {
  return Object.fromEntries(Object.entries(changes).map(([id, value]) => [id, heldValue(rowOf(id), value)]));
}
