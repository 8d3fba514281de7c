import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { CHROMIUM_PATH, DashboardBed } from "../support/dashboard-bed.js";
import { Finger, way } from "../support/fingers.js";

/** Two phones on one fader must agree within so many ms. */
const BAR_MS = 150;
const PARAMETER = "limiter.releaseMs";
const STROKES = 6;
const STEPS = 60;

/** What a page noted, by the clock of the machine: when a value was first shown, and when a finger moved. */
interface Notes {
  readonly shown: readonly (readonly [valueText: string, atMs: number])[];
  readonly touchedMs: readonly number[];
}

/** Runs in the page: notes each value that the slider shows, and each move of a finger. */
function watchFader(parameter: string): void {
  const shown: [string, number][] = [];
  const touchedMs: number[] = [];
  Reflect.set(globalThis, "notes", { shown, touchedMs });
  const { document, MutationObserver: Observer } = globalThis as unknown as {
    document: { querySelector(selector: string): { getAttribute(name: string): string | null } };
    MutationObserver: new (call: () => void) => { observe(node: unknown, options: object): void };
  };
  const slider = document.querySelector(`[data-parameter='${parameter}'] [role=slider]`);
  new Observer(() => shown.push([slider.getAttribute("aria-valuenow") ?? "", Date.now()])).observe(slider, { attributeFilter: ["aria-valuenow"] });
  (globalThis as unknown as { addEventListener(type: string, call: () => void, capture: boolean): void })
    .addEventListener("pointermove", () => touchedMs.push(Date.now()), true);
}

/** How soon a page shows what a finger sets on the fader of another, while the programme plays and both draw their meters. */
export async function benchFader(): Promise<string[]> {
  if (!existsSync(CHROMIUM_PATH)) return [`not measured: there is no ${CHROMIUM_PATH}; apt-get install chromium brings it.`];
  const folder = mkdtempSync(join(tmpdir(), "lacquer-bench-"));
  const bed = await DashboardBed.start(folder);
  try {
    const pages = [await bed.paired(), await bed.paired()] as const;
    for (const page of pages) {
      await page.goto(`${bed.address.url}#chain/limiter`);
      await page.locator(`[data-parameter='${PARAMETER}'] .track`).waitFor();
      await page.evaluate(watchFader, PARAMETER);
    }
    await setTimeout(1000);
    await move(pages[0]);
    await setTimeout(500);
    const [mine, theirs] = await Promise.all(pages.map(async (page) => await page.evaluate(() => Reflect.get(globalThis, "notes") as Notes))) as [Notes, Notes];
    return report(mine, theirs);
  } finally {
    await bed.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Strokes the fader to and fro. */
async function move(page: Page): Promise<void> {
  const box = await page.locator(`[data-parameter='${PARAMETER}'] .track`).boundingBox();
  if (box === null) throw new Error("The fader is not shown.");
  const finger = await Finger.over(page);
  for (let n = 0; n < STROKES; n++) {
    const [from, to] = n % 2 === 0 ? [0.3, 0.6] : [0.6, 0.3];
    const y = box.y + box.height / 2;
    await finger.stroke(way({ x: box.x + from * box.width, y }, { x: box.x + to * box.width, y }, STEPS));
  }
}

function report(mine: Notes, theirs: Notes): string[] {
  const apartMs: number[] = [];
  const sinceTouchMs: number[] = [];
  // The pages show the same values in the same order, and none may skip what the other shows unless it was busy.
  let next = 0;
  for (const [value, atMs] of mine.shown) {
    const found = theirs.shown.findIndex(([other, otherMs], n) => n >= next && other === value && Math.abs(otherMs - atMs) < 1000);
    if (found < 0) continue;
    next = found + 1;
    const otherMs = theirs.shown[found]?.[1] ?? NaN;
    apartMs.push(Math.abs(otherMs - atMs));
    const touched = mine.touchedMs.filter((ms) => ms <= Math.min(atMs, otherMs)).at(-1);
    if (touched !== undefined) sinceTouchMs.push(otherMs - touched);
  }
  return [
    `${mine.shown.length} values shown on the page that is touched, ${theirs.shown.length} on the other, ${apartMs.length} on both; the bar is ${BAR_MS} ms`,
    `apart: ${spread(apartMs)}`,
    `from the last touch before it to the other page: ${spread(sinceTouchMs)}`,
  ];
}

function spread(values: readonly number[]): string {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): string => `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN} ms`;
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}`;
}
