import type { ParameterStore } from "../control/parameter-store.js";
import type { BoxCommands } from "../server/box-commands.js";

type SceneCommands = Pick<BoxCommands,
  "storeScene" | "recallScene" | "renameScene" | "clearScene" | "setSceneFade" | "setSetList" | "stepSetList" | "markSection">;

/** The commands about scenes and the set list of an evening. */
export function sceneCommands(store: ParameterStore): SceneCommands {
  return {
    storeScene: ({ scene }, source) => {
      store.storeScene(scene, source);
      return {};
    },
    recallScene: ({ scene, fadeS }, source) => {
      store.recallScene(scene, source, fadeS);
      return { values: store.values };
    },
    renameScene: ({ scene, name }, source) => {
      store.renameScene(scene, name, source);
      return {};
    },
    clearScene: ({ scene }, source) => {
      store.clearScene(scene, source);
      return {};
    },
    setSceneFade: ({ scene, fadeS }, source) => {
      store.setSceneFade(scene, fadeS, source);
      return {};
    },
    setSetList: (wishes, source) => {
      store.setSetList(wishes, source);
      return { setList: store.state.setList };
    },
    stepSetList: ({ direction }, source) => {
      store.stepSetList(direction, source);
      return { setList: store.state.setList };
    },
    markSection: (_, source) => {
      followMark(store, "sections", source);
      return { setList: store.state.setList };
    },
  };
}

/**
 * Steps the set list where it follows such marks; a list that follows sections follows songs too. At the end of the list
 * the sound stays: a mark alone is no wish for another one.
 */
export function followMark(store: ParameterStore, mark: "songs" | "sections", source: string): void {
  const { setList: { follows, scenes, at }, scenes: held } = store.state;
  if (follows !== mark && follows !== "sections") return;
  if (scenes.slice(at === null ? 0 : at + 1).some((scene) => held.includes(scene))) store.stepSetList("next", source);
}
