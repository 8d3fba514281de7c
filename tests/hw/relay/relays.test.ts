import v8 from "node:v8";
import { expect, it } from "vitest";
import { holdLines } from "../../../hw/gpio/chip-lines.js";
import { HEADER_LABELS } from "../../../hw/gpio/chip-search.js";
import { systemFiles } from "../../../hw/linux/device-files.js";
import { GpioRelay } from "../../../hw/relay/gpio-relay.js";
import { SimRelay } from "../../../hw/sim/sim-relay.js";
import { describeBypassRelay } from "../../contracts/bypass-relay.js";
import { ChargePump } from "../../support/charge-pump.js";
import { FakeGpioKernel } from "../../support/fake-gpio-kernel.js";
import { ManualTime } from "../../support/manual-time.js";
import { HandTime } from "../../support/sim-time.js";

const LINE = 25;

describeBypassRelay("simulated", () => {
  const time = new ManualTime();
  const relay = new SimRelay(time);
  return { relay, isHeld: () => relay.isHeld, pass: (ms) => void (time.nowMs += ms) };
});

function held(): { readonly kernel: FakeGpioKernel; readonly relay: GpioRelay; readonly fd: number } {
  const kernel = new FakeGpioKernel(new HandTime());
  const request = { lines: [LINE], direction: "out", isActiveLow: false, pull: "none", debounceMs: 0 } as const;
  const { fd } = holdLines({ files: kernel, labels: HEADER_LABELS, chips: () => [...kernel.chips.keys()] }, request);
  return { kernel, fd, relay: new GpioRelay(kernel, fd) };
}

describeBypassRelay("a GPIO line with a charge pump, on a stand-in of the kernel", () => {
  const { kernel, relay } = held();
  const pump = new ChargePump(() => kernel.isHigh(LINE));
  return { relay, isHeld: () => pump.isCoilHeld, pass: (ms) => pump.pass(ms) };
});

it("drops a GPIO relay within 100 ms when the process is gone, or its line", () => {
  for (const end of ["process", "line"] as const) {
    const { kernel, relay, fd } = held();
    const pump = new ChargePump(() => kernel.isHigh(LINE));
    const beat = (): void => {
      relay.beat();
      pump.pass(5);
    };
    for (let n = 0; n < 21; n++) beat();
    expect(pump.isCoilHeld).toBe(true);
    if (end === "process") kernel.close(fd);
    else kernel.isUnplugged = true;
    for (let n = 0; n < 20; n++) beat();
    expect(pump.isCoilHeld).toBe(false);
  }
});

it("leaves no garbage in 500 beats of the system's own call", ({ skip }) => {
  const files = systemFiles();
  if (files === undefined) return skip("koffi is not installed");
  // No such file: the call is made all the same.
  const relay = new GpioRelay(files, -1);
  let perBeat = Infinity;
  for (let count = 0; count < 40 && !(perBeat >= 0 && perBeat < 8); count++) {
    globalThis.gc?.();
    const before = v8.getHeapStatistics().used_heap_size;
    for (let n = 0; n < 500; n++) relay.beat();
    perBeat = (v8.getHeapStatistics().used_heap_size - before) / 500;
  }
  expect(perBeat).toBeGreaterThanOrEqual(0);
  expect(perBeat).toBeLessThan(8);
});
