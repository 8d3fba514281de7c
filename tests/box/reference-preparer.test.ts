import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { ReferencePreparer } from "../../src/box/reference-preparer.js";
import type { KeptReference } from "../../src/config/references-file.js";
import { WavWriter } from "../../src/files/wav-writer.js";
import { sine } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const place = temporaryFolder();
const RATE = 48_000;
const SONG: KeptReference = { id: "0123456789ab", name: "Song", bytes: 1, addedAt: "2026-05-04T20:00:00.000Z" };
/** Frame 24000 of 24 bits behind the 44 bytes of the header, in the middle of a second of sound. */
const HALF_BYTES = 44 + 24_000 * 6;

function folderWithSong(): string {
  const folder = mkdtempSync(join(place.path, "p"));
  const writer = new WavWriter(join(folder, "song.wav"), { sampleRateHz: RATE, format: "pcm24", maxFrames: RATE });
  const signal = sine(RATE, RATE, { freqHz: 997, levelDbfs: -20 });
  writer.write(Float64Array.from({ length: 2 * RATE }, (_, k) => signal[k >> 1]!), RATE);
  writer.finish();
  return folder;
}

async function preparerIn(folder: string): Promise<ReferencePreparer> {
  const preparer = new ReferencePreparer({
    folder: join(folder, "prepared"), sampleRateHz: RATE, pathOf: () => join(folder, "song.wav"),
    preparerUrl: new URL("../../dist/src/box/track-preparer.js", import.meta.url),
  });
  onTestFinished(() => preparer.stop());
  expect(await preparer.load([SONG])).toEqual([]);
  return preparer;
}

const isReady = (preparer: ReferencePreparer): boolean => preparer.list.every(({ state }) => state === "ready");

it("takes up what was prepared before a restart, and prepares anew what was damaged while the box was off", async () => {
  const folder = folderWithSong();
  const wav = join(folder, "prepared", `${SONG.id}.wav`);
  const first = await preparerIn(folder);
  await until(() => isReady(first));
  const whole = readFileSync(wav);
  expect(isReady(await preparerIn(folder))).toBe(true);
  const damages: Readonly<Record<string, () => void>> = {
    "gone": () => rmSync(wav),
    "cut in the middle": () => truncateSync(wav, HALF_BYTES),
    "empty": () => truncateSync(wav, 0),
    "of zeros, as a file system may leave it": () => writeFileSync(wav, Buffer.alloc(whole.length)),
    "of another length": () => writeFileSync(wav, Buffer.from(whole).fill(0, 40, 44)),
    "of another rate": () => writeFileSync(wav, Buffer.from(whole).fill(0x10, 24, 25)),
  };
  for (const [what, damage] of Object.entries(damages)) {
    damage();
    const next = await preparerIn(folder);
    expect(next.list[0]?.state, what).toBe("preparing");
    await until(() => isReady(next));
    expect(readFileSync(wav).equals(whole), what).toBe(true);
  }
});
