import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DashboardBed } from "../support/dashboard-bed.js";
import { Finger, way } from "../support/fingers.js";

let bed: DashboardBed;
let page: Page;
let other: Page;
beforeAll(async () => {
  bed = await DashboardBed.start(mkdtempSync(join(tmpdir(), "dashboard-hands-")));
  page = await bed.paired();
  other = await bed.paired();
}, 120_000);
afterAll(async () => await bed.stop());

const show = async (on: Page, hash: string): Promise<void> => void (await on.goto(`${bed.address.url}#${hash}`));

async function middleOf(on: Page, selector: string): Promise<{ x: number; y: number; width: number }> {
  const box = await on.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not shown.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}

const FADER = "[data-parameter='limiter.releaseMs'] .track";
const VALUE = "[data-parameter='limiter.releaseMs'] [role=slider]";
const release = async (): Promise<number | undefined> => (await bed.held(["limiter.releaseMs"]))["limiter.releaseMs"];
const shown = async (on: Page): Promise<number> => Number(await on.locator(VALUE).getAttribute("aria-valuenow"));

/** Notes each value that the fader of a page shows. */
async function watchValues(on: Page): Promise<void> {
  await on.evaluate(`{
    const slider = document.querySelector("${VALUE}");
    window.values = [];
    new MutationObserver(() => window.values.push(Number(slider.getAttribute("aria-valuenow")))).observe(slider, { attributeFilter: ["aria-valuenow"] });
  }`);
}

/** Length of the longest sequence that both have in their order. */
function common(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    b.forEach((y, n) => next.push(x === y ? (row[n] ?? 0) + 1 : Math.max(row[n + 1] ?? 0, next[n] ?? 0)));
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe("one fader", () => {
  it("in two hands moves on both pages through the same values in the same order, and ends at one value on both and on the box", async () => {
    for (const on of [page, other]) {
      await show(on, "chain/limiter");
      await on.locator(FADER).waitFor();
    }
    await bed.control.command("set", { values: { "limiter.releaseMs": 200 } });
    for (const on of [page, other]) await expect.poll(async () => await shown(on)).toBe(200);
    for (const on of [page, other]) await watchValues(on);
    const at = await middleOf(page, FADER);
    const strokes = [[page, at.width / 3], [other, -at.width / 3]] as const;
    await Promise.all(strokes.map(async ([on, by]) => await (await Finger.over(on)).stroke(way(at, { x: at.x + by, y: at.y }, 60))));
    // The last answers are on their way; then nothing moves any more.
    await page.waitForTimeout(500);
    const [mine, theirs] = await Promise.all([page, other].map(async (on) => await on.evaluate("window.values") as number[])) as [number[], number[]];
    const held = await release();
    expect([await shown(page), await shown(other)]).toEqual([held, held]);
    expect(new Set(mine).size).toBeGreaterThan(5);
    // A page that is busy may show two changes as one; it never shows what the other does not.
    expect(common(mine, theirs)).toBeGreaterThanOrEqual(0.9 * Math.max(mine.length, theirs.length));
    await page.waitForTimeout(500);
    expect(await release()).toBe(held);
  });

  it("is left alone by a hand that holds it still while another moves it", async () => {
    await bed.control.command("set", { values: { "limiter.releaseMs": 300 } });
    await expect.poll(async () => await shown(page)).toBe(300);
    const at = await middleOf(page, FADER);
    const session = await page.context().newCDPSession(page);
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: at.x + 20, y: at.y }] });
    await expect.poll(release).not.toBe(300);
    await bed.control.command("set", { values: { "limiter.releaseMs": 50 } });
    await expect.poll(async () => await shown(page)).toBe(50);
    await page.waitForTimeout(300);
    expect(await release()).toBe(50);
    // What it does next goes on from where the other left it.
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: at.x + 21, y: at.y }] });
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.waitForTimeout(300);
    expect(await release()).toBeGreaterThanOrEqual(50);
    expect(await release()).toBeLessThan(60);
  });
});

