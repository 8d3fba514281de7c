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
/** The oscillator of the chip may be slow by 10 %, and the chip wakes for each conversion. */
const SLOWEST = 0.9;
const WAKE_MS = 0.03;
const FASTEST = 7;
/** A turn may be late by so much before its wait is made shorter: timers have whole milliseconds. */
const LATE_MS = 1;
/** Looks whether a conversion has ended, one after the other. */
const MOST_LOOKS = 3;
/** Turns that are late are made up for as far as this, five readings of each knob; what a longer stall took is lost. */
const MOST_LATE_MS = 50;
/** They do not come in a burst: while they are made up for, knobs are read at no more than about twice their rate. */
const MOST_HASTE = 2;

/**
 * Up to four knobs on an ADS1115 or ADS1015: converted in turn, each at KNOB_RATE_HZ. One job on the bus fetches the last
 * conversion and begins the next, and the chip works while others have the bus. Turns are due at fixed times; one that is
 * late, as timers of whole milliseconds are, is made up for by shorter waits.
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
    this.#conversionMs = WAKE_MS + 1000 / (SLOWEST * RATES[options.chip][FASTEST]);
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
        const turnMs = 1000 / KNOB_RATE_HZ / Math.max(1, this.#knobs.length);
        dueMs = Math.max(dueMs + turnMs, startedMs - MOST_LATE_MS);
        await this.#wait(dueMs, startedMs + Math.max(this.#conversionMs, turnMs / MOST_HASTE));
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

  /**
   * Waits until a turn is due and the conversion under way has ended: fetched too early, it would be that of another knob.
   * A late turn does not wait another millisecond for what the slowest chip needs: it looks whether this chip is done.
   */
  async #wait(dueMs: number, endMs: number): Promise<void> {
    const { nowMs, later } = this.#options;
    const isLate = dueMs < endMs - LATE_MS;
    for (let restMs = Math.max(dueMs, endMs) - nowMs(); restMs > 0; restMs = Math.max(dueMs, endMs) - nowMs()) {
      const ms = isLate ? Math.max(1, Math.floor(restMs)) : Math.ceil(restMs);
      await new Promise<void>((resolve) => later(ms, resolve));
      if (isLate && await this.#hasEnded(endMs)) return;
    }
  }

  /** Whether the conversion under way has ended, which it has at `endMs` in any case. */
  async #hasEnded(endMs: number): Promise<boolean> {
    const { bus, address, nowMs } = this.#options;
    const config = new Uint8Array(2);
    for (let looks = 0; looks < MOST_LOOKS && nowMs() < endMs; looks++) {
      // The start left the chip's pointer at the config register.
      await bus.run(address, [{ read: config }]);
      if ((new DataView(config.buffer).getUint16(0) & CONFIG_START) !== 0) return true;
    }
    return nowMs() >= endMs;
  }
}
