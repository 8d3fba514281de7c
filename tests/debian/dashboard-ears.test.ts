import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAudio } from "../../src/files/open-audio.js";
import type { Song } from "../../src/protocol/messages.js";
import { DashboardBed } from "../support/dashboard-bed.js";
import { faultsOf } from "../support/page-faults.js";
import { song } from "../support/song.js";
import { integers, wav } from "../support/wav-bytes.js";

const RATE = 48_000;
const MINUS = "\u2212";
/** The mix has its right side down by this, its references have not. */
const RIGHT_DB = -6;
const folder = mkdtempSync(join(tmpdir(), "dashboard-ears-"));
const recorder = join(folder, "recorder.wav");
let bed: DashboardBed;
let page: Page;
let anthem: Buffer;

function songFile(seconds: number, seed: number, rightDb: number): Buffer {
  const { left, right } = song(seconds, RATE, seed);
  const whole = (x: number): number => Math.round(32_767 * Math.max(-1, Math.min(1, x)));
  const gain = 10 ** (rightDb / 20);
  return Buffer.from(wav({}, integers(2, Array.from({ length: 2 * left.length }, (_, n) => whole(n % 2 === 0 ? left[n >> 1]! : gain * right[n >> 1]!)))));
}

beforeAll(async () => {
  const mix = join(folder, "mix.wav");
  writeFileSync(mix, songFile(12, 1, RIGHT_DB));
  // Before the box starts: it takes seconds in which nobody would answer.
  anthem = songFile(12, 2, 0);
  bed = await DashboardBed.start(folder, mix, recorder);
  page = await bed.paired();
}, 120_000);
afterAll(async () => await bed.stop());

const show = async (hash: string): Promise<void> => void await page.goto(`${bed.address.url}#${hash}`);
const button = (name: string | RegExp) => page.getByRole("button", { name });
const region = (name: string) => page.getByRole("region", { name });
const comparison = () => bed.control.command("comparison", {});
const heldOf = async (id: string): Promise<number> => (await bed.held([id]))[id] ?? NaN;

/** Left over right in dB of the last second that the recorder wrote. */
async function recordedLeftOverRightDb(): Promise<number> {
  const file = await openAudio(recorder).catch(() => undefined);
  if (file === undefined) return NaN;
  const samples = new Float64Array(2 * file.frames);
  const frames = file.read(samples, file.frames);
  file.close();
  const energy = (side: number): number => samples.subarray(2 * (frames - RATE), 2 * frames).reduce((sum, x, n) => sum + (n % 2 === side ? x * x : 0), 0);
  return 10 * Math.log10(energy(0) / energy(1));
}

describe("the diagnosis", () => {
  it("says that the right side is down, sets the balance by one touch at the same loudness, and takes it back by another", async () => {
    await show("ears");
    const card = page.getByRole("listitem").filter({ hasText: "At the mixer" }).filter({ hasText: "leans over" }).first();
    await card.waitFor({ timeout: 60_000 });
    const { findings } = await bed.control.command("diagnosis", {});
    const wanted = findings.find(({ id }) => id === "lopsided")?.remedy.values["imager.balancePercent"];
    expect(wanted).toBeGreaterThan(0);
    await card.getByRole("button", { name: "Try it" }).click();
    await button("Take it back").waitFor();
    expect(await heldOf("imager.balancePercent")).toBe(wanted);
    await button("Take it back").click();
    await expect.poll(async () => await heldOf("imager.balancePercent")).toBe(0);
    await button("Take it back").waitFor({ state: "detached" });
  });

  it("ends the bypass with a remedy, says so, and takes both back; in the hard bypass it says why there is nothing to try", async () => {
    await bed.control.command("bypass", { on: true });
    const card = page.getByRole("listitem").filter({ hasText: "leans over" }).first();
    await card.getByRole("button", { name: "Try it, without bypass" }).click({ timeout: 60_000 });
    await page.getByText("the bypass is off, so that it is heard").waitFor();
    expect(await heldOf("chain.bypass")).toBe(0);
    await button("Take it back").click();
    await expect.poll(async () => await heldOf("chain.bypass")).toBe(1);
    await bed.control.command("hardBypass", { on: true });
    await card.getByText("nothing of it would be heard").waitFor();
    expect(await card.getByRole("button", { name: /^Try it/ }).isDisabled()).toBe(true);
    await bed.control.command("hardBypass", { on: false });
    await bed.control.command("bypass", { on: false });
  });
});

