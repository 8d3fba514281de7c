/** Parts of a drawing, as SVG text. Lengths are in units of the sheet, ten to a step of the grid. */
export type Part = string;

/** A place on the sheet. */
export type At = readonly [x: number, y: number];

const INK = "#1b2a3a";
const STYLE = `
    text { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; font-size: 13px; fill: ${INK}; }
    .title { font-size: 20px; font-weight: 700; }
    .note { fill: #51606f; }
    .name { font-weight: 700; }
    .small { font-size: 11px; }
    .net { font-weight: 700; fill: #0b57d0; }
    .supply { font-weight: 700; fill: #b3261e; }
    .line { fill: none; stroke: ${INK}; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
    .body { fill: #fff; stroke: ${INK}; stroke-width: 1.7; stroke-linejoin: round; }
    .solid { fill: ${INK}; stroke: ${INK}; stroke-width: 1; stroke-linejoin: round; }
    .frame { fill: none; stroke: #c5ccd3; stroke-width: 1.2; }
    .zone { fill: #f4f7fa; stroke: #c5ccd3; stroke-width: 1.2; }
    .dashed { fill: none; stroke: #51606f; stroke-width: 1.3; stroke-dasharray: 5 4; }
    .signal { fill: none; stroke: #0b57d0; stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }`;

/** A whole drawing with its title and what is to be said of it, as an SVG file. */
export function sheet({ width, height, title, notes }: { readonly width: number; readonly height: number; readonly title: string; readonly notes: readonly string[] }, parts: readonly Part[]): string {
  const lines = notes.map((note, n) => text([24, height - 16 - 18 * (notes.length - 1 - n)], note, { style: "note" }));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
  <style>${STYLE}
  </style>
  <rect width="${width}" height="${height}" fill="#fff"/>
  <rect class="frame" x="6" y="6" width="${width - 12}" height="${height - 12}" rx="6"/>
  ${[text([24, 38], title, { style: "title" }), ...parts, ...lines].join("\n  ")}
</svg>
`;
}

/** Writes text; from its start unless it is anchored otherwise. */
export function text([x, y]: At, words: string, { style = "", anchor = "start" }: { readonly style?: string; readonly anchor?: "start" | "middle" | "end" } = {}): Part {
  return `<text x="${x}" y="${y}"${style === "" ? "" : ` class="${style}"`}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;");
}

/** A wire from place to place. */
export function wire(...places: readonly At[]): Part {
  return path(places, "line");
}

export function path(places: readonly At[], style: string): Part {
  return `<polyline class="${style}" points="${places.map(([x, y]) => `${x},${y}`).join(" ")}"/>`;
}

/** A closed figure of straight edges. */
export function figure(places: readonly At[], style = "body"): Part {
  return `<polygon class="${style}" points="${places.map(([x, y]) => `${x},${y}`).join(" ")}"/>`;
}

export function rectangle([x, y]: At, width: number, height: number, style = "body"): Part {
  return `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}"${style === "zone" ? " rx=\"6\"" : ""}/>`;
}

export function circle([x, y]: At, radius: number, style = "body"): Part {
  return `<circle class="${style}" cx="${x}" cy="${y}" r="${radius}"/>`;
}

/** Wires that meet. */
export function joint(at: At): Part {
  return circle(at, 3.2, "solid");
}
