import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DroppedTracks } from "../../src/box/dropped-tracks.js";
import { ReferenceShelf } from "../../src/box/reference-shelf.js";
import { MAX_REFERENCES } from "../../src/protocol/references.js";
import { faultyFiles, systemError, type Faults } from "../support/faulty-files.js";
import { seededBytes } from "../support/handshakes.js";
import { soundBytes } from "../support/sound-file.js";
import { temporaryFolder } from "../support/temp-folder.js";

const place = temporaryFolder();

function folderOfTracks(faults: Faults = {}): { folder: string; shelf: ReferenceShelf; dropped: DroppedTracks; refusals: string[] } {
  const folder = join(mkdtempSync(join(place.path, "d")), "references");
  mkdirSync(folder);
  const files = { ...faultyFiles(faults).files, statfs: (path: string) => promises.statfs(path) };
  const shelf = new ReferenceShelf({ folder, files, now: () => new Date("2026-05-04T20:00:00Z"), random: seededBytes(3) });
  const refusals: string[] = [];
  return { folder, shelf, refusals, dropped: new DroppedTracks(folder, shelf, (sentence) => refusals.push(sentence)) };
}

it("makes tracks of sound files that do not grow any more, and leaves everything else alone", async () => {
  const { folder, shelf, dropped } = folderOfTracks();
  writeFileSync(join(folder, "My Song.FLAC"), soundBytes(1000));
  writeFileSync(join(folder, "notes.txt"), "of somebody else");
  symlinkSync("/etc/passwd", join(folder, "link.wav"));
  await dropped.look();
  writeFileSync(join(folder, "grows.wav"), soundBytes(10));
  expect(shelf.list).toEqual([]);
  await dropped.look();
  expect(shelf.list.map(({ name, bytes }) => [name, bytes])).toEqual([["My Song", 1000]]);
  writeFileSync(join(folder, "grows.wav"), soundBytes(20));
  await dropped.look();
  expect(shelf.list).toHaveLength(1);
  await dropped.look();
  expect(shelf.list.map(({ name, bytes }) => [name, bytes])).toEqual([["My Song", 1000], ["grows", 20]]);
  expect(readdirSync(folder).sort()).toEqual([...shelf.list.map(({ id }) => `${id}.track`), "index.json", "link.wav", "notes.txt"].sort());
  const again = new ReferenceShelf({ folder, now: () => new Date(0), random: seededBytes(4) });
  expect(await again.load()).toEqual([]);
  expect(again.list).toEqual(shelf.list);
});

it("leaves the file where it is, and says once why, when there are 16 tracks; takes it when one was deleted", async () => {
  const { folder, shelf, dropped, refusals } = folderOfTracks();
  for (let n = 0; n <= MAX_REFERENCES; n++) writeFileSync(join(folder, `${String(n).padStart(2, "0")}.wav`), soundBytes(100 + n));
  for (let n = 0; n < 4; n++) await dropped.look();
  expect(shelf.list).toHaveLength(MAX_REFERENCES);
  expect(refusals).toEqual(['"16.wav" in the folder of the reference tracks is not taken: there are 16 reference tracks already; delete one of them first.']);
  await shelf.delete(shelf.list[0]!.id);
  await dropped.look();
  expect(shelf.list.map(({ name }) => name)).toContain("16");
});

it("keeps file and list as they were when the file cannot be renamed", async () => {
  const faults: Faults = {};
  const { folder, shelf, dropped, refusals } = folderOfTracks(faults);
  writeFileSync(join(folder, "Song.wav"), soundBytes(100));
  await dropped.look();
  let renames = 0;
  faults.before = ({ name }) => {
    // The first is that of the index.
    if (name === "rename" && ++renames === 2) throw systemError("EIO");
  };
  await dropped.look();
  expect(shelf.list).toEqual([]);
  expect(refusals).toHaveLength(1);
  expect(readdirSync(folder)).toContain("Song.wav");
  delete faults.before;
  await dropped.look();
  expect(shelf.list.map(({ name }) => name)).toEqual(["Song"]);
});
