import { presetFile } from "../protocol/preset-file.js";
import type { PresetFile } from "../protocol/messages.js";
import { parseStrictJson } from "../protocol/strict-json.js";

/** Longest preset that is read, in characters. */
const MAX_PRESET_CHARACTERS = 65_536;

/** Hands a text to the phone as a file of this name. */
export function saveText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Reads a preset from a file that was chosen. @throws CommandFailure that says what is wrong with it */
export async function readPreset(file: File): Promise<PresetFile> {
  return presetFile(parseStrictJson((await file.text()).slice(0, MAX_PRESET_CHARACTERS + 1), MAX_PRESET_CHARACTERS, "it"), "");
}

/** A name of a file made of a name that people gave: letters, digits and hyphens. */
export function fileName(name: string, ending: string): string {
  return `${name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "lacquer"}.${ending}`;
}
