/** The scenes by their names. */
export const SCENES = ["A", "B", "C", "D"] as const;
export type SceneName = (typeof SCENES)[number];

/** Longest cross-fade of a scene, in seconds, and longest set list. */
export const MAX_FADE_S = 10;
export const MAX_SET_LIST = 64;
/** What steps the set list by itself: nothing, the mark of a new song, or that of a section too. */
export const SET_LIST_FOLLOWS = ["hand", "songs", "sections"] as const;

/** The scenes of an evening in their order, and where it stands. */
export interface SetList {
  readonly scenes: readonly SceneName[];
  /** Place of the scene that was recalled last, from 0; null before the first. */
  readonly at: number | null;
  readonly follows: (typeof SET_LIST_FOLLOWS)[number];
}
