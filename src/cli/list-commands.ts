import { listPresets } from "../config/presets.js";
import { loadTargets } from "../config/targets.js";
import { PARAMETERS } from "../params/table.js";
import { formatRange, formatValue } from "../params/values.js";
import { readArguments } from "./arguments.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";
import { tableText } from "./text.js";

/** Prints a list as JSON or as a table. */
function print<Row>(argv: readonly string[], terminal: Terminal, rows: readonly Row[], cells: (row: Row) => string[]): void {
  const options = readArguments(argv, { switches: ["json"] });
  const [surplus] = options.files;
  if (surplus !== undefined) throw new UsageError(`"${surplus}" is too much: this command takes no file, only --json.`);
  terminal.out(options.isOn("json") ? `${JSON.stringify(rows, null, 2)}\n` : tableText(rows.map(cells)));
}

/** `lacquer presets`: the shipped presets. */
export function presetsCommand(argv: readonly string[], terminal: Terminal): void {
  const rows = listPresets().map(({ name, sentence, values }) => ({ name, sentence, values: Object.fromEntries(values) }));
  print(argv, terminal, rows, (row) => [row.name, row.sentence]);
}

/** `lacquer targets`: the loudness targets, with where their numbers come from. */
export function targetsCommand(argv: readonly string[], terminal: Terminal): void {
  print(argv, terminal, loadTargets(), (target) => [
    target.id,
    target.loudnessLufs === null ? "no loudness" : `${target.loudnessLufs} LUFS`,
    `${target.ceilingDbtp} dBTP`,
    target.date,
    target.source,
  ]);
}

/** `lacquer params`: every parameter with its range and default. */
export function paramsCommand(argv: readonly string[], terminal: Terminal): void {
  print(argv, terminal, PARAMETERS, (row) => [row.id, formatRange(row), formatValue(row, row.default), row.sentence]);
}
