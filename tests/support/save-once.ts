import { loadState, type LoadedState, type StatePlace } from "../../src/config/load-state.js";
import { StateStore } from "../../src/config/state-store.js";
import { numberedState, TARGETS } from "./numbered-state.js";

/** A place for states with the targets of the product. */
export function placeAt(folder: string, more: Partial<StatePlace> = {}): StatePlace {
  return { folder, targets: TARGETS, ...more };
}

/** Saves the state of a number as a box that starts there would; returns whether it is on the disk, and what was found. */
export async function saveOnce(place: StatePlace, number: number): Promise<{ isSaved: boolean; store: StateStore; loaded: LoadedState }> {
  const loaded = await loadState(place);
  const store = new StateStore(place, loaded, () => numberedState(number));
  store.touch();
  return { isSaved: await store.flush(), store, loaded };
}
