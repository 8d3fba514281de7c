import type { LoudnessHistory, ReductionHistory, ReportData } from "./report-data.js";
import {
  areaMark, levelMark, lineMark, linePath, linearScale, PLOT_HEIGHT, PLOT_WIDTH, renderPlot,
  type LegendEntry, type Level, type Scale, type Tick,
} from "./report-plot.js";
import { changeText, clockText, decimalText, difference } from "./report-text.js";

/** Points of a line at most; more would only make the page heavy. */
const MAX_POINTS = 500;
/** Points of a line that is averaged, since several are drawn over each other. */
const MAX_MEAN_POINTS = 120;
/** Reductions below this are no work worth a line. */
const IDLE_DB = 0.05;
const BAND_NAMES = ["Band 1", "Band 2", "Band 3", "Band 4"];
const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
const FREQ_TICKS_HZ = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];

interface ThinSeries {
  readonly levels: Level[];
  /** Points of the original in each. */
  readonly group: number;
}

/** Thins a series out to so many points: one level for each group, by default its largest. */
function thinOut(levels: readonly Level[], maxPoints = MAX_POINTS, pick = (group: number[]): number => Math.max(...group)): ThinSeries {
  const group = Math.max(1, Math.ceil(levels.length / maxPoints));
  const thin: Level[] = [];
  for (let k = 0; k < levels.length; k += group) {
    const present = levels.slice(k, k + group).filter((level): level is number => level !== null && Number.isFinite(level));
    thin.push(present.length === 0 ? null : pick(present));
  }
  return { levels: thin, group };
}

function mean(levels: readonly number[]): number {
  return levels.reduce((sum, level) => sum + level, 0) / levels.length;
}

function timeAxis(durationS: number): { x: Scale; ticks: Tick[] } {
  const x = linearScale(0, durationS, 0, PLOT_WIDTH);
  const step = TIME_STEPS_S.find((seconds) => durationS / seconds <= 8) ?? durationS / 8;
  const count = Math.floor(durationS / step);
  const ticks = Array.from({ length: count + 1 }, (_, k) => ({ at: x(k * step), text: clockText(k * step), isMinor: k % 2 === 1 }));
  return { x, ticks };
}

function timeLine(thin: ThinSeries, stepS: number, x: Scale, y: Scale): string {
  return linePath(thin.levels.map((_, k) => x(k * thin.group * stepS)), thin.levels, y);
}

/** Whole multiples of a step within a range, as grid lines. */
export function levelTicks(from: number, to: number, step: number, y: Scale): Tick[] {
  const ticks: Tick[] = [];
  for (let level = Math.ceil(from / step) * step; level <= to + 1e-9; level += step) {
    ticks.push({ at: y(level), text: decimalText(level).replace(".0", "") });
  }
  return ticks;
}

function durationOf(series: readonly (readonly unknown[])[], stepS: number): number {
  return Math.max(stepS, ...series.map((levels) => (levels.length - 1) * stepS));
}

/** Loudness before and after over time, with the target. */
export function loudnessChart(data: ReportData): string {
  const { loudness, targetLufs } = data;
  const series = seriesOf(loudness);
  const { x, ticks } = timeAxis(durationOf(series.map(({ levels }) => levels), loudness.stepS));
  const [low, high] = loudnessRange(series.map(({ levels }) => levels), targetLufs);
  const y = linearScale(high, low, 0, PLOT_HEIGHT);
  const isEmpty = series.every(({ levels }) => levels.every((level) => level === null));
  return renderPlot({
    title: "Loudness over time",
    note: isEmpty ? "The programme is silent, or too short to have a loudness." : "LUFS: short-term (3 s), and momentary (400 ms) fainter.",
    summary: `Loudness over time: ${decimalText(data.before.integratedLufs)} LUFS integrated before, `
      + `${decimalText(data.after.integratedLufs)} LUFS after.`,
    legend: [
      { text: "before", tone: "before" }, { text: "after", tone: "after" },
      ...(targetLufs === null ? [] : [{ text: `target ${decimalText(targetLufs)}`, tone: "target" }]),
    ],
    xTicks: ticks,
    yTicks: levelTicks(low, high, high - low > 30 ? 12 : 6, y),
    marks: [
      ...series.map(({ levels, tone }) => lineMark(timeLine(thinOut(levels), loudness.stepS, x, y), tone)),
      targetLufs === null ? "" : levelMark(y(targetLufs), "target"),
    ],
  });
}

