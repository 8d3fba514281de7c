import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadState, setStateAside } from "../../src/config/load-state.js";
import type { Document } from "../../src/config/migrate.js";
import { slotText } from "../../src/config/slot-text.js";
import { stateJson } from "../../src/config/state.js";
import { stateFolderForTest } from "../support/box-states.js";
import { numberedState, numberOf } from "../support/numbered-state.js";
import { placeAt, saveOnce } from "../support/save-once.js";

/** A folder in which state 1, in slot a, and then state 2, in slot b, were saved. */
async function twoSaves(): Promise<{ folder: string; a: string; b: string }> {
  const folder = join(stateFolderForTest(), "lacquer");
  for (const number of [1, 2]) expect((await saveOnce(placeAt(folder), number)).isSaved).toBe(true);
  return { folder, a: join(folder, "state-v1-a"), b: join(folder, "state-v1-b") };
}

function flipBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[100]! ^= 1;
  writeFileSync(file, bytes);
}

/** Ways to damage a slot, and what people are told. */
const DAMAGES: [what: string, damage: (file: string) => void, problem: string][] = [
  ["with a flipped bit", flipBit, "its checksum does not match"],
  ["that is cut", (file) => truncateSync(file, 2048), "its checksum does not match"],
  ["that is empty", (file) => truncateSync(file, 0), "it is empty"],
  ["of 1 GB", (file) => truncateSync(file, 1e9), "it has 1000000000 bytes, which no state has"],
  ["that is a symbolic link", (file) => {
    renameSync(file, `${file}-elsewhere`);
    symlinkSync(`${file}-elsewhere`, file);
  }, "it is a symbolic link"],
  ["that is a folder", (file) => {
    renameSync(file, `${file}-elsewhere`);
    mkdirSync(join(file, "inside"), { recursive: true });
  }, "it is a folder"],
  ["that is a pipe", (file) => {
    renameSync(file, `${file}-elsewhere`);
    execFileSync("mkfifo", [file]);
  }, "it is no regular file"],
  ["that says another version", (file) => writeFileSync(file, slotText(9, { revision: 9, state: stateJson(numberedState(9)) })), "it says version 9"],
];

