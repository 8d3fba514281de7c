import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAudio } from "../../src/files/open-audio.js";
import { analogEqDb } from "../support/analog-eq.js";
import { DashboardBed } from "../support/dashboard-bed.js";
import { Finger, way } from "../support/fingers.js";
import { fft, rmsDb } from "../support/measure.js";
import { whiteNoise } from "../support/signals.js";
import { wav } from "../support/wav-bytes.js";

const FREQ_HZ = 1000;
const SAMPLE_RATE_HZ = 48_000;
/** The middle of the canvas is 0 dB, its upper edge 18 dB; the figures below it are 14 pixels high. */
const REACH_DB = 18;
const FIGURES_PX = 14;
/** Length of the noise that the mixer repeats, and of what is looked at: each look sees all of it once, 2.7 s. */
const FRAMES = 2 ** 17;

/** All that is looked at was played after the change, and its fades are over. */
const SETTLED_MS = (FRAMES / SAMPLE_RATE_HZ) * 1000 + 1000;

const folder = mkdtempSync(join(tmpdir(), "dashboard-sound-"));
const recorder = join(folder, "recorder.wav");
let bed: DashboardBed;
let page: Page;
beforeAll(async () => {
  const noise = join(folder, "noise.wav");
  writeFileSync(noise, noiseFile());
  bed = await DashboardBed.start(folder, noise, recorder);
  page = await bed.paired();
  // What is left is the equaliser alone.
  await bed.control.command("set", { values: {
    "filters.bypass": 1, "compressor.bypass": 1, "multiband.bypass": 1, "imager.bypass": 1, "saturation.bypass": 1, "loudness.bypass": 1,
    "limiter.bypass": 1, "eq.band5.freqHz": FREQ_HZ, "eq.band5.q": 1,
  } });
}, 120_000);
afterAll(async () => await bed.stop());

/** White noise at -20 dBFS, the same on both channels. */
function noiseFile(): Uint8Array {
  const samples = Buffer.alloc(4 * FRAMES);
  whiteNoise(FRAMES, -20, 5).forEach((x, n) => {
    for (const at of [4 * n, 4 * n + 2]) samples.writeInt16LE(Math.round(32_767 * Math.min(1, Math.max(-1, x))), at);
  });
  return wav({}, samples);
}

/** So many silent frames are none of the noise: the machine was late, and the recorder wrote nothing for what was not played. */
const HOLE_FRAMES = 16;

/** The end of what the recorder wrote; undefined while the file grows under the reader's hands. */
async function lastOfRecorder(): Promise<Float64Array | undefined> {
  try {
    const file = await openAudio(recorder);
    const samples = new Float64Array(2 * file.frames);
    const frames = file.read(samples, file.frames);
    file.close();
    return Float64Array.from({ length: FRAMES }, (_, n) => samples[2 * (frames - FRAMES + n)] ?? NaN);
  } catch {
    return undefined;
  }
}

/** The last FRAMES of the left channel that the recorder wrote without a hole, after what was changed has settled. */
async function recorded(): Promise<Float64Array> {
  await page.waitForTimeout(SETTLED_MS);
  for (let n = 0; n < 60; n++) {
    await page.waitForTimeout(500);
    const samples = await lastOfRecorder();
    let silent = 0;
    const isWhole = samples?.every((x) => (silent = x === 0 ? silent + 1 : 0) < HOLE_FRAMES) ?? false;
    if (samples !== undefined && isWhole) return samples;
  }
  throw new Error("The recorder had holes for 30 s: this machine is too busy to listen.");
}

const CENTRES_HZ = [250, 500, 1000, 2000, 4000, 8000] as const;

/** Levels of the third octaves around CENTRES_HZ, dB. */
function bandsDb(signal: Float64Array): readonly number[] {
  const { re, im } = fft(signal);
  const bin = FRAMES / SAMPLE_RATE_HZ;
  return CENTRES_HZ.map((hz) => {
    let power = 0;
    for (let n = Math.ceil(hz * 2 ** (-1 / 6) * bin); n <= hz * 2 ** (1 / 6) * bin; n++) power += re[n]! ** 2 + im[n]! ** 2;
    return 10 * Math.log10(power);
  });
}

it("changes the spectrum at the recorder as the curve says that a finger drags, within 1 dB from 250 Hz to 8 kHz, and undoes it", async () => {
  await page.goto(`${bed.address.url}#chain/eq`);
  await page.reload();
  const canvas = page.locator("canvas.eq-view");
  await canvas.waitFor();
  const before = bandsDb(await recorded());
  const area = await canvas.boundingBox();
  if (area === null) throw new Error("The curve is not shown.");
  const x = area.x + area.width * (Math.log(FREQ_HZ / 20) / Math.log(1000));
  const middle = area.y + (area.height - FIGURES_PX) / 2;
  await (await Finger.over(page)).stroke(way({ x, y: middle }, { x, y: middle - 60 }, 12));
  const wanted = (60 / ((area.height - FIGURES_PX) / 2)) * REACH_DB;
  const gain = async (): Promise<number> => (await bed.held(["eq.band5.gainDb"]))["eq.band5.gainDb"] ?? 0;
  await expect.poll(gain).toBeCloseTo(wanted, 0);
  const { "eq.band5.freqHz": freqHz = 0, "eq.band5.gainDb": gainDb = 0, "eq.band5.q": q = 0 } = await bed.held();
  expect(gainDb).toBeGreaterThan(5);
  const lifted = bandsDb(await recorded());
  CENTRES_HZ.forEach((hz, n) => {
    const error = lifted[n]! - before[n]! - analogEqDb({ type: "bell", freqHz, gainDb, q }, hz);
    expect(Math.abs(error), `${hz} Hz`).toBeLessThan(1);
  });
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(gain).toBe(0);
  const after = bandsDb(await recorded());
  CENTRES_HZ.forEach((hz, n) => expect(Math.abs(after[n]! - before[n]!), `${hz} Hz`).toBeLessThan(1));
});

it("plays the bypassed sound as loud as the master while the level match is on, and 6 dB quieter without it", async () => {
  await bed.control.command("set", { values: { "loudness.bypass": 0, "loudness.driveDb": 6 } });
  // The match learns over some seconds of sound.
  await page.waitForTimeout(8000);
  const master = rmsDb(await recorded());
  await page.goto(`${bed.address.url}#compare`);
  await page.getByRole("button", { name: /You hear the master/ }).click();
  await page.getByRole("status").filter({ hasText: "Bypassed" }).waitFor();
  expect(Math.abs(rmsDb(await recorded()) - master)).toBeLessThan(0.5);
  await page.getByRole("switch", { name: /Level match/ }).click();
  await expect.poll(async () => (await bed.held(["chain.levelMatch"]))["chain.levelMatch"]).toBe(0);
  expect(Math.abs(rmsDb(await recorded()) - master + 6)).toBeLessThan(0.5);
});
