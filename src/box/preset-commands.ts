import { ConfigError } from "../config/config-error.js";
import { presetJson, type OwnPresets } from "../config/own-presets.js";
import { listPresets, loadPreset, type Preset } from "../config/presets.js";
import type { ParameterStore } from "../control/parameter-store.js";
import { lookUpParameter, parseJsonValue } from "../params/parse.js";
import { sameName } from "../params/nearest.js";
import type { PresetEntry, PresetFile } from "../protocol/messages.js";
import type { BoxCommands } from "../server/box-commands.js";

type PresetCommands = Pick<BoxCommands,
  "listPresets" | "applyPreset" | "savePreset" | "renamePreset" | "deletePreset" | "exportPreset" | "importPreset">;

export interface PresetParts {
  readonly store: ParameterStore;
  readonly presets: OwnPresets;
  /** Is told all presets when they are others than before. */
  readonly onPresets: (presets: readonly PresetEntry[]) => void;
}

const OWN_SENTENCE = "Saved on this box.";

/** The commands about presets: those of the product, which stay as they are, and those of this box. */
export function presetCommands({ store, presets, onPresets }: PresetParts): PresetCommands {
  const shipped = listPresets();
  const names = shipped.map(({ name }) => name);
  const list = (): PresetEntry[] => [
    ...presets.list.map(({ id, name, sentence }) => ({ id, name, sentence, isOwn: true })),
    ...shipped.map(({ name, sentence }) => ({ id: name, name, sentence, isOwn: false })),
  ];
  const requireFree = (name: string): void => {
    const taken = sameName(name, names);
    if (taken !== undefined) throw new RangeError(`"${taken}" comes with the product and stays as it is; take another name.`);
  };
  return {
    listPresets: () => ({ presets: list() }),
    applyPreset: ({ preset }, source) => {
      const own = presets.find(preset);
      const { name, values } = own ?? shippedPreset(preset);
      store.applyPreset(own?.id ?? name, Object.fromEntries(values), source);
      return { values: store.values };
    },
    savePreset: async ({ name }, source) => {
      requireFree(name);
      const id = await presets.save({ name, sentence: OWN_SENTENCE, values: new Map(Object.entries(store.presetValues)) });
      store.labelPreset(id, source);
      onPresets(list());
      return { preset: id };
    },
    renamePreset: async ({ preset, name }) => {
      requireFree(name);
      await presets.rename(preset, name);
      onPresets(list());
      return {};
    },
    deletePreset: async ({ preset }, source) => {
      await presets.delete(preset);
      if (store.state.preset === preset) store.labelPreset(null, source);
      onPresets(list());
      return {};
    },
    exportPreset: ({ preset }) => ({ file: presetJson(presets.find(preset) ?? shippedPreset(preset)) }),
    importPreset: async ({ file }) => {
      const id = await presets.add(presetOfFile(file), (name) => sameName(name, names) !== undefined);
      onPresets(list());
      return { preset: id };
    },
  };
}

/** A preset of the product. @throws RangeError that suggests a near name */
function shippedPreset(name: string): Preset {
  try {
    return loadPreset(name);
  } catch (error) {
    if (error instanceof ConfigError) throw new RangeError(error.problem, { cause: error });
    throw error;
  }
}

function presetOfFile({ name, sentence, values }: PresetFile): Preset {
  return {
    name, sentence: sentence || OWN_SENTENCE,
    values: new Map(Object.entries(values).map(([id, json]) => {
      const found = lookUpParameter(id);
      const parsed = "problem" in found ? found : parseJsonValue(found.value, json);
      if ("problem" in parsed) throw new RangeError(parsed.problem);
      return [id, parsed.value];
    })),
  };
}
