import type { Control, PanelDevices } from "../../src/hal/panel.js";
import { devicesOn, type PanelSettings } from "../boards/panel.js";
import { Ads1115Chip } from "./ads1115-chip.js";
import { SimBus } from "./sim-bus.js";
import { SimLines, systemTime, type SimTime } from "./sim-lines.js";
import { Ssd1306Chip } from "./ssd1306-chip.js";

/** What a hand does at the simulated panel, in plain values, so that another process can send it. */
export type PanelDeed =
  /** Turns an encoder by detents, above 0 clockwise. */
  | { readonly turn: string; readonly detents: number }
  /** Presses a button, or lets it go. */
  | { readonly press: string; readonly isDown: boolean }
  /** Turns a knob to a place of its travel, 0 to 1. */
  | { readonly move: string; readonly position: number }
  /** Pulls the display or the converter out, or plugs it in. */
  | { readonly plug: "display" | "converter"; readonly isIn: boolean }
  /** Lets the next transfers of the bus go unanswered. */
  | { readonly nak: number };

/** What is seen of the simulated panel. */
export interface PanelSight {
  /** The bytes of the picture that the display shows. */
  readonly picture: readonly number[];
  /** The lights that are lit, by their names. */
  readonly lit: readonly string[];
}

const SETTINGS: PanelSettings = { gpio: "chip", i2cBus: 1, display: "ssd1306", displayAddress: 0x3c, converter: "ads1115", converterAddress: 0x48 };
const SUPPLY_VOLTS = 3.3;

/** The front panel of the simulated board: the product's own drivers on simulated lines and chips, and the hands at it. */
export class SimPanel {
  readonly devices: PanelDevices;
  readonly lines: SimLines;
  readonly bus = new SimBus();
  readonly #controls: readonly Control[];
  readonly #display = new Ssd1306Chip(SETTINGS.display === "none" ? undefined : SETTINGS.display);
  readonly #converter: Ads1115Chip;

  constructor(controls: readonly Control[], time: SimTime = systemTime) {
    this.#controls = controls;
    this.lines = new SimLines(time);
    this.#converter = new Ads1115Chip(() => time.nowMs());
    this.bus.plug(SETTINGS.displayAddress, this.#display);
    this.bus.plug(SETTINGS.converterAddress, this.#converter);
    const parts = { lines: this.lines, bus: this.bus, inputs: undefined, time };
    this.devices = { ...devicesOn(parts, SETTINGS, controls), relay: null, end: async () => await this.bus.close() };
  }

  /** Does it, at once. A name that no control has does nothing. */
  do(deed: PanelDeed): void {
    if ("turn" in deed) this.#turn(deed.turn, deed.detents);
    else if ("press" in deed) this.#contact(deed.press, 0, deed.isDown);
    else if ("move" in deed) this.#converter.volts[this.#named(deed.move)?.channel ?? NaN] = SUPPLY_VOLTS * deed.position;
    else if ("nak" in deed) this.bus.nak(deed.nak);
    else this.#plug(deed.plug, deed.isIn);
  }

  get sight(): PanelSight {
    const isLit = ({ kind, pins: [pin] }: Control): boolean => kind === "led" && pin !== undefined && this.lines.isHigh(pin);
    return { picture: [...this.#display.picture], lit: this.#controls.filter(isLit).map(({ name }) => name) };
  }

  #turn(name: string, detents: number): void {
    // Clockwise A closes first and opens first.
    const order = detents > 0 ? [0, 1] : [1, 0];
    for (let n = 0; n < Math.abs(detents); n++) {
      for (const isClosed of [true, false]) for (const contact of order) this.#contact(name, contact, isClosed);
    }
  }

  #contact(name: string, index: number, isClosed: boolean): void {
    const pin = this.#named(name)?.pins[index];
    if (pin !== undefined) this.lines.contact(pin, isClosed);
  }

  #plug(what: "display" | "converter", isIn: boolean): void {
    const [address, chip] = what === "display" ? [SETTINGS.displayAddress, this.#display] as const : [SETTINGS.converterAddress, this.#converter] as const;
    if (isIn) this.bus.plug(address, chip);
    else this.bus.unplug(address);
  }

  #named(name: string): Control | undefined {
    return this.#controls.find((control) => control.name === name);
  }
}
