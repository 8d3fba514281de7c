import type { NumberParameter, Parameter } from "../../params/parameter.js";
import { findParameter } from "../../params/table.js";

/** The row of `id`. @throws Error when the table has none: a slip of this page */
export function rowOf(id: string): Parameter {
  const row = findParameter(id);
  if (row === undefined) throw new Error(`There is no parameter "${id}".`);
  return row;
}

/** The row of `id`, which is a number. @throws Error when it is none: a slip of this page */
export function numberOf(id: string): NumberParameter {
  const row = rowOf(id);
  if (row.kind !== "number") throw new Error(`The parameter "${id}" is no number.`);
  return row;
}
