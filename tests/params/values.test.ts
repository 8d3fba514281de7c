import { describe, expect, it } from "vitest";
import type { NumberParameter } from "../../src/params/parameter.js";
import { findParameter, PARAMETERS } from "../../src/params/table.js";
import { clampValue, decimalsOf, formatRange, formatValue, positionOf, snapValue, valueAt } from "../../src/params/values.js";
import { randomUniform } from "../support/signals.js";

const row = (id: string) => findParameter(id)!;
const NUMBERS = PARAMETERS.filter((parameter): parameter is NumberParameter => parameter.kind === "number");

describe("formatValue", () => {
  it.each([
    ["compressor.thresholdDb", -18, "-18.0 dB"],
    ["limiter.ceilingDbtp", -1, "-1.0 dBTP"],
    ["compressor.ratio", 2, "2.0:1"],
    ["compressor.attackMs", 0.05, "0.05 ms"],
    ["compressor.attackMs", 9.95, "9.95 ms"],
    ["compressor.attackMs", 20, "20.0 ms"],
    ["compressor.attackMs", 150, "150.0 ms"],
    ["eq.band1.q", 10, "10.0"],
    ["filters.lowpassHz", 20000, "20000 Hz"],
    ["imager.balancePercent", -100, "-100 %"],
    ["eq.band1.q", 0.71, "0.71"],
    ["saturation.character", 0, "tape"],
    ["eq.band1.type", 1, "lowShelf"],
    ["chain.bypass", 0, "off"],
    ["eq.bypass", 1, "on"],
    ["chain.order", 0, "filters, eq, compressor, multiband, imager, saturation"],
    ["chain.order", 719, "saturation, imager, multiband, compressor, eq, filters"],
  ])("writes %s %d as %s", (id, value, written) => {
    expect(formatValue(row(id), value)).toBe(written);
  });

  it("writes a small negative number that rounds to nothing without a minus", () => {
    expect(formatValue(row("input.trimDb"), -0.04)).toBe("0.0 dB");
  });
});

describe("formatRange", () => {
  it.each([
    ["compressor.ratio", "1:1 to 20:1"],
    ["compressor.thresholdDb", "-60 to 0 dB"],
    ["eq.band1.q", "0.1 to 10"],
    ["chain.bypass", "on or off"],
    ["saturation.character", "tape, tube or transformer"],
  ])("says what %s allows: %s", (id, range) => {
    expect(formatRange(row(id))).toBe(range);
  });
});

describe("clampValue and snapValue", () => {
  it("keeps every value in the range, and no number becomes the default", () => {
    for (const parameter of PARAMETERS) {
      expect(clampValue(parameter, -Infinity), parameter.id).toBe(parameter.min);
      expect(clampValue(parameter, Infinity), parameter.id).toBe(parameter.max);
      expect(clampValue(parameter, NaN), parameter.id).toBe(parameter.default);
    }
  });

  it("snaps to the nearest step, at most half a step away, for 200 random values of every number", () => {
    const random = randomUniform(11);
    for (const parameter of NUMBERS) {
      for (let trial = 0; trial < 200; trial++) {
        const value = parameter.min + (parameter.max - parameter.min) * random();
        const snapped = snapValue(parameter, value);
        const away = Math.abs(snapped - value) / parameter.step;
        const steps = snapped / parameter.step;
        const holds = away <= 0.5 + 1e-9 && Math.abs(steps - Math.round(steps)) < 1e-6;
        expect(holds && snapValue(parameter, snapped) === snapped, `${parameter.id} ${value} -> ${snapped}`).toBe(true);
      }
    }
  });

  it("leaves no binary dust: 0.1 dB steps are the decimals that people write", () => {
    const trim = row("input.trimDb");
    for (let tenth = -240; tenth <= 240; tenth++) expect(snapValue(trim, tenth * 0.1)).toBe(Number((tenth / 10).toFixed(1)));
  });

  it("snaps switches, choices and the order to whole numbers", () => {
    expect(snapValue(row("chain.bypass"), 0.6)).toBe(1);
    expect(snapValue(row("saturation.character"), 1.4)).toBe(1);
    expect(snapValue(row("chain.order"), 718.7)).toBe(719);
  });

  it("writes the fewest decimals that hold a step", () => {
    for (const parameter of NUMBERS) {
      expect(Number(parameter.step.toFixed(decimalsOf(parameter))), parameter.id).toBe(parameter.step);
    }
  });
});

describe("the taper", () => {
  it("runs from the minimum at 0 to the maximum at 1, and never back", () => {
    for (const parameter of PARAMETERS) {
      expect(positionOf(parameter, parameter.min), parameter.id).toBe(0);
      expect(positionOf(parameter, parameter.max), parameter.id).toBe(1);
      expect(valueAt(parameter, -1), parameter.id).toBe(parameter.min);
      expect(valueAt(parameter, 2), parameter.id).toBe(parameter.max);
      let before = parameter.min;
      for (let step = 0; step <= 100; step++) {
        const value = valueAt(parameter, step / 100);
        expect(value, parameter.id).toBeGreaterThanOrEqual(before);
        before = value;
      }
    }
  });

  it("gives back every snapped value from its position", () => {
    const random = randomUniform(5);
    for (const parameter of PARAMETERS) {
      for (let trial = 0; trial < 100; trial++) {
        const value = snapValue(parameter, parameter.min + (parameter.max - parameter.min) * random());
        expect(valueAt(parameter, positionOf(parameter, value)), `${parameter.id} ${value}`).toBe(value);
      }
    }
  });

  it("puts the geometric mean in the middle of a log taper: 20 Hz to 20 kHz has 632 Hz at half travel", () => {
    expect(valueAt(row("eq.band1.freqHz"), 0.5)).toBe(632);
    expect(positionOf(row("eq.band1.freqHz"), 200)).toBeCloseTo(1 / 3, 12);
  });

  it("has a range above 0 wherever it is logarithmic", () => {
    for (const parameter of NUMBERS) if (parameter.taper === "log") expect(parameter.min, parameter.id).toBeGreaterThan(0);
  });
});