function seriesOf(loudness: LoudnessHistory): { levels: readonly Level[]; tone: string }[] {
  return [
    { levels: loudness.beforeMomentaryLufs, tone: "before faint" },
    { levels: loudness.afterMomentaryLufs, tone: "after faint" },
    { levels: loudness.beforeShortTermLufs, tone: "before" },
    { levels: loudness.afterShortTermLufs, tone: "after" },
  ];
}

/** From the loudest moment down to where the quiet twentieth begins, in steps of 6 LU; 18 to 48 LU in all. */
function loudnessRange(series: readonly (readonly Level[])[], targetLufs: number | null): [low: number, high: number] {
  const present = series.flat().filter((level): level is number => level !== null && Number.isFinite(level)).sort((a, b) => a - b);
  const loudest = Math.max(present.at(-1) ?? -20, targetLufs ?? -Infinity);
  const quiet = Math.min(present[Math.floor(present.length / 20)] ?? loudest, targetLufs ?? Infinity);
  const high = 6 * Math.ceil((loudest + 0.5) / 6);
  const low = 6 * Math.floor((quiet - 1) / 6);
  return [Math.max(high - 48, Math.min(high - 18, low)), high];
}

/** What the compressor, the bands and the limiter take away over time, hanging from the top. */
export function reductionChart(reduction: ReductionHistory): string {
  const { stepS, compressorDb, multibandDb, limiterDb } = reduction;
  const { x, ticks } = timeAxis(durationOf([compressorDb, limiterDb], stepS));
  const lines = [
    { text: "Compressor", tone: "compressor", levels: compressorDb },
    ...multibandDb.map((levels, k) => ({ text: BAND_NAMES[k] ?? `Band ${k + 1}`, tone: `band${(k % 4) + 1}`, levels })),
  ].filter(({ levels }) => isActive(levels)).map((line) => ({ ...line, thin: thinOut(line.levels, MAX_MEAN_POINTS, mean) }));
  const isLimiting = isActive(limiterDb);
  const deepest = Math.max(largest(limiterDb), ...lines.flatMap(({ thin }) => thin.levels.map((level) => level ?? 0)));
  const range = deepest <= 3 ? 3 : deepest <= 6 ? 6 : 6 * Math.ceil(deepest / 6);
  const y = linearScale(0, range, 0, PLOT_HEIGHT);
  const limiter = thinOut(limiterDb);
  const limiterXs = limiter.levels.map((_, k) => x(k * limiter.group * stepS));
  const limiterLevels = limiter.levels.map((level) => level ?? 0);
  const legend: LegendEntry[] = isLimiting ? [{ text: "Limiter", tone: "limiter" }, ...lines] : lines;
  return renderPlot({
    title: "Gain reduction",
    note: legend.length === 0 ? "Nothing was over a threshold: no gain was reduced." : "dB: of the limiter the peaks, of the others the average.",
    summary: `Gain reduction over time: ${decimalText(largest(limiterDb))} dB at most by the limiter, `
      + `${decimalText(largest(compressorDb))} dB by the compressor.`,
    legend: legend.map(({ text, tone }) => ({ text, tone })),
    xTicks: ticks,
    yTicks: levelTicks(0, range, range / 3, y).map((tick, k) => ({ ...tick, text: k === 0 ? "0" : `\u2212${tick.text}` })),
    marks: [
      isLimiting ? areaMark(limiterXs, limiterLevels, y, 0, "limiter") : "",
      ...lines.map(({ thin, tone }) => lineMark(timeLine(thin, stepS, x, y), tone)),
    ],
    isLow: true,
  });
}

