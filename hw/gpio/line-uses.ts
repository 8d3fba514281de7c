import { HEADER_PINS } from "../../src/hal/board.js";
import { LineError, type LineUse } from "../../src/hal/digital.js";
import { O_CLOEXEC, O_RDONLY, systemFiles, type DeviceFiles } from "../linux/device-files.js";
import { findChip, HEADER_LABELS, systemChips } from "./chip-search.js";
import { GPIO_V2_GET_LINEINFO, LINE_INFO, LINE_USED, nameAt } from "./gpio-abi.js";

/** Who holds which lines of the header; empty where there is none, or where it may not be looked at. */
export function lineUses(files: DeviceFiles | undefined = systemFiles(), chips: () => readonly string[] = systemChips): readonly LineUse[] {
  if (files === undefined) return [];
  try {
    const fd = files.open(findChip(files, chips(), HEADER_LABELS), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return [];
    const uses = HEADER_PINS.flatMap((pin) => useOf(files, fd, pin));
    files.close(fd);
    return uses;
  } catch (error) {
    if (error instanceof LineError) return [];
    throw error;
  }
}

function useOf(files: DeviceFiles, chip: number, pin: number): readonly LineUse[] {
  const info = new Uint8Array(LINE_INFO.bytes);
  const view = new DataView(info.buffer);
  view.setUint32(LINE_INFO.offset, pin, true);
  if (files.ioctl(chip, GPIO_V2_GET_LINEINFO, info) < 0 || (view.getBigUint64(LINE_INFO.flags, true) & LINE_USED) === 0n) return [];
  return [{ pin, holder: nameAt(info, LINE_INFO.consumer) || "a driver of the kernel" }];
}
