import type { Page } from "playwright-core";

/** Channels may be off by this much and still be the colour. */
const TOLERANCE = 8;

/** Where a colour lies on a picture, in CSS pixels from its upper left corner. */
export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What a page says of a canvas: its size in device pixels, how many of them are a CSS pixel, and RGBA of each as base64. */
interface Copy {
  readonly pixels: string;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Pixels of a canvas at one moment. */
export class Picture {
  readonly #copy: Copy;
  readonly #bytes: Uint8Array;
  /** Its size in CSS pixels. */
  readonly width: number;
  readonly height: number;

  constructor(copy: Copy) {
    this.#copy = copy;
    this.#bytes = Buffer.from(copy.pixels, "base64");
    this.width = copy.width / copy.ratio;
    this.height = copy.height / copy.ratio;
  }

  /** Where `colour` ("#rrggbb") is seen between two columns, or anywhere; undefined where it is not. */
  bounds(colour: string, [from, to]: readonly [number, number] = [0, this.width]): Bounds | undefined {
    const { width, height, ratio } = this.#copy;
    const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const found = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    for (let y = 0; y < height; y++) {
      for (let x = Math.ceil(from * ratio); x < Math.min(width, to * ratio); x++) {
        if (!wanted.every((channel, n) => Math.abs(channel - this.#bytes[4 * (y * width + x) + n]!) <= TOLERANCE)) continue;
        found.left = Math.min(found.left, x / ratio);
        found.right = Math.max(found.right, (x + 1) / ratio);
        found.top = Math.min(found.top, y / ratio);
        found.bottom = Math.max(found.bottom, (y + 1) / ratio);
      }
    }
    return found.top === Infinity ? undefined : found;
  }
}

/** Defines `copy(from, to)` in a page: what it says of the columns of a canvas between two, in CSS pixels. */
const copier = (selector: string): string => `
  const canvas = document.querySelector(${JSON.stringify(selector)});
  const ratio = canvas.width / canvas.clientWidth;
  const copy = (from, to) => {
    const { data, width, height } = canvas.getContext("2d").getImageData(Math.round(from * ratio), 0, Math.round((to - from) * ratio), canvas.height);
    let text = "";
    for (let at = 0; at < data.length; at += 4096) text += String.fromCharCode(...data.subarray(at, at + 4096));
    return { pixels: btoa(text), width, height, ratio };
  };`;

/** The first canvas that `selector` finds. */
export async function pictureOf(page: Page, selector: string): Promise<Picture> {
  return new Picture(await page.evaluate(`{ ${copier(selector)} copy(0, canvas.clientWidth); }`) as Copy);
}

/** The columns of a canvas between two at each frame of the display, for so many milliseconds. */
export async function filmOf(page: Page, selector: string, [from, to]: readonly [number, number], ms: number): Promise<readonly Picture[]> {
  const copies = await page.evaluate(`new Promise((resolve) => {
    ${copier(selector)}
    const copies = [];
    const end = performance.now() + ${ms};
    const look = () => {
      copies.push(copy(${from}, ${to}));
      if (performance.now() < end) requestAnimationFrame(look);
      else resolve(copies);
    };
    look();
  })`) as readonly Copy[];
  return copies.map((copy) => new Picture(copy));
}
