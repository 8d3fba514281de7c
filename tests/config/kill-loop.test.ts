import { expect, it } from "vitest";
import { stateFolderForTest } from "../support/box-states.js";
import { runKillLoop } from "../support/kill-loop.js";

it("loses no acknowledged save, and finds no bad one, in 12 kills in the middle of saves", async () => {
  const { acknowledged, lost, bad } = await runKillLoop(stateFolderForTest(), 12, 22);
  expect(acknowledged).toBeGreaterThanOrEqual(12);
  expect(lost).toBe(0);
  expect(bad).toEqual([]);
});
