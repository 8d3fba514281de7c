import { DISPLAY_HEIGHT, DISPLAY_WIDTH } from "../../src/hal/display.js";
import { LETTER_HEIGHT, LETTER_WIDTH, letterRows } from "../../src/control/panel/font.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?'\"()+-/%&#=<>*_@[]";

/** Whether a pixel of a picture is lit. */
export function isLit(picture: Uint8Array, x: number, y: number): boolean {
  return x < DISPLAY_WIDTH && y < DISPLAY_HEIGHT && (((picture[(y >> 3) * DISPLAY_WIDTH + x] as number) >> (y & 7)) & 1) === 1;
}

/** The letters of a font, by how their pixels look: a text of their rows. */
const KNOWN = new Map([...LETTERS].map((letter) => [letterRows(letter).join(), letter]));

/** The letter whose upper left pixel is at a place, or undefined. */
function letterAt(picture: Uint8Array, x: number, y: number, look: { readonly scale: number; readonly isInverted: boolean }): string | undefined {
  const { scale, isInverted } = look;
  const rows = Array.from({ length: LETTER_HEIGHT }, (_, row) => {
    let bits = 0;
    for (let column = 0; column < LETTER_WIDTH; column++) if (isLit(picture, x + scale * column, y + scale * row) !== isInverted) bits |= 1 << column;
    return bits;
  });
  return KNOWN.get(rows.join());
}

/** Whether a point of large letters is at a place: it stands alone in the lowest row. */
function isPointAt(picture: Uint8Array, x: number, y: number, look: { readonly scale: number; readonly isInverted: boolean }): boolean {
  const { scale, isInverted } = look;
  return scale > 1 && Array.from({ length: LETTER_HEIGHT }, (_, row) => row).every((row) =>
    (isLit(picture, x, y + scale * row) !== isInverted) === (row === LETTER_HEIGHT - 1)
    && isLit(picture, x + scale, y + scale * row) === isInverted);
}

/** The text whose letters have their upper edge at `y`, as eyes would read it; spaces are left out. */
export function readText(picture: Uint8Array, y: number, { scale = 1, isInverted = false } = {}): string {
  let text = "";
  for (let x = 0; x < DISPLAY_WIDTH;) {
    const isPoint = isPointAt(picture, x, y, { scale, isInverted });
    const letter = isPoint ? "." : letterAt(picture, x, y, { scale, isInverted });
    if (letter !== undefined) text += letter;
    x += isPoint ? 2 * scale : letter === undefined ? 1 : LETTER_WIDTH * scale;
  }
  return text;
}
