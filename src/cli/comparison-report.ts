import { saidOf, type ComparedCurve, type ComparedFigure, type Comparison } from "../analysis/comparison.js";
import { frequencyAxis, levelTicks } from "./report-charts.js";
import { bandMark, escapeHtml, lineMark, linePath, linearScale, PLOT_HEIGHT, renderPlot } from "./report-plot.js";
import { REPORT_STYLE } from "./report-style.js";
import { decimalText, trueMinus } from "./report-text.js";

/** What the report of a comparison shows. */
export interface ComparisonData {
  readonly mixName: string;
  readonly referenceNames: readonly string[];
  readonly comparison: Comparison;
}

/** Levels beyond are held at the edge of a chart. */
const SPAN_DB = 60;

/** Renders a comparison as one HTML page that needs nothing else and is well-formed as XML too. */
export function renderComparison({ mixName, referenceNames, comparison }: ComparisonData): string {
  const { balance, width, figures } = comparison;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"/>
<meta name="viewport" content="width=device-width,initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>${escapeHtml(mixName)} \u2013 beside its references</title>
<style>${REPORT_STYLE}</style></head>
<body><main>
<header><div class="brand"><b>Lacquer</b></div><h1>${escapeHtml(mixName)}</h1>
<p class="files">Beside ${escapeHtml(referenceNames.join(", "))}</p></header>
<div class="outcome">${saidOf(comparison).map((sentence) => `<p>${escapeHtml(trueMinus(sentence))}</p>`).join("")}</div>
${curveChart(balance, { title: "Tone", note: "Level in thirds of an octave against the loudness, dB. The band holds 10 to 90 % of the references' time." })}
${curveChart(width, { title: "Width", note: "Side over mid in octaves, dB: lower is narrower. The band holds all references." })}
${figuresTable(figures, referenceNames.length > 1)}
<footer>Loudness and loudness range by ITU-R BS.1770-5 and EBU Tech 3342; spectra of windows of 3 s that pass the gate of BS.1770.</footer>
</main></body></html>
`;
}

function curveChart(curve: ComparedCurve, { title, note }: { readonly title: string; readonly note: string }): string {
  const { x, ticks } = frequencyAxis();
  const levels = [...curve.mix, ...curve.middle, ...curve.high].filter((db) => db > -100);
  const high = 6 * Math.ceil((Math.max(...levels) + 1) / 6);
  const low = Math.max(high - SPAN_DB, 12 * Math.floor(Math.min(...levels, ...curve.low.filter((db) => db > -100)) / 12));
  const y = linearScale(high, low, 0, PLOT_HEIGHT);
  const xs = curve.freqHz.map(x);
  return renderPlot({
    title, note,
    summary: `${title} of the mix beside the band of its references.`,
    legend: [{ text: "references", tone: "before" }, { text: "yours", tone: "after" }],
    xTicks: ticks,
    yTicks: levelTicks(low, high, 12, y),
    marks: [
      bandMark(xs, { low: curve.low, high: curve.high }, y, "before"),
      lineMark(linePath(xs, curve.middle, y), "before"),
      lineMark(linePath(xs, curve.mix, y), "after"),
    ],
  });
}

/** @param isSpread whether there are several references, whose least and most are told as well */
function figuresTable(figures: readonly ComparedFigure[], isSpread: boolean): string {
  const spread = (text: string): string => (isSpread ? text : "");
  const rows = figures.map(({ what, unit, mix, references: { low, middle, high } }) => `<tr><th scope="row">${what}<small>${unit}</small></th>
<td class="now">${decimalText(mix)}</td><td>${decimalText(middle)}</td>${spread(`<td class="soft range">${decimalText(low)} to ${decimalText(high)}</td>`)}</tr>`);
  return `<section class="card"><h2>Figures</h2><table><thead><tr><th></th><th scope="col">yours</th><th scope="col">${isSpread ? "references" : "reference"}</th>
${spread('<th scope="col">from, to</th>')}</tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}
