/** Drawing of one chart: an SVG that stretches to the width there is, with its labels as text beside and over it. */

/** Size of the drawing area in its own units; the page stretches it. */
export const PLOT_WIDTH = 1000;
export const PLOT_HEIGHT = 400;

/** Maps a value to a coordinate of the drawing area. */
export type Scale = (value: number) => number;

/** A value, or null where there is none and the line breaks. */
export type Level = number | null;

export interface Tick {
  /** Coordinate in the drawing area. */
  readonly at: number;
  readonly text: string;
  /** Left out where there is little room. */
  readonly isMinor?: boolean;
}

export interface LegendEntry {
  readonly text: string;
  /** Class of the colour, as in `STYLE`. */
  readonly tone: string;
}

export interface Plot {
  readonly title: string;
  /** One sentence below the title. */
  readonly note: string;
  /** What a reader who cannot see the drawing is told. */
  readonly summary: string;
  readonly legend: readonly LegendEntry[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** SVG elements, drawn over the grid in this order. */
  readonly marks: readonly string[];
  readonly isLow?: boolean;
}

/** Escapes text for the content of an element and for attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "")
    // Control characters have no place in a page, and some make it ill-formed.
    .replace(/\p{Cc}/gu, " ");
}

/** A linear scale from values to coordinates; values beyond the ends are held at the edge. */
export function linearScale(from: number, to: number, start: number, end: number): Scale {
  return (value) => {
    const share = Math.max(0, Math.min(1, (value - from) / (to - from)));
    return start + share * (end - start);
  };
}

/** A coordinate with one decimal, as short as it goes. */
function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A line through the points; it breaks where a level is null or not a number. A lone point becomes a dot. */
export function linePath(xs: readonly number[], levels: readonly Level[], y: Scale): string {
  let path = "";
  let isDrawing = false;
  levels.forEach((level, k) => {
    const x = xs[k];
    if (level === null || !Number.isFinite(level) || x === undefined) {
      isDrawing = false;
      return;
    }
    path += `${isDrawing ? "L" : "M"}${coordinate(x)} ${coordinate(y(level))}`;
    if (!isDrawing) path += "h0";
    isDrawing = true;
  });
  return path;
}

export function lineMark(path: string, tone: string): string {
  return path === "" ? "" : `<path class="line ${tone}" d="${path}"/>`;
}

/** A straight line from edge to edge. */
export function levelMark(at: number, tone: string): string {
  return `<path class="line ${tone}" d="M0 ${coordinate(at)}H${PLOT_WIDTH}"/>`;
}

/** The area between a line and a level. */
export function areaMark(xs: readonly number[], levels: readonly number[], y: Scale, baseY: number, tone: string): string {
  const [first] = xs;
  const last = xs.at(-1);
  if (first === undefined || last === undefined) return "";
  const points = levels.map((level, k) => `L${coordinate(xs[k] ?? last)} ${coordinate(y(level))}`).join("");
  return `<path class="area ${tone}" d="M${coordinate(first)} ${coordinate(baseY)}${points}L${coordinate(last)} ${coordinate(baseY)}Z"/>`;
}

/** The area between two lines. */
export function bandMark(xs: readonly number[], { low, high }: { readonly low: readonly number[]; readonly high: readonly number[] }, y: Scale, tone: string): string {
  const point = (level: number, k: number): string => `${coordinate(xs[k] ?? 0)} ${coordinate(y(level))}`;
  const there = high.map(point);
  const back = low.map(point).reverse();
  return there.length === 0 ? "" : `<path class="area ${tone}" d="M${[...there, ...back].join("L")}Z"/>`;
}

/** The chart as HTML. */
export function renderPlot(plot: Plot): string {
  const { title, note, summary, legend, xTicks, yTicks, marks, isLow } = plot;
  const grid = [
    ...yTicks.map(({ at }) => `M0 ${coordinate(at)}H${PLOT_WIDTH}`),
    ...xTicks.map(({ at }) => `M${coordinate(at)} 0V${PLOT_HEIGHT}`),
  ].join("");
  const entries = legend.map(({ text, tone }) => `<li><i class="${tone}"></i>${escapeHtml(text)}</li>`).join("");
  return `<figure class="card${isLow === true ? " low" : ""}">
<figcaption><h2>${escapeHtml(title)}</h2><p>${escapeHtml(note)}</p><ul class="legend">${entries}</ul></figcaption>
<div class="plot"><div class="y">${yTicks.map((tick) => label(tick, "top", PLOT_HEIGHT)).join("")}</div>
<div class="area-box"><svg viewBox="0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(summary)}">
<path class="grid" d="${grid}"/>${marks.join("")}</svg></div>
<div class="x">${xTicks.map((tick) => label(tick, "left", PLOT_WIDTH)).join("")}</div></div>
</figure>`;
}

function label(tick: Tick, side: "top" | "left", length: number): string {
  const edge = tick.at > 0.97 * length ? "end" : tick.at < 0.03 * length ? "start" : "";
  const classes = [tick.isMinor === true ? "minor" : "", edge].filter((name) => name !== "").join(" ");
  const attribute = classes === "" ? "" : ` class="${classes}"`;
  return `<span${attribute} style="${side}:${percent(tick.at, length)}">${escapeHtml(tick.text)}</span>`;
}

function percent(at: number, length: number): string {
  return `${coordinate((100 * at) / length)}%`;
}
