import { describe, expect, it } from "vitest";
import { Ads1115 } from "../../../hw/ads1115/ads1115.js";
import { PackageBus, type I2cPackage } from "../../../hw/i2c/package-bus.js";
import { Ads1115Chip } from "../../../hw/sim/ads1115-chip.js";
import { SimBus } from "../../../hw/sim/sim-bus.js";
import { describeKnob } from "../../contracts/knob.js";
import { HandTime } from "../../support/sim-time.js";

const ADDRESS = 0x48;
const VOLTS = 4.096;
/** Of a bus of 400 kHz, nearly. */
const BYTES_PER_MS = 40;
const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const chip of ["ads1115", "ads1015"] as const) {
  describeKnob(`${chip}, simulated to the register`, () => {
    const time = new HandTime();
    const bus = new SimBus();
    const converter = new Ads1115Chip(() => time.nowMs(), chip);
    bus.plug(ADDRESS, converter);
    const adc = new Ads1115({ bus, address: ADDRESS, chip, nowMs: () => time.nowMs(), later: (ms, run) => void time.later(ms, run) });
    return {
      knobs: [0, 1, 2, 3].map((channel) => adc.knob(channel)),
      turn: (index, position) => void (converter.volts[index] = position * VOLTS),
      plug: (isPlugged) => isPlugged ? bus.plug(ADDRESS, converter) : bus.unplug(ADDRESS),
      pass: async (ms) => {
        for (let n = 0; n < 2 * ms; n++) {
          time.pass(0.5);
          await turnOfLoop();
        }
      },
    };
  });
}

describe("Ads1115", () => {
  it("writes 0xC3E3 for its first input: a single conversion at 860 a second, 4.096 V, as the data sheet has it", async () => {
    const writes: number[][] = [];
    const time = new HandTime();
    const bus = { run: async (_: number, steps: readonly object[]) => void writes.push(...steps.flatMap((step) => ("write" in step ? [[...(step.write as Uint8Array)]] : []))), close: async () => undefined };
    const adc = new Ads1115({ bus, address: ADDRESS, chip: "ads1115", nowMs: () => time.nowMs(), later: (ms, run) => void time.later(ms, run) });
    for (const channel of [0, 1, 2, 3]) await adc.knob(channel).open({ read: () => undefined, failed: () => undefined });
    for (let n = 0; n < 20; n++) {
      time.pass(1);
      await turnOfLoop();
    }
    const starts = writes.filter(({ length }) => length === 3).map(([, high, low]) => (high! << 8) | low!);
    expect(new Set(starts)).toEqual(new Set([0xc3e3, 0xd3e3, 0xe3e3, 0xf3e3]));
  });

  it("asks a converter that does not answer once a second, however often its knobs are opened", async () => {
    const time = new HandTime();
    const bus = new SimBus();
    const adc = new Ads1115({ bus, address: ADDRESS, chip: "ads1115", nowMs: () => time.nowMs(), later: (ms, run) => void time.later(ms, run) });
    for (let n = 0; n < 100; n++) {
      await expect(adc.knob(n % 4).open({ read: () => undefined, failed: () => undefined })).rejects.toMatchObject({ kind: "noAnswer" });
      time.pass(100);
    }
    expect(bus.transfers).toBe(10);
  });
});

/** Four knobs on the package i2c-bus whose calls take time, with timers as Node has them: of whole milliseconds, and late. */
class SlowBed {
  readonly time = new HandTime();
  readonly bus: PackageBus;
  readonly positions = [0.1, 0.3, 0.5, 0.7];
  /** Readings of each knob, and those that are another's. */
  readonly counts = [0, 0, 0, 0];
  strays = 0;
  readonly #adc: Ads1115;
  readonly #callMs: number;
  readonly #mostLateMs: number;
  #timers = 0;

