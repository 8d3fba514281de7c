import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ReferenceShelf, type TrackFileSystem } from "../../src/box/reference-shelf.js";
import { bytesFrame, FRAME_BOX, FRAME_UPLOAD } from "../../src/protocol/phone-frames.js";
import { MAX_CHUNK_BYTES, UPLOAD_WINDOW_BYTES, writeChunk } from "../../src/protocol/upload-wire.js";
import { openControlLink } from "../../src/server/control-link.js";
import { faultyFiles, type Faults } from "../support/faulty-files.js";
import { seededBytes } from "../support/handshakes.js";
import { paired, servedBoxes, type ServedBox } from "../support/served-box.js";
import { randomUniform } from "../support/signals.js";
import { waiting } from "../support/references.js";
import { soundBytes, soundFile } from "../support/sound-file.js";
import { taken } from "../support/taken-phone.js";
import { temporaryFolder } from "../support/temp-folder.js";
import type { TestPhone } from "../support/test-phone.js";
import { until } from "../support/until.js";

const place = temporaryFolder();
const boxes = servedBoxes();

interface Shop {
  readonly web: ServedBox;
  readonly shelf: ReferenceShelf;
  readonly folder: string;
}

/** A box that keeps tracks on this disk, with faults, behind a web process. */
async function open(faults: Faults = {}, free: Partial<Awaited<ReturnType<TrackFileSystem["statfs"]>>> = {}): Promise<Shop> {
  const folder = join(mkdtempSync(join(place.path, "t")), "references");
  const files: TrackFileSystem = { ...faultyFiles(faults).files, statfs: async (path) => ({ ...(await promises.statfs(path)), ...free }) };
  const shelf = new ReferenceShelf({ folder, files, now: () => new Date("2026-05-04T20:00:00Z"), random: seededBytes(8) });
  const web = await boxes.start({ listReferences: () => ({ references: waiting(shelf.list) }) }, { uploads: shelf });
  shelf.onChange((references) => web.box.fake.socket.references(waiting(references)));
  return { web, shelf, folder };
}

async function phoneOf({ web }: Shop, options: Parameters<typeof paired>[1] = {}): Promise<TestPhone> {
  const phone = await paired(web, options);
  await until(() => phone.of("welcome").length > 0);
  return phone;
}

const nothing = (): void => undefined;

