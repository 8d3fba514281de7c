import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { ConfigError } from "./config-error.js";
import { parseJson, type JsonNode } from "./json-source.js";

/** Path of the loudness targets that come with the product. */
export function shippedTargetsFile(): string {
  return createRequire(import.meta.url).resolve("#config/targets.json");
}

/** Folder of the presets that come with the product. */
export function shippedPresetsFolder(): string {
  return `${dirname(shippedTargetsFile())}/presets`;
}

/** Reads a JSON file; throws a ConfigError when it cannot be read or is not JSON. */
export function readJsonFile(file: string): JsonNode {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigError(file, undefined, missing ? "There is no such file." : `It cannot be read: ${String(cause)}.`, { cause });
  }
  return parseJson(file, text);
}