function largest(levels: readonly number[]): number {
  return levels.reduce((most, level) => (level > most ? level : most), 0);
}

function isActive(levels: readonly number[]): boolean {
  return largest(levels) >= IDLE_DB;
}

/** The axis of frequencies, 20 Hz to 20 kHz. */
export function frequencyAxis(): { x: Scale; ticks: Tick[] } {
  const x = (freqHz: number): number => linearScale(Math.log(20), Math.log(20_000), 0, PLOT_WIDTH)(Math.log(freqHz));
  const ticks = FREQ_TICKS_HZ.map((freqHz, k) => ({
    at: x(freqHz), text: freqHz < 1000 ? String(freqHz) : `${freqHz / 1000}k`, isMinor: k % 3 === 1 || k % 3 === 2 && k > 1,
  }));
  return { x, ticks };
}

/** The spectra before and after. */
export function spectrumChart(data: ReportData): string {
  const { spectrumBefore: before, spectrumAfter: after } = data;
  const { x, ticks } = frequencyAxis();
  const present = [...before.levelDbfs, ...after.levelDbfs].filter((level): level is number => level !== null);
  const high = 6 * Math.ceil((Math.max(-60, ...present) + 1) / 6);
  const low = Math.max(high - 72, Math.min(high - 36, 12 * Math.floor(Math.min(high, ...present) / 12)));
  const y = linearScale(high, low, 0, PLOT_HEIGHT);
  return renderPlot({
    title: "Spectrum",
    note: present.length === 0 ? "There is no sound to show." : "Level in thirds of an octave, dBFS, averaged over the whole programme.",
    summary: "Spectrum in thirds of an octave before and after mastering.",
    legend: [{ text: "before", tone: "before" }, { text: "after", tone: "after" }],
    xTicks: ticks,
    yTicks: levelTicks(low, high, 12, y),
    marks: [
      lineMark(linePath(before.freqHz.map(x), before.levelDbfs, y), "before"),
      lineMark(linePath(after.freqHz.map(x), after.levelDbfs, y), "after"),
    ],
  });
}

/** How the balance changed once both are equally loud. */
export function balanceChart(data: ReportData): string {
  const change = balanceChange(data);
  const { x, ticks } = frequencyAxis();
  const present = change.filter((level): level is number => level !== null);
  const range = Math.min(18, Math.max(3, 3 * Math.ceil(Math.max(0, ...present.map(Math.abs)) / 3)));
  const y = linearScale(range, -range, 0, PLOT_HEIGHT);
  return renderPlot({
    title: "Change of balance",
    note: present.length === 0
      ? "There is no sound to show."
      : "dB after against before, both at the same integrated loudness: what changed in tone, not in level.",
    summary: present.length === 0 ? "No change of balance." : `Change of balance at equal loudness, from ${changeText(Math.min(...present))} to ${changeText(Math.max(...present))} dB.`,
    legend: [],
    xTicks: ticks,
    yTicks: levelTicks(-range, range, range / 3 >= 3 ? 6 : range / 3, y).map((tick) => ({ ...tick, text: signed(tick.text) })),
    marks: [
      levelMark(y(0), "zero"),
      lineMark(linePath(data.spectrumAfter.freqHz.map(x), change, y), "after"),
    ],
    isLow: true,
  });
}

/** Difference of the spectra in dB, each taken relative to its integrated loudness. */
export function balanceChange(data: ReportData): Level[] {
  const gainDb = difference(data.before.integratedLufs, data.after.integratedLufs);
  return data.spectrumAfter.levelDbfs.map((after, k) => {
    const changeDb = difference(data.spectrumBefore.levelDbfs[k] ?? null, after);
    return changeDb === null || gainDb === null ? null : changeDb - gainDb;
  });
}

function signed(text: string): string {
  return text === "0" || text.startsWith("\u2212") ? text : `+${text}`;
}
