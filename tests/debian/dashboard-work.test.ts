import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rankFromOrder } from "../../src/params/order.js";
import { DashboardBed } from "../support/dashboard-bed.js";

const MINUS = "\u2212";

let bed: DashboardBed;
let page: Page;
beforeAll(async () => {
  bed = await DashboardBed.start(mkdtempSync(join(tmpdir(), "dashboard-work-")));
  page = await bed.paired();
}, 120_000);
afterAll(async () => await bed.stop());

const show = async (hash: string): Promise<void> => {
  await page.goto(`${bed.address.url}#${hash}`);
};
const button = (name: string | RegExp) => page.getByRole("button", { name });

/** What the page hands to the phone as a file when `start` is done. */
async function saved(start: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), start()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

describe("files", () => {
  it("saves a preset, hands it out as a file, deletes it, and takes the file in again with the same sound", async () => {
    await bed.control.command("set", { values: { "compressor.thresholdDb": -31, "eq.band3.gainDb": 2.5 } });
    await show("compare");
    await button(/Save as/).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Tuesday night");
    await button("Save").last().click();
    await button("More for Tuesday night").click();
    const { name, text } = await saved(async () => await button("Export as a file").click());
    expect(name).toBe("tuesday-night.json");
    expect(JSON.parse(text)).toMatchObject({ name: "Tuesday night", values: { "compressor.thresholdDb": -31, "eq.band3.gainDb": 2.5 } });
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await bed.control.command("reset", {});
    await button(/Save as/).click();
    await page.getByRole("textbox", { name: "Name" }).fill("tuesday NIGHT");
    await button("Save").last().click();
    await page.getByText("There is “tuesday NIGHT” already; what it holds is lost.").waitFor();
    await button("Cancel").click();
    await button("Close").click();
    await button("More for Tuesday night").click();
    await button("Delete").click();
    await page.getByText("“Tuesday night” is lost for good.").waitFor();
    expect((await bed.control.command("listPresets", {})).presets.some(({ name: kept }) => kept === "Tuesday night")).toBe(true);
    await button("Delete").click();
    await button("More for Tuesday night").waitFor({ state: "detached" });
    await bed.control.command("reset", {});
    await page.setInputFiles("input[type=file]", { name, mimeType: "application/json", buffer: Buffer.from(text) });
    await button(/^Tuesday night/).click();
    await button(/^Tuesday night/).and(page.locator("[aria-pressed=true]")).waitFor();
    expect(await bed.held(["compressor.thresholdDb", "eq.band3.gainDb"])).toEqual({ "compressor.thresholdDb": -31, "eq.band3.gainDb": 2.5 });
    await bed.control.command("reset", {});
  });

  it("says what is wrong with a file that is no preset, and takes nothing of it", async () => {
    await show("compare");
    const before = await bed.control.command("listPresets", {});
    await page.setInputFiles("input[type=file]", { name: "x.json", mimeType: "application/json", buffer: Buffer.from("{\"version\": 1, \"values\": {\"eq.band9.q\": 1}}") });
    await page.locator(".notice.error").filter({ hasText: "This file is no preset" }).waitFor();
    expect(await bed.control.command("listPresets", {})).toEqual(before);
  });

  it("hands out the log bundle, which names the version and holds no key", async () => {
    await show("box");
    const { name, text } = await saved(async () => await button("Save the log bundle").click());
    expect(name).toBe("lacquer-log.txt");
    expect(text).toContain((await bed.control.command("status", {})).version);
    expect(text).not.toContain(bed.address.key);
    const stored = JSON.parse(await page.evaluate("localStorage.getItem('lacquer.phone')") as string) as { key: string };
    expect(text).not.toContain(stored.key);
  });
});

describe("songs", () => {
  beforeEach(async () => {
    await bed.control.command("controlMeters", { action: "start" });
    await page.reload();
    await show("meters");
  });

  it("pauses the measurement, shows the figures of the socket while it stands, and goes on", async () => {
    const shown = (label: string): Promise<string> => page.locator(`.loudness dt:text-is("${label}") + dd`).innerText();
    // A range takes three seconds of sound, so it comes last of the figures (EBU Tech 3342).
    await expect.poll(async () => await shown("Range LU"), { timeout: 15_000 }).toMatch(/^\d+\.\d$/);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    const song = (await bed.control.command("listSongs", {})).songs.at(-1);
    const written = (value: number | null | undefined): string => value?.toFixed(1).replace("-", MINUS) ?? "–";
    await expect.poll(async () => await page.locator(".big output").last().innerText()).toBe(written(song?.integratedLufs));
    await expect.poll(async () => await shown("Range LU")).toBe(written(song?.loudnessRangeLu));
    await expect.poll(async () => await shown("Peak dBTP")).toBe(written(song?.maxTruePeakDbtp));
    const timer = await page.locator(".timer output").innerText();
    await page.waitForTimeout(1500);
    expect(await page.locator(".timer output").innerText()).toBe(timer);
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await expect.poll(async () => await page.locator(".timer output").innerText()).not.toBe(timer);
  });

  it("begins a new song at 0:00, and keeps what the one before measured in the list of songs", async () => {
    const { index, name } = (await bed.control.command("listSongs", {})).songs.at(-1)!;
    await button("New song").click();
    await page.getByText(`Song ${index + 1}`, { exact: true }).waitFor();
    await expect.poll(async () => await page.locator(".timer output").innerText()).toMatch(/^0:0\d$/);
    await button(/measured; songs/).click();
    const before = page.getByRole("row").filter({ hasText: name });
    await before.waitFor();
    const song = (await bed.control.command("listSongs", {})).songs.at(-2);
    expect(song?.name).toBe(name);
    expect(await before.innerText()).toContain((song?.integratedLufs ?? 0).toFixed(1).replace("-", MINUS));
    expect(await page.getByRole("row").count()).toBe(index + 2);
    await button("Close").click();
  });
});

