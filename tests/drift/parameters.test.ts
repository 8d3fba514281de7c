import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { NumberParameter, Unit } from "../../src/params/parameter.js";
import { PARAMETERS } from "../../src/params/table.js";
import { snapValue } from "../../src/params/values.js";
import { parametersDoc } from "../support/parameters-doc.js";

const NUMBERS = PARAMETERS.filter((row): row is NumberParameter => row.kind === "number");

/** The unit that the last word of an id stands for. */
const SUFFIX: Readonly<Record<string, Unit>> = { Db: "dB", Dbtp: "dBTP", Lufs: "LUFS", Hz: "Hz", Ms: "ms", Percent: "%" };
/** Numbers whose plain name says the unit. */
const PLAIN: Readonly<Record<string, Unit>> = { ratio: ":1", q: "" };

it("has in config/parameters.md what the table says (else: npm run docs:params)", () => {
  const folder = dirname(createRequire(import.meta.url).resolve("#config/targets.json"));
  expect(readFileSync(`${folder}/parameters.md`, "utf8")).toBe(parametersDoc());
});

describe("the table", () => {
  it("names the unit of every number in its id, and of nothing else", () => {
    for (const row of PARAMETERS) {
      const name = row.id.split(".").at(-1) ?? "";
      const suffix = /(?:Dbtp|Db|Lufs|Hz|Ms|Percent)$/.exec(name)?.[0];
      const expected = suffix === undefined ? PLAIN[name] : SUFFIX[suffix];
      expect(row.kind === "number" ? row.unit : undefined, row.id).toBe(expected);
    }
  });

  it("gives every parameter an id of its own, a label and one sentence", () => {
    expect(new Set(PARAMETERS.map((row) => row.id)).size).toBe(PARAMETERS.length);
    for (const row of PARAMETERS) {
      expect(row.id).toMatch(/^[a-z]+\.(band[1-8]\.)?[a-z][A-Za-z0-9]*$/);
      expect(row.label, row.id).toMatch(/^[A-Z].{0,23}$/);
      expect(row.sentence, row.id).toMatch(/^[A-Z].{10,119}\.$/);
    }
  });

  it("has every default, minimum and maximum on a step and in the range", () => {
    for (const row of PARAMETERS) {
      expect(row.min, row.id).toBeLessThan(row.max);
      for (const value of [row.default, row.min, row.max]) expect(snapValue(row, value), row.id).toBe(value);
    }
  });

  it("gives each choice names of its own", () => {
    for (const row of PARAMETERS) {
      if (row.kind === "choice") expect(new Set(row.choices.map((name) => name.toLowerCase())).size).toBe(row.choices.length);
    }
  });
});

describe("the ranges that the product promises", () => {
  it.each([
    ["input.trimDb", -24, 24],
    ["filters.highpassHz", 10, 400],
    ["eq.band1.freqHz", 20, 20000],
    ["eq.band8.gainDb", -18, 18],
    ["eq.band4.q", 0.1, 10],
    ["compressor.thresholdDb", -60, 0],
    ["compressor.ratio", 1, 20],
    ["compressor.attackMs", 0.05, 300],
    ["compressor.releaseMs", 5, 3000],
    ["compressor.kneeDb", 0, 24],
    ["compressor.linkPercent", 0, 100],
    ["compressor.mixPercent", 0, 100],
    ["multiband.band4.ratio", 1, 20],
    ["imager.band1.widthPercent", 0, 200],
    ["imager.monoBelowHz", 20, 500],
    ["limiter.ceilingDbtp", -12, 0],
  ])("lets %s run from %d to %d", (id, min, max) => {
    expect(NUMBERS.find((row) => row.id === id)).toMatchObject({ min, max });
  });
});

it("numbers the bands of the equaliser from low to high, at least 0.9 octaves apart, so that no handle hides another", () => {
  const freqsHz = Array.from({ length: 8 }, (_, index) => NUMBERS.find(({ id }) => id === `eq.band${index + 1}.freqHz`)?.default ?? 0);
  for (let band = 1; band < freqsHz.length; band++) expect(Math.log2(freqsHz[band]! / freqsHz[band - 1]!), `band ${band + 1}`).toBeGreaterThan(0.9);
});
