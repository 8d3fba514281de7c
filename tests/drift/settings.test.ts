import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { settingRules, settingValue } from "../../src/config/config-schema.js";
import { defaultConfigFile } from "../../src/config/files.js";
import { settingsDoc } from "../support/settings-doc.js";
import { temporaryFile } from "../support/temporary-file.js";

const PAGE = readFileSync(`${dirname(defaultConfigFile())}/settings.md`, "utf8");

it("has in config/settings.md what the schema says (else: npm run docs:settings)", () => {
  expect(PAGE).toBe(settingsDoc());
});

it("shows on that page a file that has no fault", () => {
  const file = temporaryFile("lacquer.json", "");
  writeFileSync(file, /```json\n([^`]*)```/.exec(PAGE)?.[1] ?? "");
  expect(loadBoxConfig(file).findings).toEqual([]);
});

describe("config/default.json", () => {
  const { config, origins } = loadBoxConfig(undefined);

  it.each(settingRules().map(([key]) => key))("gives %s", (key) => {
    expect(origins.get(key)).toMatch(/config\/default\.json:\d+$/);
    expect(settingValue(config, key)).not.toBe(undefined);
  });

  it("has a delay of 4 ms in the playback buffer: 64 frames three times at 48 kHz", () => {
    const { sampleRateHz, periodFrames, periods } = config.audio;
    expect((1000 * periodFrames * periods) / sampleRateHz).toBe(4);
  });
});

it("gives every setting one sentence and what is allowed", () => {
  for (const [key, rule] of settingRules()) {
    expect(rule.sentence, key).toMatch(/^[A-Z].{10,150}\.$/);
    expect(rule.allowed, key).not.toBe("");
  }
});
