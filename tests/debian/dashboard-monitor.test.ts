import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DashboardBed } from "../support/dashboard-bed.js";
import { faultsOf } from "../support/page-faults.js";
import { sine } from "../support/signals.js";
import { integers, wav } from "../support/wav-bytes.js";

const RATE = 48_000;
let bed: DashboardBed;
let page: Page;

beforeAll(async () => {
  bed = await DashboardBed.start(mkdtempSync(join(tmpdir(), "dashboard-monitor-")), "programme", null, { audio: { periodFrames: 1024, periods: 4, monitorOutput: true } });
  page = await bed.paired();
}, 120_000);
afterAll(async () => await bed.stop());

const button = (name: string | RegExp) => page.getByRole("button", { name });

it("compares at the first touch where a monitor output plays it, says that the recorder keeps the mix, and ends by one", async () => {
  await page.goto(`${bed.address.url}#ears`);
  const tone = sine(10 * RATE, RATE, { freqHz: 440, levelDbfs: -12 });
  const buffer = Buffer.from(wav({ channels: 1, sampleRateHz: RATE }, integers(2, [...tone.map((x) => Math.round(32_767 * x))])));
  await page.setInputFiles("input[type=file]", [{ name: "Anthem.wav", mimeType: "audio/wav", buffer }]);
  await button(/^Anthem 0:10/).waitFor({ timeout: 60_000 });
  const bar = page.getByRole("region", { name: "Mix and reference" });
  await bar.getByText("The recorder keeps your mix.").waitFor();
  await button(/^Your mix/).click();
  await button(/^Reference “Anthem”/).waitFor();
  expect(await bed.control.command("comparison", {})).toMatchObject({ hasMonitorOutput: true, isArmed: true, heard: "reference" });
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
  await bar.getByRole("button", { name: "End" }).click();
  await button(/^Your mix/).waitFor();
  expect((await bed.control.command("comparison", {})).isArmed).toBe(false);
});

it("wrote no error to any console", () => expect(bed.complaints).toEqual([]));