describe("the chain", () => {
  it("puts a stage before another by the sheet of the order, and shows the new order", async () => {
    await show("chain");
    const names = async (): Promise<string[]> => await page.locator(".stage-name").evaluateAll((all) => all.map(({ firstChild }) => firstChild?.textContent ?? ""));
    expect((await names()).slice(1, 4)).toEqual(["Filters", "EQ", "Compressor"]);
    await button(/Change the order/).click();
    await button("EQ later").click();
    await expect.poll(async () => (await bed.held(["chain.order"]))["chain.order"])
      .toBe(rankFromOrder(["filters", "compressor", "eq", "multiband", "imager", "saturation"]));
    await button("Close").click();
    expect((await names()).slice(1, 4)).toEqual(["Filters", "Compressor", "EQ"]);
    await button(/Change the order/).click();
    await button("Default order").click();
    await expect.poll(async () => (await bed.held(["chain.order"]))["chain.order"]).toBe(0);
    await button("Close").click();
  });

  it("says on every page that the relay passes the input, and brings the master back by the band that says so", async () => {
    await show("compare");
    await page.getByRole("switch", { name: /^Hard bypass/ }).click();
    await button("Let the relay fall").click();
    await page.getByRole("status").filter({ hasText: "Hard bypass" }).waitFor();
    for (const hash of ["meters", "chain", "chain/eq", "box"]) {
      await show(hash);
      await page.getByRole("region", { name: "Bypass" }).filter({ hasText: "you hear the input" }).waitFor();
    }
    await page.getByRole("region", { name: "Bypass" }).getByRole("button", { name: "Master" }).click();
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    expect(await page.getByRole("region", { name: "Bypass" }).count()).toBe(0);
  });
});

describe("phones", () => {
  it("are told apart when they call themselves the same, and one that is forgotten must be paired again", async () => {
    const other = await bed.paired();
    const [mine, second] = (await bed.control.command("listPhones", {})).phones;
    expect(second?.name).toBe(`${mine?.name ?? ""} 2`);
    await show("box");
    await button(`More for ${second?.name ?? ""}`).click();
    await button("Forget").click();
    await page.getByText(`“${second?.name ?? ""}” must be paired anew then.`).waitFor();
    await button("Forget").click();
    await other.getByRole("heading", { name: "Pair this phone" }).waitFor();
    await page.getByText("1 here, 1 paired").waitFor();
    await other.reload();
    await other.getByRole("heading", { name: "Pair this phone" }).waitFor();
    await other.context().close();
  });

  it("that may only look change nothing, whatever is touched on any page", async () => {
    const offer = await bed.control.command("startPairing", { role: "view" });
    const viewer = await bed.open(await bed.phone(), `#${offer.key}`);
    await viewer.getByRole("status").filter({ hasText: "Live" }).waitFor();
    const before = await bed.held();
    const { presets } = await bed.control.command("listPresets", {});
    for (const hash of ["meters", "chain", "chain/eq", "chain/limiter", "chain/loudness", "ears", "compare", "box"]) {
      await viewer.goto(`${bed.address.url}#${hash}`);
      await viewer.locator("main").waitFor();
      await viewer.evaluate(`{
        for (const element of document.querySelectorAll("main button:not(.stage-open)")) element.click();
        for (const element of document.querySelectorAll("[role=slider]")) element.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
        for (const dialog of document.querySelectorAll("dialog")) {
          for (const element of dialog.querySelectorAll("button:not([aria-label=Close])")) element.click();
          dialog.close();
        }
      }`);
      await viewer.waitForTimeout(200);
    }
    expect(await bed.held()).toEqual(before);
    expect((await bed.control.command("listPresets", {})).presets).toEqual(presets);
    const { phones } = await bed.control.command("listPhones", {});
    expect(phones.map(({ role }) => role)).toEqual(["control", "view"]);
    expect((await bed.control.command("status", {})).audio.isRelayHeld).toBe(true);
    await viewer.context().close();
  });
});

it("wrote no error to any console", () => expect(bed.complaints).toEqual([]));
