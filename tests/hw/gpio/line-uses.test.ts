import { expect, it } from "vitest";
import { lineUses } from "../../../hw/gpio/line-uses.js";
import { chipBed } from "../../support/line-beds.js";

it("tells who holds which lines of the header, the box among them, and leaves no file open", async () => {
  const { lines, kernel } = chipBed();
  const request = { lines: [5, 6], direction: "in", isActiveLow: true, pull: "up", debounceMs: 0 } as const;
  const held = await lines.take(request, { edge: () => undefined, lost: () => undefined, failed: () => undefined });
  kernel.strangers.set(12, "reset").set(17, "").set(40, "off the header");
  const before = kernel.files.size;
  expect(lineUses(kernel, () => [...kernel.chips.keys()])).toEqual([
    { pin: 5, holder: "lacquer" }, { pin: 6, holder: "lacquer" }, { pin: 12, holder: "reset" }, { pin: 17, holder: "a driver of the kernel" },
  ]);
  expect(kernel.files.size).toBe(before);
  await held.close();
});

it("tells nothing where there is no header, and where its chip cannot be looked at", () => {
  const { kernel } = chipBed();
  expect(lineUses(undefined)).toEqual([]);
  expect(lineUses(kernel, () => [])).toEqual([]);
  kernel.isUnplugged = true;
  expect(lineUses(kernel, () => [...kernel.chips.keys()])).toEqual([]);
});
