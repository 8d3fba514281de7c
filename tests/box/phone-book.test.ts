import * as promises from "node:fs/promises";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { PhoneBook } from "../../src/box/phone-book.js";
import type { Phone } from "../../src/protocol/phones.js";
import { seededBytes } from "../support/handshakes.js";
import { temporaryFolder } from "../support/temp-folder.js";
import { until } from "../support/until.js";

const folder = temporaryFolder();
const place = (): string => join(mkdtempSync(join(folder.path, "b")), "state", "phones.json");

function open(file: string, more: { readonly now?: () => Date; readonly files?: typeof promises; readonly seed?: number } = {}): PhoneBook {
  const { now = () => new Date("2026-05-01T12:00:00Z"), seed = 1, files } = more;
  return new PhoneBook({ file, now, random: seededBytes(seed), ...(files && { files }) });
}

describe("the paired phones", () => {
  it("are there again after a restart, with their keys, in a file that this user alone can read", async () => {
    const file = place();
    const book = open(file);
    const { phone, key } = await book.add("Anna", "control");
    await book.add("Ben", "view");
    await book.edit(phone, { name: "Anne", role: "view" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = open(file);
    expect(await again.load()).toBeUndefined();
    expect(again.list.map(({ name, role }) => [name, role])).toEqual([["Anne", "view"], ["Ben", "view"]]);
    expect(again.keyOf(phone)).toBe(key);
    await again.forget(phone);
    const last = open(file);
    await last.load();
    expect(last.find(phone)).toBeUndefined();
    expect(last.keyOf(phone)).toBeUndefined();
  });

  it("are 16 at most, each with an id and a key of its own", async () => {
    const book = open(place());
    const added = await Promise.all(Array.from({ length: 16 }, (_, n) => book.add(`Phone ${n}`, "control")));
    expect(new Set(added.map(({ phone }) => phone)).size).toBe(16);
    expect(new Set(added.map(({ key }) => key)).size).toBe(16);
    await expect(book.add("One more", "control")).rejects.toThrow("16 phones are paired already; forget one of them first.");
  });

  it("are told apart by a number when they call themselves the same, within the 32 characters of a name", async () => {
    const book = open(place());
    for (const name of ["iPhone", "iPhone", "iPhone", "x".repeat(32), "x".repeat(32), `${"x".repeat(29)}\u{1F3B8}y`, `${"x".repeat(29)}\u{1F3B8}y`]) await book.add(name, "view");
    expect(book.list.map(({ name }) => name)).toEqual([
      "iPhone", "iPhone 2", "iPhone 3", "x".repeat(32), `${"x".repeat(30)} 2`, `${"x".repeat(29)}\u{1F3B8}y`, `${"x".repeat(29)} 2`,
    ]);
  });

  it("are told whenever one comes, goes or changes, and are here while one connection of theirs is", async () => {
    const book = open(place());
    const told: (readonly Phone[])[] = [];
    book.onChange((phones) => told.push(phones));
    const { phone } = await book.add("Anna", "control");
    book.arrive(phone);
    book.arrive(phone);
    book.leave(phone);
    expect(book.find(phone)).toMatchObject({ isHere: true, lastSeen: "2026-05-01T12:00:00.000Z" });
    book.leave(phone);
    expect(book.find(phone)?.isHere).toBe(false);
    expect(told.length).toBe(5);
  });

  it("stay as they are when the disk is full: the answer says so, and nothing is half done", async () => {
    const file = place();
    const book = open(file);
    const { phone } = await book.add("Anna", "control");
    const full = { ...promises, open: () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })) } as unknown as typeof promises;
    const broken = open(file);
    await broken.load();
    const stuck = open(file, { files: { ...full, open: ((path: string, flags: number, mode?: number) => (path.endsWith(".tmp") ? full.open(path) : promises.open(path, flags, mode))) as typeof promises.open } });
    await stuck.load();
    await expect(stuck.add("Ben", "control")).rejects.toThrow("The phones cannot be kept (ENOSPC); nothing is changed.");
    await expect(stuck.forget(phone)).rejects.toThrow("ENOSPC");
    expect(stuck.list.map(({ name }) => name)).toEqual(["Anna"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ phones: [{ name: "Anna" }] });
  });

  it.each([["no JSON", "{"], ["another version", '{"version":2,"phones":[]}']])(
    "begin anew when the file is %s, which is kept under another name", async (_, text) => {
      const file = place();
      await promises.mkdir(join(file, ".."), { recursive: true });
      writeFileSync(file, text);
      const book = open(file);
      expect(await book.load()).toMatch(/^The paired phones cannot be read \(.+\), so they have to be paired again\. It is kept as phones\.json\.damaged-1\.$/);
      expect(book.list).toEqual([]);
      await book.add("Anna", "control");
      expect(readdirSync(join(file, "..")).sort()).toEqual(["phones.json", "phones.json.damaged-1"]);
    });

  it.each([
    ["no key", { key: undefined }], ["a short key", { key: "ABC" }], ["an id that leads out of a path", { id: "../cli" }], ["an id that names a program", { id: "cli" }],
    ["a name of nothing", { name: "\u2060" }], ["a name of two lines", { name: "A\nB" }], ["another role", { role: "root" }],
  ])("leave one out that has %s, say so, and keep the file as it was", async (_, wrong) => {
    const file = place();
    const { phone } = await open(file).add("Anna", "control");
    const kept = JSON.parse(readFileSync(file, "utf8")) as { phones: object[] };
    writeFileSync(file, JSON.stringify({ ...kept, phones: [{ ...kept.phones[0], id: "beef", ...wrong }, ...kept.phones] }));
    const book = open(file);
    expect(await book.load()).toBe("A paired phone cannot be read, and must be paired again. It is kept as phones.json.damaged-1.");
    expect(book.list.map(({ id }) => id)).toEqual([phone]);
    const again = open(file);
    expect(await again.load()).toBeUndefined();
    expect(again.list).toEqual(book.list);
  });

  it("are written once for 100 new names, not at all for the same name, and at once for another right", async () => {
    vi.useFakeTimers();
    try {
      const file = place();
      let writes = 0;
      const rename = ((from: string, to: string) => {
        writes++;
        return promises.rename(from, to);
      }) as typeof promises.rename;
      const book = open(file, { files: { ...promises, rename } });
      const { phone } = await book.add("Anna", "control");
      const told: unknown[] = [];
      book.onChange((phones) => told.push(phones));
      expect(writes).toBe(1);
      for (let n = 0; n < 100; n++) await book.edit(phone, { name: "Anna" });
      await vi.advanceTimersByTimeAsync(10_000);
      expect([writes, told.length]).toEqual([1, 0]);
      for (let n = 0; n < 100; n++) await book.edit(phone, { name: `Anna ${n}` });
      expect([writes, told.length]).toEqual([1, 100]);
      await vi.advanceTimersByTimeAsync(2000);
      vi.useRealTimers();
      await until(() => writes === 2);
      await book.edit(phone, { role: "view" });
      expect(writes).toBe(3);
      expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ phones: [{ name: "Anna 99", role: "view" }] });
    } finally {
      vi.useRealTimers();
    }
  });

  it("write when they were seen once an hour at most", async () => {
    const file = place();
    let nowMs = Date.parse("2026-05-01T12:00:00Z");
    const book = open(file, { now: () => new Date(nowMs) });
    const { phone } = await book.add("Anna", "control");
    const before = statSync(file).mtimeMs;
    for (let n = 0; n < 20; n++) {
      nowMs += 60_000;
      book.arrive(phone);
      book.leave(phone);
    }
    await book.flush();
    const written = statSync(file).mtimeMs;
    expect(written).toBeGreaterThanOrEqual(before);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ phones: [{ lastSeen: "2026-05-01T12:20:00.000Z" }] });
  });
});
