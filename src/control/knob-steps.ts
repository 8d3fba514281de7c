import type { Parameter } from "../params/parameter.js";
import { positionOf, snapValue, valueAt } from "../params/values.js";

/** A click turns a knob with a logarithmic taper by at most this share of its travel: 64 clicks from end to end. */
const LARGEST_CLICK = 1 / 64;

/**
 * Where `value` comes to by `steps` clicks of a knob, up or down, along the taper of `row`. A click is a step of the
 * table; on a logarithmic taper it is the ratio that is a step at the low end, 64 clicks for the whole travel at least.
 * Parts of clicks count, and every turn moves the value by one step at least until it is at the end of its range.
 */
export function turnedValue(row: Parameter, value: number, steps: number): number {
  if (steps === 0) return value;
  const step = row.kind === "number" ? row.step : 1;
  const direction = Math.sign(steps);
  const nearest = snapValue(row, value);
  if (row.kind !== "number" || row.taper === "linear") {
    return snapValue(row, nearest + direction * step * Math.max(1, Math.abs(steps)));
  }
  const click = Math.min(LARGEST_CLICK, positionOf(row, row.min + step));
  const turned = valueAt(row, positionOf(row, nearest) + steps * click);
  return Math.abs(turned - nearest) < step / 2 ? snapValue(row, nearest + direction * step) : turned;
}
