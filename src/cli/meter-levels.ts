import type { TapLevels } from "../protocol/meter-snapshot.js";
import { bar, cellAt } from "./bars.js";
import { level, type Canvas, type Section } from "./meter-canvas.js";
import type { MeterModel } from "./meter-model.js";
import { justified, type LevelTone, type Line, type Span, type Tone } from "./painter.js";

const LEVEL_FLOOR_DB = -60;
const LEVEL_TOP_DB = 3;
const REDUCTION_FULL_DB = 12;
/** Columns before a bar, and behind it for its figures. */
const LABEL_COLUMNS = 9;
const FIGURE_COLUMNS = 15;

const levelShare = (db: number | null): number => db === null ? 0 : (db - LEVEL_FLOOR_DB) / (LEVEL_TOP_DB - LEVEL_FLOOR_DB);

/** Green up to -18 dBFS, the level to aim at, then warmer; red above full scale. */
function levelTone(share: number): LevelTone {
  const db = LEVEL_FLOOR_DB + share * (LEVEL_TOP_DB - LEVEL_FLOOR_DB);
  if (db > -0.5) return "hot";
  return db > -9 ? "warm" : "good";
}

function tapLines(label: string, levels: TapLevels | undefined, holds: MeterModel["inputHolds"], canvas: Canvas): Line[] {
  const cells = Math.max(6, canvas.columns - LABEL_COLUMNS - FIGURE_COLUMNS);
  return ([0, 1] as const).map((side): Line => {
    const holdDb = holds[side].valueDb;
    const rms = levels?.rmsDbfs[side] ?? null;
    const isOver = holdDb > 0;
    const hold: readonly [number, string, Tone] = [levelShare(holdDb), canvas.glyphs.hold, isOver ? "hotBar" : "mark"];
    return [
      [side === 0 ? ` ${label.padEnd(5)}` : "      ", "soft"], [side === 0 ? "L  " : "R  ", "soft"],
      ...bar(canvas.glyphs, { cells, share: levelShare(rms), tone: levelTone, marks: [hold] }),
      [`${level(rms, 6)} `, "plain"], [level(holdDb <= -119 ? null : holdDb, 6), isOver ? "alarm" : "soft"],
    ];
  });
}

function reductionLine(label: string, reductionsDb: readonly number[], { columns, glyphs }: Canvas): Line {
  const all = Math.max(6, columns - LABEL_COLUMNS - FIGURE_COLUMNS);
  const each = Math.floor((all - (reductionsDb.length - 1)) / reductionsDb.length);
  const tone = (share: number): LevelTone => share * REDUCTION_FULL_DB > 6 ? "hot" : "warm";
  const bars = reductionsDb.flatMap((db, index): Line => [
    ...(index > 0 ? [[" "] as Span] : []),
    ...bar(glyphs, { cells: each, share: db / REDUCTION_FULL_DB, tone }),
  ]);
  const rest = all - each * reductionsDb.length - (reductionsDb.length - 1);
  const largest = Math.max(...reductionsDb);
  return [[` ${label.padEnd(LABEL_COLUMNS - 1)}`, "soft"], ...bars, [" ".repeat(rest)],
    [`${level(largest < 0.05 ? 0 : -largest, 6)} `, largest < 0.05 ? "soft" : "plain"], ["dB", "soft"]];
}

function correlationLine(correlation: number | null, { columns, glyphs }: Canvas): Line {
  const cells = Math.max(6, columns - LABEL_COLUMNS - FIGURE_COLUMNS - 6);
  const track = Array.from({ length: cells }, () => glyphs.line);
  track[cellAt(0.5, cells)] = glyphs.mark;
  if (correlation === null) return [[" Corr.   -1 ", "soft"], [track.join(""), "soft"], [" +1     --", "soft"]];
  const at = cellAt((correlation + 1) / 2, cells);
  const tone: Tone = correlation < -0.1 ? "hot" : correlation < 0.2 ? "warm" : "good";
  return [[" Corr.   -1 ", "soft"], [track.slice(0, at).join(""), "soft"], [glyphs.dot, tone], [track.slice(at + 1).join(""), "soft"],
    [" +1 ", "soft"], [correlation.toFixed(2).padStart(6), "plain"]];
}

/** The levels in and out, the reductions and the correlation, as parts of the picture. */
export function bodyLines(model: MeterModel, canvas: Canvas): Section[] {
  const { snapshot, reductions } = model;
  const clips = snapshot?.inputClips ?? 0;
  return [
    { importance: 1.5, gap: true, lines: [justified([[" Level", "soft"]], [["   RMS ", "soft"], [" peak ", "soft"], ["  "]], canvas.columns)] },
    { importance: 5, gap: false, lines: tapLines("In", snapshot?.input, model.inputHolds, canvas) },
    { importance: 6, gap: false, lines: tapLines("Out", snapshot?.output, model.outputHolds, canvas) },
    { importance: 4, gap: true, lines: [
      reductionLine("Compr.", [reductions.compressor], canvas),
      reductionLine("Limiter", [reductions.limiter], canvas),
    ] },
    { importance: 3, gap: false, lines: [
      reductionLine("Bands", reductions.multiband, canvas), reductionLine("Dyn. EQ", reductions.eqDynamic, canvas),
    ] },
    { importance: 2, gap: true, lines: [correlationLine(snapshot?.correlation ?? null, canvas)] },
    { importance: 5.5, gap: false, lines: clips === 0 ? [] : [[[" "], [` Input clipped ${clips} times: turn the mixer down. `, "warm"]]] },
  ];
}