describe("the upload of a reference track", () => {
  it("brings 20 MB through the web process to the disk, byte by byte, and tells all phones", async () => {
    const shop = await open();
    const [phone, other] = [await phoneOf(shop), await phoneOf(shop, { name: "Ben", role: "view" })];
    const bytes = soundBytes(20_000_003);
    const progress: number[] = [];
    const id = await phone.client.upload(soundFile(bytes, "C:\\music\\A Song \u202e(final).flac"), (done) => progress.push(done));
    expect(Buffer.compare(readFileSync(join(shop.folder, `${id}.track`)), bytes)).toBe(0);
    expect(progress).toEqual([...progress].sort((one, next) => one - next));
    expect(progress.at(-1)).toBe(bytes.length);
    const references = [{ id, name: "A Song (final)", bytes: bytes.length, addedAt: "2026-05-04T20:00:00.000Z" }];
    expect(shop.shelf.list).toEqual(references);
    await until(() => other.of("references").length > 0);
    expect(other.of("references").at(-1)).toEqual({ type: "references", references: waiting(references) });
    expect(readdirSync(shop.folder).sort()).toEqual([`${id}.track`, "index.json"].sort());
  }, 60_000);

  it("is as slow as the disk: never is more under way than 262,016 bytes, and the phone's commands are answered meanwhile", async () => {
    const file = soundFile(soundBytes(1_500_000));
    let onDisk = 0;
    let read = 0;
    let most = 0;
    const shop = await open({ before: async ({ name }) => { if (name === "write") await setTimeout(40); } });
    const phone = await phoneOf(shop);
    const counted = { name: file.name, size: file.size, slice: (from: number, to: number) => {
      read = to;
      most = Math.max(most, read - onDisk);
      return file.slice(from, to);
    } };
    const upload = phone.client.upload(counted, (done) => (onDisk = done));
    for (let n = 0; n < 5; n++) expect(await phone.client.command("bypass", {})).toEqual({ on: true });
    await upload;
    expect(most).toBe(UPLOAD_WINDOW_BYTES);
    expect(onDisk).toBe(file.size);
  });

  it("leaves nothing when the phone goes in the middle, and its place is free again", async () => {
    const shop = await open({ before: async ({ name }) => { if (name === "write") await setTimeout(20); } });
    const phone = await phoneOf(shop);
    const upload = phone.client.upload(soundFile(soundBytes(5_000_000)), (done) => { if (done > 500_000) phone.socket.terminate(); });
    await expect(upload).rejects.toThrow("The connection to the box ended.");
    await until(() => readdirSync(shop.folder).length === 0);
    expect(shop.shelf.list).toEqual([]);
    await Promise.all([1, 2].map(async (n) => (await phoneOf(shop, { name: `Phone ${n}` })).client.upload(soundFile(soundBytes(100_000)), nothing)));
    expect(shop.shelf.list).toHaveLength(2);
  });

  it("can be stopped by its person, before and in the middle", async () => {
    const shop = await open();
    const phone = await phoneOf(shop);
    await expect(phone.client.upload(soundFile(soundBytes(100)), nothing, AbortSignal.abort())).rejects.toThrow("The upload was stopped.");
    const stop = new AbortController();
    await expect(phone.client.upload(soundFile(soundBytes(3_000_000)), () => stop.abort(), stop.signal)).rejects.toThrow("The upload was stopped.");
    await until(() => readdirSync(shop.folder).length === 0);
    await phone.client.upload(soundFile(soundBytes(100)), nothing);
  });

  it("goes on in two phones at once, each with its own file; a third waits, and so does a second file of one phone", async () => {
    const shop = await open({ before: async ({ name }) => { if (name === "write") await setTimeout(20); } });
    const phones = [await phoneOf(shop, { name: "A" }), await phoneOf(shop, { name: "B" }), await phoneOf(shop, { name: "C" })];
    const files = [soundBytes(1_000_000, 1), soundBytes(1_000_000, 2)];
    const uploads = files.map((bytes, n) => phones[n]!.client.upload(soundFile(bytes, "Same.wav"), nothing));
    await until(() => existsSync(shop.folder) && readdirSync(shop.folder).length === 2);
    await expect(phones[0]!.client.upload(soundFile(soundBytes(9)), nothing)).rejects.toThrow("A file is being uploaded already; wait for it, or stop it.");
    await expect(phones[2]!.client.upload(soundFile(soundBytes(9)), nothing)).rejects.toThrow("2 files are being uploaded already; wait for one of them.");
    const ids = await Promise.all(uploads);
    for (const [n, id] of ids.entries()) expect(Buffer.compare(readFileSync(join(shop.folder, `${id}.track`)), files[n]!)).toBe(0);
    expect(shop.shelf.list.map(({ name }) => name).sort()).toEqual(["Same", "Same 2"]);
  });
});

