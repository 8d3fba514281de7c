import { DISPLAY_HEIGHT, DISPLAY_WIDTH, PICTURE_BYTES } from "../../hal/display.js";
import { LETTER_ADVANCE, LETTER_WIDTH, letterRows } from "./font.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture of the display that is drawn on; what lies outside is left out. */
export class Picture {
  /** In the form of the display's port. */
  readonly bytes = new Uint8Array(PICTURE_BYTES);

  clear(): void {
    this.bytes.fill(0);
  }

  /** Lights a pixel, or darkens it. */
  set(x: number, y: number, isLit = true): void {
    this.fill(x, y, { width: 1, height: 1 }, isLit);
  }

  /** Lights a rectangle, or darkens it. */
  fill(x: number, y: number, { width, height }: Size, isLit = true): void {
    this.#change(x, y, { width, height }, isLit ? (byte, mask) => byte | mask : (byte, mask) => byte & ~mask);
  }

  /** Lights what is dark in the rows of a line, and darkens what is lit. */
  invert(y: number, height: number): void {
    this.#change(0, y, { width: DISPLAY_WIDTH, height }, (byte, mask) => byte ^ mask);
  }

  /** Changes a rectangle by the bytes that it touches, each eight pixels of a column; `mask` has those that are meant. */
  #change(x: number, y: number, { width, height }: Size, changed: (byte: number, mask: number) => number): void {
    const [left, right] = [Math.max(0, x), Math.min(DISPLAY_WIDTH, x + width)];
    const [top, bottom] = [Math.max(0, y), Math.min(DISPLAY_HEIGHT, y + height)];
    for (let page = top >> 3; 8 * page < bottom; page++) {
      const [first, end] = [Math.max(top - 8 * page, 0), Math.min(bottom - 8 * page, 8)];
      const mask = ((1 << end) - 1) & ~((1 << first) - 1);
      for (let at = page * DISPLAY_WIDTH + left; at < page * DISPLAY_WIDTH + right; at++) {
        this.bytes[at] = changed(this.bytes[at] as number, mask);
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
