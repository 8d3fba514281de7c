import { existsSync } from "node:fs";
import { boardFindings } from "../config/board-findings.js";
import { configPlaces, findConfigFile, loadBoxConfig } from "../config/box-config.js";
import type { ConfigError } from "../config/config-error.js";
import { settingRules, settingValue } from "../config/config-schema.js";
import { jsonOfValue } from "../params/json.js";
import { findParameter } from "../params/table.js";
import { readArguments, type Arguments } from "./arguments.js";
import { thisMachine } from "./doctor/machine.js";
import { thisBoard } from "./doctor/this-board.js";
import type { Hardware } from "./hardware.js";
import type { Terminal } from "./terminal.js";
import { tableText } from "./text.js";
import { UsageError } from "./usage-error.js";

const USAGE = "write lacquer config check [FILE], lacquer config show or lacquer config path; --config FILE and --json may follow.";

/** Exit code of a configuration that has a fault. */
const BAD_CONFIG = 2;

/** What an action is done with. */
interface Task {
  readonly file: string | undefined;
  readonly isJson: boolean;
  readonly terminal: Terminal;
  readonly hardware: Hardware;
}

/** Values of a configuration for JSON: those of parameters are written as people write them. */
function jsonValue(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...(value as ReadonlyMap<string, number>)].map(([id, number]) => {
    const row = findParameter(id);
    return [id, row ? jsonOfValue(row, number) : number];
  }));
}

function reportFindings(findings: readonly ConfigError[], terminal: Terminal): number {
  for (const finding of findings) terminal.err(`lacquer: ${finding.message}\n`);
  return findings.length === 0 ? 0 : BAD_CONFIG;
}

/** Says all that is wrong with the file, in itself and beside the board that it names or that is here. */
function check({ file, isJson, terminal, hardware: { boards } }: Task): number {
  const loaded = loadBoxConfig(file);
  const { board } = thisBoard(thisMachine(), loaded.config, boards);
  const findings = [...loaded.findings, ...boardFindings(loaded, board, boards)];
  if (isJson) {
    terminal.out(`${JSON.stringify({ file: file ?? null, findings: findings.map(({ line = null, problem }) => ({ line, problem })) }, null, 2)}\n`);
    return findings.length === 0 ? 0 : BAD_CONFIG;
  }
  const code = reportFindings(findings, terminal);
  if (code === 0) terminal.out(file === undefined ? "There is no configuration file; the defaults hold.\n" : `${file} is in order.\n`);
  return code;
}

/** Shows every setting in effect, and the file and line that it comes from. */
function show({ file, isJson, terminal }: Task): number {
  const loaded = loadBoxConfig(file);
  const rows = settingRules().map(([key]) => {
    const value = jsonValue(settingValue(loaded.config, key));
    return { key, value, origin: loaded.origins.get(key) ?? "" };
  });
  terminal.out(isJson
    ? `${JSON.stringify(rows, null, 2)}\n`
    : tableText(rows.map(({ key, value, origin }) => [key, JSON.stringify(value), origin])));
  return reportFindings(loaded.findings, terminal);
}

/** Shows where the configuration is looked for, and which file is used. */
function path({ file, isJson, terminal }: Task): number {
  const places = configPlaces(process.env);
  const files = file === undefined || places.includes(file) ? places : [file, ...places];
  const rows = files.map((candidate) => ({ file: candidate, isUsed: candidate === file, exists: existsSync(candidate) }));
  const state = (row: (typeof rows)[number]): string => (row.isUsed ? "used" : row.exists ? "not used" : "absent");
  terminal.out(isJson ? `${JSON.stringify(rows, null, 2)}\n` : tableText(rows.map((row) => [row.file, state(row)])));
  return 0;
}

function fileOf(options: Arguments, action: string): string | undefined {
  const [named, ...surplus] = options.files.slice(1);
  const [excess] = action === "check" ? surplus : options.files.slice(1);
  if (excess !== undefined) throw new UsageError(`"${excess}" is too much: ${USAGE}`);
  const config = options.value("config");
  if (named !== undefined && config !== undefined) throw new UsageError(`Two files are named, ${named} and ${config}; keep one.`);
  return findConfigFile(process.env, named ?? config);
}

/** `lacquer config check|show|path`: checks the configuration, shows it with its origins, says where it is looked for. */
export function configCommand(argv: readonly string[], terminal: Terminal, hardware: Hardware): number {
  const options = readArguments(argv, { values: ["config"], switches: ["json"] });
  const [action = ""] = options.files;
  const run = { check, show, path }[action];
  if (run === undefined) throw new UsageError(action === "" ? `An action is needed: ${USAGE}` : `"${action}" is no action: ${USAGE}`);
  return run({ file: fileOf(options, action), isJson: options.isOn("json"), terminal, hardware });
}
