import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/config/config-error.js";
import { listPresets, loadPreset, recalledValues } from "../../src/config/presets.js";
import { PARAMETERS } from "../../src/params/table.js";
import { temporaryFile } from "../support/temporary-file.js";

/** The message with which a preset of this text is refused, from the file's name on. */
function refusal(text: string): string {
  const file = temporaryFile("mine.json", text);
  try {
    loadPreset(file);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replace(file, "mine.json");
    throw error;
  }
  return "accepted";
}

const withValues = (values: string) => `{\n"version": 1,\n"name": "mine",\n"sentence": "Mine.",\n"values": {\n${values}\n}}`;

describe("loadPreset", () => {
  it("reads values as people write them", () => {
    const values = "\"compressor.ratio\": 4, \"eq.band1.freqHz\": \"1.2 kHz\", \"saturation.bypass\": false,"
      + "\"saturation.character\": \"tube\", \"filters.highpassSlope\": 24,"
      + "\"chain.order\": [\"filters\", \"eq\", \"compressor\", \"multiband\", \"saturation\", \"imager\"]";
    const preset = loadPreset(temporaryFile("mine.json", withValues(values)));
    expect(preset).toEqual({ name: "mine", sentence: "Mine.", values: new Map([
      ["compressor.ratio", 4], ["eq.band1.freqHz", 1200], ["saturation.bypass", 0],
      ["saturation.character", 1], ["filters.highpassSlope", 2], ["chain.order", 1],
    ]) });
  });

  it("finds a preset of the product by name, whatever its case, spaces and hyphens", () => {
    expect(loadPreset("Vocal Presence").name).toBe("vocal-presence");
    expect(loadPreset("GLUE").name).toBe("glue");
  });

  it("suggests a near name, and lists all", () => {
    expect(() => loadPreset("gleu")).toThrow("gleu: There is no such preset. Did you mean \"glue\"? There are bass-definition, ");
    expect(() => loadPreset("../presets/none.json")).toThrow("none.json: There is no such file.");
  });

  it.each([
    ["an unknown parameter", withValues("\"compresor.ratio\": 2"),
      "mine.json:6: There is no parameter \"compresor.ratio\". Did you mean \"compressor.ratio\"?"],
    ["a value out of range", withValues("\"compressor.ratio\": 2,\n\"eq.band1.q\": 0.01"),
      "mine.json:7: eq.band1.q is 0.01; allowed 0.1 to 10. The nearest is 0.1."],
    ["a value of the wrong type", withValues("\"compressor.ratio\": true"),
      "mine.json:6: compressor.ratio is true; allowed 1:1 to 20:1."],
    ["an unknown choice", withValues("\"saturation.character\": \"tap\""),
      "mine.json:6: saturation.character is \"tap\"; allowed tape, tube or transformer. Did you mean \"tape\"?"],
    ["a parameter given twice", withValues("\"compressor.ratio\": 2,\n\"compressor.ratio\": 3"),
      "mine.json:7: \"compressor.ratio\" is given twice; keep one."],
    ["not a number", withValues("\"compressor.ratio\": NaN"),
      "mine.json:6: compressor.ratio is NaN; allowed 1:1 to 20:1."],
    ["an infinite number", withValues("\"compressor.ratio\": 1e999"),
      "mine.json:6: compressor.ratio is Infinity; allowed 1:1 to 20:1. The nearest is 20.0:1."],
    ["an unknown key", withValues("").replace("\"sentence\"", "\"sentance\""),
      "mine.json:4: the preset has no \"sentance\"; allowed version, name, sentence, values. Did you mean \"sentence\"?"],
    ["a missing key", "{\n\"version\": 1,\n\"name\": \"mine\",\n\"values\": {}}", "mine.json:1: the preset lacks \"sentence\"."],
    ["another version", withValues("").replace("1", "2"), "mine.json:2: the preset.version is 2; allowed 1."],
    ["an empty name", withValues("").replace("mine", " "), "mine.json:3: the preset.name is \" \"; allowed a text in double quotes."],
    ["values in a list", withValues("").replace(/\{\n\n\}/, "[]"), "mine.json:5: values must be an object in braces."],
    ["no object at all", "[]", "mine.json:1: the preset must be an object in braces."],
  ])("refuses %s with file, line, value and what is allowed", (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });
});

describe("recalledValues", () => {
  it("gives every parameter: the preset's value where it has one, else the default", () => {
    const recalled = recalledValues(loadPreset("rumble-out"));
    for (const row of PARAMETERS) {
      const expected = { "filters.highpassHz": 40, "filters.highpassSlope": 2, "compressor.bypass": 1 }[row.id] ?? row.default;
      expect(recalled.get(row.id), row.id).toBe(expected);
    }
  });
});

it("lists the presets of the product by name", () => {
  expect(listPresets().map((preset) => preset.name)).toEqual(["bass-definition", "boxiness-out", "broadcast", "glue",
    "harshness-out", "kick-thump", "loud", "podcast", "rumble-out", "snare-crack", "transparent", "vinyl",
    "vocal-presence", "warm"]);
});
