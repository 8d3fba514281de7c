import type { Glyphs } from "./bars.js";
import type { Line } from "./painter.js";

/** Size of the terminal, and what it can draw. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: Glyphs;
}

/** A part of the picture: the less important go first where there is no room. `gap` asks for an empty line before it. */
export interface Section {
  readonly importance: number;
  readonly gap: boolean;
  readonly lines: readonly Line[];
}

/** A level with one decimal, with a true minus sign kept plain for every terminal; dashes where there is nothing to show. */
export function level(value: number | null | undefined, width = 5): string {
  const text = value === null || value === undefined ? "--" : value.toFixed(1);
  return (text === "-0.0" ? "0.0" : text).padStart(width);
}
