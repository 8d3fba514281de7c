import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { BoxKillLoop } from "../support/box-kill-loop.js";

const folder = mkdtempSync(join(tmpdir(), "lacquer-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("keeps every change of 3 s before, and finds no bad state, in 4 kills of a box in the middle of saves and sound", async () => {
  const killing = new BoxKillLoop(folder, 300922);
  for (let loop = 0; loop < 4; loop++) await killing.run();
  const { answered, promised, lost, bad, sounding } = killing.report;
  expect(answered).toBeGreaterThan(4);
  // Two of the four live for longer than that: 4.1 s, 1.4 s, 0.1 s and 3.9 s.
  expect(promised).toBeGreaterThan(0);
  expect(sounding).toBeGreaterThan(0);
  expect(lost).toBe(0);
  expect(bad).toEqual([]);
}, 200_000);
