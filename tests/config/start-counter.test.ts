import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countStart, systemTime, type CountedStart } from "../../src/config/start-counter.js";
import { stateFolderForTest } from "../support/box-states.js";

const start = (folder: string, uptimeS: number, bootId = "one"): Promise<CountedStart> => countStart(folder, { bootId, uptimeS });

/** Whether each of these starts, at so many seconds of the system's run, is in safe mode. */
async function modes(folder: string, ...uptimesS: number[]): Promise<boolean[]> {
  const found = [];
  for (const uptimeS of uptimesS) found.push((await start(folder, uptimeS)).isSafeMode);
  return found;
}

describe("countStart", () => {
  it("asks for safe mode at the fourth start within 60 s, and as long as they follow so fast", async () => {
    expect(await modes(stateFolderForTest(), 100, 110, 120, 159, 165)).toEqual([false, false, false, true, true]);
  });

  it("does not ask for it at the fourth start in 60 s or more", async () => {
    expect(await modes(stateFolderForTest(), 100, 120, 140, 160, 180, 200)).toEqual([false, false, false, false, false, false]);
  });

  it("leaves safe mode after a minute that ended without a start", async () => {
    expect(await modes(stateFolderForTest(), 1, 2, 3, 4, 65)).toEqual([false, false, false, true, false]);
  });

  it("begins anew when the system was started anew", async () => {
    const folder = stateFolderForTest();
    await modes(folder, 10, 11, 12);
    expect((await start(folder, 13, "two")).starts).toBe(1);
  });

  it("does not count a start that ended well", async () => {
    const folder = stateFolderForTest();
    for (let n = 0; n < 10; n++) {
      const counted = await start(folder, 100 + n);
      expect(counted).toMatchObject({ starts: 1, isSafeMode: false });
      await counted.endWell();
    }
  });

  it.each([
    ["empty", ""], ["cut short", "{\"bootId\":\"one\",\"startsS\":[1"], ["of another kind", "[]"], ["null", "null"],
    ["full of what is no time", "{\"bootId\":\"one\",\"startsS\":[null,\"5\",1e300,-1e300]}"],
  ])("begins anew from a file that is %s", async (_, text) => {
    const folder = stateFolderForTest();
    writeFileSync(join(folder, "starts"), text);
    expect(await start(folder, 10)).toMatchObject({ starts: 1, isSafeMode: false });
    expect((await start(folder, 11)).starts).toBe(2);
  });

  it("does not read a file of 1 GB", async () => {
    const folder = stateFolderForTest();
    writeFileSync(join(folder, "starts"), "");
    truncateSync(join(folder, "starts"), 1e9);
    expect((await start(folder, 10)).starts).toBe(1);
    expect(statSync(join(folder, "starts")).size).toBeLessThan(200);
  });

  it("keeps four times at most, readable for this user alone", async () => {
    const folder = stateFolderForTest();
    for (let n = 0; n < 50; n++) await start(folder, 100 + n / 10);
    expect((JSON.parse(readFileSync(join(folder, "starts"), "utf8")) as { startsS: number[] }).startsS).toHaveLength(4);
    expect(statSync(join(folder, "starts")).mode & 0o777).toBe(0o600);
  });

  it("counts nothing, and does not fail, where it cannot write", async () => {
    const folder = stateFolderForTest();
    mkdirSync(join(folder, "starts.tmp"));
    for (let n = 0; n < 6; n++) expect(await start(folder, 100 + n)).toMatchObject({ starts: 1, isSafeMode: false });
  });
});

it("reads the time of the system, which runs on", async () => {
  const { bootId, uptimeS } = systemTime();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(systemTime().bootId).toBe(bootId);
  expect(systemTime().uptimeS).toBeGreaterThanOrEqual(uptimeS);
});
