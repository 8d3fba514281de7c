import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_OWN_PRESETS, OwnPresets, presetJson } from "../../src/config/own-presets.js";
import { loadPreset, type Preset } from "../../src/config/presets.js";
import { temporaryFolder } from "../support/temp-folder.js";

const folder = temporaryFolder();
const place = (): string => join(mkdtempSync(join(folder.path, "o")), "presets");
const preset = (name: string, ratio = 3): Preset => ({ name, sentence: "Mine.", values: new Map([["compressor.ratio", ratio], ["chain.order", 5], ["eq.band1.on", 1]]) });

describe("the presets of a box", () => {
  it("are there again after a restart, in files that master --preset takes too", async () => {
    const path = place();
    const own = new OwnPresets(path);
    expect(await own.load()).toEqual([]);
    expect(await own.save(preset("Säng 1"))).toBe("own-1");
    expect(await own.save(preset("Band"))).toBe("own-2");
    expect(await own.save(preset("band", 5))).toBe("own-2");
    await own.rename("own-1", "Voice");
    const again = new OwnPresets(path);
    expect(await again.load()).toEqual([]);
    expect(again.list.map(({ id, name }) => [id, name])).toEqual([["own-1", "Voice"], ["own-2", "band"]]);
    expect(again.find("BAND")?.values.get("compressor.ratio")).toBe(5);
    expect([...loadPreset(join(path, "own-1.json")).values]).toEqual([...preset("").values]);
    await again.delete("own-1");
    expect(readdirSync(path)).toEqual(["own-2.json"]);
    expect(await again.save(preset("New"))).toBe("own-3");
  });

  it("get a number behind a name that is taken, here or in the product", async () => {
    const own = new OwnPresets(place());
    await own.add(preset("Band"), () => false);
    await own.add(preset("Band"), () => false);
    await own.add(preset("glue"), (name) => name === "glue");
    expect(own.list.map(({ name }) => name)).toEqual(["Band", "Band 2", "glue 2"]);
  });

  it("refuse a name that another has, and a preset that is not theirs", async () => {
    const own = new OwnPresets(place());
    await own.save(preset("One"));
    await own.save(preset("Two"));
    await expect(own.rename("own-2", "one")).rejects.toThrow('There is a preset "One" already; take another name.');
    await own.rename("own-2", "TWO");
    for (const id of ["glue", "../state-v1-a", "own-9", "__proto__"]) {
      await expect(own.delete(id)).rejects.toThrow(`There is no preset "${id}" of this box's own`);
    }
  });

  it("set a damaged file aside and say so, and leave other files alone", async () => {
    const path = place();
    const own = new OwnPresets(path);
    await own.save(preset("Good"));
    writeFileSync(join(path, "own-7.json"), '{"version":1,"name":"Bad","sentence":"x","values":{"compressor.ratio":99}}');
    writeFileSync(join(path, "notes.txt"), "mine");
    const again = new OwnPresets(path);
    expect(await again.load()).toEqual([expect.stringMatching(/^The preset in own-7\.json cannot be used: .*allowed 1:1 to 20:1\..* It is kept as own-7\.json\.damaged-1\.$/)]);
    expect(again.list.map(({ name }) => name)).toEqual(["Good"]);
    expect(readFileSync(join(path, "notes.txt"), "utf8")).toBe("mine");
  });

  it(`are ${MAX_OWN_PRESETS} at most`, async () => {
    const own = new OwnPresets(place());
    for (let n = 0; n < MAX_OWN_PRESETS; n++) await own.save(preset(`P${n}`));
    await expect(own.save(preset("One more"))).rejects.toThrow("There are 100 presets already; delete one first.");
    await own.save(preset("P7", 8));
  });

  it("are exported as people write values", () => {
    expect(presetJson(preset("X")).values).toEqual({ "compressor.ratio": 3, "chain.order": expect.any(Array) as unknown, "eq.band1.on": true });
  });
});
