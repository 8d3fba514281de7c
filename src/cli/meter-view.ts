import { bar, cellAt } from "./bars.js";
import { level, type Canvas, type Section } from "./meter-canvas.js";
import { bodyLines } from "./meter-levels.js";
import { distanceText } from "./meter-line.js";
import type { MeterModel } from "./meter-model.js";
import { justified, type Line, type Span, type Tone } from "./painter.js";

const MAX_COLUMNS = 110;
/** The loudness scale about the target, LU: EBU Tech 3341's "EBU +9", and 9 LU more at its foot. */
const SCALE_BELOW_LU = 27;
const SCALE_ABOVE_LU = 9;
/** Where there is no target the scale stands about this. */
const NEUTRAL_LUFS = -14;
/** Nearer than this to the target is at the target. */
const ON_TARGET_LU = 1;

function headLines(model: MeterModel, columns: number, isStale: boolean): Line[] {
  const { status, state } = model;
  const format = status?.audio.format;
  const facts = format === null || format === undefined ? [] : [
    `${format.sampleRateHz / 1000} kHz`, `${format.periodFrames}x${format.periods}`, `${status?.audio.latency.totalMs.toFixed(1)} ms`,
  ];
  const sound = isStale ? "no sound" : status?.audio.state ?? "running";
  const trouble = status?.audio.restarts ? [`${status.audio.restarts} restarts`] : [];
  const tone: Tone = sound === "running" ? "good" : "alarm";
  const preset = `${state.preset ?? "no preset"}${state.isPresetEdited ? " (edited)" : ""}`;
  const isBypassed = state.values["chain.bypass"] === 1;
  return [
    justified([[" Lacquer", "brand"], [`  ${[...facts, ...trouble].join("  ")}`, "soft"]], [[` ${sound} `, tone]], columns),
    justified([[" preset ", "soft"], [preset, "strong"]], isBypassed ? [[" BYPASS ", "alarm"]] : [], columns),
  ];
}

/** Tone of a loudness by its distance from the target, LU. */
function toneAbout(distanceLu: number): Tone {
  if (distanceLu < -ON_TARGET_LU) return "low";
  if (distanceLu <= ON_TARGET_LU) return "good";
  return distanceLu <= 3 ? "warm" : "hot";
}

function scaleLine(centre: number, cells: number): Line {
  const characters = Array.from({ length: cells }, () => " ");
  for (let lu = -SCALE_BELOW_LU; lu <= SCALE_ABOVE_LU; lu += cells < 50 ? 9 : 3) {
    const label = String(Math.round(centre + lu));
    const at = cellAt((lu + SCALE_BELOW_LU) / (SCALE_BELOW_LU + SCALE_ABOVE_LU), cells);
    const start = Math.max(0, Math.min(cells - label.length, at - label.length + 1));
    if (characters.slice(Math.max(0, start - 1), start + label.length + 1).some((character) => character !== " ")) continue;
    for (let i = 0; i < label.length; i++) characters[start + i] = label[i] ?? " ";
  }
  return [["   "], [characters.join(""), "soft"]];
}

/** The great bar: short-term loudness over two lines, momentary below, and a pointer at the integrated loudness. */
function loudnessLines(model: MeterModel, { columns, glyphs }: Canvas): Line[] {
  const { snapshot, target } = model;
  const targetLufs = target?.loudnessLufs ?? null;
  const centre = targetLufs ?? NEUTRAL_LUFS;
  const cells = Math.max(8, columns - 4);
  const shareOf = (lufs: number): number => (lufs - centre + SCALE_BELOW_LU) / (SCALE_BELOW_LU + SCALE_ABOVE_LU);
  const tone = (share: number): Tone =>
    targetLufs === null ? "low" : toneAbout(share * (SCALE_BELOW_LU + SCALE_ABOVE_LU) - SCALE_BELOW_LU);
  const marks = targetLufs === null ? [] : [[shareOf(targetLufs), glyphs.mark, "strong"] as const];
  const row = (label: string, lufs: number | null): Line =>
    [[` ${label} `, "soft"], ...bar(glyphs, { cells, share: lufs === null ? 0 : shareOf(lufs), tone, marks })];
  const integrated = snapshot?.integratedLufs ?? null;
  const pointer = integrated === null ? [] : [...Array.from({ length: cellAt(shareOf(integrated), cells) }, () => " "), glyphs.pointer];
  const goal: Line = targetLufs === null ? [["no loudness target", "soft"]]
    : [[`${target?.name ?? ""} `, "soft"], [`${targetLufs} LUFS`, "strong"]];
  return [
    justified([[" Loudness", "soft"]], [...goal, [" "]], columns),
    scaleLine(centre, cells),
    row("S", snapshot?.shortTermLufs ?? null), row(" ", snapshot?.shortTermLufs ?? null), row("M", snapshot?.momentaryLufs ?? null),
    [["   "], [pointer.join(""), "brand"]],
  ];
}

