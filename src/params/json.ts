import { orderFromRank } from "./order.js";
import type { Parameter } from "./parameter.js";
import { snapValue } from "./values.js";

/**
 * The value of `row` as a JSON file has it: numbers as they are, switches as true or false, choices as their name, the
 * order as a list of stages. Files keep their meaning when choices are added; `parseJsonValue` reads all that this gives.
 */
export function jsonOfValue(row: Parameter, value: number): number | boolean | string | readonly string[] {
  switch (row.kind) {
    case "number":
      return value;
    case "switch":
      return snapValue(row, value) === 1;
    case "choice":
      return row.choices[snapValue(row, value)] ?? "";
    case "order":
      return orderFromRank(snapValue(row, value));
  }
}
