import { DISPLAY_WIDTH, type Display } from "../../src/hal/display.js";
import type { I2cBus } from "../../src/hal/i2c-bus.js";
import {
  COLUMN_HIGH, COLUMN_LOW, COMMANDS, DISPLAY_OFF, DISPLAY_ON, FIRST_COLUMN, PAGE, PAGES, PIXELS, SETTINGS, type DisplayChip,
} from "./ssd1306-commands.js";

export interface Ssd1306Options {
  readonly bus: I2cBus;
  /** 0x3c; 0x3d with the jumper. */
  readonly address: number;
  readonly chip: DisplayChip;
  readonly nowMs: () => number;
}

/** Most columns of one transfer: 1.6 ms at 400 kHz, after which the knobs have their turn. */
const MOST_COLUMNS = 64;
/** One page is sent again so often whatever it shows: a display that was out for a moment is whole again after eight of them. */
const RENEW_MS = 250;

/** A display of 128 x 64 pixels with an SSD1306 or SH1106: of each picture the columns that changed are sent, page by page. */
export class Ssd1306 implements Display {
  readonly #options: Ssd1306Options;
  /** What the chip holds; NaN where that is not known. */
  readonly #held = new Float32Array(PAGES * DISPLAY_WIDTH).fill(NaN);
  #renewedMs = 0;
  #renewed = 0;
  #isOpen = false;

  constructor(options: Ssd1306Options) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#isOpen = false;
    this.#held.fill(NaN);
    // Dark until there is a picture: after the power came on the memory holds anything.
    await this.#command([DISPLAY_OFF, ...SETTINGS[this.#options.chip]]);
    this.#renewedMs = this.#options.nowMs();
  }

  async show(picture: Uint8Array): Promise<void> {
    for (let page = 0; page < PAGES; page++) await this.#showPage(page, picture);
    if (!this.#isOpen) await this.#command([DISPLAY_ON]);
    this.#isOpen = true;
    await this.#renew(picture);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // A display that does not answer is dark, or will be set anew.
    await this.#command([DISPLAY_OFF]).catch(() => undefined);
  }

  /** Sends one page in turn, and with the first the settings: what a display lost that nobody saw go comes back. */
  async #renew(picture: Uint8Array): Promise<void> {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#renewedMs < RENEW_MS) return;
    this.#renewedMs = nowMs;
    const page = this.#renewed++ % PAGES;
    if (page === 0) await this.#command([...SETTINGS[this.#options.chip], DISPLAY_ON]);
    this.#held.fill(NaN, page * DISPLAY_WIDTH, (page + 1) * DISPLAY_WIDTH);
    await this.#showPage(page, picture);
  }

  async #showPage(page: number, picture: Uint8Array): Promise<void> {
    const start = page * DISPLAY_WIDTH;
    const isNew = (column: number): boolean => this.#held[start + column] !== picture[start + column];
    let from = 0;
    let to = DISPLAY_WIDTH;
    while (from < to && !isNew(from)) from++;
    while (to > from && !isNew(to - 1)) to--;
    for (; from < to; from += MOST_COLUMNS) await this.#send(page, from, picture.subarray(start + from, start + Math.min(to, from + MOST_COLUMNS)));
  }

  async #send(page: number, column: number, pixels: Uint8Array): Promise<void> {
    const { bus, address, chip } = this.#options;
    const at = FIRST_COLUMN[chip] + column;
    const start = page * DISPLAY_WIDTH + column;
    const sent = Uint8Array.of(PIXELS, ...pixels);
    this.#held.fill(NaN, start, start + pixels.length);
    await bus.run(address, [{ write: Uint8Array.of(COMMANDS, PAGE | page, COLUMN_LOW | (at & 0xf), COLUMN_HIGH | (at >> 4)) }, { write: sent }]);
    this.#held.set(sent.subarray(1), start);
  }

  async #command(commands: readonly number[]): Promise<void> {
    const { bus, address } = this.#options;
    await bus.run(address, [{ write: Uint8Array.of(COMMANDS, ...commands) }]);
  }
}
