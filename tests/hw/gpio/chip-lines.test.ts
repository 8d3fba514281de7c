import { describe, expect, it } from "vitest";
import { ChipLines } from "../../../hw/gpio/chip-lines.js";
import { HEADER_LABELS } from "../../../hw/gpio/chip-search.js";
import { LineEncoder } from "../../../hw/gpio/line-encoder.js";
import { LineInput } from "../../../hw/gpio/line-input.js";
import { turnedBy } from "../../support/contacts.js";
import { FakeGpioKernel } from "../../support/fake-gpio-kernel.js";
import { chipBed } from "../../support/line-beds.js";
import { HandTime } from "../../support/sim-time.js";

const DEAF = { edge: () => undefined, failed: () => undefined };

describe("ChipLines", () => {
  it("finds the header of a Raspberry Pi by its label, whatever its number, and names the chips there are when it has none", async () => {
    const kernel = new FakeGpioKernel(new HandTime());
    const options = { files: kernel, watcher: kernel, chips: () => [...kernel.chips.keys()] };
    const input = new LineInput(new ChipLines({ ...options, labels: HEADER_LABELS }), { line: 17 });
    await input.open(DEAF);
    expect([...kernel.files.values()].map(({ chip: { label } }) => label)).toEqual(["pinctrl-rp1"]);
    const other = new LineInput(new ChipLines({ ...options, labels: ["mcp23017"] }), { line: 17 });
    await expect(other.open(DEAF)).rejects.toMatchObject({ kind: "missing", message: "There is no GPIO chip mcp23017; there are raspberrypi-exp-gpio, pinctrl-rp1." });
  });

  it("says that a machine has no GPIO chip at all", async () => {
    const kernel = new FakeGpioKernel(new HandTime());
    const input = new LineInput(new ChipLines({ labels: HEADER_LABELS, files: kernel, watcher: kernel, chips: () => [] }), { line: 17 });
    await expect(input.open(DEAF)).rejects.toMatchObject({ kind: "missing", message: expect.stringContaining("this machine has none") as string });
  });

  it("finds a line by its name and closes every file that it opened", async () => {
    const { lines, kernel } = chipBed();
    const edges: boolean[] = [];
    const input = new LineInput(lines, { line: "GPIO22" });
    await input.open({ ...DEAF, edge: (isActive) => edges.push(isActive) });
    kernel.drive(22, false);
    kernel.deliver();
    expect(edges).toEqual([true]);
    await expect(new LineInput(lines, { line: "GPIO77" }).open(DEAF)).rejects.toMatchObject({ kind: "missing", message: expect.stringContaining("GPIO77") as string });
    await input.close();
    expect(kernel.files.size).toBe(0);
  });

  it("takes 1000 edges that came in one burst, in their order and with the times of the kernel", async () => {
    const { lines, kernel, hands } = chipBed();
    const times: number[] = [];
    const input = new LineInput(lines, { line: 17 });
    await input.open({ ...DEAF, edge: (_, timeMs) => times.push(timeMs) });
    for (let n = 0; n < 1000; n++) kernel.drive(17, n % 2 === 1);
    await hands.pass(1);
    expect(times).toHaveLength(1000);
    expect(new Set(times)).toEqual(new Set([1000]));
  });

  it("reads the contacts anew where the queue of the kernel ran over, and counts on from there", async () => {
    const { lines, kernel, hands } = chipBed();
    const encoder = new LineEncoder(lines, { lines: [5, 6], stepsPerDetent: 4 });
    let sum = 0;
    await encoder.open({ turned: (detents) => (sum += detents), failed: () => undefined });
    const turn = (detents: number): void => {
      for (const { a, b } of turnedBy({ a: false, b: false }, 4 * detents)) {
        kernel.drive(5, !a);
        kernel.drive(6, !b);
      }
    };
    // 1200 edges, of which the kernel keeps 1024: what was lost cannot be known.
    turn(300);
    await hands.pass(1);
    expect(Math.abs(sum)).toBeLessThanOrEqual(300);
    sum = 0;
    turn(5);
    await hands.pass(1);
    expect(sum).toBe(5);
  });

  it("keeps no file open when a line of the request is refused", async () => {
    const { lines, kernel } = chipBed();
    kernel.refusals.set(6, "EBUSY");
    const encoder = new LineEncoder(lines, { lines: [5, 6], stepsPerDetent: 4 });
    await expect(encoder.open({ turned: () => undefined, failed: () => undefined })).rejects.toMatchObject({ kind: "busy", message: expect.stringMatching(/GPIO5 and GPIO6.*gpioinfo/) as string });
    expect(kernel.files.size).toBe(0);
  });
});
