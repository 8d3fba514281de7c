import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { meterPlace, placeOfHz } from "../../src/dashboard/curves/scales.js";
import { geometry } from "../../src/dashboard/paint/levels.js";
import { SPECTRUM_BOTTOM_DB, SPECTRUM_TOP_DB, FIGURES_HEIGHT } from "../../src/dashboard/paint/spectrum.js";
import { COLOUR } from "../../src/dashboard/paint/theme.js";
import { THIRD_OCTAVES, type MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { filmOf, pictureOf, type Picture } from "../support/canvas-pixels.js";
import { DashboardBed } from "../support/dashboard-bed.js";
import { Finger } from "../support/fingers.js";
import { expectGate } from "../support/gates.js";
import { sine } from "../support/signals.js";
import { integers, wav } from "../support/wav-bytes.js";

const SAMPLE_RATE_HZ = 48_000;
const TONE_HZ = 1000;
/** The third-octave band of the tone: band 0 is that of 20 Hz, ten are a decade. */
const TONE_BAND = 17;
/** Length of the loop that the mixer plays. */
const LOOP_S = 5;

/** The same for two channels that differ in level and phase, so that no figure is at an end of its scale. */
const LEFT = { freqHz: TONE_HZ, levelDbfs: -12.3 };
const RIGHT = { freqHz: TONE_HZ, levelDbfs: -16.2, phaseRad: 1 };

const folder = mkdtempSync(join(tmpdir(), "dashboard-figures-"));
const tape = join(folder, "tape.wav");
let bed: DashboardBed;
let page: Page;
beforeAll(async () => {
  writeTape(0);
  bed = await DashboardBed.start(folder, tape);
  // Beside the desk all pictures are on the screen.
  page = await bed.paired("desktop");
}, 120_000);
afterAll(async () => await bed.stop());

/** Writes what the mixer plays: the tone on both channels, and so many samples at full scale in each loop. */
function writeTape(clipped: number): void {
  const channels = [LEFT, RIGHT].map((tone) => sine(LOOP_S * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ, tone).map((x, n) => (n < clipped ? 1 : x)));
  const samples = Array.from({ length: 2 * LOOP_S * SAMPLE_RATE_HZ }, (_, at) => Math.round(32_767 * channels[at % 2]![at >> 1]!));
  writeFileSync(tape, wav({}, integers(2, samples)));
}

/** A figure as meters show it. */
function written(value: number | null, decimals = 1): string {
  const text = (value ?? NaN).toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
}

/** The snapshots of the control socket while `look` looks, and half a second before and after. */
async function told<T>(look: () => Promise<T>): Promise<{ snapshots: readonly MeterSnapshot[]; seen: T }> {
  const snapshots: MeterSnapshot[] = [];
  const leave = bed.control.listen((event) => {
    if (event.type === "meters") snapshots.push(event.snapshot);
  });
  await bed.control.command("subscribeMeters", { maxRateHz: 30, spectrum: true });
  await page.waitForTimeout(500);
  const seen = await look();
  await page.waitForTimeout(500);
  await bed.control.command("subscribeMeters", { maxRateHz: 0 });
  leave();
  // The first is of all that was since an earlier subscription.
  return { snapshots: snapshots.slice(1), seen };
}

/** Where each figure stands on the page, and what the socket says of it. */
const FIGURES: readonly (readonly [name: string, selector: string, of: (snapshot: MeterSnapshot) => string])[] = [
  ["momentary", ".loudness dt:text-is('Momentary') + dd", ({ momentaryLufs }) => written(momentaryLufs)],
  ["short-term", ".loudness [aria-label='Short-term LUFS']", ({ shortTermLufs }) => written(shortTermLufs)],
  ["integrated", ".loudness [aria-label='Integrated LUFS']", ({ integratedLufs }) => written(integratedLufs)],
  ["largest true peak", ".loudness dt:text-is('Peak dBTP') + dd", ({ maxTruePeakDbtp }) => written(maxTruePeakDbtp)],
  ["true peak in", "[aria-label='Input true peak']", ({ input }) => written(Math.max(...input.truePeakDbtp.map(Number)))],
  ["true peak out", "[aria-label='Output true peak']", ({ output }) => written(Math.max(...output.truePeakDbtp.map(Number)))],
  ["reduction of the EQ", ".reduction-facts dt:text-is('EQ') + dd", ({ reductionDb }) => written(Math.max(...reductionDb.eqDynamic.map(Math.abs)))],
  ["reduction of the compressor", ".reduction-facts dt:text-is('CMP') + dd", ({ reductionDb }) => written(reductionDb.compressor)],
  ["reduction of the bands", ".reduction-facts dt:text-is('MB') + dd", ({ reductionDb }) => written(Math.max(...reductionDb.multiband))],
  ["reduction of the limiter", ".reduction-facts dt:text-is('LIM') + dd", ({ reductionDb }) => written(reductionDb.limiter)],
  ["correlation", "[aria-label='Correlation']", ({ correlation }) => written(correlation, 2)],
];

it("shows the figures of the socket to their last digit, and the RMS of each channel as a bar of its height, of a tone that stands", async () => {
  await bed.control.command("set", { values: {
    "eq.band7.freqHz": TONE_HZ, "eq.band7.dynamic": 1, "eq.band7.thresholdDb": -30, "multiband.bypass": 0, "loudness.driveDb": 9,
    "limiter.ceilingDbtp": -10,
  } });
  await page.waitForTimeout(2000);
  await bed.control.command("controlMeters", { action: "reset" });
  await page.goto(`${bed.address.url}#meters`);
  // The short-term loudness is that of 3 s.
  await page.waitForTimeout(4000);
  const { snapshots, seen } = await told(async () => ({
    texts: await Promise.all(FIGURES.map(async ([, selector]) => await page.locator(selector).innerText())),
    levels: await pictureOf(page, ".levels canvas"),
  }));
  for (const [n, [name, , of]] of FIGURES.entries()) {
    const all = [...new Set(snapshots.map(of))];
    // A tone that stands has one figure; two where it lies between them.
    expect(all.length, `${name}: ${all.join(" ")}`).toBeLessThanOrEqual(2);
    expect(all, name).toContain(seen.texts[n]);
  }
  expect(seen.texts).not.toContain("0.0");
  const { top, bottom, bar, left } = geometry(seen.levels.width, seen.levels.height);
  const { input, output } = snapshots.at(-1)!;
  [...input.rmsDbfs, ...output.rmsDbfs].forEach((rms, n) => {
    const x = left(n) + bar / 2;
    const height = bottom - (seen.levels.bounds(COLOUR.level, [x - 1, x + 1])?.top ?? NaN);
    // The line of the held peak, 2 pixels high, lies over the end: RMS and peak of a sine are the same (AES17).
    expect(Math.abs(height - meterPlace(rms) * (bottom - top)), `bar ${n}`).toBeLessThan(1.5);
  });
});

/** The level at which a colour begins between two columns of a spectrum; -Infinity where it is not seen. */
function levelOf(picture: Picture, colour: string, columns?: readonly [number, number]): number {
  const y = picture.bounds(colour, columns)?.top ?? Infinity;
  return SPECTRUM_TOP_DB - (y / (picture.height - FIGURES_HEIGHT)) * (SPECTRUM_TOP_DB - SPECTRUM_BOTTOM_DB);
}

it("draws the bar of 1 kHz highest for a tone of 1 kHz, at the level of the socket, and holds its peak when the tone falls", async () => {
  // A second try begins with the tone at its level, too.
  await bed.control.command("set", { values: { "input.trimDb": 0, "loudness.driveDb": 9 } });
  await page.waitForTimeout(1500);
  const { snapshots, seen } = await told(async () => await pictureOf(page, ".spectrum-view"));
  const columns = Array.from({ length: THIRD_OCTAVES }, (_, band): [number, number] => {
    const x = placeOfHz(20 * 10 ** (band / 10)) * seen.width;
    return [x - 2, x + 2];
  });
  const bars = columns.map((places) => levelOf(seen, COLOUR.level, places));
  const own = bars[TONE_BAND]!;
  expect(bars.indexOf(Math.max(...bars))).toBe(TONE_BAND);
  expect(Math.abs(own - (snapshots.at(-1)?.spectrum?.third[TONE_BAND] ?? NaN))).toBeLessThan(1.5);
  const [film] = await Promise.all([
    filmOf(page, ".spectrum-view", columns[TONE_BAND]!, 4000),
    bed.control.command("set", { values: { "input.trimDb": -24, "loudness.driveDb": 0 } }),
  ]);
  // The peak is held for 2 s: a busy machine has no more than begun to fall by then.
  const fallen = film.filter((picture) => levelOf(picture, COLOUR.level) < own - 6);
  expect(fallen.length).toBeGreaterThan(0);
  expect(Math.abs(levelOf(fallen[0]!, COLOUR.text) - own)).toBeLessThan(1.5);
  // Touched twice, it holds what is now.
  const hold = page.getByRole("button", { name: "Peak hold" });
  await hold.click();
  await hold.click();
  await expect.poll(async () => {
    const now = await pictureOf(page, ".spectrum-view");
    return levelOf(now, COLOUR.text, columns[TONE_BAND]) - levelOf(now, COLOUR.level, columns[TONE_BAND]);
  }).toBeLessThan(2);
  await bed.control.command("reset", { ids: ["input.trimDb", "loudness.driveDb"] });
});

it("draws a mono tone on the upright axis of the goniometer alone, and one with a phase between its sides beside it", async () => {
  const spread = async (): Promise<number> => {
    const picture = await pictureOf(page, ".goniometer");
    const dots = picture.bounds(COLOUR.level);
    if (dots === undefined) return NaN;
    expect(dots.bottom - dots.top).toBeGreaterThan(picture.height / 4);
    return Math.max(Math.abs(dots.left - picture.width / 2), Math.abs(dots.right - picture.width / 2));
  };
  await expect.poll(spread).toBeGreaterThan(20);
  await bed.control.command("set", { values: { "input.mono": 1 } });
  // A dot is 2 pixels wide.
  await expect.poll(spread).toBeLessThanOrEqual(2);
  await bed.control.command("reset", { ids: ["input.mono"] });
});

const VALUE = "[data-parameter='limiter.releaseMs'] [role=slider]";
const STROKES = 4;
const STEPS = 10;
const STEP_PX = 7;

/** A moment by the clock that all pages of one machine share, in milliseconds. */
const NOW = "performance.timeOrigin + performance.now()";

it("shows on one phone each value that a finger sets on another, in order", async () => {
  const [mine, other] = [await bed.paired(), await bed.paired()];
  for (const on of [mine, other]) {
    await on.goto(`${bed.address.url}#chain/limiter`);
    await on.locator(VALUE).waitFor();
    await on.evaluate(`{
      const slider = document.querySelector("${VALUE}");
      window.touches = [];
      window.shown = [];
      let atX;
      // The browser may tell of the same place twice.
      addEventListener("pointermove", ({ clientX }) => clientX !== atX && (atX = clientX, window.touches.push(${NOW})), { capture: true });
      new MutationObserver(() => window.shown.push([Number(slider.getAttribute("aria-valuenow")), ${NOW}])).observe(slider, { attributeFilter: ["aria-valuenow"] });
    }`);
  }
  const held: number[] = [];
  const leave = bed.control.listen((event) => {
    if (event.type !== "change") return;
    const value = event.state.values?.["limiter.releaseMs"];
    if (value !== undefined) held.push(value);
  });
  const shown = async (on: Page): Promise<[number, number][]> => await on.evaluate("window.shown") as [number, number][];
  const area = (await mine.locator("[data-parameter='limiter.releaseMs'] .track").boundingBox())!;
  const finger = await Finger.over(mine);
  const last: number[] = [];
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const away = stroke % 2 === 0 ? 1 : -1;
    const at = { x: area.x + area.width / 2 - (away * STEPS * STEP_PX) / 2, y: area.y + area.height / 2 };
    await finger.down(at);
    for (let step = 1; step <= STEPS; step++) {
      const before = held.length;
      await finger.move({ x: at.x + away * step * STEP_PX, y: at.y });
      await expect.poll(() => held.length, { interval: 2 }).toBe(before + 1);
      // Two steps are two messages.
      await mine.waitForTimeout(60);
    }
    await finger.up();
    last.push(held.at(-1)!);
    for (const on of [mine, other]) await expect.poll(async () => (await shown(on)).at(-1)?.[0]).toBe(last.at(-1));
  }
  leave();
  const touches = await mine.evaluate("window.touches") as number[];
  expect(touches.length).toBe(held.length);
  const places = await Promise.all([mine, other].map(async (on) => {
    const values = await shown(on);
    // A page that is busy may show two values as one; it never shows one twice, or one that was before.
    let from = 0;
    const atMs = new Map(values.map(([value, ms]) => {
      const n = held.indexOf(value, from);
      expect(n, `${value} after ${held.slice(0, from).join(" ")}`).toBeGreaterThanOrEqual(from);
      from = n + 1;
      return [n, ms] as const;
    }));
    let found = 0;
    for (const [value] of values) if (value === last[found]) found++;
    expect(found).toBe(STROKES);
    return atMs;
  })) as [Map<number, number>, Map<number, number>];
  const [own, theirs] = places;
  const delays = [...theirs].map(([n, ms]) => ms - touches[n]!);
  const apart = [...theirs].flatMap(([n, ms]) => (own.has(n) ? [Math.abs(ms - own.get(n)!)] : []));
  for (const [what, all] of [["the other page shows a value after the touch", delays], ["both pages show a value, apart", apart]] as const) {
    const share = (of: number): number => [...all].sort((a, b) => a - b)[Math.ceil(of * all.length) - 1] ?? NaN;
    console.log(`${what}: p50 ${share(0.5).toFixed(0)} ms, p95 ${share(0.95).toFixed(0)} ms, max ${share(1).toFixed(0)} ms; ${all.length} of ${held.length} values`);
    expectGate({ stage: "page", what: `one fader on two phones: ${what}, median`, measured: share(0.5), unit: "ms", must: 1000, stretch: 150 });
  }
  for (const on of [mine, other]) await on.context().close();
});

it("lights the clip light of the input with the time, lets a touch put it out, and lights it again", async () => {
  const light = page.getByRole("button", { name: /^In clip/ });
  expect(await light.innerText()).toContain("none");
  // Three samples at full scale are one clip; the box is started again with another tape.
  writeTape(5);
  process.kill(bed.box.childId("box")!, "SIGKILL");
  const lit = async (): Promise<string> => /\d\d:\d\d:\d\d/.exec(await light.innerText())?.[0] ?? "";
  await expect.poll(lit, { timeout: 30_000, interval: 50 }).not.toBe("");
  const lastMinute = Array.from({ length: 61 }, (_, s) => new Date(Date.now() - 1000 * s).toTimeString().slice(0, 8));
  const first = await lit();
  expect(lastMinute).toContain(first);
  await light.click();
  await expect.poll(async () => await light.innerText(), { interval: 50 }).toContain("none");
  await expect.poll(lit, { timeout: 2000 * LOOP_S }).not.toBe("");
  expect(await lit()).not.toBe(first);
  await bed.reconnect();
});

it("wrote no error to any console", () => expect(bed.complaints).toEqual([]));
