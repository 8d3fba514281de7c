import type { Target } from "../config/targets.js";
import type { ParameterStore } from "../control/parameter-store.js";
import type { Values } from "../protocol/messages.js";

const RIDE = "loudness.ride";

/** Whether the ride is on and rests: the target asks for no loudness, and that of the one before would be nobody's choice. */
export function isRideResting(store: ParameterStore, targets: readonly Target[]): boolean {
  if (store.get(RIDE) !== 1) return false;
  const { target } = store.state;
  return (targets.find(({ id }) => id === target)?.loudnessLufs ?? null) === null;
}

/** Values for the sound path, the ride as it is to sound: off while it rests. */
export function soundingValues(values: Values, store: ParameterStore, targets: readonly Target[]): Values {
  return { ...values, [RIDE]: isRideResting(store, targets) ? 0 : store.get(RIDE) };
}
