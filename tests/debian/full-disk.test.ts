import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TakeRecorder } from "../../src/box/take-recorder.js";
import { loadState } from "../../src/config/load-state.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import { numberOf } from "../support/numbered-state.js";
import { placeAt, saveOnce } from "../support/save-once.js";
import { TapMemory } from "../support/tap-memory.js";

let folder: string;
let state: string;

/** A disk of 64 KiB of its own; to mount one takes root. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lacquer-disk-"));
  state = join(folder, "state");
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "lacquer-test", folder]);
});
afterEach(() => {
  execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
});

/** Fills the disk but for so many bytes, which are whole pages. */
function fill(leaveBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, "takes"), Buffer.alloc(bavail * bsize - leaveBytes, 1));
  const after = statfsSync(folder);
  expect(after.bavail * after.bsize).toBe(leaveBytes);
}

const slots = (): Map<string, string> => new Map(readdirSync(state).map((name) => [name, readFileSync(join(state, name), "utf8")]));

describe("a full disk", () => {
  it.each([0, 4096])("with %d bytes left keeps the last save, says so, and saves again when there is room", async (bytes) => {
    for (const number of [1, 2]) expect((await saveOnce(placeAt(state), number)).isSaved).toBe(true);
    const before = slots();
    fill(bytes);
    const { isSaved, store } = await saveOnce(placeAt(state), 3);
    expect(isSaved).toBe(false);
    expect(store.trouble).toBe(`The settings cannot be saved in ${state}: the disk is full; free some space. Saving is tried again by itself.`);
    expect(slots()).toEqual(before);
    expect(numberOf((await loadState(placeAt(state))).state)).toBe(2);
    rmSync(join(folder, "takes"));
    expect(await store.flush()).toBe(true);
    expect(store.trouble).toBe(undefined);
    expect(numberOf((await loadState(placeAt(state))).state)).toBe(3);
  });

  it("with 0 bytes left at the first start has no state, and says so", async () => {
    fill(0);
    const { isSaved, loaded, store } = await saveOnce(placeAt(state), 1);
    expect([isSaved, loaded.state]).toEqual([false, null]);
    expect(store.trouble).toContain("cannot be saved");
  });
});

describe("a take on a disk that gets full", () => {
  it("is refused with a sentence that says what to do, and leaves no half of it behind", async () => {
    const tap = new TapMemory(65536);
    const format = { device: "test", sampleRateHz: 48000, periodFrames: 64, periods: 3, format: "S32_LE", isLinked: true, isPaced: true, hasMonitor: false } as const;
    const recorder = new TakeRecorder({
      sound: { createTapReader: () => new TapReader(tap.memory), health: () => ({ format }) },
      minutes: 1, folder, writerUrl: new URL("../../dist/src/box/take-writer.js", import.meta.url), now: () => new Date(),
      // There was room when it was asked; something else has taken it since.
      roomOf: () => ({ bavail: 1e9, bsize: 1 }),
    });
    recorder.copy();
    tap.write(24_000, () => 0.5);
    // Half a second is 144 kB for each side; the disk has 64.
    await expect(recorder.take()).rejects.toThrow(/take-0001-.*: the disk is full; free some space or choose another disk\./);
    expect(readdirSync(folder)).toEqual([]);
    tap.write(1000, () => 0.5);
    await expect(recorder.take(0.02)).resolves.toMatchObject({ seconds: 0.02 });
  });
});

describe("a read-only disk", () => {
  it("gives the last save, and says that no other can be made", async () => {
    for (const number of [1, 2]) await saveOnce(placeAt(state), number);
    execFileSync("mount", ["-o", "remount,ro", folder]);
    const { isSaved, loaded, store } = await saveOnce(placeAt(state), 3);
    expect(numberOf(loaded.state)).toBe(2);
    expect(isSaved).toBe(false);
    expect(store.trouble).toBe(`The settings cannot be saved in ${state}: the disk is read-only; start it writable. Saving is tried again by itself.`);
  });

  it("gives the other copy where one is damaged, although that one cannot be set aside", async () => {
    for (const number of [1, 2]) await saveOnce(placeAt(state), number);
    writeFileSync(join(state, "state-v1-b"), "rubbish");
    execFileSync("mount", ["-o", "remount,ro", folder]);
    const { state: found, notices } = await loadState(placeAt(state));
    expect(numberOf(found)).toBe(1);
    expect(notices[0]).toBe("The saved settings in state-v1-b cannot be used: its checksum does not match. It could not be renamed (EROFS).");
  });
});
