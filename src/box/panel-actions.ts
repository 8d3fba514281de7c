import type { ParameterStore } from "../control/parameter-store.js";
import { SCENE_NAMES } from "../control/store-change.js";
import { PANEL_SOURCE } from "../control/panel/bindings.js";
import type { Control, PanelAction, PanelDevices } from "../hal/panel.js";
import type { PairButton } from "../protocol/phones.js";
import type { BoxCommands } from "../server/box-commands.js";

/** The targets that the button of the panel goes through, the last without a loudness to aim at. */
export const PANEL_TARGETS = ["spotify", "apple-music", "youtube", "ebu-r128", "none"] as const;

/** The button by which a phone is paired, among those that the panel has. */
export function pairButton(controls: readonly Control[], { buttons }: Pick<PanelDevices, "buttons">): PairButton | null {
  for (const { name, action, holds } of controls.filter((control) => buttons.has(control.name))) {
    const hold = action === "pair" ? { afterS: 0 } : holds.find((each) => each.action === "pair");
    if (hold !== undefined) return { name, holdS: hold.afterS };
  }
  return null;
}

export interface ActionParts {
  readonly commands: BoxCommands;
  readonly store: Pick<ParameterStore, "state" | "isHardBypassed">;
  /** Switches the machine off. @throws Error when that is refused */
  readonly powerOff: () => Promise<void>;
}

/** What a button does, by the commands that every client has. Answers with lines for the display, where there is anything to say. */
export function panelActions({ commands, store, powerOff }: ActionParts): Readonly<Record<PanelAction, () => Promise<readonly string[]>>> {
  const quietly = (run: () => unknown) => async (): Promise<readonly string[]> => {
    await run();
    return [];
  };
  const scene = (name: (typeof SCENE_NAMES)[number]) => quietly(() => commands.recallScene({ scene: name }, PANEL_SOURCE));
  const step = (direction: "next" | "previous") => async (): Promise<readonly string[]> => {
    const { setList: { scenes, at } } = await commands.stepSetList({ direction }, PANEL_SOURCE);
    const name = scenes[at ?? 0] ?? "A";
    return [`Scene ${name}`, store.state.sceneNames[name], `${(at ?? 0) + 1} of ${scenes.length}`].filter((line) => line !== "");
  };
  let compared = -1;
  return {
    bypass: quietly(() => commands.bypass({}, PANEL_SOURCE)),
    hardBypass: quietly(() => commands.hardBypass({ on: !store.isHardBypassed }, PANEL_SOURCE)),
    compare: async () => {
      const { scenes, sceneNames } = store.state;
      if (scenes.length === 0) return ["No scene is stored", "to compare with."];
      const order = [...SCENE_NAMES.keys()].map((n) => SCENE_NAMES[(compared + 1 + n) % SCENE_NAMES.length]);
      const next = order.find((name) => name !== undefined && scenes.includes(name)) ?? "A";
      compared = SCENE_NAMES.indexOf(next);
      await commands.recallScene({ scene: next }, PANEL_SOURCE);
      return [`Scene ${next}`, ...(sceneNames[next] === "" ? [] : [sceneNames[next]])];
    },
    undo: quietly(() => commands.undo({}, PANEL_SOURCE)),
    redo: quietly(() => commands.redo({}, PANEL_SOURCE)),
    take: async () => {
      const { seconds } = await commands.take({}, PANEL_SOURCE);
      return ["Take written:", `${seconds.toFixed(0)} s`];
    },
    resetMeters: quietly(() => commands.controlMeters({ action: "reset" }, PANEL_SOURCE)),
    newSong: async () => {
      const { songs } = await commands.markSong({}, PANEL_SOURCE);
      return ["New song", `number ${songs.length}`];
    },
    nextTarget: quietly(() => {
      const at = PANEL_TARGETS.indexOf(store.state.target as (typeof PANEL_TARGETS)[number]);
      return commands.setTarget({ target: PANEL_TARGETS[(at + 1) % PANEL_TARGETS.length] as string }, PANEL_SOURCE);
    }),
    reference: async () => {
      const { on } = await commands.compareReference({}, PANEL_SOURCE);
      return [on ? "Reference" : "Mix"];
    },
    armReferences: async () => {
      const { isArmed, hasMonitorOutput } = await commands.comparison({}, PANEL_SOURCE);
      await commands.armReferences({ on: !isArmed }, PANEL_SOURCE);
      if (!isArmed && hasMonitorOutput) return ["References are", "on the monitor", "output."];
      return isArmed ? ["References", "are not armed", "any more."] : ["References armed:", "the recorder hears", "what you hear."];
    },
    pair: quietly(() => commands.startPairing({}, PANEL_SOURCE)),
    forgetPhones: async () => {
      // A door that stood open would let a phone in that was just sent away.
      await commands.stopPairing({}, PANEL_SOURCE);
      const { phones } = await commands.listPhones({}, PANEL_SOURCE);
      for (const { id } of phones) await commands.forgetPhone({ phone: id }, PANEL_SOURCE);
      return phones.length === 0 ? ["No phone was paired."] : [phones.length === 1 ? "1 phone" : `${phones.length} phones`, "forgotten"];
    },
    shutdown: async () => {
      await powerOff();
      return ["Shutting down.", "Wait for the light", "of the board."];
    },
    nextScene: step("next"), previousScene: step("previous"),
    learn: async () => {
      const { learn: { phase } } = await commands.levels({}, PANEL_SOURCE);
      const { learn } = await commands.learn({ action: phase === "listening" ? "stop" : "start" }, PANEL_SOURCE);
      if (learn.plan === null) return ["Play the loudest", "chorus."];
      const { driveDb, predicted: { meanLimitingDb, maxLimitingDb } } = learn.plan;
      return [`Drive ${driveDb.toFixed(1)} dB`, "limiter", `${meanLimitingDb.toFixed(1)} dB, most ${maxLimitingDb.toFixed(1)}`];
    },
    preview: async () => {
      const { preview: { platform } } = await commands.levels({}, PANEL_SOURCE);
      const { preview } = await commands.preview({ platform: platform === null ? store.state.target : null }, PANEL_SOURCE);
      if (preview.platform === null) return ["Full level"];
      return [`As ${preview.platform}`, ...(preview.hasMonitorOutput ? [`${preview.gainDb.toFixed(1)} dB on`, "the monitor"] : [`${preview.gainDb.toFixed(1)} dB, also for`, "the recorder"])];
    },
    section: quietly(() => commands.markSection({}, PANEL_SOURCE)),
    recallSceneA: scene("A"), recallSceneB: scene("B"), recallSceneC: scene("C"), recallSceneD: scene("D"),
  };
}
