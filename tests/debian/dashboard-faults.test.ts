import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DashboardBed, msUntil } from "../support/dashboard-bed.js";
import { expectGate } from "../support/gates.js";
import { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

let bed: DashboardBed;
let page: Page;
/** Connections of the box while the page is its only phone. */
let clients: number;
const countClients = async (): Promise<number> => (await bed.control.command("status", {})).clients;
beforeAll(async () => {
  bed = await DashboardBed.start(mkdtempSync(join(tmpdir(), "dashboard-faults-")));
  page = await bed.paired();
  clients = await countClients();
}, 120_000);
afterAll(async () => await bed.stop());

const standing = (words: string): Promise<void> => page.getByRole("status").filter({ hasText: words }).waitFor();

function kill(script: "box" | "web", signal: NodeJS.Signals): void {
  const id = bed.box.childId(script);
  if (id === undefined) throw new Error(`There is no ${script} process.`);
  process.kill(id, signal);
}

it("shows figures as stale while the box hangs, then says so and holds what could be touched, until it goes on", async () => {
  await page.goto(`${bed.address.url}#chain/limiter`);
  expect(await page.locator(".shell.stale").count()).toBe(0);
  const [staleMs, saidMs] = await Promise.all([
    msUntil(page, ".shell.stale"), msUntil(page, ".banner"), Promise.resolve(kill("box", "SIGSTOP")),
  ]);
  await page.getByRole("alert").filter({ hasText: "The box does not answer" }).waitFor();
  expect(await page.getByRole("button", { name: "All to default" }).isDisabled()).toBe(true);
  kill("box", "SIGCONT");
  await standing("Live");
  await page.locator(".shell:not(.stale)").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  expectGate({ stage: "page", what: "box hangs: figures shown as stale (0.5 s on an idle machine) after", measured: staleMs, unit: "ms", must: 5000 });
  expectGate({ stage: "page", what: "box hangs: said so (1 s on an idle machine) after", measured: saidMs, unit: "ms", must: 8000 });
});

it("says that the box restarts when it is killed, and shows its state again by itself", async () => {
  await bed.control.command("set", { values: { "limiter.releaseMs": 321 } });
  await page.goto(`${bed.address.url}#chain/limiter`);
  await page.getByRole("button", { name: /Release: 321 ms/ }).waitFor();
  // The box keeps what was changed after 2 s.
  await page.waitForTimeout(4000);
  kill("box", "SIGKILL");
  await standing("Restarting");
  await page.getByRole("alert").filter({ hasText: "bare input" }).waitFor();
  await standing("Live");
  await page.getByRole("button", { name: /Release: 321 ms/ }).waitFor();
  await bed.reconnect();
});

it("says that it is disconnected when the web process is killed, and is back by itself", async () => {
  kill("web", "SIGKILL");
  await standing("Disconnected");
  await standing("Live");
});

it("says so when the network is away, keeps what was not sent from being lost in silence, and is right again after", async () => {
  await page.context().setOffline(true);
  await standing("Disconnected");
  await page.getByRole("slider", { name: "Release" }).press("End");
  await page.getByText("nothing was changed").waitFor();
  await bed.control.command("set", { values: { "limiter.releaseMs": 654 } });
  const [backMs] = await Promise.all([msUntil(page, ".standing.good"), page.context().setOffline(false)]);
  await standing("Live");
  expectGate({ stage: "page", what: "network back: live again (2 s on an idle machine) after", measured: backMs, unit: "ms", must: 10_000 });
  await page.getByRole("button", { name: /Release: 654 ms/ }).waitFor();
});

it("has a place for a phone that comes again though 16 connections are there: the page that was silent longest says so, and is back when it is touched", async () => {
  const { port } = bed.address;
  // The network was away: the connection that died with it is counted until it is missed.
  await expect.poll(countClients, { timeout: 20_000 }).toBe(clients);
  const { key } = await bed.control.command("startPairing", { isStanding: true });
  const phones = Array.from({ length: 15 }, (_, n) => new TestPhone(port, { kind: "url", key }, { name: `Phone ${n}` }));
  await until(() => phones.every((phone) => phone.of("welcome").length > 0), 60);
  // To put a notice away is a touch, too.
  await expect.poll(async () => await page.locator(".notice").count(), { timeout: 20_000 }).toBe(0);
  // The seventeenth connection: a second page of the phone that is paired.
  const second = await bed.open(page.context());
  await second.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await page.getByRole("status").filter({ hasText: "Open elsewhere" }).waitFor();
  await page.getByRole("alert").filter({ hasText: "Touch it to go on here." }).waitFor();
  await page.touchscreen.tap(180, 300);
  await standing("Live");
  await second.getByRole("status").filter({ hasText: "Open elsewhere" }).waitFor();
  for (const phone of phones) phone.socket.close();
  await second.close();
});
