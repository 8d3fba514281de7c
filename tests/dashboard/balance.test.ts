import { expect, it } from "vitest";
import { deviationOf } from "../../src/dashboard/curves/balance.js";

const freqHz = [20, 100, 1000, 5000, 20_000];
const curve = (mix: readonly number[]) => ({ freqHz, mix, low: [-22, -22, -22, -22, -22], middle: [-20, -20, -20, -20, -20], high: [-17, -17, -17, -17, -17] });

it("draws a mix that is 4 dB quieter in all bands on the middle of the references, with their band from -2 to +3 dB", () => {
  const { mixDb, lowDb, highDb } = deviationOf(curve([-24, -24, -24, -24, -24]), 12, true);
  expect(mixDb).toEqual([0, 0, 0]);
  expect([lowDb, highDb]).toEqual([[-2, -2, -2], [3, 3, 3]]);
});

it("keeps what all bands share in a width, and holds what is over the edge at it", () => {
  expect(deviationOf(curve([-24, -24, -24, -60, -24]), 24, false).mixDb).toEqual([-4, -4, -24]);
});

it("shows from 30 Hz to 17 kHz", () => expect(deviationOf(curve([0, 0, 0, 0, 0]), 12, true).freqHz).toEqual([100, 1000, 5000]));
