import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Box } from "../../src/dashboard/box.js";
import type { Reload } from "../../src/dashboard/reload.js";
import { snapshot } from "../support/snapshots.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setInterval"] }));
afterEach(() => void vi.useRealTimers());

function pass(box: Box, ms: number): void {
  vi.advanceTimersByTime(ms);
  box.watch(performance.now());
}

it("says that the box hangs after a second without a word, lets nothing be adjusted then, and goes on with its next", () => {
  const box = new Box();
  box.onPhase("live", "");
  box.onMeters(snapshot({}));
  pass(box, 990);
  expect([box.isHung.value, box.feed.isStale.value, box.mayControl.value]).toEqual([false, true, true]);
  pass(box, 20);
  expect([box.isHung.value, box.mayControl.value]).toEqual([true, false]);
  box.want({ "limiter.ceilingDbtp": -3 });
  expect(box.notices.shown.value.map(({ sentence }) => sentence)).toEqual(["The box does not answer; nothing was changed."]);
  box.onMeters(snapshot({}));
  expect([box.isHung.value, box.mayControl.value]).toEqual([false, true]);
});

it("does not call a box hung that answers, though no meters come", async () => {
  const box = new Box();
  box.connect(() => Promise.resolve({}) as never, undefined as unknown as Reload);
  box.onPhase("live", "");
  for (let n = 0; n < 40; n++) {
    pass(box, 100);
    expect(box.isHung.value).toBe(false);
    // Its answers come.
    await new Promise((resolve) => setImmediate(resolve));
  }
});
