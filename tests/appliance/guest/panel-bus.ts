import { readFileSync, writeFileSync } from "node:fs";
import { FULL_SCALE } from "../../../hw/ads1115/ads1115-registers.js";
import { PICTURE_BYTES } from "../../../src/hal/display.js";

const FOLDER = "/sys/kernel/panel_bus";

/** What can be set on the machine's I2C bus, and read from it. */
type Setting = "ain0" | "ain1" | "ain2" | "ain3" | "nak" | "hang_ms" | "khz" | "display" | "converter" | "failing";
type Reading = "nak" | "transfers" | "display_bytes" | "is_lit";

/** The machine's I2C bus and its chips, from outside. */
export const panelBus = {
  set(setting: Setting, value: number): void {
    writeFileSync(`${FOLDER}/${setting}`, String(value));
  },

  read(reading: Reading): number {
    return Number(readFileSync(`${FOLDER}/${reading}`, "latin1"));
  },

  /** Turns a knob to a position of the converter's range, 0 to 1. */
  turn(channel: 0 | 1 | 2 | 3, position: number): void {
    this.set(`ain${channel}`, Math.round(position * FULL_SCALE));
  },

  /** What is seen on the display, eight rows of 128 bytes: dark while it is off. */
  seen(): Uint8Array {
    return this.read("is_lit") === 1 ? Uint8Array.from(readFileSync(`${FOLDER}/picture`)) : new Uint8Array(PICTURE_BYTES);
  },
};
