import type { Labels } from "./adjustments.js";
import type { SetListState } from "./set-list.js";

export const SCENE_NAMES = ["A", "B", "C", "D"] as const;
export type SceneName = (typeof SCENE_NAMES)[number];

/** Everything that a client needs to show the controls. */
export interface StoreState extends Labels {
  /** Number of the last change. */
  readonly sequence: number;
  /** One value for each id of the table. */
  readonly values: Readonly<Record<string, number>>;
  /** Scenes that hold something. */
  readonly scenes: readonly SceneName[];
  /** What people call each scene; empty where it has no name. */
  readonly sceneNames: Readonly<Record<SceneName, string>>;
  /** Seconds over which each scene fades in when it is recalled. */
  readonly sceneFadesS: Readonly<Record<SceneName, number>>;
  /** The scene that is fading in; null when none is. */
  readonly fadingTo: SceneName | null;
  readonly setList: SetListState;
  /** Whether a person let the bypass relay go. */
  readonly isHardBypassed: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** One change: only what is different now, and of the values only those that are. */
export interface StoreChange {
  /** One more than that of the change before. */
  readonly sequence: number;
  /** Who made it: "knob", "phone", "cli", "box" ... */
  readonly source: string;
  readonly state: Partial<Omit<StoreState, "sequence">>;
}
