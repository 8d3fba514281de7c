import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { settingRules, settingValue } from "../../src/config/config-schema.js";
import { randomUniform } from "../support/signals.js";
import { temporaryFile } from "../support/temporary-file.js";

const KEYS = [...settingRules().map(([key]) => key), "audio", "start.values.compressor.ratio", "controls.0.pins", "extra", "__proto__", "version"];
const SCALARS = [0, -0, 1, -1, 0.5, 3, 64, 48000, 1e21, -1e-9, true, false, null, "", " ", "auto", "sim", "48 kHz", "NaN", "\u0000", "💿", "__proto__"];

/** Any JSON value, nested up to `depth`. */
function randomJson(random: () => number, depth: number): unknown {
  const pick = random();
  if (depth === 0 || pick < 0.7) return SCALARS[Math.floor(random() * SCALARS.length)];
  const items = Array.from({ length: Math.floor(random() * 4) }, () => randomJson(random, depth - 1));
  return pick < 0.85 ? items : Object.fromEntries(items.map((item, index) => [["name", "kind", "pins", "compressor.ratio", "__proto__"][index]!, item]));
}

/** A configuration with some keys set to anything. */
function randomConfig(random: () => number): unknown {
  const root: Record<string, unknown> = { version: 1 };
  for (let n = Math.ceil(random() * 4); n > 0; n--) {
    const [section = "", ...rest] = KEYS[Math.floor(random() * KEYS.length)]!.split(".");
    const value = randomJson(random, 3);
    const inner = root[section];
    root[section] = rest.length === 0 ? value : { ...(typeof inner === "object" ? inner : {}), [rest.join(".")]: value };
  }
  return root;
}

/** A configuration as JSON that can be read again. */
function asFile(config: ReturnType<typeof loadBoxConfig>["config"]): string {
  const values = Object.fromEntries(config.start.values);
  return JSON.stringify({ version: 1, ...config, start: { ...config.start, values } });
}

it("gives for 500 random files a whole configuration that has no fault itself", () => {
  const random = randomUniform(1123);
  const file = temporaryFile("lacquer.json", "");
  const again = temporaryFile("again.json", "");
  let refused = 0;
  for (let n = 0; n < 500; n++) {
    const text = JSON.stringify(randomConfig(random));
    writeFileSync(file, text);
    const { config, findings } = loadBoxConfig(file);
    for (const [key] of settingRules()) expect(settingValue(config, key), text).not.toBe(undefined);
    writeFileSync(again, asFile(config));
    expect(loadBoxConfig(again).findings.map(({ message }) => message), text).toEqual([]);
    if (findings.length > 0) refused++;
  }
  expect(refused).toBeGreaterThan(250);
});