function clock(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** The figures under the bar, in columns. */
function figureLines(model: MeterModel, columns: number): Line[] {
  const { snapshot, target } = model;
  const targetLufs = target?.loudnessLufs ?? null;
  const integrated = snapshot?.integratedLufs ?? null;
  const ceiling = model.state.values["limiter.ceilingDbtp"];
  const peak = snapshot?.maxTruePeakDbtp ?? null;
  const isOver = peak !== null && ceiling !== undefined && peak > ceiling + 0.05;
  const distance = targetLufs === null ? "" : distanceText(integrated, targetLufs);
  const distanceTone: Tone = targetLufs === null || integrated === null ? "soft" : toneAbout(integrated - targetLufs);
  const cells: readonly { readonly top: Line; readonly below: Span }[] = [
    { top: [["I ", "soft"], [level(integrated), "strong"], [" LUFS", "soft"]], below: [distance, distanceTone] },
    { top: [["S ", "soft"], [level(snapshot?.shortTermLufs), "strong"], [" LUFS", "soft"]], below: [`max ${level(snapshot?.maxShortTermLufs)}`, "soft"] },
    { top: [["M ", "soft"], [level(snapshot?.momentaryLufs), "strong"], [" LUFS", "soft"]], below: [`max ${level(snapshot?.maxMomentaryLufs)}`, "soft"] },
    { top: [["LRA ", "soft"], [level(snapshot?.loudnessRangeLu, 4), "strong"], [" LU", "soft"]],
      below: [`${clock(snapshot?.measuredS ?? 0)}${snapshot?.isPaused ? " paused" : ""}`, snapshot?.isPaused ? "warm" : "soft"] },
    { top: [["TP ", "soft"], [level(peak), isOver ? "alarm" : "strong"], [" dBTP", "soft"]], below: [ceiling === undefined ? "" : `ceiling ${level(ceiling, 0)}`, "soft"] },
  ];
  const perRow = columns >= 78 ? 5 : columns >= 48 ? 3 : columns >= 30 ? 2 : 1;
  const lines: Line[] = [];
  for (let at = 0; at < cells.length; at += perRow) {
    const some = cells.slice(at, at + perRow);
    lines.push(inColumns(some.map((cell) => cell.top)), inColumns(some.map((cell) => [cell.below])));
  }
  return lines;
}

const FIGURE_COLUMNS = 15;

function inColumns(cells: readonly Line[]): Line {
  return cells.flatMap((cell): Line => {
    const width = cell.reduce((sum, [text]) => sum + text.length, 0);
    return [[" "], ...cell, [" ".repeat(Math.max(0, FIGURE_COLUMNS - width))]];
  });
}

/** Takes the least important parts away until the picture fits, then adds the empty lines that there is room for. */
function fitted(sections: readonly Section[], rows: number): Line[] {
  const size = (list: readonly Section[]): number => list.reduce((sum, section) => sum + section.lines.length, 0);
  let kept = sections.filter((section) => section.lines.length > 0);
  while (kept.length > 1 && size(kept) > rows) {
    const least = Math.min(...kept.map((section) => section.importance));
    kept = kept.filter((section) => section.importance !== least);
  }
  let spare = rows - size(kept);
  return kept.flatMap((section, index) => {
    const isApart = section.gap && index > 0 && spare > 0;
    if (isApart) spare--;
    return isApart ? [[], ...section.lines] : section.lines;
  }).slice(0, rows);
}

/** The whole picture: lines from the top, at most as many as the terminal has. */
export function meterPicture(model: MeterModel, canvas: Canvas, nowMs: number): Line[] {
  const columns = Math.min(canvas.columns, MAX_COLUMNS);
  const inner = { ...canvas, columns };
  const notice = model.notice(nowMs);
  const noticeLines: Line[] = notice === null ? [] : [[[" "], [` ${notice.sentence} `, notice.level === "info" ? "soft" : notice.level === "error" ? "alarm" : "warm"]]];
  return fitted([
    { importance: 8, gap: false, lines: headLines(model, columns, model.isStale(nowMs)) },
    { importance: 9, gap: true, lines: loudnessLines(model, inner) },
    { importance: 10, gap: false, lines: figureLines(model, columns) },
    ...bodyLines(model, inner),
    { importance: 7, gap: true, lines: noticeLines },
    { importance: 1, gap: true, lines: [[[" q quit   r reset   p pause   b bypass", "soft"]]] },
  ], canvas.rows);
}
