import type { LevelTone, Line, Span, Tone } from "./painter.js";

/** The characters that bars are drawn with: parts of a cell in rising order, the empty track, and marks on it. */
export interface Glyphs {
  readonly parts: readonly string[];
  readonly full: string;
  readonly track: string;
  readonly mark: string;
  readonly hold: string;
  readonly pointer: string;
  readonly dot: string;
  readonly line: string;
  readonly bullet: string;
}

/** For terminals that know Unicode's block elements. */
export const BLOCKS: Glyphs = {
  parts: ["▏", "▎", "▍", "▌", "▋", "▊", "▉"], full: "█", track: " ", mark: "┃", hold: "▕", pointer: "▲", dot: "●", line: "─", bullet: "●",
};

/** The same where the background has no colour, so that the track must be drawn. */
export const BLOCKS_ON_DOTS: Glyphs = { ...BLOCKS, track: "·", hold: "|" };

/** For all others. */
export const ASCII: Glyphs = { parts: [], full: "#", track: ".", mark: "|", hold: "!", pointer: "^", dot: "o", line: "-", bullet: "*" };

export interface BarOptions {
  readonly cells: number;
  /** Length of the bar, 0..1; what is beyond is cut. */
  readonly share: number;
  /** Tone of a filled cell at this share of the bar. */
  readonly tone: (share: number) => LevelTone;
  /** Shares at which a mark stands, with its tone; in front of the bar. */
  readonly marks?: readonly (readonly [share: number, glyph: string, tone: Tone])[];
}

/** Index of the cell at `share` of a bar of `cells`. */
export function cellAt(share: number, cells: number): number {
  return Math.max(0, Math.min(cells - 1, Math.floor(share * cells)));
}

/** Joins neighbours of one tone, so that a line needs few escape sequences. */
function joined(spans: readonly Span[]): Line {
  const out: [string, Tone | undefined][] = [];
  for (const [text, tone] of spans) {
    const last = out.at(-1);
    if (last !== undefined && last[1] === tone) last[0] += text;
    else out.push([text, tone]);
  }
  return out.map(([text, tone]) => tone === undefined ? [text] : [text, tone]);
}

/** Draws a bar, its last cell filled in part. */
export function bar(glyphs: Glyphs, { cells, share, tone, marks = [] }: BarOptions): Line {
  const length = Math.max(0, Math.min(1, share)) * cells;
  const whole = Math.floor(length);
  const spans: Span[] = Array.from({ length: cells }, (_, cell) => {
    const colour: Tone = `${tone((cell + 0.5) / cells)}Bar`;
    if (cell < whole) return [glyphs.full, colour];
    const part = cell === whole ? glyphs.parts[Math.floor((length - whole) * (glyphs.parts.length + 1)) - 1] : undefined;
    return part === undefined ? [glyphs.track, "track"] : [part, colour];
  });
  for (const [at, glyph, colour] of marks) {
    if (at >= 0 && at <= 1) spans[cellAt(at, cells)] = [glyph, colour];
  }
  return joined(spans);
}
