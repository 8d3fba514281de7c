import { loadTargets } from "../../src/config/targets.js";
import type { BoxState } from "../../src/config/state.js";
import { PARAMETERS } from "../../src/params/table.js";

export const TARGETS = loadTargets().map((target) => target.id);

/** A drive in the range of the table that goes with a number. */
function driveOf(number: number): number {
  return ((number % 481) - 240) / 10;
}

/** A state that can be told from others by its number, 0 or more, which stands in two places. */
export function numberedState(number: number): BoxState {
  const values = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
  return {
    values: { ...values, "loudness.driveDb": driveOf(number) },
    preset: null, isPresetEdited: false, target: TARGETS[0]!, scenes: {}, sceneNames: {}, sceneFadesS: {},
    setList: { scenes: [], at: null, follows: "hand" }, calibration: { number },
  };
}

/** The number that `numberedState` was given; undefined for no state. Throws when the two places do not agree. */
export function numberOf(state: BoxState | null): number | undefined {
  if (state === null) return undefined;
  const { number } = state.calibration;
  if (number === undefined || state.values["loudness.driveDb"] !== driveOf(number)) throw new Error("A state that was never saved.");
  return number;
}
