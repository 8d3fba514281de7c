import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { shippedPresetsFolder } from "../../src/config/files.js";
import { loadPreset, recalledValues } from "../../src/config/presets.js";
import { loadTargets } from "../../src/config/targets.js";
import { findParameter } from "../../src/params/table.js";
import { clampValue, snapValue } from "../../src/params/values.js";

const FILES = readdirSync(shippedPresetsFolder()).map((file) => `${shippedPresetsFolder()}/${file}`);
const byName = FILES.map((file) => [basename(file, ".json"), file] as const);

describe.each(byName)("the preset %s", (name, file) => {
  const preset = loadPreset(file);

  it("has the name of its file and one sentence", () => {
    expect(preset.name).toBe(name);
    expect(preset.sentence).toMatch(/^[A-Z].{10,119}\.$/);
  });

  it("says only what differs from the defaults, on steps of the table", () => {
    expect(preset.values.size).toBeGreaterThan(0);
    for (const [id, value] of preset.values) {
      const row = findParameter(id)!;
      expect(value, `${id} is the default`).not.toBe(row.default);
      expect(value, id).toBe(snapValue(row, value));
    }
  });

  it("lifts no band by more than 3 dB, and lifts with a Q of 1.5 at most", () => {
    const recalled = recalledValues(preset);
    for (let band = 1; band <= 8; band++) {
      const gainDb = recalled.get(`eq.band${band}.gainDb`)!;
      expect(gainDb).toBeLessThanOrEqual(3);
      if (gainDb > 0) expect(recalled.get(`eq.band${band}.q`)).toBeLessThanOrEqual(1.5);
    }
  });

  it("leaves the limiter on, the order and the bypass alone, and no band soloed", () => {
    for (const id of ["limiter.bypass", "chain.bypass", "chain.order", "input.trimDb"]) expect(preset.values.has(id)).toBe(false);
    for (const id of preset.values.keys()) expect(id).not.toMatch(/\.solo$/);
  });
});

describe("the classic moves", () => {
  it.each([
    ["vocal-presence", 3000, 5000, 1],
    ["snare-crack", 5000, 8000, 1],
    ["kick-thump", 60, 80, 1],
    ["bass-definition", 700, 1000, 1],
    ["boxiness-out", 200, 400, -1],
    ["harshness-out", 2000, 4000, -1],
  ])("%s is one bell from %d to %d Hz, sign %d, 1 to 3 dB", (name, lowHz, highHz, sign) => {
    const recalled = recalledValues(loadPreset(name));
    const moved = [1, 2, 3, 4, 5, 6, 7, 8].filter((band) => recalled.get(`eq.band${band}.gainDb`) !== 0);
    expect(moved).toHaveLength(1);
    const of = (what: string) => recalled.get(`eq.band${moved[0]}.${what}`)!;
    expect(of("freqHz")).toBeGreaterThanOrEqual(lowHz);
    expect(of("freqHz")).toBeLessThanOrEqual(highHz);
    expect(of("type")).toBe(0);
    expect(of("on")).toBe(1);
    expect(of("gainDb") * sign).toBeGreaterThanOrEqual(1);
    expect(of("gainDb") * sign).toBeLessThanOrEqual(3);
  });

  it("use bands of their own, so that their settings can be joined", () => {
    const moves = ["vocal-presence", "snare-crack", "kick-thump", "bass-definition", "boxiness-out", "harshness-out"];
    const bands = moves.map((name) => [...new Set([...loadPreset(name).values.keys()].filter((id) => id.startsWith("eq.")).map((id) => id.split(".")[1]))]);
    expect(new Set(bands.flat()).size).toBe(moves.length);
  });
});

it("has targets whose ceilings the limiter can hold", () => {
  const ceiling = findParameter("limiter.ceilingDbtp")!;
  for (const target of loadTargets()) {
    expect(clampValue(ceiling, target.ceilingDbtp), target.id).toBe(target.ceilingDbtp);
  }
});
