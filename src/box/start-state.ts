import type { BoxConfig } from "../config/config-schema.js";
import { loadPreset } from "../config/presets.js";
import type { ParameterStore } from "../control/parameter-store.js";
import type { Values } from "../protocol/messages.js";

const SOURCE = "box";
/** Stages that colour or move the sound; in safe mode all of them are passed by, and the limiter alone works. */
const BYPASSED_IN_SAFE_MODE = ["filters", "eq", "compressor", "multiband", "imager", "saturation", "loudness"] as const;

/**
 * Puts the store where a box without saved state begins: the target, preset and values of its configuration.
 * @param values - values of the board, under those of the configuration
 */
export function beginAsConfigured(store: ParameterStore, { preset, target, values: own }: BoxConfig["start"], values: Values): void {
  store.setTarget(target, SOURCE);
  if (preset !== null) {
    const { name, values: named } = loadPreset(preset);
    store.applyPreset(name, Object.fromEntries(named), SOURCE);
  }
  store.set({ ...values, ...Object.fromEntries(own) }, SOURCE);
  forgetHistory(store);
}

/** Puts the store where a box begins that failed too often: everything at the factory's value, only the limiter at work. */
export function beginSafely(store: ParameterStore): void {
  store.reset(undefined, SOURCE);
  store.set(Object.fromEntries(BYPASSED_IN_SAFE_MODE.map((stage) => [`${stage}.bypass`, 1])), SOURCE);
  forgetHistory(store);
}

/** Nothing that the start did can be undone by a person. */
function forgetHistory(store: ParameterStore): void {
  store.restore(store.snapshot(), SOURCE);
}
