import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ReferenceShelf, type TrackFileSystem } from "../../src/box/reference-shelf.js";
import type { KeptReference } from "../../src/config/references-file.js";
import { faultyFiles, systemError, type Faults } from "../support/faulty-files.js";
import { seededBytes } from "../support/handshakes.js";
import { soundBytes } from "../support/sound-file.js";
import { temporaryFolder } from "../support/temp-folder.js";

const place = temporaryFolder();

function shelfIn(folder: string, faults: Faults = {}, seed = 1): ReferenceShelf {
  const files = { ...faultyFiles(faults).files, statfs: (path: string) => promises.statfs(path) };
  return new ReferenceShelf({ folder, files, now: () => new Date("2026-05-04T20:00:00Z"), random: seededBytes(seed) });
}

const newFolder = (): string => join(mkdtempSync(join(place.path, "s")), "references");

async function add(shelf: ReferenceShelf, name: string, bytes = soundBytes(1000)): Promise<string> {
  const file = await shelf.begin({ name, bytes: bytes.length, phone: null });
  await file.write(bytes);
  return await file.finish();
}

describe("the reference tracks of a box", () => {
  it("are there again after a restart, renamed and without the one that was deleted; each change is told", async () => {
    const folder = newFolder();
    const shelf = shelfIn(folder);
    const heard: (readonly string[])[] = [];
    shelf.onChange((references: readonly KeptReference[]) => heard.push(references.map(({ name }) => name)));
    const [one, two] = [await add(shelf, "One"), await add(shelf, "Two")];
    await shelf.rename(two, "Second");
    await shelf.delete(one);
    expect(heard).toEqual([["One"], ["One", "Two"], ["One", "Second"], ["Second"]]);
    const next = shelfIn(folder);
    expect(await next.load()).toEqual([]);
    expect(next.list).toEqual([{ id: two, name: "Second", bytes: 1000, addedAt: "2026-05-04T20:00:00.000Z" }]);
    expect(readdirSync(folder).sort()).toEqual([`${two}.track`, "index.json"].sort());
  });

  it("have names that are their own: a name that is taken is refused, or gets a number behind it", async () => {
    const shelf = shelfIn(newFolder());
    const [, second] = [await add(shelf, "Song"), await add(shelf, "song"), await add(shelf, "Song")];
    expect(shelf.list.map(({ name }) => name)).toEqual(["Song", "song 2", "Song 3"]);
    await expect(shelf.rename(second, "SONG 3")).rejects.toThrow('There is a track "Song 3" already; take another name.');
    await expect(shelf.rename("nobody", "x")).rejects.toThrow("There is no such reference track; it may have been deleted already.");
    await expect(shelf.delete("../../etc/passwd")).rejects.toThrow("There is no such reference track");
  });

  it.each(["open", "write", "sync", "rename"] as const)("stay as they were when the disk fails at a %s", async (call) => {
    const folder = newFolder();
    const sound = shelfIn(folder);
    const id = await add(sound, "Kept");
    const faults: Faults = {};
    const shelf = shelfIn(folder, faults, 2);
    await shelf.load();
    faults.before = ({ name }) => {
      if (name === call) throw systemError("EIO");
    };
    const adding = async (): Promise<string> => {
      const file = await shelf.begin({ name: "New", bytes: 1000, phone: null });
      try {
        await file.write(soundBytes(1000));
        return await file.finish();
      } catch (error) {
        await file.cancel();
        throw error;
      }
    };
    await expect(adding()).rejects.toThrow("The file cannot be kept (EIO).");
    await expect(shelf.rename(id, "Other")).rejects.toThrow("EIO");
    expect(shelf.list.map(({ name }) => name)).toEqual(["Kept"]);
    delete faults.before;
    const next = shelfIn(folder);
    expect(await next.load()).toEqual([]);
    expect(next.list).toEqual(shelf.list);
    // Its place is free: two uploads may be under way.
    await Promise.all([add(shelf, "A"), add(shelf, "B")]);
  });

  it("lose what was not whole when the power went, and nothing else", async () => {
    const folder = newFolder();
    const id = await add(shelfIn(folder), "Kept");
    writeFileSync(join(folder, "0123456789ab.part"), "half");
    writeFileSync(join(folder, "ba9876543210.track"), soundBytes(10));
    writeFileSync(join(folder, "index.json.tmp"), "{");
    writeFileSync(join(folder, "notes.txt"), "of somebody else");
    const shelf = shelfIn(folder);
    expect(await shelf.load()).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual([`${id}.track`, "index.json", "notes.txt"].sort());
    expect(shelf.list.map(({ name }) => name)).toEqual(["Kept"]);
  });

  it("are not listed any more when their file is gone or was cut, which is said", async () => {
    const folder = newFolder();
    const first = shelfIn(folder);
    const [cut] = [await add(first, "Cut"), await add(first, "Whole")];
    writeFileSync(join(folder, `${cut}.track`), "short");
    const shelf = shelfIn(folder);
    expect(await shelf.load()).toEqual(['The reference track "Cut" is not whole any more, so it was removed; upload it again.']);
    expect(shelf.list.map(({ name }) => name)).toEqual(["Whole"]);
  });

  it.each(["", "{", '{"version":1,"references":[{"id":"../../x","name":"x","bytes":1,"addedAt":"x"}]}', '{"version":2,"references":[]}'])("keep their sound when the index is %j: only their names are lost", async (text) => {
    const folder = newFolder();
    const id = await add(shelfIn(folder), "Song");
    writeFileSync(join(folder, "index.json"), text);
    const shelf = shelfIn(folder);
    expect(await shelf.load()).toEqual([expect.stringMatching(/^The names of the reference tracks cannot be read \(.*\)\. It is kept as index\.json\.damaged-1\. The one that lies there is named Track 1; rename what you know\.$/)]);
    expect(shelf.list).toMatchObject([{ id, name: "Track 1", bytes: 1000 }]);
    const again = shelfIn(folder);
    expect(await again.load()).toEqual([]);
    expect(again.list).toEqual(shelf.list);
    expect(readFileSync(join(folder, `${id}.track`))).toHaveLength(1000);
  });

  it("are all found again when the index is gone: only their names are lost", async () => {
    const folder = newFolder();
    const first = shelfIn(folder);
    const ids = [await add(first, "One", soundBytes(1000)), await add(first, "Two", soundBytes(2000))].sort();
    rmSync(join(folder, "index.json"));
    const shelf = shelfIn(folder);
    expect(await shelf.load()).toEqual(["The list of the reference tracks is gone. Those that lie there are named Track 1 to 2; rename what you know."]);
    expect(shelf.list.map(({ id, name }) => [id, name])).toEqual([[ids[0], "Track 1"], [ids[1], "Track 2"]]);
    expect(shelf.list.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(3000);
    const again = shelfIn(folder);
    expect(await again.load()).toEqual([]);
    expect(again.list).toEqual(shelf.list);
  });

  it("take no changes while the folder cannot be read: a list without them would have them removed", async () => {
    const folder = newFolder();
    const first = shelfIn(folder);
    const ids = [await add(first, "One"), await add(first, "Two")];
    const files: TrackFileSystem = { ...promises, readdir: (): Promise<never> => Promise.reject(systemError("EIO")) };
    const shelf = new ReferenceShelf({ folder, files, now: () => new Date(0), random: seededBytes(2) });
    expect(await shelf.load()).toEqual(["The reference tracks cannot be read (EIO)."]);
    const refusal = { code: "notNow", message: "The reference tracks cannot be read (EIO). Start the box again." };
    await expect(add(shelf, "Three")).rejects.toMatchObject(refusal);
    await expect(shelf.adopt("song.wav", 1000)).rejects.toMatchObject(refusal);
    const next = shelfIn(folder);
    expect(await next.load()).toEqual([]);
    expect(next.list.map(({ id }) => id)).toEqual(ids);
  });

  it("stay when a left-over file cannot be removed, and go on without it", async () => {
    const folder = newFolder();
    const id = await add(shelfIn(folder), "Kept");
    writeFileSync(join(folder, "0123456789ab.part"), "half");
    writeFileSync(join(folder, "ba9876543210.track"), soundBytes(10));
    const shelf = shelfIn(folder, { before: ({ name }) => { if (name === "unlink") throw systemError("EROFS"); } });
    expect(await shelf.load()).toEqual([]);
    expect(shelf.list.map(({ name }) => name)).toEqual(["Kept"]);
    expect(readdirSync(folder)).toContain(`${id}.track`);
  });

  it("are no reason not to start: a folder that cannot be read is said", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(folder, "a file");
    expect(await shelfIn(folder).load()).toEqual(["The reference tracks cannot be read (ENOTDIR)."]);
    expect(await shelfIn(newFolder()).load()).toEqual([]);
  });
});
