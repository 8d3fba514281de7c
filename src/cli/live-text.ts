import { findParameter } from "../params/table.js";
import { formatValue } from "../params/values.js";
import type { ControlState } from "../protocol/messages.js";
import { UsageError } from "./usage-error.js";

/** JSON for people and programs: one value, indented. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Refuses words that a command has no use for. */
export function refuseWords(words: readonly string[], usage: string): void {
  if (words[0] !== undefined) throw new UsageError(`"${words[0]}" is too much: ${usage}`);
}

/** A value with its unit, or the bare number of an id that this program does not know. */
export function valueText(id: string, value: number | undefined): string {
  const row = findParameter(id);
  if (value === undefined) return "-";
  return row === undefined ? String(value) : formatValue(row, value);
}

/** "glue", "glue (edited)", or "none". */
export function presetText({ preset, isPresetEdited }: Pick<ControlState, "preset" | "isPresetEdited">): string {
  return preset === null ? "none" : `${preset}${isPresetEdited ? " (edited)" : ""}`;
}

/** "3 s", "12 min", "5 h 10 min", "3 d 4 h". */
export function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${Math.floor(seconds)} s`;
  if (hours < 1) return `${minutes} min`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
