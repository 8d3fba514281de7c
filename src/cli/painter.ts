/** How a level stands: far below where it should be, there, somewhat above, too high. */
export type LevelTone = "low" | "good" | "warm" | "hot";

/** What a piece of a line means; the colours of the terminal say it. Those of bars stand on the colour of their track. */
export type Tone = LevelTone | `${LevelTone}Bar` | "track" | "mark" | "plain" | "soft" | "strong" | "brand" | "alarm";

/** A piece of a line in one tone. */
export type Span = readonly [text: string, tone?: Tone];

/** A line of the screen, from the left. Every character is one column wide. */
export type Line = readonly Span[];

/** Colours that a terminal has: none, the 16 of old, or 256. */
export type ColourDepth = 0 | 16 | 256;

const RESET = "\x1b[0m";
const SGR: Readonly<Record<16 | 256, Readonly<Record<Tone, string>>>> = {
  16: {
    plain: "", soft: "90", strong: "1", brand: "1;33", alarm: "1;37;41", low: "36", good: "32", warm: "33", hot: "31",
    lowBar: "36", goodBar: "32", warmBar: "33", hotBar: "31", track: "90", mark: "1",
  },
  256: {
    plain: "", soft: "38;5;245", strong: "1;38;5;255", brand: "1;38;5;215", alarm: "1;38;5;231;48;5;160",
    low: "38;5;74", good: "38;5;78", warm: "38;5;221", hot: "38;5;203",
    lowBar: "38;5;74;48;5;236", goodBar: "38;5;78;48;5;236", warmBar: "38;5;221;48;5;236", hotBar: "38;5;203;48;5;236",
    track: "38;5;240;48;5;236", mark: "1;38;5;255;48;5;236",
  },
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

/** Puts `right` at the right end of a line of `columns`; where both do not fit, `left` is cut. */
export function justified(left: Line, right: Line, columns: number): Line {
  const room = Math.max(0, columns - widthOf(right));
  const kept = clipped(left, room);
  return [...kept, [" ".repeat(room - widthOf(kept))], ...right];
}

/** Text in lines of at most `columns`, parted at spaces where there are any. */
export function wrapped(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= columns || line === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