describe("the references", () => {
  it("come from the phone, are prepared, and what is no song is told in words", async () => {
    await show("ears");
    await page.setInputFiles("input[type=file]", [
      { name: "Anthem.wav", mimeType: "audio/wav", buffer: anthem },
      { name: "Shopping list.wav", mimeType: "audio/wav", buffer: Buffer.from("milk, eggs") },
    ]);
    await button(/^Anthem 0:12 · .* LUFS/).waitFor({ timeout: 60_000 });
    await page.locator(".notice.error").filter({ hasText: "“Shopping list.wav” did not arrive:" }).waitFor({ timeout: 30_000 });
    expect((await bed.control.command("listReferences", {})).references.map(({ name }) => name)).toEqual(["Anthem"]);
    const refused = region("References").getByRole("listitem").filter({ hasText: "Shopping list.wav" }).filter({ hasText: "This is no sound file" });
    await refused.waitFor();
    await button("Forget Shopping list.wav").click();
    await refused.waitFor({ state: "detached" });
  });

  it("are heard at the recorder only after it was said what the recorder hears, and no more when it is ended", async () => {
    await show("ears");
    await expect.poll(recordedLeftOverRightDb).toBeGreaterThan(4.5);
    await button("Compare with a reference").click();
    await page.getByRole("dialog", { name: "The recorder hears what you hear" }).waitFor();
    await button("Keep the mix").click();
    expect((await comparison()).isArmed).toBe(false);
    await button("Compare with a reference").click();
    await button("I know, compare").click();
    await button(/^Your mix/).click();
    await button(/^Reference “Anthem”/).waitFor();
    expect((await comparison()).heard).toBe("reference");
    await expect.poll(recordedLeftOverRightDb, { timeout: 20_000 }).toBeLessThan(1);
    const { referenceDb } = await comparison();
    await page.getByText(`The reference is turned ${referenceDb < 0 ? "down" : "up"}`).waitFor();
    await button("End").click();
    await button("Compare with a reference").waitFor();
    await expect.poll(recordedLeftOverRightDb, { timeout: 20_000 }).toBeGreaterThan(4.5);
  });

  it("loop the passage that is typed, and one band alone", async () => {
    await show("ears");
    await button("A to B").click();
    await page.getByRole("textbox", { name: "B, to" }).fill("0:09");
    await page.getByRole("textbox", { name: "B, to" }).press("Enter");
    await page.getByRole("textbox", { name: "A, from" }).fill("0:03");
    await page.getByRole("textbox", { name: "A, from" }).press("Enter");
    await expect.poll(async () => (await comparison()).passage).toEqual({ fromS: 3, toS: 9 });
    await button("Low mid").click();
    await expect.poll(async () => (await comparison()).solo).toBe("lowMid");
    await page.getByRole("group", { name: "Band" }).getByRole("button", { name: "All" }).click();
    await expect.poll(async () => (await comparison()).solo).toBe(null);
  });

  it("are drawn beside the mix, and matched by an EQ that one touch applies and another takes back", async () => {
    await show("ears");
    await page.getByRole("img", { name: /^Tone\./ }).waitFor({ timeout: 30_000 });
    await page.getByRole("slider", { name: "How far" }).fill("100");
    await page.getByRole("img", { name: /100 % of the way/ }).waitFor();
    await page.getByText(/^(What is left: up to \d\.\d dB, around|The EQ does all of it)/).waitFor();
    // No reference has this bell, so that no match leaves it as it is.
    await bed.control.command("set", { values: { "eq.band4.gainDb": 6 } });
    const before = await bed.held();
    await button("Apply to the EQ").click();
    await button("Take it back").waitFor();
    const matched = Object.entries(await bed.held()).filter(([id, value]) => before[id] !== value).map(([id]) => id);
    expect(matched).toContain("eq.band4.gainDb");
    expect(matched.filter((id) => !/^eq\.|^loudness\.driveDb$/.test(id))).toEqual([]);
    await button("Take it back").click();
    await expect.poll(async () => await bed.held()).toEqual(before);
  });

  it("stand under a heading of one line at 360 px, also while the box listens anew", async () => {
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 360, height: size.height });
    await bed.control.command("set", { values: { "eq.band4.gainDb": 1 } });
    await region("Beside the references").getByText("listening anew").waitFor();
    const heads = await page.locator(".ears .heads h2").all();
    // A line of these letters of 13 px is 18 px high.
    for (const head of heads) expect((await head.boundingBox())?.height, await head.innerText()).toBeLessThan(27);
    await page.setViewportSize(size);
    await bed.control.command("undo", {});
  });

  it("leave the page without a fault that axe finds, at phone and desktop size, sheets included", async () => {
    const faults: string[] = [];
    const desktop = await bed.paired("desktop");
    for (const each of [page, desktop]) {
      await each.goto(`${bed.address.url}#ears`);
      await each.getByRole("img", { name: /^Tone\./ }).waitFor();
      faults.push(...await faultsOf(each));
    }
    for (const [hash, name] of [["ears", "Compare with a reference"], ["ears", "More for Anthem"], ["compare", /set list|Change the list/], ["compare", "More for scene A"]] as const) {
      await show(hash);
      await button(name).click();
      await page.getByRole("dialog").waitFor();
      faults.push(...(await faultsOf(page)).map((fault) => `${hash} ${String(name)}: ${fault}`));
      await page.keyboard.press("Escape");
    }
    await desktop.context().close();
    expect(faults).toEqual([]);
  });
});

