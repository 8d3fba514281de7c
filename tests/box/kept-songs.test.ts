import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeptSongs } from "../../src/box/kept-songs.js";
import { LiveMeters } from "../../src/box/live-meters.js";
import { feedTone } from "../support/feed-meters.js";

let folder: string;
let told: string[];
let nowMs: number;
let faults: { xruns: number; isBypassed: boolean };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-songs-"));
  told = [];
  nowMs = Date.parse("2026-11-23T10:00:00Z");
  faults = { xruns: 0, isBypassed: false };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The meters of a box that was just started, and the log that is kept of them. */
async function started(): Promise<{ meters: LiveMeters; kept: KeptSongs }> {
  const meters = new LiveMeters({ now: () => new Date(nowMs), xruns: () => faults.xruns, isBypassed: () => faults.isBypassed });
  const kept = new KeptSongs({
    file: join(folder, "songs.json"), songs: () => meters.songs,
    notices: { stand: (_, level, sentence) => told.push(`${level}: ${sentence}`), settle: () => undefined },
  });
  meters.restoreSongs(await kept.load());
  return { meters, kept };
}

function play(meters: LiveMeters, seconds: number): void {
  feedTone(meters, seconds, -23);
  nowMs += 1000 * seconds;
}

describe("the log of the songs", () => {
  it("tells of each song when it began and ended, and what went wrong in it alone", async () => {
    const { meters } = await started();
    play(meters, 4);
    faults.xruns = 3;
    faults.isBypassed = true;
    play(meters, 2);
    faults.isBypassed = false;
    meters.markSong("Waltz");
    play(meters, 5);
    faults.xruns = 4;
    expect(meters.songs).toMatchObject([
      { startedAt: "2026-11-23T10:00:00.000Z", endedAt: "2026-11-23T10:00:06.000Z", durationS: 6, faults: { xruns: 3, clips: 0, bypassedS: 2 } },
      { name: "Waltz", startedAt: "2026-11-23T10:00:06.000Z", endedAt: null, durationS: 5, faults: { xruns: 1, clips: 0, bypassedS: 0 } },
    ]);
  });

  it("outlives a restart; the song that ran ends with what was measured of it, and the next has the number after it", async () => {
    const first = await started();
    play(first.meters, 4);
    first.meters.markSong("Waltz");
    play(first.meters, 3);
    await first.kept.stop();
    nowMs += 3_600_000;
    const { meters } = await started();
    play(meters, 2);
    expect(meters.songs.map(({ index, name, endedAt }) => [index, name, endedAt])).toEqual([
      [1, "Song 1", "2026-11-23T10:00:04.000Z"], [2, "Waltz", "2026-11-23T10:00:07.000Z"], [3, "Song 3", null],
    ]);
    expect(meters.songs[0]!.integratedLufs!).toBeCloseTo(-23, 1);
    expect(told).toEqual([]);
  });

  it("keeps 500 songs over restarts, and no more", async () => {
    const { meters, kept } = await started();
    for (let song = 0; song < 505; song++) {
      feedTone(meters, 0.01, -23);
      meters.markSong();
    }
    await kept.stop();
    expect(readFileSync(join(folder, "songs.json")).length).toBeLessThan(200_000);
    const again = await started();
    feedTone(again.meters, 0.01, -23);
    again.meters.markSong();
    expect(again.meters.songs.length).toBeLessThanOrEqual(501);
    expect(again.meters.songs.at(-1)!.index).toBe(507);
  });

  it.each(["{", "[]", '{"songs":[{"index":"x"}]}', '{"songs":[1]}'])("sets a file aside that holds %s, says so, and begins a new one", async (text) => {
    writeFileSync(join(folder, "songs.json"), text, { mode: 0o600 });
    const { meters } = await started();
    expect(meters.songs).toHaveLength(1);
    expect(told[0]).toMatch(/^warning: The log of the songs could not be read: .* It is kept as songs\.json\.damaged-1\. A new one begins\.$/);
  });

  it("tells of a disk that takes nothing, and goes on", async () => {
    const { meters, kept } = await started();
    rmSync(folder, { recursive: true });
    play(meters, 1);
    await kept.save();
    expect(told).toEqual(["warning: The log of the songs is not saved (ENOENT); see that the disk has room."]);
  });
});
