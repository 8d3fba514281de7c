import type { ParameterStore } from "../control/parameter-store.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { Values } from "../protocol/messages.js";
import { chosenValues } from "./chosen-values.js";

const BYPASS = "chain.bypass";

/**
 * Sets values so that they are heard: a bypass of the chain ends with them, as one change, which undo takes back as a whole.
 * Returns what was set. @throws CommandFailure while the relay passes the chain by, which no undo would bring back
 */
export function setToBeHeard(store: ParameterStore, values: Values, source: string): Values {
  if (store.isHardBypassed) {
    throw new CommandFailure("notNow", "The bare input is wired to the output, so nothing of it would be heard; end the hard bypass first.");
  }
  const all = store.get(BYPASS) === 1 ? { ...values, [BYPASS]: 0 } : values;
  store.set(all, source);
  return chosenValues(store.values, Object.keys(all));
}
