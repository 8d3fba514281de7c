import type { PlatformReading } from "../config/targets.js";
import { tenthsText } from "../meters/decibels.js";
import type { Figures } from "./figures.js";

/** A figure with one decimal and its unit, or a dash where there is nothing to show. */
export function figureText(value: number | null, unit: string): string {
  return value === null ? "-" : `${tenthsText(value)} ${unit}`;
}

/** Lines of a table: columns are padded to their widest cell. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, cell.length); });
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()}\n`).join("");
}

/** Label and cells of each figure, for one programme or several side by side. */
export function figureRows(programmes: readonly Figures[]): string[][] {
  const row = (label: string, unit: string, pick: (figures: Figures) => number | null): string[] =>
    [label, ...programmes.map((figures) => figureText(pick(figures), unit))];
  return [
    row("Integrated", "LUFS", (f) => f.integratedLufs),
    row("Loudness range", "LU", (f) => f.loudnessRangeLu),
    row("Max momentary", "LUFS", (f) => f.maxMomentaryLufs),
    row("Max short-term", "LUFS", (f) => f.maxShortTermLufs),
    row("True peak", "dBTP", (f) => f.truePeakDbtp),
    row("Sample peak", "dBFS", (f) => f.samplePeakDbfs),
    row("PLR", "dB", (f) => f.plrDb),
  ];
}

/** Says in words what a platform does. */
export function adjustmentText(reading: Pick<PlatformReading, "adjustmentDb">): string {
  const db = reading.adjustmentDb;
  if (db === null) return "not known";
  if (Math.abs(db) < 0.05) return "played as it is";
  return `turned ${db < 0 ? "down" : "up"} by ${Math.abs(db).toFixed(1)} dB`;
}
