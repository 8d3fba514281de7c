import { expect, it } from "vitest";
import { ListeningBox } from "../support/listening-box.js";
import type { StereoSignal } from "../support/run-chain.js";
import { song } from "../support/song.js";

const RATE = 48_000;
const LOOP_S = 12;
/** The range of loudness is stable after a minute (EBU Tech 3342), and the fault must hold for another. */
const STABLE_S = 60;
const HOLD_S = 60;
/** A verdict is of windows of 3 s. */
const WINDOW_S = 3;

const LOOP = song(LOOP_S, RATE);
const verse: StereoSignal = { left: LOOP.left.map((x) => 0.35 * x), right: LOOP.right.map((x) => 0.35 * x) };

it("tells of music without movement after two minutes and not before, and no more within 40 s of verses 9 dB under the chorus", () => {
  const box = new ListeningBox();
  const told = (): number | undefined => box.told.find(({ findings }) => findings.some(({ id }) => id === "flat"))?.atS;
  for (let s = 0; s < STABLE_S + HOLD_S + 2 * LOOP_S; s += LOOP_S) box.play(LOOP);
  expect(box.ids).toContain("flat");
  expect(told()).toBeGreaterThanOrEqual(STABLE_S + HOLD_S - WINDOW_S);
  // Another finding, told 8 s before at the earliest, may go first.
  expect(told()).toBeLessThanOrEqual(STABLE_S + HOLD_S + 5 * WINDOW_S);
  expect(box.listener.findings.find(({ id }) => id === "flat")!.sentence).toMatch(/^Nothing moves: from verse to chorus the loudness changes by [01]\.\d LU\.$/);
  for (const part of [verse, LOOP, verse]) box.play(part);
  expect(box.ids).not.toContain("flat");
}, 120_000);
