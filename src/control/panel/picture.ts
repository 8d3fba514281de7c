import { DISPLAY_HEIGHT, DISPLAY_WIDTH, PICTURE_BYTES } from "../../hal/display.js";
import { LETTER_ADVANCE, LETTER_WIDTH, letterRows } from "./font.js";

/** A picture of the display that is drawn on; what lies outside is left out. */
export class Picture {
  /** In the form of the display's port. */
  readonly bytes = new Uint8Array(PICTURE_BYTES);

  clear(): void {
    this.bytes.fill(0);
  }

  /** Lights a pixel, or darkens it. */
  set(x: number, y: number, isLit = true): void {
    if (x < 0 || y < 0 || x >= DISPLAY_WIDTH || y >= DISPLAY_HEIGHT) return;
    const at = (y >> 3) * DISPLAY_WIDTH + x;
    const bit = 1 << (y & 7);
    const byte = this.bytes[at] as number;
    this.bytes[at] = isLit ? byte | bit : byte & ~bit;
  }

  /** Lights a rectangle, or darkens it. */
  fill(x: number, y: number, { width, height }: { readonly width: number; readonly height: number }, isLit = true): void {
    for (let row = y; row < y + height; row++) for (let column = x; column < x + width; column++) this.set(column, row, isLit);
  }

  /** Lights what is dark in the rows of a line, and darkens what is lit. */
  invert(y: number, height: number): void {
    for (let row = y; row < y + height; row++) {
      for (let x = 0; x < DISPLAY_WIDTH; x++) {
        const at = (row >> 3) * DISPLAY_WIDTH + x;
        this.bytes[at] = (this.bytes[at] as number) ^ (1 << (row & 7));
      }
    }
  }

  /** Writes a text whose letters are `scale` times as large; large points take less room. Returns where the next letter would stand. */
  text(x: number, y: number, text: string, scale = 1): number {
    let at = x;
    for (const letter of text) {
      letterRows(letter).forEach((bits, row) => {
        for (let column = 0; column < LETTER_WIDTH; column++) {
          if (((bits >> column) & 1) === 1) this.fill(at + scale * column - pointShift(letter, scale), y + scale * row, { width: scale, height: scale });
        }
      });
      at += advance(letter, scale);
    }
    return at;
  }

  /** Writes a text that ends at `right`. */
  textTo(right: number, y: number, text: string, scale = 1): void {
    this.text(right - textWidth(text, scale), y, text, scale);
  }

  /** Writes a text in the middle of the display. */
  textInMiddle(y: number, text: string, scale = 1): void {
    this.text(Math.max(0, Math.floor((DISPLAY_WIDTH - textWidth(text, scale)) / 2)), y, text, scale);
  }
}

/** A point of large letters stands in a third of their room. */
function isNarrow(letter: string, scale: number): boolean {
  return letter === "." && scale > 1;
}

function pointShift(letter: string, scale: number): number {
  return isNarrow(letter, scale) ? 2 * scale : 0;
}

function advance(letter: string, scale: number): number {
  return isNarrow(letter, scale) ? 2 * scale : LETTER_ADVANCE * scale;
}

/** Width of a text, without the space after its last letter. */
export function textWidth(text: string, scale = 1): number {
  return [...text].reduce((width, letter) => width + advance(letter, scale), 0) - (text === "" ? 0 : scale);
}

/** Letters that fit into a line. */
export const LINE_LETTERS = Math.floor((DISPLAY_WIDTH + 1) / LETTER_ADVANCE);
