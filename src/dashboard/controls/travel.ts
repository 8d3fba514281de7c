import type { NumberParameter } from "../../params/parameter.js";
import { positionOf, snapValue, valueAt } from "../../params/values.js";
import { clamp } from "../curves/scales.js";

/** Share of the travel that one press of a step button moves a value whose steps are ratios. */
const LOG_STEP = 1 / 200;
/** How far above or below a slider a finger makes it fine, and how fine: an eighth, then a fortieth. */
const FINE_PX = 48;
const FINER_PX = 130;

/** Speed of a drag at a vertical distance from the slider's middle: 1 on it, less the farther away. */
export function dragSpeed(distancePx: number, isFine: boolean): number {
  if (isFine || Math.abs(distancePx) > FINER_PX) return 1 / 40;
  return Math.abs(distancePx) > FINE_PX ? 1 / 8 : 1;
}

/** The value `steps` presses away: in steps of the table, or in small ratios where the taper is one, at least a step each. */
export function stepped(row: NumberParameter, value: number, steps: number): number {
  if (row.taper === "linear") return snapValue(row, value + steps * row.step);
  const moved = valueAt(row, positionOf(row, value) + steps * LOG_STEP);
  const least = snapValue(row, value + Math.sign(steps) * row.step);
  return Math.sign(steps) * (moved - least) > 0 ? moved : least;
}

/** Where the bar of a value begins: at zero for what goes to both sides of it, else at the low end. */
export function originOf(row: NumberParameter): number {
  return row.min < 0 && row.max > 0 ? positionOf(row, 0) : 0;
}

/** Where the values of a parameter lie on what a finger drags along, and the value on a step that lies at a place. */
export interface Scale {
  placeOf(value: number): number;
  valueAt(place: number): number;
}

/** The travel of a slider: 0 at the minimum, 1 at the maximum. */
export function travelOf(row: NumberParameter): Scale {
  return { placeOf: (value) => positionOf(row, value), valueAt: (place) => valueAt(row, place) };
}

/** A value in the hand: drags move it from where the box holds it, without rounding on the way. */
export class Grip {
  readonly #scale: Scale;
  readonly #ends: readonly [number, number];
  #place: number;
  #sent: number;

  constructor(row: NumberParameter, value: number, scale = travelOf(row)) {
    this.#scale = scale;
    this.#ends = [scale.placeOf(row.min), scale.placeOf(row.max)];
    this.#place = scale.placeOf(value);
    this.#sent = value;
  }

  /** Moves along the scale; answers the value there. */
  move(by: number): number {
    this.#place = clamp(this.#place + by, ...this.#ends);
    this.#sent = this.#scale.valueAt(this.#place);
    return this.#sent;
  }

  /** The box holds `value` without this hand's doing: the drag goes on from there. */
  take(value: number): void {
    this.#place = this.#scale.placeOf(value);
    this.#sent = value;
  }

  /** What this hand asked for last. */
  get sent(): number {
    return this.#sent;
  }
}
