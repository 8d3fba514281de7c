import { describe, expect, it } from "vitest";
import { Gestures, STUCK_MS, type Gesture, type GestureOptions } from "../../../src/control/panel/gestures.js";

const CLICK: Gesture = { kind: "click" };
const DOUBLE: Gesture = { kind: "doubleClick" };

/** What is told of presses and releases in turn, at these times, until `endMs`. */
function told(options: GestureOptions, times: readonly number[], endMs: number): { readonly atMs: number; readonly gesture: Gesture }[] {
  const gestures = new Gestures(options);
  const all: { atMs: number; gesture: Gesture }[] = [];
  const add = (atMs: number, list: readonly Gesture[]): void => void all.push(...list.map((gesture) => ({ atMs, gesture })));
  const passUntil = (ms: number): void => {
    for (let due = gestures.due; due !== undefined && due <= ms; due = gestures.due) add(due, gestures.pass(due));
  };
  times.forEach((ms, n) => {
    passUntil(ms);
    add(ms, n % 2 === 0 ? gestures.press(ms) : gestures.release(ms));
  });
  passUntil(endMs);
  return all;
}

describe("Gestures", () => {
  it("takes a click when it is let go, and at once where no double click means anything", () => {
    expect(told({ hasDoubleClick: false, holdsMs: [] }, [0, 100], 1000)).toEqual([{ atMs: 100, gesture: CLICK }]);
    expect(told({ hasDoubleClick: false, holdsMs: [400] }, [0, 399], 1000)).toEqual([{ atMs: 399, gesture: CLICK }]);
  });

  it("waits 400 ms for a second click where a double click means something", () => {
    const options = { hasDoubleClick: true, holdsMs: [] };
    expect(told(options, [0, 100], 1000)).toEqual([{ atMs: 500, gesture: CLICK }]);
    expect(told(options, [0, 100, 450, 550], 2000)).toEqual([{ atMs: 550, gesture: DOUBLE }]);
    expect(told(options, [0, 100, 501, 600], 2000)).toEqual([{ atMs: 500, gesture: CLICK }, { atMs: 1000, gesture: CLICK }]);
    expect(told(options, [0, 50, 100, 150, 200, 250], 2000).map(({ gesture }) => gesture)).toEqual([DOUBLE, CLICK]);
  });

  it("lets a single hold take effect while it is held, and nothing when it is let go", () => {
    expect(told({ hasDoubleClick: false, holdsMs: [400] }, [0, 900], 2000)).toEqual([{ atMs: 400, gesture: { kind: "hold", index: 0 } }]);
  });

  it("takes the hold of 3 s when it is let go before 5 s, and that of 5 s at 5 s; earlier nothing", () => {
    const options = { hasDoubleClick: false, holdsMs: [3000, 5000] };
    expect(told(options, [0, 200], 9000).map(({ gesture }) => gesture)).toEqual([CLICK]);
    expect(told(options, [0, 2999], 9000)).toEqual([{ atMs: 2999, gesture: { kind: "nothing" } }]);
    expect(told(options, [0, 3500], 9000)).toEqual([{ atMs: 3500, gesture: { kind: "hold", index: 0 } }]);
    expect(told(options, [0, 4999], 9000)).toEqual([{ atMs: 4999, gesture: { kind: "hold", index: 0 } }]);
    expect(told(options, [0, 8000], 9000)).toEqual([{ atMs: 5000, gesture: { kind: "hold", index: 1 } }]);
  });

  it("says from 400 ms on how long the next hold is away, and nothing once the last took effect", () => {
    const gestures = new Gestures({ hasDoubleClick: false, holdsMs: [3000, 10_000] });
    expect(gestures.holdAt(0)).toBeUndefined();
    gestures.press(1000);
    expect(gestures.holdAt(1399)).toBeUndefined();
    expect(gestures.holdAt(1400)).toEqual({ reached: 0, nextInMs: 2600 });
    expect(gestures.holdAt(4000)).toEqual({ reached: 1, nextInMs: 7000 });
    gestures.pass(11_000);
    expect(gestures.holdAt(11_000)).toBeUndefined();
  });

  it("lets a click go that a hold follows within 400 ms: it was meant as its beginning", () => {
    const options = { hasDoubleClick: true, holdsMs: [1000, 3000] };
    expect(told(options, [0, 50, 200, 1700], 9000)).toEqual([{ atMs: 1700, gesture: { kind: "hold", index: 0 } }]);
  });

  it("takes a long press as a click where there is nothing to hold for", () => {
    expect(told({ hasDoubleClick: false, holdsMs: [] }, [0, 2500], 9000)).toEqual([{ atMs: 2500, gesture: CLICK }]);
  });

  it("tells a button that is stuck once, and lets nothing follow when it comes loose", () => {
    for (const holdsMs of [[], [400], [3000, 5000]]) {
      const all = told({ hasDoubleClick: false, holdsMs }, [0, 100_000, 100_500, 100_600], 200_000);
      expect(all.filter(({ gesture }) => gesture.kind === "stuck")).toEqual([{ atMs: STUCK_MS, gesture: { kind: "stuck" } }]);
      expect(all.filter(({ atMs }) => atMs > STUCK_MS)).toEqual([{ atMs: 100_600, gesture: CLICK }]);
    }
  });

  it("forgets a click that a press of 30 s and more followed", () => {
    expect(told({ hasDoubleClick: true, holdsMs: [] }, [0, 100, 300, 40_000], 50_000)).toEqual([{ atMs: 30_300, gesture: { kind: "stuck" } }]);
  });

  it("forgets a press when the button is gone", () => {
    const gestures = new Gestures({ hasDoubleClick: true, holdsMs: [400] });
    gestures.press(0);
    gestures.cancel();
    expect(gestures.due).toBeUndefined();
    expect(gestures.release(100)).toEqual([]);
  });
});