it("takes a reference away after a question", async () => {
  await show("ears");
  await button("More for Anthem").click();
  await button("Delete").click();
  await page.getByText("“Anthem” is removed from the box.").waitFor();
  await button("Delete").click();
  await page.getByText("Add three to five songs").waitFor();
  expect((await bed.control.command("listReferences", {})).references).toEqual([]);
});

describe("the loudness", () => {
  it("is learnt from what plays, sets the drive that the page tells, and lands within 1 LU as foretold", async () => {
    await show("chain/loudness");
    await button("Listen and learn").click();
    await expect.poll(async () => await button("Set the drive").isEnabled(), { timeout: 30_000 }).toBe(true);
    await button("Set the drive").click();
    await page.getByText(/^Drive .* dB .*target/).waitFor({ timeout: 20_000 });
    const { plan } = (await bed.control.command("levels", {})).learn;
    expect(await heldOf("loudness.driveDb")).toBe(plan!.driveDb);
    expect(Math.abs(plan!.predicted.integratedLufs! - plan!.targetLufs)).toBeLessThan(1);
    await page.getByText(`${plan!.driveDb.toFixed(1).replace("-", MINUS)} dB (`).waitFor();
    await bed.control.command("learn", { action: "cancel" });
  });

  it("is ridden when the switch is on, and the meters say by how much", async () => {
    await page.getByRole("switch", { name: /^Ride/ }).click();
    await expect.poll(async () => await heldOf("loudness.ride")).toBe(1);
    await show("meters");
    await page.getByText(/^Ride (follows|holds|goes|at).*, to .* LUFS$/).waitFor();
    const { target } = bed.control.welcome.state;
    await bed.control.command("setTarget", { target: "none" });
    await page.getByText("Ride rests: the target asks for no loudness").waitFor();
    await bed.control.command("setTarget", { target });
    await bed.control.command("set", { values: { "loudness.ride": 0 } });
    await page.getByText(/^Ride /).waitFor({ state: "detached" });
  });

  it("is heard as a platform plays it, by the dB that the page tells, until a touch ends it", async () => {
    await show("compare");
    await button("Show all").waitFor();
    const { platforms } = await bed.control.command("platforms", {});
    const apple = platforms.find(({ id }) => id === "apple-music")!;
    await region("Platforms").getByText(/−16 LUFS · turned (up|down) by|played as it is/).first().waitFor();
    await button(`Hear it as ${apple.name} plays it`).click();
    await page.getByText(`As ${apple.name} plays it:`).waitFor();
    const { preview } = (await bed.control.command("levels", {}));
    expect(preview.platform).toBe("apple-music");
    expect(preview.gainDb).toBeLessThanOrEqual(0);
    await button("Back to the full level").click();
    await expect.poll(async () => (await bed.control.command("levels", {})).preview.platform).toBe(null);
  });
});

describe("the evening", () => {
  it("steps through a set list, over the time that the scene fades in", async () => {
    await show("compare");
    await button("Store scene A").click();
    // The page and this test come to the box by two ways: neither waits for the other.
    await expect.poll(() => bed.control.state.scenes).toContain("A");
    await bed.control.command("set", { values: { "eq.band3.gainDb": 3 } });
    await button("Store scene B").click();
    await expect.poll(() => bed.control.state.scenes).toContain("B");
    await button("More for scene A").click();
    await page.getByRole("slider", { name: "Fades in" }).fill("2");
    await expect.poll(async () => bed.control.state.sceneFadesS.A).toBe(2);
    await button("Close").click();
    await button("Write a set list").click();
    await button("Add scene B").click();
    await button("Step 1 later").waitFor();
    await button("Add scene A").click();
    await button("Step 2 later").waitFor();
    await button("Close").click();
    await button("Next: B").click();
    await button("Next: A").click();
    await expect.poll(() => bed.control.state.setList).toEqual({ scenes: ["B", "A"], at: 1, follows: "hand" });
    await expect.poll(async () => await heldOf("eq.band3.gainDb")).toBe(0);
  });

  it("is written down: the log of the songs comes out as CSV and as JSON", async () => {
    await bed.control.command("markSong", { name: "Second" });
    await show("meters");
    await button(/measured; songs/).click();
    const saved = async (name: string): Promise<{ readonly name: string; readonly text: string }> => {
      const [download] = await Promise.all([page.waitForEvent("download"), button(name).click()]);
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
    };
    const csv = await saved("Export CSV");
    expect(csv.name).toBe("lacquer-songs.csv");
    expect(csv.text.split("\r\n").map((line) => line.split(",").slice(0, 2).join(","))).toEqual(["number,name", "1,Song 1", "2,Second", ""]);
    const json = await saved("Export JSON");
    expect((JSON.parse(json.text) as Song[]).map(({ name }) => name)).toEqual(["Song 1", "Second"]);
    await button("Close").click();
  });
});

it("wrote no error to any console", () => expect(bed.complaints).toEqual([]));
