import { describe, expect, it } from "vitest";
import { lookUpParameter, parseJsonValue, parseSetting, parseValue, type Parsed } from "../../src/params/parse.js";
import { findParameter, PARAMETERS } from "../../src/params/table.js";
import { formatValue, snapValue } from "../../src/params/values.js";
import { randomUniform } from "../support/signals.js";

const row = (id: string) => findParameter(id)!;
const read = (id: string, text: string) => parseValue(row(id), text);

function problemOf(parsed: Parsed<unknown>): string {
  return "problem" in parsed ? parsed.problem : `no problem: ${String(parsed.value)}`;
}

describe("parseValue", () => {
  it("reads back what formatValue writes, for 100 random values and both ends of every row", () => {
    const random = randomUniform(3);
    for (const parameter of PARAMETERS) {
      const values = [parameter.min, parameter.max, parameter.default];
      for (let trial = 0; trial < 100; trial++) {
        values.push(snapValue(parameter, parameter.min + (parameter.max - parameter.min) * random()));
      }
      for (const value of values) {
        const written = formatValue(parameter, value);
        expect(parseValue(parameter, written), `${parameter.id} = ${written}`).toEqual({ value });
        expect(parseJsonValue(parameter, written), `${parameter.id} = ${written}`).toEqual({ value });
      }
    }
  });

  it.each([
    ["compressor.thresholdDb", "-18", -18],
    ["compressor.thresholdDb", " \u221218.0dB ", -18],
    ["compressor.thresholdDb", "-.5 DB", -0.5],
    ["limiter.ceilingDbtp", "-2 dB", -2],
    ["compressor.ratio", "4:1", 4],
    ["compressor.ratio", "4 : 1", 4],
    ["eq.band3.freqHz", "1.2 kHz", 1200],
    ["eq.band3.freqHz", "3k", 3000],
    ["compressor.releaseMs", "0.3 s", 300],
    ["saturation.mixPercent", "50%", 50],
    ["eq.band1.type", "high-shelf", 2],
    ["eq.band1.type", "LOWSHELF", 1],
    ["filters.highpassSlope", "24", 2],
    ["chain.bypass", "TRUE", 1],
    ["chain.bypass", "off", 0],
    ["chain.bypass", "1", 1],
    ["chain.order", "saturation,imager,multiband,compressor,eq,filters", 719],
    ["chain.order", "Filters  eq compressor multiband saturation imager", 1],
  ])("reads %s \"%s\" as %d", (id, text, value) => {
    expect(read(id, text)).toEqual({ value });
  });

  it("takes a number as written, between the steps too", () => {
    expect(read("eq.band1.freqHz", "62.5")).toEqual({ value: 62.5 });
  });

  it.each([
    ["compressor.ratio", "0.5", "compressor.ratio is 0.5; allowed 1:1 to 20:1. The nearest is 1.0:1."],
    ["compressor.attackMs", "20 dB",
      "compressor.attackMs is \"20 dB\"; allowed 0.05 to 300 ms. \"dB\" is not its unit; write 20.0 ms, for example."],
    ["eq.band1.freqHz", "20,000", "eq.band1.freqHz is \"20,000\"; allowed 20 to 20000 Hz. Write decimals with a point."],
    ["input.trimDb", "", "input.trimDb is \"\"; allowed -24 to 24 dB. Write a number, such as 0.0 dB."],
    ["input.trimDb", "NaN", "input.trimDb is \"NaN\"; allowed -24 to 24 dB. Write a number, such as 0.0 dB."],
    ["input.trimDb", "1e999", "input.trimDb is 1e999; allowed -24 to 24 dB. The nearest is 24.0 dB."],
    ["saturation.character", "tap",
      "saturation.character is \"tap\"; allowed tape, tube or transformer. Did you mean \"tape\"?"],
    ["saturation.character", "0", "saturation.character is \"0\"; allowed tape, tube or transformer."],
    ["chain.bypass", "constructor", "chain.bypass is \"constructor\"; allowed on or off."],
    ["eq.band1.q", "1 constructor",
      "eq.band1.q is \"1 constructor\"; allowed 0.1 to 10. \"constructor\" is not its unit; write 0.71, for example."],
  ])("refuses %s \"%s\" with the value, the range and the remedy", (id, text, problem) => {
    expect(problemOf(read(id, text))).toBe(problem);
  });

  it("says which stage of an order is unknown, missing or named twice", () => {
    expect(problemOf(read("chain.order", "eq, filters, gate"))).toContain("There is no stage \"gate\".");
    expect(problemOf(read("chain.order", "eq, filters"))).toContain("Add compressor, multiband, imager, saturation.");
    expect(problemOf(read("chain.order", "eq, eq, filters, compressor, multiband, imager, saturation")))
      .toContain("Name each stage once.");
  });

  it("refuses values beyond both ends of every number, by name", () => {
    for (const parameter of PARAMETERS) {
      if (parameter.kind !== "number") continue;
      for (const value of [parameter.min - parameter.step, parameter.max + parameter.step]) {
        expect(problemOf(parseValue(parameter, String(value)))).toContain(`${parameter.id} is ${value}; allowed`);
      }
    }
  });
});

describe("parseJsonValue", () => {
  it.each([
    ["compressor.ratio", 4, 4],
    ["compressor.ratio", "4:1", 4],
    ["chain.bypass", true, 1],
    ["chain.bypass", "on", 1],
    ["filters.highpassSlope", 24, 2],
    ["saturation.character", "tube", 1],
    ["chain.order", ["filters", "eq", "compressor", "multiband", "saturation", "imager"], 1],
  ])("reads %s %j as %d", (id, json, value) => {
    expect(parseJsonValue(row(id), json)).toEqual({ value });
  });

  it.each([
    ["compressor.ratio", true],
    ["compressor.ratio", null],
    ["compressor.ratio", NaN],
    ["compressor.ratio", [2]],
    ["chain.bypass", 1],
    ["saturation.character", 1],
    ["saturation.character", false],
    ["chain.order", 1],
    ["chain.order", [1, 2]],
    ["chain.order", {}],
  ])("refuses %s %j", (id, json) => {
    expect(problemOf(parseJsonValue(row(id), json))).toContain(`${id} is `);
  });
});

describe("lookUpParameter", () => {
  it.each([
    ["compresor.ratio", "compressor.ratio"],
    ["compressor.Ratio", "compressor.ratio"],
    ["compressor.threshold", "compressor.thresholdDb"],
    ["limiter.ceiling", "limiter.ceilingDbtp"],
    ["eq.bnad3.gianDb", "eq.band3.gainDb"],
    ["driveDb2", undefined],
    ["", undefined],
  ])("for \"%s\" suggests %s", (id, meant) => {
    expect(problemOf(lookUpParameter(id)))
      .toBe(`There is no parameter "${id}".${meant === undefined ? "" : ` Did you mean "${meant}"?`}`);
  });
});

describe("parseSetting", () => {
  it("reads a parameter and its value", () => {
    expect(parseSetting("compressor.thresholdDb = -20 dB")).toEqual({ value: ["compressor.thresholdDb", -20] });
  });

  it.each([
    ["compressor.ratio", "is no setting; write parameter=value"],
    ["=4", "is no setting; write parameter=value"],
    ["compresor.ratio=4", "Did you mean \"compressor.ratio\"?"],
    ["compressor.ratio=40", "allowed 1:1 to 20:1"],
    ["compressor.ratio=", "Write a number"],
  ])("says of \"%s\" that it %s", (text, problem) => {
    expect(problemOf(parseSetting(text))).toContain(problem);
  });
});
