/** What a piece of a line means; the colours of the terminal say it. */
export type Tone = "plain" | "soft" | "strong" | "brand" | "low" | "good" | "warm" | "hot" | "track" | "alarm";

/** A piece of a line in one tone. */
export type Span = readonly [text: string, tone?: Tone];

/** A line of the screen, from the left. Every character is one column wide. */
export type Line = readonly Span[];

/** Colours that a terminal has: none, the 16 of old, or 256. */
export type ColourDepth = 0 | 16 | 256;

const RESET = "\x1b[0m";
const SGR: Readonly<Record<16 | 256, Readonly<Record<Tone, string>>>> = {
  16: { plain: "", soft: "90", strong: "1", brand: "1;33", low: "36", good: "32", warm: "33", hot: "31", track: "90", alarm: "1;37;41" },
  256: { plain: "", soft: "38;5;245", strong: "1;38;5;255", brand: "1;38;5;215", low: "38;5;74;48;5;236", good: "38;5;78;48;5;236",
    warm: "38;5;221;48;5;236", hot: "38;5;203;48;5;236", track: "38;5;240;48;5;236", alarm: "1;38;5;231;48;5;160" },
};

/** Columns that a line takes. */
export function widthOf(line: Line): number {
  return line.reduce((sum, [text]) => sum + [...text].length, 0);
}

/** The first `columns` columns of a line. */
function clipped(line: Line, columns: number): Span[] {
  const kept: Span[] = [];
  let left = columns;
  for (const [text, tone] of line) {
    const characters = [...text].slice(0, left);
    left -= characters.length;
    if (characters.length > 0) kept.push(tone === undefined ? [characters.join("")] : [characters.join(""), tone]);
  }
  return kept;
}

/** A line as the terminal takes it, cut to `columns`, in colours or plain. */
export function painted(line: Line, columns: number, depth: ColourDepth): string {
  const spans = clipped(line, columns);
  if (depth === 0) return spans.map(([text]) => text).join("").trimEnd();
  return spans.map(([text, tone = "plain"]) => {
    const code = SGR[depth][tone];
    return code === "" ? text : `\x1b[${code}m${text}${RESET}`;
  }).join("");
}

/** Puts `right` at the right end of a line of `columns`; where both do not fit, `left` alone is left. */
export function justified(left: Line, right: Line, columns: number): Line {
  const gap = columns - widthOf(left) - widthOf(right);
  return gap < 1 ? left : [...left, [" ".repeat(gap)], ...right];
}