  /** @param speed - of the chip's oscillator; `callMs` - time of one call of the package; `mostLateMs` - of a timer */
  constructor(speed: number, callMs: number, mostLateMs = 0.25) {
    this.#callMs = callMs;
    this.#mostLateMs = mostLateMs;
    const nowMs = (): number => this.time.nowMs();
    const chip = new Ads1115Chip(() => speed * nowMs());
    this.positions.forEach((position, channel) => (chip.volts[channel] = position * VOLTS));
    this.bus = new PackageBus({ busNumber: 1, load: () => this.#package(chip) });
    this.#adc = new Ads1115({ bus: this.bus, address: ADDRESS, chip: "ads1115", nowMs, later: (ms, run) => void this.time.later(Math.max(1, Math.floor(ms)) + this.#lateMs(), run) });
  }

  async open(channels: readonly number[] = [0, 1, 2, 3]): Promise<void> {
    const read = (channel: number, position: number): void => {
      this.counts[channel]!++;
      if (Math.abs(position - this.positions[channel]!) > 1e-4) this.strays++;
    };
    const opening = channels.map((channel) => this.#adc.knob(channel).open({ read: (position) => read(channel, position), failed: () => undefined }));
    await this.pass(20);
    await Promise.all(opening);
  }

  async pass(ms: number): Promise<void> {
    for (const endMs = this.time.nowMs() + ms; this.time.nowMs() < endMs; await turnOfLoop()) this.time.pass(0.05);
  }

  /** Lets a display hold the bus. */
  async hold(ms: number): Promise<void> {
    const held = this.bus.run(0x3c, [{ write: new Uint8Array(ms * BYTES_PER_MS) }]);
    await this.pass(ms + 1);
    await held;
  }

  /** Readings of each knob in so many milliseconds. */
  async countsIn(ms: number): Promise<readonly number[]> {
    const before = [...this.counts];
    await this.pass(ms);
    return this.counts.map((count, channel) => count - before[channel]!);
  }

  /** From 0.05 ms on, evenly. */
  #lateMs(): number {
    return 0.05 + (this.#mostLateMs - 0.05) * ((this.#timers++ * 0.618) % 1);
  }

  #package(chip: Ads1115Chip): I2cPackage {
    const pass = (ms: number): Promise<void> => new Promise((resolve) => this.time.later(ms, resolve));
    // What is read stands at the begin of a call and what is written counts from its end: the least time for a conversion.
    const read = async (length: number, bytes: Buffer, ms: number): Promise<{ readonly bytesRead: number }> => {
      chip.read(bytes.subarray(0, length));
      await pass(ms);
      return { bytesRead: length };
    };
    return {
      openPromisified: async () => ({
        // Whatever has another address is a display that takes pixels.
        i2cWrite: async (address, length, bytes) => {
          await pass(address === ADDRESS ? this.#callMs : length / BYTES_PER_MS);
          if (address === ADDRESS) chip.write(bytes.subarray(0, length));
          return { bytesWritten: length };
        },
        // Three bytes on the bus where the choice of a register makes five.
        i2cRead: (_, length, bytes) => read(length, bytes, 0.6 * this.#callMs),
        readI2cBlock: (_, register, length, bytes) => {
          chip.write(Uint8Array.of(register));
          return read(length, bytes, this.#callMs);
        },
        close: async () => undefined,
      }),
    };
  }
}

describe("Ads1115 with late timers, on a bus whose calls take time", () => {
  const expectRates = (counts: readonly number[], ms: number): void => {
    for (const count of counts) {
      expect((1000 * count) / ms).toBeGreaterThanOrEqual(98);
      expect((1000 * count) / ms).toBeLessThanOrEqual(102);
    }
  };

  it.each([
    [0.9, 0.1, 0.25], [0.9, 0.2, 0.05], [0.9, 0.2, 0.25], [0.9, 0.3, 0.05], [0.9, 0.4, 0.25], [1, 0.2, 0.25], [1, 0.2, 0.9], [1, 0.4, 0.25], [1.1, 0.2, 0.25],
  ])("reads four knobs a hundred times a second each and never one for another: chip of %s of its speed, calls of %s ms, timers late by up to %s ms", async (speed, callMs, lateMs) => {
    const bed = new SlowBed(speed, callMs, lateMs);
    await bed.open();
    expectRates(await bed.countsIn(2000), 2000);
    expect(bed.strays).toBe(0);
  });

  it("makes up for what the pages of a display take of the bus", async () => {
    const bed = new SlowBed(1, 0.2);
    await bed.open();
    let isShown = true;
    const show = async (): Promise<void> => {
      while (isShown) {
        for (let half = 0; half < 16; half++) await bed.bus.run(0x3c, [{ write: new Uint8Array(65) }]);
        await new Promise<void>((resolve) => bed.time.later(60, resolve));
      }
    };
    void show();
    expectRates(await bed.countsIn(2000), 2000);
    expect(bed.strays).toBe(0);
    isShown = false;
    await bed.pass(100);
  });

  it("makes up for five readings of each knob after a bus that was held for half a second, and no more", async () => {
    const bed = new SlowBed(1, 0.2);
    await bed.open();
    await bed.hold(500);
    // One more was under way when the bus was held, and one may be at the end.
    for (const count of await bed.countsIn(500)) expect(count).toBeLessThanOrEqual(57);
    expectRates(await bed.countsIn(1000), 1000);
    expect(bed.strays).toBe(0);
  });

  it("reads a single knob at twice its rate at the most after such a hold", async () => {
    const bed = new SlowBed(1, 0.2);
    await bed.open([2]);
    await bed.hold(500);
    const [, , afterHold] = await bed.countsIn(20);
    expect(afterHold).toBeLessThanOrEqual(5);
    const [, , count] = await bed.countsIn(1000);
    expect(count).toBeLessThanOrEqual(105);
    expect(count).toBeGreaterThanOrEqual(98);
  });
});
