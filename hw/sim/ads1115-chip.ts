import {
  CONFIG_AT_POWER_ON, CONFIG_INPUT_0, CONFIG_INPUT_SHIFT, CONFIG_RANGE_4V, CONFIG_RATE_SHIFT, CONFIG_SINGLE, CONFIG_START, FULL_SCALE, RATES,
  REGISTER_CONFIG, REGISTER_CONVERSION, type AdcChip,
} from "../ads1115/ads1115-registers.js";
import type { SimChip } from "./sim-bus.js";

const VOLTS = 4.096;
const REGISTERS = 4;

/**
 * An ADS1115 or ADS1015 as its data sheet has it: a pointer, four registers, and conversions that take the time of the data
 * rate; what is read before the end is the conversion before. Only what the knobs need is there: single conversions of one
 * input against ground at 4.096 V; anything else is refused aloud.
 */
export class Ads1115Chip implements SimChip {
  /** Voltages of the four inputs, of 3.3 V. */
  readonly volts = [0, 0, 0, 0];
  readonly #chip: AdcChip;
  readonly #nowMs: () => number;
  #pointer = 0;
  #config = CONFIG_AT_POWER_ON;
  #conversion = 0;
  #readyMs = -Infinity;
  #coming = 0;
  /** Conversions that were begun. */
  conversions = 0;

  constructor(nowMs: () => number, chip: AdcChip = "ads1115") {
    this.#nowMs = nowMs;
    this.#chip = chip;
  }

  write(bytes: Uint8Array): void {
    const [pointer, high, low] = bytes;
    if (pointer === undefined || pointer >= REGISTERS) throw new Error(`The ADS1115 has no register ${pointer}.`);
    this.#pointer = pointer;
    if (bytes.length === 1) return;
    if (bytes.length !== 3 || pointer !== REGISTER_CONFIG) throw new Error(`The ADS1115 takes 2 bytes in its config register; it got ${bytes.length - 1} for register ${pointer}.`);
    this.#configure(((high as number) << 8) | (low as number));
  }

  read(into: Uint8Array): void {
    this.#finish();
    const isReady = this.#readyMs === -Infinity;
    const value = this.#pointer === REGISTER_CONVERSION ? this.#conversion : this.#config & ~CONFIG_START | (isReady ? CONFIG_START : 0);
    if (this.#pointer > REGISTER_CONFIG || into.length !== 2) throw new Error(`${into.length} bytes of register ${this.#pointer} are not simulated.`);
    new DataView(into.buffer, into.byteOffset).setUint16(0, value & 0xffff);
  }

  #configure(config: number): void {
    this.#finish();
    this.#config = config;
    if ((config & CONFIG_START) === 0) return;
    // While a conversion is under way the chip takes no notice of another start.
    if (this.#readyMs !== -Infinity) return;
    const needed = CONFIG_INPUT_0 | CONFIG_RANGE_4V | CONFIG_SINGLE;
    if ((config & (CONFIG_INPUT_0 | 0x0e00 | CONFIG_SINGLE)) !== needed) throw new Error(`The configuration 0x${config.toString(16)} is not simulated.`);
    const volts = this.volts[(config >> CONFIG_INPUT_SHIFT) & 3] as number;
    const code = Math.max(-FULL_SCALE - 1, Math.min(FULL_SCALE, Math.round((volts / VOLTS) * (FULL_SCALE + 1))));
    this.#coming = this.#chip === "ads1015" ? code & 0xfff0 : code;
    this.#readyMs = this.#nowMs() + 1000 / (RATES[this.#chip][(config >> CONFIG_RATE_SHIFT) & 7] as number);
    this.conversions++;
  }

  #finish(): void {
    if (this.#nowMs() < this.#readyMs || this.#readyMs === -Infinity) return;
    this.#conversion = this.#coming;
    this.#readyMs = -Infinity;
  }
}
