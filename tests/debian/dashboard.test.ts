import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { STAGES } from "../../src/protocol/meter-snapshot.js";
import { DashboardBed, SIZES, type Size } from "../support/dashboard-bed.js";
import { faultsOf } from "../support/page-faults.js";

let bed: DashboardBed;
beforeAll(async () => {
  bed = await DashboardBed.start(mkdtempSync(join(tmpdir(), "dashboard-")));
}, 120_000);
afterAll(async () => await bed.stop());

/** As long as a name may be, and of one word. */
const LONG_NAME = "Ww".repeat(16);

/** Figures of the top bar that are shown in part: those that do not fit lie below it, where nothing of them is seen. */
const CUT_FIGURES = `[...document.querySelectorAll(".mini > span")].filter((span) => {
  const [bar, box] = [span.parentElement.getBoundingClientRect(), span.getBoundingClientRect()];
  return box.top < bar.bottom - 1 && box.right > bar.right;
}).map(({ textContent }) => textContent)`;

const tab = async (page: Page, name: string): Promise<void> => await page.getByRole("navigation", { name: "Pages" }).getByRole("button", { name }).click();
const standing = (page: Page, words: string): Promise<void> => page.getByRole("status").filter({ hasText: words }).waitFor();

/** The value of a parameter as the box holds it. */
async function held(id: string): Promise<number | undefined> {
  return (await bed.control.command("get", { ids: [id] })).values[id];
}

describe("pairing", () => {
  it("lets a phone in by the address that holds the key, hides the key, and knows the phone when it comes again", async () => {
    const page = await bed.paired();
    expect(page.url()).not.toContain(bed.address.key);
    await page.reload();
    await standing(page, "Live");
    const again = await bed.open(page.context());
    await standing(again, "Live");
    await page.context().close();
  });

  it("lets a phone in by the code that is typed, and says why another code is not taken", async () => {
    const page = await bed.open(await bed.phone());
    await page.getByRole("heading", { name: "Pair this phone" }).waitFor();
    const offer = await bed.control.command("startPairing", { role: "view" });
    const code = (offer.code ?? "").replace(/\D/g, "");
    const wrong = code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
    await page.getByLabel("Name of this phone").fill("Stage left");
    for (const digit of wrong) await page.getByRole("button", { name: digit, exact: true }).click();
    await page.getByRole("button", { name: "Pair", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "does not take this code" }).waitFor();
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Pair", exact: true }).click();
    await standing(page, "Live");
    await tab(page, "Box");
    await page.getByText("Stage left").waitFor();
    const { phones } = await bed.control.command("listPhones", {});
    expect(phones.find(({ name }) => name === "Stage left")?.role).toBe("view");
    // Who may only look sees so, and finds the controls held.
    await page.getByText("View only").waitFor();
    expect(await page.getByRole("button", { name: "Undo", exact: true }).count()).toBe(0);
    await tab(page, "Chain");
    expect(await page.getByRole("switch", { name: "EQ on" }).getAttribute("aria-disabled")).toBe("true");
    await tab(page, "Compare");
    expect(await page.getByRole("button", { name: /You hear/ }).isDisabled()).toBe(true);
    await page.context().close();
  });
});

