import { describe, expect, it } from "vitest";
import { Ads1115 } from "../../../hw/ads1115/ads1115.js";
import { Ads1115Chip } from "../../../hw/sim/ads1115-chip.js";
import { SimBus } from "../../../hw/sim/sim-bus.js";
import { describeKnob } from "../../contracts/knob.js";
import { HandTime } from "../../support/sim-time.js";

const ADDRESS = 0x48;
const VOLTS = 4.096;
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
