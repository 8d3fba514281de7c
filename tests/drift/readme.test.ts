import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BOARDS } from "../../hw/boards/boards.js";
import { listPresets } from "../../src/config/presets.js";
import { loadTargets } from "../../src/config/targets.js";
import { parseSetting } from "../../src/params/parse.js";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const scripts = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as
  { scripts: Record<string, string> }).scripts;

describe("README.md", () => {
  it("names every preset and every target", () => {
    for (const name of [...listPresets().map((preset) => preset.name), ...loadTargets().map((target) => target.id)]) {
      expect(README).toContain(`\`${name}\``);
    }
  });

  it("names every board", () => {
    for (const { id } of BOARDS) expect(README).toContain(`\`${id}\``);
  });

  it("shows settings that are understood", () => {
    const settings = [...README.matchAll(/--set (?:"([^"]+)"|([a-z][\w.]*=\S+))/g)].map((found) => found[1] ?? found[2] ?? "");
    const shown = settings.filter((setting) => setting !== "stage.param=value]...");
    expect(shown.length).toBeGreaterThan(2);
    for (const setting of shown) expect(parseSetting(setting), setting).toHaveProperty("value");
  });

  it("names only scripts that exist", () => {
    const named = [...README.matchAll(/npm (?:run )?([a-z:]+)/g)].map((found) => found[1] ?? "").filter((name) => name !== "ci");
    for (const name of named) expect(scripts, name).toHaveProperty([name]);
  });
});
