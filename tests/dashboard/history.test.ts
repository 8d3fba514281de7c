import { expect, it } from "vitest";
import { History } from "../../src/dashboard/history.js";
import { snapshot } from "../support/snapshots.js";

it("keeps a step a second of sound, with the loudest moment of all that came in it", () => {
  const history = new History();
  for (let bin = 0; bin <= 200; bin += 3) {
    history.take(snapshot({ bin, momentaryLufs: bin === 42 ? -6 : -20, shortTermLufs: -18 }));
  }
  expect(history.seconds).toBe(1);
  history.take(snapshot({ bin: 204, momentaryLufs: null, shortTermLufs: -17 }));
  expect(history.seconds).toBe(2);
  expect([history.momentary(0), history.momentary(1)]).toEqual([-20, -6]);
  expect([history.shortTerm(0), history.shortTerm(1)]).toEqual([-17, -18]);
});

it("goes on with a box that was started again, whose count is lower", () => {
  const history = new History();
  history.fill([-20, -19], [-18, -17]);
  history.take(snapshot({ bin: 5000 }));
  const { seconds } = history;
  history.take(snapshot({ bin: 3 }));
  history.take(snapshot({ bin: 103, momentaryLufs: -9 }));
  expect([history.seconds - seconds, history.momentary(0)]).toEqual([1, -9]);
});
