import { describe, expect, it } from "vitest";
import { readState, stateJson } from "../../src/config/state.js";
import { findParameter } from "../../src/params/table.js";
import { randomState } from "../support/box-states.js";
import { numberedState, TARGETS } from "../support/numbered-state.js";
import { randomUniform } from "../support/signals.js";

type Json = Record<string, unknown>;

/** What is read of a saved state of number 7 after `change` was made to it. */
function readChanged(change: (json: { values: Json; scenes: Json; calibration: Json } & Json) => void): ReturnType<typeof readState> {
  const json = JSON.parse(JSON.stringify(stateJson(numberedState(7)))) as Parameters<typeof change>[0];
  change(json);
  return readState(json, TARGETS);
}

describe("a saved state", () => {
  it("is read as it was, to the last bit, for 300 random states", () => {
    const random = randomUniform(20261123);
    for (let n = 0; n < 300; n++) {
      const state = randomState(random);
      const json = JSON.parse(JSON.stringify(stateJson(state))) as Json;
      expect(readState(json, TARGETS)).toEqual({ state, notes: [] });
    }
  });

  it("keeps a value that lies between two steps of the table", () => {
    const { state } = readChanged(({ values }) => (values["eq.band1.gainDb"] = 1.2345678901234567));
    expect(state.values["eq.band1.gainDb"]).toBe(1.2345678901234567);
  });

  it.each([
    ["a value out of range", "compressor.ratio", 99, "compressor.ratio is 99; allowed 1:1 to 20:1. The nearest is 20.0:1."],
    ["a value of the wrong type", "compressor.ratio", true, "compressor.ratio is true; allowed 1:1 to 20:1."],
    ["a choice that is gone", "saturation.character", "valve", "saturation.character is \"valve\"; allowed tape, tube or transformer."],
    ["null", "compressor.ratio", null, "compressor.ratio is null; allowed 1:1 to 20:1."],
  ])("puts %s to its default alone, and says so", (_, id, value, note) => {
    const { state, notes } = readChanged(({ values }) => (values[id] = value));
    expect(notes).toEqual([note]);
    expect(state).toEqual({ ...numberedState(7), values: { ...numberedState(7).values, [id]: findParameter(id)!.default } });
  });

  it.each<[string, Parameters<typeof readChanged>[0], string]>([
    ["a parameter that is gone", ({ values }) => (values["reverb.sizeM"] = 3), "There is no parameter \"reverb.sizeM\"."],
    ["a scene that is none", ({ scenes }) => (scenes["E"] = {}), "there is no scene \"E\""],
    ["a calibration that is no number", ({ calibration }) => (calibration["x"] = "1"), "calibration.x is \"1\"; allowed a number"],
    ["a target that is gone", (json) => (json["target"] = "myspace"), "there is no target \"myspace\""],
    ["a preset that is no text", (json) => (json["preset"] = 3), "preset is 3; allowed a name or null"],
  ])("leaves out %s, and says so", (_, change, note) => {
    const { state, notes } = readChanged(change);
    expect(notes).toEqual([note]);
    expect(state).toEqual(numberedState(7));
  });

  it("puts a parameter that was not yet there to its default without a word", () => {
    const { state, notes } = readChanged(({ values }) => delete values["compressor.ratio"]);
    expect(notes).toEqual([]);
    expect(state).toEqual(numberedState(7));
  });

  it("is all defaults where it holds nothing", () => {
    const { state } = readState({}, TARGETS);
    expect(state.values).toEqual({ ...numberedState(0).values, "loudness.driveDb": 0 });
    expect(state.target).toBe(TARGETS[0]);
  });
});
