import { beforeEach, describe, expect, it } from "vitest";
import { boxCommands, type BoxCommands } from "../../src/box/box-commands.js";
import { LiveMeters } from "../../src/box/live-meters.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { PARAMETERS } from "../../src/params/table.js";

let store: ParameterStore;
let commands: BoxCommands;

beforeEach(() => {
  const targets = loadTargets();
  store = new ParameterStore({ targets, nowMs: () => 0, onListenerError: (error) => { throw error; } });
  const unused = (): never => { throw new Error("not asked for"); };
  commands = boxCommands({ store, targets, meters: new LiveMeters(), status: unused, take: unused, measureLatency: unused });
});

describe("set", () => {
  it("takes numbers in the table's unit and texts as people write them, as one change", async () => {
    const { values } = await commands.set({ values: { "compressor.ratio": 4, "saturation.character": "tube", "eq.band5.freqHz": "3.5 kHz" } }, "cli");
    expect(values).toEqual({ "compressor.ratio": 4, "saturation.character": 1, "eq.band5.freqHz": 3500 });
    expect(store.state.sequence).toBe(1);
    await commands.undo({}, "cli");
    expect(store.get("compressor.ratio")).toBe(2);
    expect(store.get("eq.band5.freqHz")).toBe(4000);
  });

  it.each([
    [{ "compressor.ratio": 0.5 }, "compressor.ratio is 0.5; allowed 1:1 to 20:1. The nearest is 1.0:1."],
    [{ "compressor.ratio": "fast" }, "compressor.ratio is \"fast\"; allowed 1:1 to 20:1. Write a number, such as 2.0:1."],
    [{ "compressor.rato": 2 }, "There is no parameter \"compressor.rato\". Did you mean \"compressor.ratio\"?"],
    [{ "chain.bypass": 0.5 }, "chain.bypass is 0.5; allowed on or off."],
    [{ "compressor.ratio": 3, "limiter.ceilingDbtp": Infinity }, "limiter.ceilingDbtp is Infinity; allowed"],
  ])("refuses %j whole and says why", (values, sentence) => {
    const before = store.state;
    expect(() => commands.set({ values }, "cli")).toThrow(sentence);
    expect(store.state).toEqual(before);
  });
});

describe("get", () => {
  it("answers with every parameter of the table, or those that are asked for", async () => {
    const all = await commands.get({}, "cli");
    expect(Object.keys(all.values).sort()).toEqual(PARAMETERS.map((row) => row.id).sort());
    expect(await commands.get({ ids: ["compressor.ratio"] }, "cli")).toEqual({ values: { "compressor.ratio": 2 } });
    expect(() => commands.get({ ids: ["nothing"] }, "cli")).toThrow("There is no parameter \"nothing\".");
  });
});

describe("the others", () => {
  it("toggle the bypass without a word, and set it with one", async () => {
    expect(await commands.bypass({}, "phone")).toEqual({ on: true });
    expect(await commands.bypass({}, "phone")).toEqual({ on: false });
    expect(await commands.bypass({ on: false }, "phone")).toEqual({ on: false });
  });

  it("apply a preset by its name, whatever its spelling, and refuse a path", async () => {
    await commands.applyPreset({ preset: "Vocal Presence" }, "phone");
    expect(store.state).toMatchObject({ preset: "vocal-presence", isPresetEdited: false });
    expect(() => commands.applyPreset({ preset: "../../etc/passwd" }, "phone")).toThrow("is no name of a preset");
    expect(() => commands.applyPreset({ preset: "glu" }, "phone")).toThrow("Did you mean \"glue\"?");
  });

  it("choose a target by an alias and set the ceiling to its own", async () => {
    expect(await commands.setTarget({ target: "broadcast" }, "phone")).toEqual({ target: "ebu-r128" });
    expect(store.get("limiter.ceilingDbtp")).toBe(-1);
  });

  it("store and recall a scene, and refuse an empty one", async () => {
    await commands.set({ values: { "compressor.ratio": 3 } }, "knob");
    await commands.storeScene({ scene: "B" }, "knob");
    await commands.reset({}, "knob");
    const { values } = await commands.recallScene({ scene: "B" }, "knob");
    expect(values["compressor.ratio"]).toBe(3);
    expect(() => commands.recallScene({ scene: "C" }, "knob")).toThrow("Scene C is empty");
  });

  it("say that there is nothing to undo or redo", () => {
    expect(() => commands.undo({}, "cli")).toThrow("There is nothing to undo.");
    expect(() => commands.redo({}, "cli")).toThrow("There is nothing to redo.");
  });
});
