import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Gate } from "./gates.js";

/** Where the figures of a test run are gathered, one line of JSON each. */
export const GATES_FILE = fileURLToPath(new URL("../../node_modules/.cache/lacquer-gates.jsonl", import.meta.url));

/** Vitest's global set-up: an empty table before the tests, printed after them. */
export function setup(): () => void {
  mkdirSync(dirname(GATES_FILE), { recursive: true });
  rmSync(GATES_FILE, { force: true });
  return () => {
    if (existsSync(GATES_FILE)) console.log(gatesTable(readFileSync(GATES_FILE, "utf8")));
  };
}

function gatesTable(lines: string): string {
  const gates = lines.trimEnd().split("\n").map((line) => JSON.parse(line) as Gate);
  const rows = gates
    .sort((a, b) => `${a.stage} ${a.what}`.localeCompare(`${b.stage} ${b.what}`))
    .map((gate) => [gate.stage, gate.what, figure(gate.measured, gate.unit), bar(gate.must, gate), bar(gate.stretch, gate)]);
  const table = [["stage", "figure", "measured", "must", "stretch"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return `\nQuality figures\n${table.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()).join("\n")}\n`;
}

function bar(value: number | undefined, gate: Gate): string {
  return value === undefined ? "" : `${gate.atLeast ? ">=" : "<="} ${figure(value, gate.unit)}`;
}

function figure(value: number, unit: string): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 1 ? 2 : size >= 0.001 || size === 0 ? 4 : 8;
  return `${Number(value.toFixed(digits))} ${unit}`;
}
