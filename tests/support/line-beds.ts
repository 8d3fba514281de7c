import { ChipLines } from "../../hw/gpio/chip-lines.js";
import { HEADER_LABELS } from "../../hw/gpio/chip-search.js";
import type { LineButtonOptions } from "../../hw/gpio/line-button.js";
import type { Lines } from "../../hw/gpio/lines.js";
import { SimLines } from "../../hw/sim/sim-lines.js";
import type { LineHands } from "../contracts/lines-under-test.js";
import { FakeGpioKernel } from "./fake-gpio-kernel.js";
import { HandTime } from "./sim-time.js";

/** A GPIO chip and the hands at it. */
export interface LineBed {
  readonly lines: Lines;
  readonly hands: LineHands;
  /** Runs something later, by the time that the hands let pass. */
  readonly later: LineButtonOptions["later"];
}

/** The simulated chip, with its time moved by hand. */
export function simBed(): LineBed & { readonly sim: SimLines } {
  const time = new HandTime();
  const sim = new SimLines(time);
  const hands: LineHands = {
    contact: (line, isClosed) => sim.contact(line, isClosed),
    isHigh: (line) => sim.isHigh(line),
    refuse: (line, kind) => sim.refuse(line, kind),
    unplug: () => sim.unplug(),
    replug: () => sim.replug(),
    pass: async (ms) => time.pass(ms),
  };
  return { lines: sim, hands, later: (ms, run) => time.later(ms, run), sim };
}

/** The driver of the character device on a stand-in of the kernel. */
export function chipBed(): LineBed & { readonly kernel: FakeGpioKernel } {
  const time = new HandTime();
  const kernel = new FakeGpioKernel(time);
  const lines = new ChipLines({ labels: HEADER_LABELS, files: kernel, watcher: kernel, chips: () => [...kernel.chips.keys()] });
  const hands: LineHands = {
    contact: (line, isClosed) => kernel.drive(line, !isClosed),
    isHigh: (line) => kernel.isHigh(line),
    refuse: (line, kind) => {
      if (kind === undefined) kernel.refusals.delete(line);
      else kernel.refusals.set(line, kind === "busy" ? "EBUSY" : "EPERM");
    },
    unplug: () => void (kernel.isUnplugged = true),
    replug: () => void (kernel.isUnplugged = false),
    pass: async (ms) => {
      // What happened before is read before time passes; that the chip is gone is told once.
      if (!kernel.isUnplugged) kernel.deliver();
      time.pass(ms);
      kernel.deliver();
    },
  };
  return { lines, hands, later: (ms, run) => time.later(ms, run), kernel };
}
