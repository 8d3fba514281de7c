import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ChipLines, holdLines } from "../../../hw/gpio/chip-lines.js";
import { HEADER_LABELS, systemChips } from "../../../hw/gpio/chip-search.js";
import type { Lines } from "../../../hw/gpio/lines.js";
import { loadOnoff, OnoffLines } from "../../../hw/gpio/onoff-lines.js";
import { systemFiles, type DeviceFiles } from "../../../hw/linux/device-files.js";
import { PollWatcher } from "../../../hw/linux/fd-watcher.js";
import { systemTime } from "../../../hw/sim/sim-lines.js";
import type { LineHands } from "../../contracts/lines-under-test.js";
import type { LineBed } from "../../support/line-beds.js";

/** A user who may nothing. */
const NOBODY = 65534;
const LINE_COUNT = 28;

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The machine does not say where ${name} is.`);
  return value;
}

/** The system's calls on device files. */
export function kernelFiles(): DeviceFiles {
  const files = systemFiles();
  if (files === undefined) throw new Error("koffi cannot be loaded here.");
  return files;
}

/** Lets real time pass. */
export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** The lines of the machine's GPIO chip (gpio-sim), from outside: what hangs on an input is its pull. */
export class LineRig {
  readonly #folder = needed("LINES");
  readonly #closed = new Set<number>();

  /** Closes the contact of a line to ground, or opens it. Its edge is in the kernel's queue when this returns. */
  contact(line: number, isClosed: boolean): void {
    if (isClosed) this.#closed.add(line);
    else this.#closed.delete(line);
    writeFileSync(join(this.#folder, `sim_gpio${line}`, "pull"), isClosed ? "pull-down" : "pull-up");
  }

  /** Level of a line. */
  isHigh(line: number): boolean {
    return readFileSync(join(this.#folder, `sim_gpio${line}`, "value"), "latin1").startsWith("1");
  }

  /** A reader of the level of a line that keeps its file open; to be ended. */
  reader(line: number): { readonly isHigh: () => boolean; readonly end: () => void } {
    const fd = openSync(join(this.#folder, `sim_gpio${line}`, "value"), "r");
    const byte = Buffer.alloc(1);
    return { isHigh: () => readSync(fd, byte, 0, 1, 0) === 1 && byte[0] === 0x31, end: () => closeSync(fd) };
  }

  isClosed(line: number): boolean {
    return this.#closed.has(line);
  }

  /** Opens all contacts. */
  rest(): void {
    for (let line = 0; line < LINE_COUNT; line++) this.contact(line, false);
  }

  /** Takes the chip away, or brings it back with all contacts open. */
  plug(isPlugged: boolean): void {
    writeFileSync(join(needed("LINES_CONFIG"), "live"), isPlugged ? "1" : "0");
    if (isPlugged) this.rest();
  }
}

/**
 * Lines whose contacts stay as they are while they are asked for: a pull-up sets the one pull that gpio-sim has, where a real
 * contact to ground is stronger.
 */
function behindContacts(lines: Lines, rig: LineRig): Lines {
  return {
    take: async (request, listener) => {
      const isClosed = request.lines.some((line) => typeof line === "number" && rig.isClosed(line));
      return await lines.take(isClosed ? { ...request, pull: "none" } : request, listener);
    },
    end: async () => await lines.end(),
  };
}

/** Another user of the line, or another user of the system, until told undefined. */
function refusing(): Extract<LineHands["refuse"], CallableFunction> {
  let other: number | undefined;
  return (line, kind) => {
    process.seteuid?.(0);
    if (other !== undefined) kernelFiles().close(other);
    other = undefined;
    const request = { lines: [line], direction: "in", isActiveLow: true, pull: "up", debounceMs: 0 } as const;
    if (kind === "busy") other = holdLines({ files: kernelFiles(), labels: HEADER_LABELS, chips: systemChips }, request).fd;
    if (kind === "denied") process.seteuid?.(NOBODY);
  };
}

function hands(rig: LineRig, unplug: LineHands["unplug"]): LineHands {
  const refuse = refusing();
  return {
    contact: (line, isClosed) => rig.contact(line, isClosed),
    isHigh: (line) => rig.isHigh(line),
    refuse,
    unplug,
    replug: () => rig.plug(true),
    // The bounce of a contact must not wait for the event loop: it would be no bounce.
    pass: async (ms) => ms < 1 ? void Atomics.wait(pause, 0, 0, ms) : await sleep(ms),
    dispose: async () => {
      refuse(0, undefined);
      rig.rest();
    },
  };
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const later: LineBed["later"] = (ms, run) => systemTime.later(ms, run);
/** One thread for all tests: it takes longer to start than an edge may take. */
export const watcher = new PollWatcher();

/** Lets the thread that waits for edges start, on a line that is at rest. */
export async function startWatching(): Promise<void> {
  const { lines } = kernelChipBed();
  const held = await lines.take({ lines: [0], direction: "in", isActiveLow: true, pull: "up", debounceMs: 0 }, { edge: () => undefined, lost: () => undefined, failed: () => undefined });
  await sleep(1000);
  await held.close();
}

/** The driver of the character device on the kernel's own. */
export function kernelChipBed(): LineBed {
  const rig = new LineRig();
  const lines = new ChipLines({ labels: HEADER_LABELS, files: kernelFiles(), watcher, chips: systemChips });
  return { lines: behindContacts(lines, rig), hands: hands(rig, () => rig.plug(false)), later };
}

/** The package onoff on the kernel's own sysfs. */
export function kernelOnoffBed(): LineBed {
  const rig = new LineRig();
  const lines = new OnoffLines({ labels: HEADER_LABELS, load: loadOnoff, nowMs: () => systemTime.nowMs(), later });
  return { lines, hands: hands(rig, { impossible: "sysfs does not tell that a chip went" }), later };
}