describe("an upload is refused", () => {
  it.each([
    ["when it is no sound file", {}, {}, soundFile(new TextEncoder().encode("<html>".repeat(9000)), "x.wav"),
      "This is no sound file that can be read; WAV, FLAC, MP3 and Ogg Vorbis are supported."],
    ["when it has 300 MB and a byte", {}, {}, { name: "x.wav", size: 300_000_001, slice: () => new Blob([]) }, "The file has 301 MB; allowed are 300 MB. Export it as FLAC or MP3, or cut out a part."],
    ["when it is empty", {}, {}, soundFile(new Uint8Array(0)), "The file is empty (0 bytes); copy or export it again."],
    ["when less than 200 MB would be left on the disk", {}, { bavail: 200_100_000, bsize: 1 }, soundFile(soundBytes(100_001)),
      "There is no room for 1 MB on the disk of the box, where 201 MB are free and 200 MB must stay so; delete takes or reference tracks."],
    ["when the disk is full all the same", { before: ({ name }) => { if (name === "write") throw Object.assign(new Error(), { code: "ENOSPC" }); } }, {},
      soundFile(soundBytes(100_000)), "The disk of the box is full; delete takes or reference tracks."],
    ["when the disk takes nothing", { before: ({ name }) => { if (name === "sync") throw Object.assign(new Error(), { code: "EIO" }); } }, {},
      soundFile(soundBytes(100_000)), "The file cannot be kept (EIO)."],
    ["when the file becomes shorter", {}, {}, { name: "x.wav", size: 500_000, slice: (from: number) => new Blob(from === 0 ? [soundBytes(1000)] : []) },
      "The file has become shorter meanwhile."],
  ] as readonly [string, Faults, object, File, string][])("%s, and nothing of it stays", async (_, faults, free, file, sentence) => {
    const shop = await open(faults, free);
    const phone = await phoneOf(shop);
    await expect(phone.client.upload(file, nothing)).rejects.toThrow(sentence);
    await until(() => !existsSync(shop.folder) || readdirSync(shop.folder).length === 0);
    expect(shop.shelf.list).toEqual([]);
    expect(shop.web.box.fake.errors).toEqual([]);
  });

  it("of a phone that may only look", async () => {
    const shop = await open();
    const phone = await phoneOf(shop, { role: "view" });
    await expect(phone.client.upload(soundFile(soundBytes(100)), nothing)).rejects.toThrow("This phone may only look");
  });

  it("when there are 16 tracks", async () => {
    const shop = await open();
    const link = await openControlLink({ path: join(shop.web.place, "box.sock"), source: "test" });
    for (let n = 0; n < 16; n++) await link.upload(soundFile(soundBytes(64), `${n}.wav`), nothing);
    await expect(link.upload(soundFile(soundBytes(64)), nothing)).rejects.toThrow("There are 16 reference tracks already; delete one of them first.");
    expect((await link.command("listReferences", {})).references).toHaveLength(16);
    link.close();
  });
});

describe("who sends chunks that nobody asked for", () => {
  const FIRST = { upload: 1, offset: 0, bytes: soundBytes(MAX_CHUNK_BYTES) };

  it.each([
    ["of an upload that there is not", [{ ...FIRST, upload: 7 }]],
    ["out of their turn", [FIRST, { ...FIRST, offset: 5 }]],
    ["twice", [FIRST, FIRST]],
    ["beyond the end of the file", [FIRST, { upload: 1, offset: MAX_CHUNK_BYTES, bytes: new Uint8Array(MAX_CHUNK_BYTES) }, { upload: 1, offset: 2 * MAX_CHUNK_BYTES, bytes: new Uint8Array(9000) }]],
    ["of nothing", [{ ...FIRST, bytes: new Uint8Array(0) }]],
  ])("loses the line of its phone to the box, and its file: chunks %s", async (_, chunks) => {
    const shop = await open();
    const raw = await taken(shop.web);
    raw.send(bytesFrame(FRAME_BOX, Buffer.from(`{"id":1,"command":"startUpload","name":"x","bytes":${2 * MAX_CHUNK_BYTES + 100}}`)));
    await until(() => existsSync(shop.folder) && readdirSync(shop.folder).length === 1);
    for (const chunk of chunks) raw.send(bytesFrame(FRAME_UPLOAD, writeChunk(chunk)));
    await until(() => readdirSync(shop.folder).length === 0);
    expect(shop.shelf.list).toEqual([]);
    expect(shop.web.box.fake.errors).toEqual([]);
    raw.socket.terminate();
  });

  it("gains nothing by 3000 chunks without waiting for the disk: no more than the window is kept, and another phone is answered", async () => {
    const shop = await open({ before: async ({ name }) => { if (name === "write") await setTimeout(500); } });
    const other = await phoneOf(shop, { name: "Ben" });
    const raw = await taken(shop.web);
    const before = process.memoryUsage.rss();
    raw.send(bytesFrame(FRAME_BOX, Buffer.from('{"id":1,"command":"startUpload","name":"x","bytes":300000000}')));
    const random = randomUniform(3);
    for (let n = 0; n < 3000; n++) raw.send(bytesFrame(FRAME_UPLOAD, writeChunk({ upload: 1, offset: n * 1000, bytes: soundBytes(1 + Math.floor(random() * 1000), n) })));
    expect(await other.client.command("bypass", {})).toEqual({ on: true });
    await until(() => existsSync(shop.folder) && readdirSync(shop.folder).length === 0);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 2 ** 20);
    expect(shop.web.box.fake.errors).toEqual([]);
    raw.socket.terminate();
  });
});
