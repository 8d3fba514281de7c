import { expect, it } from "vitest";
import { dragSpeed, Grip, originOf, stepped } from "../../src/dashboard/controls/travel.js";
import type { NumberParameter } from "../../src/params/parameter.js";
import { findParameter } from "../../src/params/table.js";

const row = (id: string): NumberParameter => findParameter(id) as NumberParameter;

it("reaches every tenth of a decibel by a drag at the finest speed, a pixel a step", () => {
  const gain = row("eq.band2.gainDb");
  const grip = new Grip(gain, 0);
  const widthPx = 240;
  const values = Array.from({ length: 60 }, () => grip.move((1 / widthPx) * dragSpeed(200, false)));
  const tenths = new Set(values.map((value) => value.toFixed(1)));
  // 60 pixels at a fortieth are 1.5 pixels of 240: 0.225 dB of 36.
  expect([...tenths]).toEqual(["0.0", "0.1", "0.2"]);
});

it("goes on from where another hand has moved the value", () => {
  const grip = new Grip(row("compressor.thresholdDb"), -18);
  grip.move(0.1);
  grip.take(-40);
  expect(grip.move(0.1)).toBe(-34);
});

it("moves a slider by a share of its travel, the slower the farther the finger is above or below it", () => {
  expect([0, 40, 60, 140].map((distance) => dragSpeed(distance, false))).toEqual([1, 1, 1 / 8, 1 / 40]);
  expect(dragSpeed(0, true)).toBe(1 / 40);
});

it("steps linear values by the step of the table, and frequencies by half a percent of their travel, a step at least", () => {
  expect(stepped(row("eq.band2.gainDb"), 0, 1)).toBe(0.1);
  expect(stepped(row("eq.band2.freqHz"), 20, 1)).toBe(21);
  expect(stepped(row("eq.band2.freqHz"), 1000, 1)).toBe(1035);
  expect(stepped(row("eq.band2.freqHz"), 20_000, 1)).toBe(20_000);
});

it("begins the bar of a value that goes to both sides at zero, and else at the low end", () => {
  expect(originOf(row("eq.band2.gainDb"))).toBe(0.5);
  expect(originOf(row("compressor.ratio"))).toBe(0);
});
