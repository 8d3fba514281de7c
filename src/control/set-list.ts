import type { SceneName } from "./store-change.js";

/** Longest set list. */
export const MAX_SET_LIST = 64;
/** What steps the list by itself: nothing, the mark of a new song, or that of a section too. */
export const SET_LIST_FOLLOWS = ["hand", "songs", "sections"] as const;
export type SetListFollows = (typeof SET_LIST_FOLLOWS)[number];

/** The scenes of an evening in their order, and where it stands. */
export interface SetListState {
  readonly scenes: readonly SceneName[];
  /** Place of the scene that was recalled last, from 0; null before the first. */
  readonly at: number | null;
  readonly follows: SetListFollows;
}

export const NO_SET_LIST: SetListState = { scenes: [], at: null, follows: "hand" };

/** The list with other scenes; where it stands is kept as far as there is such a place. */
export function withScenes(list: SetListState, scenes: readonly SceneName[]): SetListState {
  if (scenes.length > MAX_SET_LIST) throw new RangeError(`The set list has ${scenes.length} scenes; allowed ${MAX_SET_LIST}. Leave some out.`);
  const at = scenes.length === 0 || list.at === null ? null : Math.min(list.at, scenes.length - 1);
  return { ...list, scenes: [...scenes], at };
}

/**
 * The next place before or behind the present one whose scene is among `held`, and that scene: one that was emptied is passed over.
 * @throws RangeError where the list is empty or ends, or holds nothing but emptied scenes from here on
 */
export function steppedPlace(
  list: SetListState, direction: "next" | "previous", held: readonly SceneName[],
): { readonly at: number; readonly scene: SceneName } {
  if (list.scenes.length === 0) throw new RangeError("The set list is empty; put scenes into it first.");
  const step = direction === "next" ? 1 : -1;
  const first = list.at === null ? (direction === "next" ? 0 : -1) : list.at + step;
  for (let at = first, scene = list.scenes[at]; scene !== undefined; at += step, scene = list.scenes[at]) if (held.includes(scene)) return { at, scene };
  const empty = list.scenes[first];
  throw new RangeError(empty === undefined ? `The set list ${direction === "next" ? "ends" : "begins"} here.` : `Scene ${empty} is empty; store it first.`);
}
