import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadState } from "../../src/config/load-state.js";
import { StateStore } from "../../src/config/state-store.js";
import type { StateFileSystem } from "../../src/config/state-files.js";
import { stateFolderForTest } from "../support/box-states.js";
import { faultyFiles, systemError, type Call, type Faults } from "../support/faulty-files.js";
import { memoryFiles } from "../support/memory-files.js";
import { numberedState, numberOf } from "../support/numbered-state.js";
import { placeAt, saveOnce } from "../support/save-once.js";

interface OpenStore {
  folder: string;
  files: StateFileSystem;
  calls: Call[];
  store: StateStore;
  /** Gives the state a number, and says that it changed. */
  change: (number: number) => void;
  faults: Faults;
}

/** A store in a folder of its own, whose state has the number that was given last. */
async function openStore(faults: Faults = {}, disk?: StateFileSystem): Promise<OpenStore> {
  const folder = stateFolderForTest();
  const { files, calls } = faultyFiles(faults, disk);
  const place = placeAt(folder, { files });
  const loaded = await loadState(place);
  calls.length = 0;
  let now = 0;
  const store = new StateStore(place, loaded, () => numberedState(now));
  const change = (number: number): void => {
    now = number;
    store.touch();
  };
  return { folder, files, calls, store, change, faults };
}

const loadedNumber = async (folder: string): Promise<number | undefined> => numberOf((await loadState(placeAt(folder))).state);

describe("one save", () => {
  it("writes under another name, syncs, renames, and syncs the folder, in this order", async () => {
    const { calls, store, change, folder } = await openStore();
    change(1);
    expect(await store.flush()).toBe(true);
    const folderName = folder.split("/").at(-1);
    expect(calls.map(({ name, file }) => `${name} ${file}`)).toEqual([
      "unlink state-v1-a.tmp", "open state-v1-a.tmp", "write state-v1-a.tmp", "sync state-v1-a.tmp",
      "rename state-v1-a", `open ${folderName}`, `sync ${folderName}`,
    ]);
  });

  it("is whole when the system takes 7 bytes at a time", async () => {
    const { calls, store, change, folder } = await openStore({ shortWrites: 7 });
    change(1);
    expect(await store.flush()).toBe(true);
    expect(calls.filter(({ name }) => name === "write").length).toBe(Math.ceil(readFileSync(join(folder, "state-v1-a")).length / 7));
    expect(await loadedNumber(folder)).toBe(1);
  });

  it("never writes to the slot that holds the last good one", async () => {
    const { calls, store, change } = await openStore();
    for (const number of [1, 2, 3, 4]) {
      change(number);
      await store.flush();
    }
    expect(calls.filter(({ name }) => name === "rename").map(({ file }) => file)).toEqual(["state-v1-a", "state-v1-b", "state-v1-a", "state-v1-b"]);
  });

  it("gives old or new, or nothing at the first, when any one call of it fails, whatever the error", async () => {
    const { calls: all, store: whole, change: touch } = await openStore();
    touch(1);
    await whole.flush();
    for (const code of ["EIO", "ENOSPC", "EROFS", "EACCES"]) {
      for (let failing = 0; failing < all.length; failing++) {
        const { folder, calls, store, change, faults } = await openStore();
        change(1);
        await store.flush();
        const start = calls.length;
        faults.before = () => {
          if (calls.length >= start + failing + 1) throw systemError(code);
        };
        change(2);
        expect(await store.flush()).toBe(false);
        expect(store.trouble, `${code} ${failing}`).toContain("The settings cannot be saved");
        expect([1, 2]).toContain(await loadedNumber(folder));
      }
    }
  });
});

describe("a disk that becomes full", () => {
  it.each([0, 1, 1024, 4096])("after %d bytes keeps the last save whole, leaves nothing behind, and says so", async (bytes) => {
    const { store, change, folder, faults } = await openStore();
    change(1);
    await store.flush();
    const before = readFileSync(join(folder, "state-v1-a"));
    let left = 0;
    faults.before = ({ name, file }) => {
      if (name === "open" && file.endsWith(".tmp")) left = bytes;
      if (name !== "write") return;
      if (left === 0) throw systemError("ENOSPC");
      faults.shortWrites = left;
      left = 0;
    };
    change(2);
    expect(await store.flush()).toBe(false);
    expect(store.trouble).toBe(`The settings cannot be saved in ${folder}: the disk is full; free some space. Saving is tried again by itself.`);
    expect(readdirSync(folder)).toEqual(["state-v1-a"]);
    expect(readFileSync(join(folder, "state-v1-a"))).toEqual(before);
  });
});

