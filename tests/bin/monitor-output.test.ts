import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAudio } from "../../src/files/open-audio.js";
import type { Comparison, Reference } from "../../src/protocol/messages.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { channelOf, readAll } from "../support/read-source.js";
import { sine } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { toneLevelsDb } from "../support/tone-level.js";
import { integers, wav } from "../support/wav-bytes.js";

const RATE = 48_000;
/** What the simulated mixer plays, and the reference. */
const MIX_HZ = 1000;
const REFERENCE_HZ = 440;

const place = temporaryFolder();
const [recorder, monitor] = [join(place.path, "recorder.wav"), join(place.path, "monitor.wav")];
const box = new BoxOnSim(mkdtempSync(join(place.path, "b")), {
  audio: { periodFrames: 1024, periods: 4, monitorOutput: true }, simulation: { mixer: "sine", recorder, monitor },
});

beforeAll(async () => {
  box.spawn("box");
  await box.untilSound();
}, 60_000);
afterAll(async () => void await box.stop());

async function levelsDb(path: string, freqHz: number): Promise<readonly number[]> {
  const source = await openAudio(path);
  try {
    return toneLevelsDb(channelOf(readAll(source), 0), RATE, freqHz);
  } finally {
    source.close();
  }
}

describe("a reference on the monitor output of the running box", () => {
  it("is heard there at the first touch, while the recorder keeps the mix, also when a song begins", async () => {
    const comparison = async (...words: readonly string[]): Promise<Comparison> => JSON.parse((await box.lacquer("reference", ...words, "--json")).out) as Comparison;
    const tone = sine(20 * RATE, RATE, { freqHz: REFERENCE_HZ, levelDbfs: -12 });
    await box.lacquer("references", "add", place.write("Tone.wav", wav({ channels: 1, sampleRateHz: RATE }, integers(2, [...tone.map((x) => Math.round(32_767 * x))]))));
    await expect.poll(async () => (JSON.parse((await box.lacquer("references", "--json")).out) as { references: readonly Reference[] }).references[0]?.state, { timeout: 30_000 })
      .toBe("ready");
    expect((await box.lacquer("reference")).out).toContain("by the next play; the monitor output plays them, the recorder keeps the mix");
    expect((await box.status())?.audio.format?.hasMonitor).toBe(true);
    await comparison("play");
    await expect.poll(() => comparison(), { timeout: 10_000 }).toMatchObject({ hasMonitorOutput: true, isArmed: true, heard: "reference", isWaiting: false });
    await box.lacquer("song", "Next");
    const { audio: { framesOut } } = (await box.status())!;
    await box.until(({ audio }) => audio.framesOut > framesOut + 2 * RATE);
    expect(await comparison()).toMatchObject({ isArmed: true, heard: "reference" });
    expect((await box.status())?.notices).toEqual([]);
    await box.stop();

    const heard = await levelsDb(monitor, REFERENCE_HZ);
    const recorded = { mix: await levelsDb(recorder, MIX_HZ), reference: await levelsDb(recorder, REFERENCE_HZ) };
    // Both files begin with the same frame. Pieces in which the reference plays throughout have it within 1 dB of the loudest.
    const played = heard.flatMap((db, n) => (db > Math.max(...heard) - 1 ? [n] : []));
    expect(played.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...heard)).toBeGreaterThan(-40);
    for (const n of played) {
      expect(recorded.mix[n]).toBeGreaterThan(-40);
      expect(recorded.reference[n]).toBeLessThan(-100);
    }
  }, 90_000);
});
