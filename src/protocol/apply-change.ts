import type { ChangeMessage, ControlState } from "./messages.js";

/**
 * The state after `change`, which must be the one that follows: its number is one more than that of `state`. Undefined
 * when it is another: then changes were missed, and the whole state has to be fetched again.
 */
export function applyChange(state: ControlState, change: ChangeMessage): ControlState | undefined {
  if (change.sequence !== state.sequence + 1) return undefined;
  return { ...state, ...change.state, sequence: change.sequence, values: { ...state.values, ...change.state.values } };
}