describe("flush", () => {
  it("waits for the save that is under way and then saves what came since", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { store, change, folder, calls } = await openStore({ before: ({ name }) => (name === "rename" ? gate : undefined) });
    change(1);
    const first = store.flush();
    await vi.waitFor(() => expect(calls.some(({ name }) => name === "rename")).toBe(true));
    change(2);
    const second = store.flush();
    release();
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(await loadedNumber(folder)).toBe(2);
  });

  it("saves in the other slot when the first fails, and says true", async () => {
    const { store, change, folder } = await openStore({ before: ({ file }) => {
      if (file.startsWith("state-v1-a")) throw systemError("EIO");
    } });
    change(1);
    expect(await store.flush()).toBe(true);
    expect(readdirSync(folder)).toEqual(["state-v1-b"]);
    expect(store.trouble).toBe(undefined);
  });

  it("has nothing to do when nothing changed", async () => {
    const { store, calls } = await openStore();
    expect(await store.flush()).toBe(true);
    expect(calls).toEqual([]);
  });
});

it("does not take a save whose sync failed for the newest, although it may be on the disk", async () => {
  const { store, change, folder, faults } = await openStore();
  change(1);
  await store.flush();
  faults.before = ({ name, file }) => {
    if (name === "sync" && !file.startsWith("state")) throw systemError("EIO");
  };
  change(2);
  expect(await store.flush()).toBe(false);
  faults.before = () => undefined;
  change(3);
  expect(await store.flush()).toBe(true);
  expect(await loadedNumber(folder)).toBe(3);
  expect((await saveOnce(placeAt(folder), 4)).loaded.notices).toEqual([]);
});

describe("the time of saves", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A store on a disk that answers at once, and when its saves began, in ms of the faked time. */
  async function timedStore(faults: Faults = {}): Promise<Awaited<ReturnType<typeof openStore>> & { starts: number[]; run: (ms: number) => Promise<void> }> {
    const starts: number[] = [];
    const beginsMs = performance.now();
    const before = (call: Call): void | Promise<void> => {
      if (call.name === "open" && call.file.endsWith(".tmp")) starts.push(Math.round(performance.now() - beginsMs));
      return faults.before?.(call);
    };
    const opened = await openStore({ before }, memoryFiles());
    const run = async (ms: number): Promise<void> => {
      for (let elapsedMs = 0; elapsedMs < ms; elapsedMs += 50) {
        vi.advanceTimersByTime(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    return { ...opened, starts, run };
  }

  it("has a single change on the disk 0.5 s later", async () => {
    const { change, run, starts } = await timedStore();
    change(1);
    await run(5000);
    expect(starts).toEqual([500]);
  });

  it("has changes every 50 ms for 20 s on the disk within 3 s of each, with 2 s between saves", async () => {
    const { change, run, starts, store } = await timedStore();
    for (let number = 1; number <= 400; number++) {
      change(number);
      await run(50);
    }
    await run(5000);
    const gaps = starts.slice(1).map((start, index) => start - starts[index]!);
    expect(starts[0]).toBe(500);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2500);
    expect(starts.at(-1)).toBeGreaterThan(20_000 - 50);
    expect(starts.at(-1)).toBeLessThan(23_000);
    expect(store.revision).toBe(starts.length);
  });

  it("does not heed the time of day: steps of ten years change nothing", async () => {
    const { change, run, starts } = await timedStore();
    change(1);
    vi.setSystemTime(new Date(1970, 0, 1));
    await run(3000);
    change(2);
    vi.setSystemTime(new Date(2036, 0, 1));
    await run(3000);
    expect(starts).toEqual([500, 3500]);
  });

  it("tries ever more slowly while the disk fails, at most once a minute, and soon saves when it is mended", async () => {
    const faults: Faults = { before: ({ name }) => {
      if (name === "sync") throw systemError("EIO");
    } };
    const { change, run, starts, store, folder, files } = await timedStore(faults);
    change(1);
    await run(600_000);
    for (let n = 0; n < 100; n++) change(2);
    expect(store.trouble).toBe(`The settings cannot be saved in ${folder}: the disk reports errors; replace it. Saving is tried again by itself.`);
    const gaps = starts.slice(1).map((start, index) => start - starts[index]!);
    expect(gaps.slice(0, 4)).toEqual([4000, 8000, 16_000, 32_000]);
    expect(gaps.slice(4).every((gap) => gap === 60_000)).toBe(true);
    faults.before = () => undefined;
    await run(60_000);
    expect(store.trouble).toBe(undefined);
    expect(numberOf((await loadState(placeAt(folder, { files }))).state)).toBe(2);
  }, 60_000);

  it("says that a save hangs when the disk has not answered for 10 s", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { change, run, store } = await timedStore({ before: ({ name }) => (name === "sync" ? gate : undefined) });
    change(1);
    await run(10_000);
    expect(store.trouble).toBe(undefined);
    await run(5000);
    expect(store.trouble).toBe("The settings have been waiting for the disk for 14 s; it may be failing.");
    release();
    expect(await store.flush()).toBe(true);
    expect(store.trouble).toBe(undefined);
  });
});