describe("loadState", () => {
  it("finds nothing, and has nothing to say, at the first start; it makes the folder for this user alone", async () => {
    const folder = join(stateFolderForTest(), "deep", "lacquer");
    expect(await loadState(placeAt(folder))).toEqual({ state: null, revision: 0, newest: null, notices: [] });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("finds the last of several saves, which lie in two files of mode 0600 in turns", async () => {
    const { folder } = await twoSaves();
    for (const number of [3, 4, 5]) {
      const { loaded } = await saveOnce(placeAt(folder), number);
      expect(numberOf(loaded.state)).toBe(number - 1);
      expect(loaded.revision).toBe(number - 1);
      expect(loaded.notices).toEqual([]);
    }
    expect(readdirSync(folder).sort()).toEqual(["state-v1-a", "state-v1-b"]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it.each(DAMAGES)("uses the older copy beside one %s, and sets that aside", async (_, damage, problem) => {
    const { folder, b } = await twoSaves();
    damage(b);
    const damaged = lstatSync(b).ino;
    const { state, notices } = await loadState(placeAt(folder));
    expect(numberOf(state)).toBe(1);
    expect(notices).toEqual([
      `The saved settings in state-v1-b cannot be used: ${problem}. It is kept as state-v1-b.damaged-1.`,
      "Another copy of the settings is used; the very last change may be missing.",
    ]);
    expect(lstatSync(`${b}.damaged-1`).ino).toBe(damaged);
    expect(existsSync(b)).toBe(false);
  });

  it.each(DAMAGES)("finds nothing usable in two copies %s, and saves again", async (_, damage, problem) => {
    const { folder, a, b } = await twoSaves();
    damage(a);
    damage(b);
    const { loaded, isSaved } = await saveOnce(placeAt(folder), 7);
    expect(loaded).toMatchObject({ state: null, revision: 0, newest: null });
    expect(loaded.notices).toEqual([
      `The saved settings in state-v1-a cannot be used: ${problem}. It is kept as state-v1-a.damaged-1.`,
      `The saved settings in state-v1-b cannot be used: ${problem}. It is kept as state-v1-b.damaged-1.`,
      "The box starts with the settings of its configuration.",
    ]);
    expect(isSaved).toBe(true);
    expect(numberOf((await loadState(placeAt(folder))).state)).toBe(7);
  });

  it("uses the newer copy when the older is damaged, and writes the next save over the older", async () => {
    const { folder, a, b } = await twoSaves();
    flipBit(a);
    const newer = readFileSync(b);
    const { loaded } = await saveOnce(placeAt(folder), 3);
    expect(numberOf(loaded.state)).toBe(2);
    expect(readFileSync(b)).toEqual(newer);
    expect(numberOf((await loadState(placeAt(folder))).state)).toBe(3);
  });

  it("keeps nine damaged files of a name and no more", async () => {
    const { folder, a } = await twoSaves();
    for (let n = 1; n <= 11; n++) {
      writeFileSync(a, `rubbish ${n}`);
      const { notices } = await loadState(placeAt(folder));
      expect(notices[0]).toContain(n <= 9 ? `It is kept as state-v1-a.damaged-${n}.`
        : `There are 9 such files in ${folder} already, so the next save replaces it.`);
    }
    expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toHaveLength(9);
    expect(readFileSync(`${a}.damaged-1`, "utf8")).toBe("rubbish 1");
  });

  it("says which values it could not take: five of them, and the number of the others", async () => {
    const { folder, b } = await twoSaves();
    const gone = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`gone.number${n}`, n]));
    const json = stateJson(numberedState(3));
    writeFileSync(b, slotText(1, { revision: 9, state: { ...json, values: { ...(json["values"] as object), ...gone } } }));
    const { state, notices } = await loadState(placeAt(folder));
    expect(numberOf(state)).toBe(3);
    expect(notices).toHaveLength(6);
    expect(notices[0]).toBe("A saved value cannot be used, so its default is: There is no parameter \"gone.number1\".");
    expect(notices[5]).toBe("2 more saved values cannot be used, so their defaults are.");
  });

  it("starts without a state, and says so, where the folder cannot be made", async () => {
    const file = join(stateFolderForTest(), "file");
    writeFileSync(file, "");
    const folder = join(file, "lacquer");
    const { loaded, isSaved, store } = await saveOnce(placeAt(folder), 1);
    expect(loaded.state).toBe(null);
    expect(loaded.notices[0]).toBe(`The folder ${folder} for the saved settings cannot be used (ENOTDIR): they are lost when the box is switched off.`);
    expect(isSaved).toBe(false);
    expect(store.trouble).toBe(`The settings cannot be saved in ${folder}: that is no folder; name another. Saving is tried again by itself.`);
  });

  it("trusts no file of another user", async () => {
    const { folder, b } = await twoSaves();
    // Only root can give a file away; for others, one that they may not read stands in.
    if (process.geteuid?.() === 0) chownSync(b, 12345, 12345);
    else chmodSync(b, 0);
    const { state, notices } = await loadState(placeAt(folder));
    expect(numberOf(state)).toBe(1);
    expect(notices[0]).toContain("it belongs to another user");
  });
});

describe("versions", () => {
  const migrations = [(document: Document): Document => document];

  it("takes the state of an older version over and leaves its files as they were", async () => {
    const { folder, a, b } = await twoSaves();
    const before = [readFileSync(a), readFileSync(b)];
    const { loaded, isSaved } = await saveOnce(placeAt(folder, { migrations }), 5);
    expect(numberOf(loaded.state)).toBe(2);
    expect(loaded.notices).toEqual([`The settings were taken over from an older Lacquer; its own copy in ${folder} stays as it was.`]);
    expect(isSaved).toBe(true);
    expect([readFileSync(a), readFileSync(b)]).toEqual(before);
    expect(numberOf((await loadState(placeAt(folder, { migrations }))).state)).toBe(5);
  });

  it("gives an older program its own state again, says that there is a newer one, and leaves that as it was", async () => {
    const { folder } = await twoSaves();
    await saveOnce(placeAt(folder, { migrations }), 5);
    const { state, notices } = await loadState(placeAt(folder));
    expect(numberOf(state)).toBe(2);
    expect(notices).toEqual([`A newer Lacquer has saved settings of its own in ${folder} (version 2); they stay as they are, and this one starts with those that it saved itself.`]);
    await saveOnce(placeAt(folder), 6);
    expect(numberOf((await loadState(placeAt(folder, { migrations }))).state)).toBe(5);
  });

  it("starts an older program without a state where only a newer one saved", async () => {
    const folder = stateFolderForTest();
    await saveOnce(placeAt(folder, { migrations }), 5);
    const { state, notices } = await loadState(placeAt(folder));
    expect(state).toBe(null);
    expect(notices).toEqual([`A newer Lacquer has saved settings of its own in ${folder} (version 2); they stay as they are, and this one starts with the settings of its configuration.`]);
  });
});

it("sets both copies aside for a safe start, and finds nothing afterwards", async () => {
  const { folder, b } = await twoSaves();
  const bytes = readFileSync(b);
  expect(await setStateAside(placeAt(folder))).toEqual([
    "The saved settings in state-v1-a are not used. It is kept as state-v1-a.damaged-1.",
    "The saved settings in state-v1-b are not used. It is kept as state-v1-b.damaged-1.",
  ]);
  expect(readFileSync(`${b}.damaged-1`)).toEqual(bytes);
  expect(await loadState(placeAt(folder))).toMatchObject({ state: null, notices: [] });
});

it("sets the copies of an older version aside as well, which the next start would take over", async () => {
  const { folder } = await twoSaves();
  const newer = { ...placeAt(folder), migrations: [(document: Document): Document => document] };
  expect((await loadState(newer)).state).not.toBe(null);
  expect(await setStateAside(newer)).toHaveLength(2);
  expect(await loadState(newer)).toMatchObject({ state: null, notices: [] });
});