describe.each(Object.keys(SIZES) as Size[])("at the size of a %s", (size) => {
  let page: Page;
  beforeAll(async () => {
    page = await bed.paired(size);
  });
  afterAll(async () => await page.context().close());

  it("shows the figures of the socket, and they move with the programme", async () => {
    await tab(page, "Meters");
    const snapshots: MeterSnapshot[] = [];
    const leave = bed.control.listen((event) => {
      if (event.type === "meters") snapshots.push(event.snapshot);
    });
    await bed.control.command("subscribeMeters", { maxRateHz: 30 });
    const shown = new Set<string>();
    for (let n = 0; n < 30 && shown.size < 3; n++) {
      shown.add(await page.locator(".big output").first().innerText());
      await page.waitForTimeout(200);
    }
    leave();
    await bed.control.command("subscribeMeters", { maxRateHz: 0 });
    expect(shown.size).toBeGreaterThanOrEqual(3);
    const told = new Set(snapshots.map(({ shortTermLufs }) => (shortTermLufs ?? 0).toFixed(1).replace("-", "\u2212")));
    // The first may be older than the subscription of this test.
    for (const figure of [...shown].slice(1)) expect([...told]).toContain(figure);
  });

  it("has no fault that axe finds, no page wider than the screen, and no target smaller than 48 pixels", async () => {
    const faults: string[] = [];
    for (const hash of ["#meters", "#chain", ...STAGES.map((stage) => `#chain/${stage}`), "#ears", "#compare", "#box"]) {
      await page.goto(bed.address.url + hash);
      await page.locator("main").waitFor();
      faults.push(...(await faultsOf(page)).map((fault) => `${hash} ${fault}`));
    }
    expect(faults).toEqual([]);
  });

  it("has no fault of these kinds in any sheet that it opens, and each closes by Escape", async () => {
    const sheets = [
      ["#meters", /measured; songs/], ["#chain", /Change the order/], ["#chain/limiter", /^Ceiling: /], ["#chain/loudness", "Change the target"],
      ["#compare", "More for scene A"], ["#compare", /Save as/], ["#compare", /^More for Warm/], ["#compare", `More for ${LONG_NAME}`],
      ["#box", /^More for /],
    ] as const;
    await bed.control.command("savePreset", { name: LONG_NAME });
    const faults: string[] = [];
    for (const [hash, name] of sheets) {
      await page.goto(bed.address.url + hash);
      await page.getByRole("button", { name }).first().click();
      await page.getByRole("dialog").waitFor();
      faults.push(...(await faultsOf(page)).map((fault) => `${hash} ${String(name)} ${fault}`));
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    expect(faults).toEqual([]);
  });

  it("steps, types and resets a value, undoes it, and shows what the box holds", async () => {
    await page.goto(`${bed.address.url}#chain/compressor`);
    await page.reload();
    const slider = page.getByRole("slider", { name: "Threshold" });
    await slider.waitFor();
    await bed.control.command("reset", {});
    await page.getByRole("button", { name: "Threshold up" }).click();
    await page.getByRole("button", { name: /Threshold: .*17.5 dB/ }).click();
    await page.getByRole("textbox").fill("-24 dB");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.getByRole("button", { name: /Threshold: .*24.0 dB/ }).waitFor();
    expect(await held("compressor.thresholdDb")).toBe(-24);
    await slider.press("ArrowLeft");
    await page.getByRole("button", { name: /Threshold: .*24.5 dB/ }).waitFor();
    // What one hand does within a second to one thing is one step to undo.
    await page.waitForTimeout(1100);
    await slider.dblclick({ position: { x: 20, y: 20 } });
    await page.getByRole("button", { name: /Threshold: .*18.0 dB/ }).waitFor();
    expect(await held("compressor.thresholdDb")).toBe(-18);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByRole("button", { name: /Threshold: .*24.5 dB/ }).waitFor();
    await page.getByRole("button", { name: "Redo" }).click();
    await page.getByRole("button", { name: /Threshold: .*18.0 dB/ }).waitFor();
  });

  it("refuses a typed value out of range with the range, and changes nothing", async () => {
    await page.goto(`${bed.address.url}#chain/limiter`);
    await page.reload();
    await page.getByRole("button", { name: /^Ceiling: / }).click();
    await page.getByRole("textbox").fill("3");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "Ceiling is 3; allowed \u221212 to 0 dBTP" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    expect(await held("limiter.ceilingDbtp")).toBe(-1);
  });

  it("bypasses with equal loudness, and recalls presets and scenes", async () => {
    await tab(page, "Compare");
    await page.getByRole("button", { name: /You hear the master/ }).click();
    await standing(page, "Bypassed");
    expect(await page.evaluate(CUT_FIGURES)).toEqual([]);
    expect(await held("chain.bypass")).toBe(1);
    expect(await held("chain.levelMatch")).toBe(1);
    await page.getByRole("button", { name: /You hear the input/ }).click();
    await standing(page, "Live");
    await page.getByRole("button", { name: /Store scene A/ }).or(page.getByRole("button", { name: /Recall scene A/ })).click();
    await page.getByRole("button", { name: /^Warm/ }).click();
    await page.getByRole("button", { name: /^Warm/, pressed: true }).waitFor();
    expect(await held("saturation.bypass")).toBe(0);
    await page.getByRole("button", { name: /Recall scene A/ }).click();
    await expect.poll(async () => await held("saturation.bypass")).toBe(1);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect.poll(async () => await held("saturation.bypass")).toBe(0);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect.poll(async () => await held("saturation.bypass")).toBe(1);
  });
});

describe("two phones", () => {
  it("agree on every fader, a knob of the box as well, and the last hand wins", async () => {
    const [one, other] = [await bed.paired(), await bed.paired("desktop")];
    for (const page of [one, other]) {
      await page.goto(`${bed.address.url}#chain/limiter`);
      await page.getByRole("slider", { name: "Release" }).waitFor();
    }
    await one.getByRole("slider", { name: "Release" }).press("End");
    await other.getByRole("button", { name: /Release: 1000 ms/ }).waitFor();
    await other.getByRole("slider", { name: "Release" }).press("Home");
    await one.getByRole("button", { name: /Release: 20 ms/ }).waitFor();
    await bed.control.command("set", { values: { "limiter.releaseMs": 77 } });
    for (const page of [one, other]) await page.getByRole("button", { name: /Release: 77 ms/ }).waitFor();
    await bed.control.command("reset", { ids: ["limiter.releaseMs"] });
    for (const page of [one, other]) await page.context().close();
  });

  it("show the name of a phone as text, whatever is in it", async () => {
    const page = await bed.paired();
    const { phones } = await bed.control.command("listPhones", {});
    const phone = phones.find(({ isHere }) => isHere);
    const name = "<img src=x onerror=alert(1)>";
    await bed.control.command("renamePhone", { phone: phone?.id ?? "", name });
    await tab(page, "Box");
    await page.getByText(name).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    await page.context().close();
  });
});

it("wrote no error to any console: nothing broke, and nothing that the page's policy forbids was tried", () => {
  expect(bed.complaints).toEqual([]);
});
