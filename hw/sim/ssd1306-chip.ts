import { DISPLAY_HEIGHT, DISPLAY_WIDTH, PICTURE_BYTES } from "../../src/hal/display.js";
import { FIRST_COLUMN, PAGES, PIXELS, COMMANDS, type DisplayChip } from "../ssd1306/ssd1306-commands.js";
import type { SimChip } from "./sim-bus.js";

/** Bytes that follow each command, by the data sheets; what is not listed has none. */
const ARGUMENTS: Readonly<Record<DisplayChip, ReadonlyMap<number, number>>> = {
  ssd1306: new Map([[0x20, 1], [0x81, 1], [0x8d, 1], [0xa8, 1], [0xd3, 1], [0xd5, 1], [0xd9, 1], [0xda, 1], [0xdb, 1]]),
  sh1106: new Map([[0x81, 1], [0xa8, 1], [0xad, 1], [0xd3, 1], [0xd5, 1], [0xd9, 1], [0xda, 1], [0xdb, 1]]),
};
/** Commands without arguments that only one of the chips has. */
const OWN: Readonly<Record<DisplayChip, ReadonlySet<number>>> = { ssd1306: new Set([0x2e, 0xe3]), sh1106: new Set([0xe3]) };
const COLUMNS: Readonly<Record<DisplayChip, number>> = { ssd1306: 128, sh1106: 132 };
/** What the memory holds after the power came on: anything. */
const GARBAGE = 0xa5;

/**
 * An SSD1306 or SH1106 with a panel of 128 x 64 pixels as its data sheet has it: settings, the pointer of page and column,
 * and the memory. A command that the chip does not have, a pointer past the end and ways of addressing that the driver does
 * not use are refused aloud.
 */
export class Ssd1306Chip implements SimChip {
  readonly #chip: DisplayChip;
  readonly #memory: Uint8Array;
  readonly #settings = new Map<number, number>();
  #page = 0;
  #column = 0;
  #isOn = false;
  #isMirrored = true;
  #isUpsideDown = true;
  #startLine = 0;
  /** Bytes of pixels that were sent. */
  pixelBytes = 0;

  constructor(chip: DisplayChip = "ssd1306") {
    this.#chip = chip;
    this.#memory = new Uint8Array(PAGES * COLUMNS[chip]).fill(GARBAGE);
  }

  /** What is seen, in the form of the port; dark while the display is off or its panel has no supply. */
  get picture(): Uint8Array {
    const seen = new Uint8Array(PICTURE_BYTES);
    if (!this.#isLit) return seen;
    for (let y = 0; y < DISPLAY_HEIGHT; y++) {
      for (let x = 0; x < DISPLAY_WIDTH; x++) if (this.#isPixelLit(x, y)) light(seen, x, y);
    }
    return seen;
  }

  write(bytes: Uint8Array): void {
    const [kind, ...rest] = bytes;
    if (kind === PIXELS) rest.forEach((byte) => this.#put(byte));
    else if (kind === COMMANDS) this.#obey(rest);
    else throw new Error(`A transfer begins with 0x${kind?.toString(16)}, which is neither commands nor pixels.`);
  }

  read(): void {
    throw new Error("A display on the bus cannot be read.");
  }

  get #isLit(): boolean {
    const hasSupply = this.#chip === "ssd1306" ? this.#settings.get(0x8d) === 0x14 : this.#settings.get(0xad) === 0x8b;
    return this.#isOn && hasSupply && this.#settings.get(0xa8) === DISPLAY_HEIGHT - 1 && this.#settings.get(0xda) === 0x12;
  }

  #isPixelLit(x: number, y: number): boolean {
    const column = FIRST_COLUMN[this.#chip] + (this.#isMirrored ? DISPLAY_WIDTH - 1 - x : x);
    const shifted = (this.#isUpsideDown ? DISPLAY_HEIGHT - 1 - y : y) + this.#startLine + (this.#settings.get(0xd3) ?? 0);
    const row = shifted % DISPLAY_HEIGHT;
    return (((this.#memory[(row >> 3) * COLUMNS[this.#chip] + column] as number) >> (row & 7)) & 1) === 1;
  }

  #put(byte: number): void {
    if (this.#chip === "ssd1306" && this.#settings.get(0x20) !== 0x02) throw new Error("Pixels come before pages are addressed.");
    if (this.#column >= COLUMNS[this.#chip]) throw new Error(`Pixels run past the end of page ${this.#page}.`);
    this.#memory[this.#page * COLUMNS[this.#chip] + this.#column++] = byte;
    this.pixelBytes++;
  }

  #obey(commands: number[]): void {
    for (let command = commands.shift(); command !== undefined; command = commands.shift()) {
      if (ARGUMENTS[this.#chip].has(command)) {
        const argument = commands.shift();
        if (argument === undefined) throw new Error(`Command 0x${command.toString(16)} has no argument.`);
        this.#settings.set(command, argument);
      } else this.#do(command);
    }
  }

  #do(command: number): void {
    if (command <= 0x0f) this.#column = (this.#column & 0xf0) | command;
    else if (command <= 0x1f) this.#column = (this.#column & 0x0f) | ((command & 0xf) << 4);
    else if (command >= 0x40 && command <= 0x7f) this.#startLine = command & 0x3f;
    else if (command >= 0xb0 && command <= 0xb7) this.#page = command & 7;
    else if (command === 0xa0 || command === 0xa1) this.#isMirrored = command === 0xa0;
    else if (command === 0xc0 || command === 0xc8) this.#isUpsideDown = command === 0xc0;
    else if (command === 0xae || command === 0xaf) this.#isOn = command === 0xaf;
    else if (command !== 0xa4 && command !== 0xa6 && !OWN[this.#chip].has(command)) throw new Error(`There is no command 0x${command.toString(16)}.`);
  }
}

function light(picture: Uint8Array, x: number, y: number): void {
  const at = (y >> 3) * DISPLAY_WIDTH + x;
  picture[at] = (picture[at] as number) | (1 << (y & 7));
}
