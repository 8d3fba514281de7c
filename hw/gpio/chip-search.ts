import { readdirSync } from "node:fs";
import { LineError } from "../../src/hal/digital.js";
import { O_CLOEXEC, O_RDONLY, type DeviceFiles } from "../linux/device-files.js";
import { CHIP_INFO, GPIO_GET_CHIPINFO, GPIO_V2_GET_LINEINFO, LINE_INFO, nameAt } from "./gpio-abi.js";
import { lineError, lineFailure } from "./line-errors.js";
import { errnoName } from "../linux/errno.js";

/** Labels of the chips that the header of a Raspberry Pi hangs on: 0 to 3, 4, and 5. */
export const HEADER_LABELS = ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"] as const;

/** Paths of the GPIO chips of this machine. */
export function systemChips(): string[] {
  return readdirSync("/dev").filter((name) => /^gpiochip\d+$/.test(name)).sort().map((name) => `/dev/${name}`);
}

/** What the kernel says of the chip at `path`, or the error of opening it. */
function chipInfo(files: DeviceFiles, path: string): { readonly label: string } | { readonly errno: number } {
  const fd = files.open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return { errno: files.errno() };
  const info = new Uint8Array(CHIP_INFO.bytes);
  const answer = files.ioctl(fd, GPIO_GET_CHIPINFO, info);
  const errno = answer < 0 ? files.errno() : 0;
  files.close(fd);
  return answer < 0 ? { errno } : { label: nameAt(info, CHIP_INFO.label) };
}

/**
 * Path of the first chip that has one of the labels.
 * @param wanted - what is looked for on it, for people
 * @throws LineError "missing" that names the labels there are, or "denied" where a chip could not be looked at
 */
export function findChip(files: DeviceFiles, paths: readonly string[], labels: readonly string[], wanted = "GPIO"): string {
  const infos = paths.map((path) => ({ path, info: chipInfo(files, path) }));
  const found = infos.find(({ info }) => "label" in info && labels.includes(info.label));
  if (found !== undefined) return found.path;
  for (const { path, info } of infos) {
    if ("errno" in info && ["EACCES", "EPERM"].includes(errnoName(info.errno))) throw lineFailure(`${wanted} of the chip ${path}`, "EACCES");
  }
  const there = infos.flatMap(({ info }) => ("label" in info ? [info.label] : []));
  const known = there.length > 0 ? `there are ${there.join(", ")}` : "this machine has none";
  throw new LineError("missing", `There is no GPIO chip ${labels.join(" or ")}; ${known}.`);
}

/** Place of a line on an open chip, by its place or its name. @throws LineError when the chip has no such line */
export function findLine(files: DeviceFiles, chip: number, line: number | string): number {
  const info = new Uint8Array(CHIP_INFO.bytes);
  if (files.ioctl(chip, GPIO_GET_CHIPINFO, info) < 0) throw lineError(files.errno(), "GPIO chip", "use");
  const count = new DataView(info.buffer).getUint32(CHIP_INFO.lines, true);
  if (typeof line === "number") {
    if (line < count) return line;
    throw new LineError("missing", `The GPIO chip has no line ${line}: there are 0 to ${count - 1}.`);
  }
  for (let offset = 0; offset < count; offset++) {
    if (lineName(files, chip, offset) === line) return offset;
  }
  throw new LineError("missing", `The GPIO chip has no line "${line}"; \`gpioinfo\` lists the names it has.`);
}

function lineName(files: DeviceFiles, chip: number, offset: number): string {
  const info = new Uint8Array(LINE_INFO.bytes);
  new DataView(info.buffer).setUint32(LINE_INFO.offset, offset, true);
  if (files.ioctl(chip, GPIO_V2_GET_LINEINFO, info) < 0) throw lineError(files.errno(), `line ${offset}`, "use");
  return nameAt(info, LINE_INFO.name);
}
