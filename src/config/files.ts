import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { ConfigError } from "./config-error.js";
import { parseJson, type JsonNode } from "./json-source.js";

/** Path of the loudness targets that come with the product. */
export function shippedTargetsFile(): string {
  return createRequire(import.meta.url).resolve("#config/targets.json");
}

/** Path of the configuration that comes with the product: every setting with its default. */
export function defaultConfigFile(): string {
  return createRequire(import.meta.url).resolve("#config/default.json");
}

/** Folder of the presets that come with the product. */
export function shippedPresetsFolder(): string {
  return `${dirname(shippedTargetsFile())}/presets`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file.",
  EISDIR: "It is a folder; name a file in it.",
  EACCES: "This user may not read it.",
};

/** Reads a JSON file; throws a ConfigError when it cannot be read or is not JSON. */
export function readJsonFile(file: string): JsonNode {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new ConfigError(file, undefined, REASONS[code] ?? `It cannot be read (${code}).`, { cause });
  }
  return parseJson(file, text);
}