describe("a curve", () => {
  it("leaves a gain that another hand has set where it is, while the finger on its handle moves sideways", async () => {
    await bed.control.command("set", { values: { "eq.band4.freqHz": 600, "eq.band4.gainDb": 0 } });
    await show(page, "chain/eq");
    const area = await page.locator("canvas.eq-view").boundingBox();
    if (area === null) throw new Error("The curve is not shown.");
    const at = { x: area.x + area.width * (Math.log(600 / 20) / Math.log(1000)), y: area.y + (area.height - 14) / 2 };
    const held = async (): Promise<readonly (number | undefined)[]> => {
      const values = await bed.held(["eq.band4.freqHz", "eq.band4.gainDb"]);
      return [values["eq.band4.freqHz"], values["eq.band4.gainDb"]];
    };
    const session = await page.context().newCDPSession(page);
    const touch = async (type: string, ...touchPoints: { x: number; y: number }[]): Promise<unknown> =>
      await session.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints });
    await touch("touchStart", at);
    await touch("touchMove", { x: at.x, y: at.y - 30 });
    await expect.poll(async () => (await held())[1]).toBeGreaterThan(2);
    await bed.control.command("set", { values: { "eq.band4.gainDb": -8 } });
    await page.getByRole("slider", { name: "Gain" }).and(page.locator("[aria-valuenow='-8']")).waitFor();
    await page.waitForTimeout(300);
    await touch("touchMove", { x: at.x + 20, y: at.y - 30 });
    await expect.poll(async () => (await held())[0]).toBeGreaterThan(700);
    await touch("touchEnd");
    await page.waitForTimeout(300);
    expect((await held())[1]).toBe(-8);
    await bed.control.command("reset", { ids: ["eq.band4.freqHz", "eq.band4.gainDb"] });
  });
});

describe("fingers", () => {
  it("go from page to page by a quick stroke sideways, and not by one over a slider, nor by one upwards", async () => {
    const current = (): Promise<string> => page.locator("[aria-current=page]").innerText();
    const finger = await Finger.over(page);
    await show(page, "meters");
    const place = await middleOf(page, ".to-go");
    await finger.stroke(way(place, { x: place.x - 140, y: place.y + 5 }, 6));
    await expect.poll(current).toBe("Chain");
    await finger.stroke(way({ x: 100, y: 90 }, { x: 250, y: 92 }, 6));
    await expect.poll(current).toBe("Meters");
    await finger.stroke(way(place, { x: place.x - 40, y: place.y - 150 }, 6));
    await show(page, "chain/limiter");
    const fader = await middleOf(page, FADER);
    await finger.stroke(way({ x: fader.x + 60, y: fader.y }, { x: fader.x - 80, y: fader.y }, 6));
    await page.waitForTimeout(200);
    expect(await current()).toBe("Chain");
    expect(page.url()).toContain("#chain/limiter");
  });

  it("drag an eighth as fast away from the slider, set the default by two taps, and scroll the page over it", async () => {
    await show(page, "chain/limiter");
    const finger = await Finger.over(page);
    const fader = await middleOf(page, FADER);
    /** Octaves by which 60 pixels move the value, so far below the slider. */
    const moved = async (below: number): Promise<number> => {
      await bed.control.command("set", { values: { "limiter.releaseMs": 100 } });
      await expect.poll(async () => await shown(page)).toBe(100);
      const turn = { x: fader.x + 8, y: fader.y + below };
      await finger.stroke([fader, { x: fader.x + 8, y: fader.y }, ...way(turn, { x: turn.x + 60, y: turn.y }, 10)]);
      await page.waitForTimeout(400);
      return Math.log2((await release() ?? 0) / 100);
    };
    const coarse = await moved(0);
    const fine = await moved(80);
    expect(coarse).toBeGreaterThan(1);
    expect(fine).toBeGreaterThan(0.05);
    // An eighth, and up to 8 pixels before it left the slider.
    expect(fine / coarse).toBeLessThan((8 + 60 / 8) / 68 + 0.01);
    await page.locator(VALUE).dblclick({ position: { x: 20, y: 20 } });
    await expect.poll(release).toBe(50);
    await show(page, "chain/compressor");
    const threshold = await middleOf(page, "[data-parameter='compressor.thresholdDb'] .track");
    await finger.stroke(way(threshold, { x: threshold.x + 4, y: threshold.y - 200 }, 10));
    await expect.poll(async () => await page.evaluate("scrollY")).toBeGreaterThan(50);
    expect(await bed.held(["compressor.thresholdDb"])).toEqual({ "compressor.thresholdDb": -18 });
  });

  it("zoom the history by the wheel and move it by a drag, and come back to now by a button", async () => {
    const desk = await bed.paired("desktop");
    await show(desk, "meters");
    const all = desk.getByRole("button", { name: "30 min" });
    await all.click();
    await desk.locator("[aria-pressed=true]").filter({ hasText: "30 min" }).waitFor();
    const at = await middleOf(desk, ".history-view");
    await desk.mouse.move(at.x, at.y);
    await desk.mouse.wheel(0, -600);
    await expect.poll(async () => await all.getAttribute("aria-pressed")).toBe("false");
    const picture = (): Promise<string> => desk.evaluate("document.querySelector('.history-view').toDataURL()");
    await desk.waitForTimeout(200);
    const before = await picture();
    await desk.mouse.down();
    await desk.mouse.move(at.x + 80, at.y, { steps: 4 });
    await desk.mouse.up();
    await expect.poll(async () => await picture() === before).toBe(false);
    await all.click();
    expect(await all.getAttribute("aria-pressed")).toBe("true");
    await desk.context().close();
  });
});

