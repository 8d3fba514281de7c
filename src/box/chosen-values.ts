import type { Values } from "../protocol/messages.js";

/** All of `values`, or those of `ids`. */
export function chosenValues(values: Values, ids: readonly string[] | undefined): Values {
  return ids === undefined ? values : Object.fromEntries(ids.map((id) => [id, values[id] as number]));
}
