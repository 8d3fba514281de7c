import type { BoxConfig } from "../config/config-schema.js";
import { PARAMETERS } from "../params/table.js";
import { formatValue } from "../params/values.js";
import type { BoxStatus, ControlState } from "../protocol/messages.js";

export interface LogBundleParts {
  readonly status: BoxStatus;
  readonly config: BoxConfig;
  readonly state: ControlState;
  /** The last lines of the log, the oldest first. */
  readonly lines: readonly string[];
}

/** One text with everything that helps to find out what is wrong with a box. It holds no key and no code. */
export function logBundle({ status, config, state, lines }: LogBundleParts): string {
  const { notices, version, board, ...others } = status;
  const changed = PARAMETERS.filter((row) => state.values[row.id] !== row.default)
    .map((row) => `${row.id} = ${formatValue(row, state.values[row.id] ?? row.default)}`);
  const { sequence, preset, isPresetEdited, target, scenes, isHardBypassed } = state;
  return [
    `Lacquer ${version} on ${board}`, "",
    ...part("Notices that stand", notices),
    ...part("Last lines of the log", lines),
    ...part("Status", JSON.stringify(others, null, 2).split("\n")),
    ...part("Settings", [JSON.stringify({ sequence, preset, isPresetEdited, target, scenes, isHardBypassed })]),
    ...part("Values that are not at their defaults", changed),
    ...part("Configuration", [JSON.stringify(config, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value), 2)]),
  ].join("\n");
}

function part(title: string, lines: readonly string[]): string[] {
  return [`== ${title}`, ...(lines.length === 0 ? ["none"] : lines), ""];
}
