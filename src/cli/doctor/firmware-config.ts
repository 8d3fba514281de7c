import type { Machine } from "./machine.js";

const FILES = ["/boot/firmware/config.txt", "/boot/config.txt"];

/**
 * Models that a filter of config.txt lets through, by the text of the device tree (Raspberry Pi documentation, "config.txt:
 * conditional filters"). Filters that are not here, of serial numbers, pins or displays, may hold.
 */
const FILTERS: readonly (readonly [filter: RegExp, model: RegExp])[] = [
  [/^pi1$/, /Raspberry Pi (Model|Compute Module Rev)/], [/^pi2$/, /Raspberry Pi 2/], [/^pi3$/, /Pi 3|Compute Module 3/], [/^pi3\+$/, /Pi 3 Model [AB] Plus/],
  [/^pi4$/, /Pi 4|Compute Module 4/], [/^pi400$/, /Pi 400/], [/^pi5$/, /Pi 5|Compute Module 5/], [/^pi500$/, /Pi 500/],
  [/^pi0$/, /Pi Zero/], [/^pi0w$/, /Pi Zero W/], [/^pi02$/, /Pi Zero 2/], [/^cm1$/, /Compute Module Rev/], [/^cm3$/, /Compute Module 3 /],
  [/^cm3\+$/, /Compute Module 3 Plus/], [/^cm4$/, /Compute Module 4 /], [/^cm4s$/, /Compute Module 4S/], [/^cm5$/, /Compute Module 5/],
];

/** What the firmware of a Raspberry Pi is told. */
export interface FirmwareConfig {
  readonly file: string;
  /** Lines that hold for this model, without comments. */
  readonly lines: readonly string[];
}

/** The name of the model of a Raspberry Pi; undefined on other machines. */
export function modelOf(machine: Machine): string | undefined {
  return machine.read("/proc/device-tree/model")?.replace(/\0/g, "").trim();
}

/** What the firmware of a Raspberry Pi is told; undefined on other machines. */
export function firmwareConfig(machine: Machine): FirmwareConfig | undefined {
  for (const file of FILES) {
    const text = machine.read(file);
    if (text !== undefined) return { file, lines: linesFor(modelOf(machine), text) };
  }
  return undefined;
}

function linesFor(model: string | undefined, text: string): string[] {
  let holds = true;
  return text.split("\n").map((line) => line.trim()).filter((line) => {
    const section = /^\[(.*)\]$/.exec(line)?.[1];
    if (section !== undefined) holds = mayHold(section.toLowerCase(), model);
    return section === undefined && holds && !line.startsWith("#");
  });
}

function mayHold(section: string, model: string | undefined): boolean {
  if (section === "none") return false;
  const [, wanted] = FILTERS.find(([filter]) => filter.test(section)) ?? [];
  return model === undefined || wanted === undefined || wanted.test(model);
}
