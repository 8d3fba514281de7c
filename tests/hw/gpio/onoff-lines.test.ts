import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OnoffLines, sysfsBase } from "../../../hw/gpio/onoff-lines.js";
import { HEADER_LABELS } from "../../../hw/gpio/chip-search.js";
import { LineInput } from "../../../hw/gpio/line-input.js";
import { onoffBed } from "../../support/fake-onoff.js";
import { temporaryFolder } from "../../support/temp-folder.js";

const DEAF = { edge: () => undefined, failed: () => undefined };
const { path } = temporaryFolder();

function sysfs(name: string, chips: Readonly<Record<string, string>>): string {
  const folder = join(path, name);
  mkdirSync(folder);
  for (const [base, label] of Object.entries(chips)) {
    mkdirSync(join(folder, `gpiochip${base}`));
    for (const [file, value] of [["label", label], ["base", base], ["ngpio", "54"]] as const) writeFileSync(join(folder, `gpiochip${base}`, file), `${value}\n`);
  }
  return folder;
}

describe("OnoffLines", () => {
  it.each([476, 512, 520, 571])("finds the base %i of the header by the label of its chip", (base) => {
    const folder = sysfs(`base${base}`, { 400: "some-expander", [base]: "pinctrl-bcm2711" });
    expect(sysfsBase(folder, HEADER_LABELS)).toEqual({ base, count: 54 });
  });

  it("names the chips there are where none is the header, and the other driver where sysfs is gone", () => {
    expect(() => sysfsBase(sysfs("other", { 512: "some-expander" }), HEADER_LABELS)).toThrow(/there are some-expander/);
    expect(() => sysfsBase(join(path, "none"), HEADER_LABELS)).toThrow(/"gpio": "chip"/);
  });

  it("names the package where it is not installed", async () => {
    const folder = sysfs("uninstalled", { 512: "pinctrl-bcm2711" });
    const load = (): never => {
      throw new Error("Cannot find module 'onoff'");
    };
    const input = new LineInput(new OnoffLines({ labels: HEADER_LABELS, load, folder, nowMs: () => 0, later: () => () => undefined }), { line: 17 });
    await expect(input.open(DEAF)).rejects.toMatchObject({ kind: "missing", message: expect.stringContaining("npm install onoff") as string });
  });

  it("reads a line no more that was given back while it waited for its contact to rest", async () => {
    const { lines, hands } = onoffBed();
    const edges: boolean[] = [];
    const input = new LineInput(lines, { line: 17, debounceMs: 8 });
    await input.open({ ...DEAF, edge: (isActive) => edges.push(isActive) });
    await hands.contact(17, true);
    await input.close();
    await hands.pass(20);
    expect(edges).toEqual([]);
    await hands.dispose?.();
  });
});
