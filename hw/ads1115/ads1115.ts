import type { I2cBus, I2cError } from "../../src/hal/i2c-bus.js";
import { KNOB_RATE_HZ, type Knob, type KnobListener } from "../../src/hal/knob.js";
import {
  CONFIG_INPUT_0, CONFIG_INPUT_SHIFT, CONFIG_QUIET, CONFIG_RANGE_4V, CONFIG_RATE_SHIFT, CONFIG_SINGLE, CONFIG_START, FULL_SCALE, RATES,
  REGISTER_CONFIG, REGISTER_CONVERSION, type AdcChip,
} from "./ads1115-registers.js";

export interface Ads1115Options {
  readonly bus: I2cBus;
  /** 0x48 with ADDR at ground, 0x49 at the supply. */
  readonly address: number;
  readonly chip: AdcChip;
  readonly nowMs: () => number;
  /** Calls `run` in about so many milliseconds. */
  readonly later: (ms: number, run: () => void) => void;
}

interface OpenKnob {
  readonly channel: number;
  readonly listener: KnobListener;
}

/** A converter that did not answer is left alone for so long. */
const QUIET_MS = 1000;
/** The oscillator of the chip may be slow by 10 %. */
const SLACK = 1.1;
const FASTEST = 7;

/**
 * Up to four knobs on an ADS1115 or ADS1015: converted in turn, each at KNOB_RATE_HZ. One job on the bus fetches the last
 * conversion and begins the next, and the chip works while others have the bus.
 */
export class Ads1115 {
  readonly #options: Ads1115Options;
  readonly #conversionMs: number;
  readonly #knobs: OpenKnob[] = [];
  readonly #reading = new Uint8Array(2);
  #isRunning = false;
  #failedMs = -Infinity;
  #failure: I2cError | undefined;

  constructor(options: Ads1115Options) {
    this.#options = options;
    this.#conversionMs = (SLACK * 1000) / RATES[options.chip][FASTEST];
  }

  /** The knob on input `channel`, 0 to 3. */
  knob(channel: number): Knob {
    let open: OpenKnob | undefined;
    const close = async (): Promise<void> => {
      const at = open === undefined ? -1 : this.#knobs.indexOf(open);
      if (at >= 0) this.#knobs.splice(at, 1);
      open = undefined;
    };
    return {
      open: async (listener) => {
        await close();
        await this.#probe();
        open = { channel, listener };
        this.#knobs.push(open);
        if (!this.#isRunning) void this.#convert();
      },
      close,
    };
  }

  /** Sees whether the chip answers, once a second at most. */
  async #probe(): Promise<void> {
    if (this.#failure !== undefined && this.#options.nowMs() - this.#failedMs < QUIET_MS) throw this.#failure;
    try {
      await this.#options.bus.run(this.#options.address, [{ write: Uint8Array.of(REGISTER_CONFIG) }, { read: new Uint8Array(2) }]);
      this.#failure = undefined;
    } catch (error) {
      this.#note(error as I2cError);
      throw error;
    }
  }

  #note(error: I2cError): void {
    this.#failure = error;
    this.#failedMs = this.#options.nowMs();
  }

  /** Converts in turn for as long as a knob is open and the chip answers. */
  async #convert(): Promise<void> {
    const { bus, address, nowMs } = this.#options;
    this.#isRunning = true;
    let last: OpenKnob | undefined;
    let dueMs = nowMs();
    try {
      for (let next = this.#after(undefined); next !== undefined; next = this.#after(next)) {
        const fetch = last === undefined ? [] : [{ write: Uint8Array.of(REGISTER_CONVERSION) }, { read: this.#reading }];
        await bus.run(address, [...fetch, { write: this.#start(next.channel) }]);
        const startedMs = nowMs();
        if (last !== undefined && this.#knobs.includes(last)) last.listener.read(this.#position, startedMs);
        last = next;
        // What a late timer lost is made good for, but not what a busy bus took.
        dueMs = Math.max(dueMs + 1000 / KNOB_RATE_HZ / Math.max(1, this.#knobs.length), startedMs);
        await this.#until(Math.max(startedMs + this.#conversionMs, dueMs));
      }
    } catch (error) {
      this.#note(error as I2cError);
      for (const { listener } of this.#knobs.splice(0)) listener.failed(error as I2cError);
    } finally {
      this.#isRunning = false;
    }
  }

  /** The knob whose turn it is after `knob`. */
  #after(knob: OpenKnob | undefined): OpenKnob | undefined {
    return this.#knobs[(knob === undefined ? 0 : this.#knobs.indexOf(knob) + 1) % Math.max(1, this.#knobs.length)];
  }

  #start(channel: number): Uint8Array {
    const config = CONFIG_START | (CONFIG_INPUT_0 + (channel << CONFIG_INPUT_SHIFT)) | CONFIG_RANGE_4V | CONFIG_SINGLE
      | (FASTEST << CONFIG_RATE_SHIFT) | CONFIG_QUIET;
    return Uint8Array.of(REGISTER_CONFIG, config >> 8, config & 0xff);
  }

  /** A wiper at ground may read a little below 0. */
  get #position(): number {
    return Math.max(0, new DataView(this.#reading.buffer).getInt16(0)) / FULL_SCALE;
  }

  /** Waits until `timeMs` and no shorter: a conversion that is fetched too early is that of another knob. */
  async #until(timeMs: number): Promise<void> {
    const { nowMs, later } = this.#options;
    for (let leftMs = timeMs - nowMs(); leftMs > 0; leftMs = timeMs - nowMs()) {
      const ms = Math.ceil(leftMs);
      await new Promise<void>((resolve) => later(ms, resolve));
    }
  }
}
