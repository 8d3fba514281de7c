import { describe, expect, it } from "vitest";
import { SimBus } from "../../../hw/sim/sim-bus.js";
import { Ssd1306Chip } from "../../../hw/sim/ssd1306-chip.js";
import { Ssd1306 } from "../../../hw/ssd1306/ssd1306.js";
import type { DisplayChip } from "../../../hw/ssd1306/ssd1306-commands.js";
import { PICTURE_BYTES } from "../../../src/hal/display.js";
import { describeDisplay } from "../../contracts/display.js";
import { HandTime } from "../../support/sim-time.js";

const ADDRESS = 0x3c;

function bed(chip: DisplayChip): { readonly display: Ssd1306; readonly bus: SimBus; readonly time: HandTime; panel: Ssd1306Chip } {
  const time = new HandTime();
  const bus = new SimBus();
  const panel = new Ssd1306Chip(chip);
  bus.plug(ADDRESS, panel);
  return { bus, time, panel, display: new Ssd1306({ bus, address: ADDRESS, chip, nowMs: () => time.nowMs() }) };
}

for (const chip of ["ssd1306", "sh1106"] as const) {
  describeDisplay(`${chip}, simulated to the register`, () => {
    const test = bed(chip);
    return {
      display: test.display,
      seen: () => test.panel.picture,
      plug: (isPlugged) => {
        test.panel = new Ssd1306Chip(chip);
        if (isPlugged) test.bus.plug(ADDRESS, test.panel);
        else test.bus.unplug(ADDRESS);
      },
      pass: (ms) => test.time.pass(ms),
    };
  });
}

describe("Ssd1306", () => {
  it("sends the columns that changed and no more", async () => {
    const { display, panel } = bed("ssd1306");
    const picture = new Uint8Array(PICTURE_BYTES);
    await display.open();
    await display.show(picture);
    expect(panel.pixelBytes).toBe(1024);
    await display.show(picture);
    expect(panel.pixelBytes).toBe(1024);
    picture.set([1, 2, 3, 4, 5], 3 * 128 + 40);
    await display.show(picture);
    expect(panel.pixelBytes).toBe(1029);
  });

  it("holds the bus for 64 columns at the most, so that knobs are read between", async () => {
    const lengths: number[] = [];
    const bus = { run: async (_: number, steps: readonly object[]) => void steps.forEach((step) => lengths.push((step as { write: Uint8Array }).write.length)), close: async () => undefined };
    const display = new Ssd1306({ bus, address: ADDRESS, chip: "ssd1306", nowMs: () => 0 });
    await display.open();
    await display.show(new Uint8Array(PICTURE_BYTES).fill(1));
    expect(Math.max(...lengths)).toBe(65);
  });

  it("sends again what went unanswered", async () => {
    const { display, bus, panel } = bed("ssd1306");
    await display.open();
    const picture = new Uint8Array(PICTURE_BYTES).fill(0x3c);
    await display.show(picture);
    bus.nak(1);
    picture.fill(0x81);
    await expect(display.show(picture)).rejects.toMatchObject({ kind: "noAnswer" });
    await display.show(picture);
    expect(panel.picture).toEqual(picture);
  });
});
