import { isOverCeiling } from "../protocol/over-ceiling.js";
import { bar, cellAt } from "./bars.js";
import { level, type Canvas, type Section } from "./meter-canvas.js";
import { bodyLines } from "./meter-levels.js";
import { distanceText } from "./meter-line.js";
import type { MeterModel } from "./meter-model.js";
import { justified, widthOf, wrapped, type LevelTone, type Line, type Span, type Tone } from "./painter.js";

const MAX_COLUMNS = 110;
/** Below this there is no room for names and fine scales. */
const NARROW_COLUMNS = 50;
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
  const shed = status?.audio.shedding ?? "none";
  const sound = isStale ? "no sound" : shed !== "none" ? "overloaded" : status?.audio.state ?? "running";
  const restarts = status?.audio.restarts ?? 0;
  const trouble = restarts === 0 ? [] : [`${restarts} restart${restarts === 1 ? "" : "s"}`];
  const tone: Tone = sound === "running" ? "good" : "alarm";
  const preset = `${state.preset ?? "no preset"}${state.isPresetEdited ? " (edited)" : ""}`;
  const isBypassed = state.values["chain.bypass"] === 1;
  return [
    justified([[" Lacquer", "brand"], [`  ${[...facts, ...trouble].join("  ")}`, "soft"]], [[` ${sound} `, tone]], columns),
    justified([[" preset ", "soft"], [preset, "strong"]], isBypassed ? [[" BYPASS ", "alarm"]] : [], columns),
  ];
}

/** Tone of a loudness by its distance from the target, LU. */
function toneAbout(distanceLu: number): LevelTone {
  if (distanceLu < -ON_TARGET_LU) return "low";
  if (distanceLu <= ON_TARGET_LU) return "good";
  return distanceLu <= 3 ? "warm" : "hot";
}

/** How far the integrated loudness is from the target, on its colour. */
function distanceSpans(integrated: number | null, targetLufs: number): Line {
  return integrated === null ? [] : [["  "], [` ${distanceText(integrated, targetLufs)} `, toneAbout(integrated - targetLufs)]];
}

function scaleLine(centre: number, cells: number): Line {
  const characters = Array.from({ length: cells }, () => " ");
  for (let lu = -SCALE_BELOW_LU; lu <= SCALE_ABOVE_LU; lu += cells < NARROW_COLUMNS ? 9 : 3) {
    const label = String(Math.round(centre + lu));
    const at = cellAt((lu + SCALE_BELOW_LU) / (SCALE_BELOW_LU + SCALE_ABOVE_LU), cells);
    const start = Math.max(0, Math.min(cells - label.length, at - label.length + 1));
    if (characters.slice(Math.max(0, start - 2), start + label.length + 2).some((character) => character !== " ")) continue;
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
  const tone = (share: number): LevelTone =>
    targetLufs === null ? "low" : toneAbout(share * (SCALE_BELOW_LU + SCALE_ABOVE_LU) - SCALE_BELOW_LU);
  const marks = targetLufs === null ? [] : [[shareOf(targetLufs), glyphs.mark, "mark"] as const];
  const row = (label: string, lufs: number | null): Line =>
    [[` ${label} `, "soft"], ...bar(glyphs, { cells, share: lufs === null ? 0 : shareOf(lufs), tone, marks })];
  const integrated = snapshot?.integratedLufs ?? null;
  const pointer = integrated === null ? [] : [...Array.from({ length: cellAt(shareOf(integrated), cells) }, () => " "), glyphs.pointer];
  const goal: Line = targetLufs === null ? [["no loudness target", "soft"]]
    : [[`${columns < NARROW_COLUMNS ? "" : `${target?.name ?? ""} `}${targetLufs} LUFS`, "soft"], ...distanceSpans(integrated, targetLufs)];
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

/** The figures under the bar: in columns with their maxima below, or close together where there is little room. */
function figureLines(model: MeterModel, columns: number): Line[] {
  const { snapshot, state } = model;
  const ceiling = state.values["limiter.ceilingDbtp"];
  const peak = snapshot?.maxTruePeakDbtp ?? null;
  const isOver = ceiling !== undefined && isOverCeiling(peak, ceiling);
  const figure = (label: string, value: number | null | undefined, unit: string, tone: Tone = "strong"): Line =>
    [[`${label} `, "soft"], [level(value, 5), tone], [` ${unit}`, "soft"]];
  const time = `${clock(snapshot?.measuredS ?? 0)}${snapshot?.isPaused ? " paused" : ""}`;
  const cells: readonly { readonly top: Line; readonly below: Span }[] = [
    { top: figure("I", snapshot?.integratedLufs, "LUFS"), below: [time, snapshot?.isPaused ? "warm" : "soft"] },
    { top: figure("S", snapshot?.shortTermLufs, "LUFS"), below: [`max ${level(snapshot?.maxShortTermLufs)}`, "soft"] },
    { top: figure("M", snapshot?.momentaryLufs, "LUFS"), below: [`max ${level(snapshot?.maxMomentaryLufs)}`, "soft"] },
    { top: figure("LRA", snapshot?.loudnessRangeLu, "LU"), below: ["", "soft"] },
    { top: figure("TP", peak, "dBTP", isOver ? "alarm" : "strong"), below: [ceiling === undefined ? "" : `ceiling ${level(ceiling, 0)}`, "soft"] },
  ];
  if (columns >= cells.length * (FIGURE_COLUMNS + 2)) return [inColumns(cells.map(({ top }) => top)), inColumns(cells.map(({ below }) => [below]))];
  const perRow = Math.max(1, Math.floor(columns / (FIGURE_COLUMNS + 2)));
  const rows = Array.from({ length: Math.ceil(cells.length / perRow) }, (_, row) => cells.slice(row * perRow, (row + 1) * perRow));
  return rows.map((row) => inColumns(row.map(({ top }) => top)));
}

/** Columns of one figure, and of the line over its maximum. */
const FIGURE_COLUMNS = 14;

function inColumns(cells: readonly Line[]): Line {
  return cells.flatMap((cell): Line => [[" "], ...cell, [" ".repeat(Math.max(0, FIGURE_COLUMNS + 1 - widthOf(cell)))]]);
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
  const noticeTone: Tone = notice?.level === "error" ? "alarm" : notice?.level === "warning" ? "warm" : "soft";
  const noticeLines = wrapped(notice?.sentence ?? "", columns - 4).filter((text) => text !== "").map((text): Line => [[" "], [` ${text} `, noticeTone]]);
  return fitted([
    { importance: 8, gap: false, lines: headLines(model, columns, model.isStale(nowMs)) },
    { importance: 9, gap: true, lines: loudnessLines(model, inner) },
    { importance: 10, gap: false, lines: figureLines(model, columns) },
    ...bodyLines(model, inner),
    { importance: 7, gap: true, lines: noticeLines },
    { importance: 1, gap: true, lines: [[[" q quit   r reset   p pause   b bypass", "soft"]]] },
  ], canvas.rows);
}