describe("keys", () => {
  it("move a slider by steps and to both ends, type a value, and give the default", async () => {
    await show(page, "chain/limiter");
    const slider = page.getByRole("slider", { name: "Ceiling" });
    const ceiling = async (): Promise<number | undefined> => (await bed.held(["limiter.ceilingDbtp"]))["limiter.ceilingDbtp"];
    await bed.control.command("set", { values: { "limiter.ceilingDbtp": -2 } });
    await slider.focus();
    for (const [key, value] of [["ArrowUp", -1.9], ["ArrowLeft", -2], ["PageDown", -3], ["Home", -12], ["End", 0], ["Delete", -1]] as const) {
      await slider.press(key);
      await expect.poll(ceiling, { message: key }).toBe(value);
    }
    await expect.poll(async () => await slider.getAttribute("aria-valuetext")).toBe("\u22121.0 dBTP");
    await slider.press("Enter");
    await page.getByRole("textbox").fill("-4.5");
    await page.keyboard.press("Enter");
    await expect.poll(ceiling).toBe(-4.5);
    await expect.poll(async () => await slider.getAttribute("aria-valuetext")).toBe("\u22124.5 dBTP");
    await slider.press("Delete");
  });

  it("reach every page and control in an order that is seen: what has the focus has an outline", async () => {
    await show(page, "chain/limiter");
    await page.locator("main").waitFor();
    const outlines: string[] = [];
    for (let n = 0; n < 25; n++) {
      await page.keyboard.press("Tab");
      outlines.push(await page.evaluate("document.activeElement === document.body ? 'body' : getComputedStyle(document.activeElement).outlineStyle") as string);
    }
    expect(outlines.filter((style) => style !== "solid" && style !== "body")).toEqual([]);
  });
});

it("leaves no picture blank, on the screen or off it", async () => {
  await show(page, "meters");
  const blank = `[...document.querySelectorAll("canvas")].filter((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.every((byte) => byte === 0);
  }).map(({ className }) => className)`;
  await expect.poll(async () => await page.evaluate(blank)).toEqual([]);
  expect(await page.locator("canvas").count()).toBe(7);
});

it("wrote no error to any console", () => expect(bed.complaints).toEqual([]));
