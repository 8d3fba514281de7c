import { expect, it } from "vitest";
import { box } from "../../src/dashboard/box.js";
import { Hold } from "../../src/dashboard/controls/hold.js";
import { numberOf } from "../../src/dashboard/controls/rows.js";
import { hzAtPlace, placeOfHz } from "../../src/dashboard/curves/scales.js";
import type { Values } from "../../src/protocol/messages.js";

const FREQ = "eq.band2.freqHz";
const GAIN = "eq.band2.gainDb";

/** The box does as it is asked. */
function obey(wanted: Values): Values {
  for (const [id, value] of Object.entries(wanted)) box.value(id).value = value;
  return wanted;
}

it("moves a frequency along the axis of the display, and asks for nothing where the value stays the same", () => {
  box.value(FREQ).value = 100;
  const hold = Hold.ofFrequency(FREQ);
  expect(hold.move(0)).toEqual({});
  expect(obey(hold.move(placeOfHz(1000) - placeOfHz(100)))).toEqual({ [FREQ]: 1000 });
  expect(obey(hold.move(2))).toEqual({ [FREQ]: Math.round(hzAtPlace(1)) });
});

it("goes on from where another hand has moved what it holds, and leaves what it does not move to the other", () => {
  box.value(FREQ).value = 100;
  box.value(GAIN).value = 0;
  const freq = Hold.ofFrequency(FREQ);
  const gain = new Hold(numberOf(GAIN), { placeOf: (db) => db, valueAt: (db) => db });
  obey({ ...freq.move(0), ...gain.move(3.2) });
  box.value(GAIN).value = -8;
  const wanted = { ...freq.move(0.1), ...gain.move(0) };
  expect(Object.keys(wanted)).toEqual([FREQ]);
  expect(obey(gain.move(1))).toEqual({ [GAIN]: -7 });
});

it("does not take its own wish that is still on its way for another hand's", () => {
  box.value(GAIN).value = 0;
  const gain = new Hold(numberOf(GAIN), { placeOf: (db) => db, valueAt: (db) => db });
  box.wishes.of(GAIN).value = gain.move(2)[GAIN] ?? NaN;
  expect(gain.move(1)).toEqual({ [GAIN]: 3 });
  box.wishes.of(GAIN).value = null;
});
