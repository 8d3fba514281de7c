import v8 from "node:v8";
import { expect, it } from "vitest";
import { describeRelay } from "../../../hw/boards/relay.js";
import { HEADER_LABELS } from "../../../hw/gpio/chip-search.js";
import { systemFiles } from "../../../hw/linux/device-files.js";
import { GpioRelay } from "../../../hw/relay/gpio-relay.js";
import { RelayLine } from "../../../hw/relay/relay-line.js";
import { SimRelay } from "../../../hw/sim/sim-relay.js";
import { RELAY_HOLD_MS } from "../../../src/hal/bypass-relay.js";
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

interface HeldRelay {
  readonly kernel: FakeGpioKernel;
  readonly line: RelayLine;
  readonly file: Int32Array;
  readonly relay: GpioRelay;
}

function wired(): HeldRelay {
  const kernel = new FakeGpioKernel(new HandTime());
  const file = new Int32Array(describeRelay().relayLine);
  const line = new RelayLine({ files: kernel, labels: HEADER_LABELS, chips: () => [...kernel.chips.keys()], line: LINE, file });
  return { kernel, line, file, relay: new GpioRelay(kernel, file) };
}

async function held(): Promise<HeldRelay> {
  const parts = wired();
  await parts.line.open();
  return parts;
}

describeBypassRelay("a GPIO line with a charge pump, on a stand-in of the kernel", async () => {
  const { kernel, relay } = await held();
  const pump = new ChargePump(() => kernel.isHigh(LINE));
  return { relay, isHeld: () => pump.isCoilHeld, pass: (ms) => pump.pass(ms) };
});

it("drops a GPIO relay within 100 ms when the process is gone, or its line", async () => {
  for (const end of ["process", "line"] as const) {
    const { kernel, relay, file } = await held();
    const pump = new ChargePump(() => kernel.isHigh(LINE));
    const beat = (): void => {
      relay.beat();
      pump.pass(5);
    };
    for (let n = 0; n < 21; n++) beat();
    expect(pump.isCoilHeld).toBe(true);
    if (end === "process") kernel.close(file[0]!);
    else kernel.isUnplugged = true;
    for (let n = 0; n < 20; n++) beat();
    expect(pump.isCoilHeld).toBe(false);
  }
});

it.each([20, 21])("drops a GPIO relay within 100 ms of the last of %i beats when the line is given back 45 ms later, on a pin that was pulled up", async (beats) => {
  const { kernel, line, relay, file } = wired();
  kernel.pullsUp.set(LINE, true);
  await line.open();
  const pump = new ChargePump(() => kernel.isHigh(LINE));
  for (let n = 0; n < beats; n++) {
    pump.pass(5);
    relay.beat();
  }
  pump.pass(45);
  expect(pump.isCoilHeld).toBe(true);
  kernel.close(file[0]!);
  pump.pass(RELAY_HOLD_MS - 45);
  expect(pump.isCoilHeld).toBe(false);
});

it("is not wired while its line is busy, takes it when it is free, and gives it back", async () => {
  const { kernel, line, relay } = wired();
  kernel.refusals.set(LINE, "EBUSY");
  await expect(line.open()).rejects.toMatchObject({ kind: "busy" });
  expect(relay.isWired).toBe(false);
  relay.beat();
  kernel.refusals.delete(LINE);
  await line.open();
  expect([relay.isWired, kernel.isHigh(LINE)]).toEqual([true, false]);
  relay.beat();
  const first = kernel.isHigh(LINE);
  relay.beat();
  expect(kernel.isHigh(LINE)).toBe(!first);
  await line.close();
  await line.close();
  expect([relay.isWired, kernel.files.size]).toEqual([false, 0]);
});

it("leaves no garbage in 500 beats of the system's own call", ({ skip }) => {
  const files = systemFiles();
  if (files === undefined) return skip("koffi is not installed");
  // No such file: the call is made all the same.
  const relay = new GpioRelay(files, Int32Array.of(999_999));
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
