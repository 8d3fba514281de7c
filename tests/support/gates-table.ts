import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reporter } from "vitest/node";
import type { Gate } from "./gates.js";

/** Environment variable that tells the test processes where to gather figures, one line of JSON each. */
export const GATES_FILE_VARIABLE = "LACQUER_GATES_FILE";

/** Levels below this are those of digital silence, whose logarithm has to be some number. */
const SILENCE_DB = -1000;

/** Vitest's reporter of the figures: an empty table before the tests, printed after them and above what failed. */
export class GatesTable implements Reporter {
  readonly #folder = mkdtempSync(join(tmpdir(), "lacquer-gates-"));
  readonly #file = join(this.#folder, "gates.jsonl");

  onInit(): void {
    process.env[GATES_FILE_VARIABLE] = this.#file;
  }

  onTestRunEnd(): void {
    if (existsSync(this.#file)) console.log(gatesTable(readFileSync(this.#file, "utf8")));
    rmSync(this.#folder, { recursive: true });
  }
}

function gatesTable(lines: string): string {
  const gates = lines.trimEnd().split("\n").map((line) => JSON.parse(line) as Gate);
  const rows = worstOfEach(gates)
    .sort((a, b) => `${a.stage} ${a.what}`.localeCompare(`${b.stage} ${b.what}`, "en", { numeric: true }))
    .map((gate) => [gate.stage, gate.what, figure(gate.measured, gate.unit), bar(gate.must, gate), bar(gate.stretch, gate)]);
  const table = [["stage", "figure", "measured", "must", "stretch"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return `\nQuality figures\n${table.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()).join("\n")}\n`;
}

/** One gate a name: that which is nearest to its bar, or farthest beyond it. */
function worstOfEach(gates: readonly Gate[]): Gate[] {
  const worst = new Map<string, Gate>();
  for (const gate of gates) {
    const key = JSON.stringify([gate.stage, gate.what, gate.unit, gate.must]);
    const known = worst.get(key);
    if (!known || (gate.atLeast ? gate.measured < known.measured : gate.measured > known.measured)) worst.set(key, gate);
  }
  return [...worst.values()];
}

function bar(value: number | undefined, gate: Gate): string {
  return value === undefined ? "" : `${gate.atLeast ? ">=" : "<="} ${figure(value, gate.unit)}`;
}

/** A value with its unit, to four digits or so; JSON turns what is not finite into null. */
function figure(value: number | null, unit: string): string {
  if (value === null) return "not finite";
  if (unit.startsWith("dB") && value < SILENCE_DB) return "exact zero";
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return `${value.toExponential(1)} ${unit}`;
  return `${Number(value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 4))} ${unit}`;
}
