import { encode } from "uqr";

/** Light modules around the code, so that a camera finds its edge (ISO/IEC 18004 asks for 4; cameras of phones do with 2). */
const BORDER = 2;
const DARK_ON_LIGHT = "\x1b[38;5;16;48;5;231m";
const DARK_ON_LIGHT_16 = "\x1b[30;107m";
const RESET = "\x1b[0m";
/** Upper and lower half of a character: dark or light. */
const HALVES: Readonly<Record<string, string>> = { "11": "█", "10": "▀", "01": "▄", "00": " " };

/** How a terminal can show it. */
export interface QrLook {
  /** Colours that it has; with none its background is taken to be dark. */
  readonly colours: 0 | 16 | 256;
  /** Whether it has block elements; without them a module is two columns wide. */
  readonly hasBlocks: boolean;
}

/** A text as a QR code for a terminal, a line for each row of characters. */
export function qrLines(text: string, { colours, hasBlocks }: QrLook): readonly string[] {
  const { data } = encode(text, { ecc: "L", border: BORDER });
  // Where there are no colours the light modules are what is drawn.
  const isDrawn = (row: number, column: number): boolean => (data[row]?.[column] === true) === (colours !== 0);
  const paint = (line: string): string => (colours === 0 ? line : `${colours === 256 ? DARK_ON_LIGHT : DARK_ON_LIGHT_16}${line}${RESET}`);
  const columns = [...(data[0] ?? []).keys()];
  if (!hasBlocks) {
    return data.map((_, row) => columns.map((column) => wide(isDrawn(row, column), colours)).join("") + (colours === 0 ? "" : RESET));
  }
  return Array.from({ length: Math.ceil(data.length / 2) }, (_, pair) => paint(columns.map((column) =>
    HALVES[`${Number(isDrawn(2 * pair, column))}${Number(isDrawn(2 * pair + 1, column))}`]).join("")));
}

/** A module of two columns: by its background, or with nothing but letters. */
function wide(isDrawn: boolean, colours: QrLook["colours"]): string {
  if (colours === 0) return isDrawn ? "##" : "  ";
  return isDrawn ? "\x1b[40m  " : "\x1b[107m  ";
}
