import { expect, it } from "vitest";
import { Programme } from "../../../hw/sim/programme.js";
import { rmsDb } from "../../support/measure.js";

/** Low, to render whole sections fast. */
const FS = 8000;
const SECTION_FRAMES = Math.round((8 * 4 * 60 * FS) / 108);

function section(index: number): Float64Array {
  const programme = new Programme();
  programme.prepare(FS);
  const sound = new Float64Array(2 * SECTION_FRAMES);
  for (let k = 0; k <= index; k++) programme.render(sound, SECTION_FRAMES);
  return sound;
}

it("plays the same song at every start, under full scale", () => {
  const first = section(2);
  expect(Buffer.from(first.buffer).equals(Buffer.from(section(2).buffer))).toBe(true);
  expect(first.every((x) => Math.abs(x) < 1)).toBe(true);
});

it("has a chorus at least 2 dB louder than the verse, and one louder than the intro by 6 dB", () => {
  const [intro, verse, chorus] = [section(0), section(1), section(2)].map(rmsDb) as [number, number, number];
  expect(chorus - verse).toBeGreaterThan(2);
  expect(chorus - intro).toBeGreaterThan(6);
});
