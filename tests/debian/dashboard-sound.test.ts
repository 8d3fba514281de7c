import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAudio } from "../../src/files/open-audio.js";
import { DashboardBed } from "../support/dashboard-bed.js";

/** The simulated mixer plays 1 kHz. */
const TONE_HZ = 1000;
/** The middle of the canvas is 0 dB, its upper edge 18 dB; the figures below it are 14 pixels high. */
const REACH_DB = 18;
const FIGURES_PX = 14;

let bed: DashboardBed;
let page: Page;
beforeAll(async () => {
  bed = await DashboardBed.start(mkdtempSync(join(tmpdir(), "dashboard-sound-")), "sine");
  page = await bed.paired();
  // What is left is the equaliser alone.
  await bed.control.command("set", { values: {
    "filters.bypass": 1, "compressor.bypass": 1, "multiband.bypass": 1, "imager.bypass": 1, "saturation.bypass": 1, "loudness.bypass": 1,
    "eq.band4.freqHz": TONE_HZ, "eq.band4.q": 1,
  } });
}, 120_000);
afterAll(async () => await bed.stop());

/** Root mean square of the last half of a WAV file, dB. */
async function levelDb(path: string): Promise<number> {
  const file = await openAudio(path);
  const samples = new Float64Array(2 * file.frames);
  const frames = file.read(samples, file.frames);
  file.close();
  const half = samples.subarray(frames, 2 * frames);
  return 10 * Math.log10(half.reduce((sum, x) => sum + x * x, 0) / half.length);
}

/** Gain from the mixer to the recorder, by the takes of both, after what was changed has settled. */
async function gainDb(): Promise<number> {
  await page.waitForTimeout(2500);
  const take = await bed.control.command("take", { seconds: 2 });
  return await levelDb(take.output) - await levelDb(take.input);
}

it("lifts the tone at the recorder by what a finger drags on the curve of the equaliser, within 0.2 dB", async () => {
  await page.goto(`${bed.address.url}#chain/eq`);
  await page.reload();
  const canvas = page.locator("canvas.eq-view");
  await canvas.waitFor();
  const before = await gainDb();
  const area = await canvas.boundingBox();
  if (area === null) throw new Error("The curve is not shown.");
  const x = area.x + area.width * (Math.log(TONE_HZ / 20) / Math.log(1000));
  const middle = area.y + (area.height - FIGURES_PX) / 2;
  // A real touch, which scrolls the page where it is not held back.
  const browser = await page.context().newCDPSession(page);
  const touch = async (type: "touchStart" | "touchMove" | "touchEnd", y: number): Promise<void> => {
    await browser.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  };
  await touch("touchStart", middle);
  for (let n = 1; n <= 12; n++) await touch("touchMove", middle - n * 5);
  await touch("touchEnd", middle - 60);
  const wanted = (60 / ((area.height - FIGURES_PX) / 2)) * REACH_DB;
  const held = async (): Promise<number> => (await bed.control.command("get", { ids: ["eq.band4.gainDb"] })).values["eq.band4.gainDb"] ?? 0;
  await expect.poll(held).toBeCloseTo(wanted, 0);
  const gain = await held();
  expect(gain).toBeGreaterThan(5);
  expect(await gainDb() - before).toBeCloseTo(gain, 0.4);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(held).toBe(0);
  expect(await gainDb()).toBeCloseTo(before, 1);
});

it("plays the bypassed sound as loud as the master while the level match is on, and 6 dB quieter without it", async () => {
  await bed.control.command("set", { values: { "eq.band4.gainDb": 6 } });
  const master = await gainDb();
  await page.goto(`${bed.address.url}#compare`);
  // The match learns over some seconds of sound.
  await page.waitForTimeout(8000);
  await page.getByRole("button", { name: /You hear the master/ }).click();
  await page.getByRole("status").filter({ hasText: "Bypassed" }).waitFor();
  expect(Math.abs(await gainDb() - master)).toBeLessThan(0.5);
  await page.getByRole("switch", { name: /Level match/ }).click();
  await expect.poll(async () => (await bed.control.command("get", { ids: ["chain.levelMatch"] })).values["chain.levelMatch"]).toBe(0);
  expect(await gainDb()).toBeCloseTo(0, 1);
});
