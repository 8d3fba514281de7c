import type { Figures } from "./figures.js";
import { balanceChart, loudnessChart, reductionChart, spectrumChart } from "./report-charts.js";
import type { ReportData } from "./report-data.js";
import { escapeHtml } from "./report-plot.js";
import { REPORT_STYLE } from "./report-style.js";
import { changeText, decimalText, difference, trueMinus } from "./report-text.js";
import { adjustmentText } from "./text.js";

interface FigureRow {
  readonly name: string;
  readonly unit: string;
  readonly pick: (figures: Figures) => number | null;
}

const INTEGRATED: FigureRow = { name: "Integrated loudness", unit: "LUFS", pick: (figures) => figures.integratedLufs };
const TRUE_PEAK: FigureRow = { name: "True peak", unit: "dBTP", pick: (figures) => figures.truePeakDbtp };
const RANGE: FigureRow = { name: "Loudness range", unit: "LU", pick: (figures) => figures.loudnessRangeLu };
const PLR: FigureRow = { name: "Peak to loudness", unit: "dB", pick: (figures) => figures.plrDb };

const ROWS: readonly FigureRow[] = [
  INTEGRATED,
  { name: "Max momentary", unit: "LUFS", pick: (figures) => figures.maxMomentaryLufs },
  { name: "Max short-term", unit: "LUFS", pick: (figures) => figures.maxShortTermLufs },
  RANGE,
  TRUE_PEAK,
  { name: "Sample peak", unit: "dBFS", pick: (figures) => figures.samplePeakDbfs },
  PLR,
];

/**
 * Renders the report of a mastering run as one HTML page that needs nothing else: no other file, no network, no
 * script. The page is well-formed as XML too.
 */
export function renderReport(data: ReportData): string {
  const title = escapeHtml(data.inputName);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/>
<meta name="viewport" content="width=device-width,initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>${title} \u2013 mastering report</title>
<style>${REPORT_STYLE}</style></head>
<body><main>
${heading(data)}
<p class="outcome${data.isOnTarget ? " good" : ""}">${escapeHtml(trueMinus(data.outcome))}</p>
<section class="tiles">${[INTEGRATED, TRUE_PEAK, RANGE, PLR].map((row) => tile(row, data)).join("")}</section>
<section class="grid2">${figuresTable(data)}${platformsTable(data)}</section>
${settingsTiles(data)}
${loudnessChart(data)}
${reductionChart(data.reduction)}
${spectrumChart(data)}
${balanceChart(data)}
<footer>Loudness, loudness range and true peak by ITU-R BS.1770-5 and EBU Tech 3341 and 3342. Spectra averaged over Hann
windows with half overlap. Platforms change their rules without notice; theirs are as of ${escapeHtml(data.platformsDate)}.</footer>
</main></body></html>
`;
}

function heading(data: ReportData): string {
  const target = data.targetLufs === null ? "no loudness" : `${decimalText(data.targetLufs)} LUFS`;
  const chips: readonly (readonly [string, string])[] = [
    ["Target", data.targetName === null ? target : `${data.targetName}, ${target}`],
    ["Ceiling", `${decimalText(data.ceilingDbtp)} dBTP`],
    ["Preset", data.presetName ?? "none"],
  ];
  const items = chips.map(([name, value]) => `<li><span>${name}</span>${escapeHtml(value)}</li>`).join("");
  return `<header><div class="brand"><b>Lacquer</b><span>${escapeHtml(data.date)}</span></div>
<h1>${escapeHtml(data.inputName)}</h1>
<p class="files">${escapeHtml(data.inputFormat)}</p>
<p class="files">Mastered to ${escapeHtml(data.outputName)}: ${escapeHtml(data.outputFormat)}</p>
<ul class="chips">${items}</ul></header>`;
}

function tile({ name, unit, pick }: FigureRow, { before, after }: ReportData): string {
  return `<div class="tile"><h2>${name}</h2><p>${decimalText(pick(after))}<small>${unit}</small></p>
<div>before ${decimalText(pick(before))}</div></div>`;
}

function figuresTable({ before, after }: ReportData): string {
  const rows = ROWS.map(({ name, unit, pick }) => `<tr><th scope="row">${name}<small>${unit}</small></th>
<td>${decimalText(pick(before))}</td><td class="now">${decimalText(pick(after))}</td>
<td class="soft">${changeText(difference(pick(before), pick(after)))}</td></tr>`);
  return `<section class="card"><h2>Figures</h2><table><thead><tr><th></th><th scope="col">before</th><th scope="col">after</th>
<th scope="col">change</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

function settingsTiles(data: ReportData): string {
  const settings: readonly (readonly [string, string])[] = [
    ["Input trim", changeText(data.trimDb)],
    ["Loudness drive", changeText(data.driveDb)],
    ["Limiting, mean", decimalText(data.meanLimitingDb)],
    ["Limiting, most", decimalText(data.maxLimitingDb)],
  ];
  const tiles = settings.map(([name, value]) => `<div class="tile"><h2>${name}</h2><p>${value}<small>dB</small></p></div>`);
  return `<section class="tiles small">${tiles.join("")}</section>`;
}

function platformsTable({ platforms }: ReportData): string {
  if (platforms.length === 0) return "";
  const rows = platforms.map((reading) => `<tr><th scope="row">${escapeHtml(reading.name)}</th>
<td>${escapeHtml(adjustmentText(reading))}</td></tr>`);
  return `<section class="card"><h2>On the platforms</h2><table><tbody>${rows.join("")}</tbody></table></section>`;
}
