import { execFileSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PollWatcher } from "../../../hw/linux/fd-watcher.js";
import { findKoffi } from "../../../hw/linux/koffi.js";
import { temporaryFolder } from "../../support/temp-folder.js";
import { until } from "../../support/until.js";

const { path } = temporaryFolder();
let count = 0;

/** A pipe of the kernel: the file that is read, and the one that is written. */
function pipe(): { readonly read: number; readonly write: number } {
  const name = join(path, `pipe${count++}`);
  execFileSync("mkfifo", [name]);
  const read = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  return { read, write: openSync(name, constants.O_WRONLY) };
}

describe.skipIf(findKoffi() === undefined)("PollWatcher", () => {
  let watcher: PollWatcher;
  beforeEach(() => {
    watcher = new PollWatcher();
  });
  afterEach(async () => await watcher.end());

  it("hands on what comes from several files, each in its order, while the event loop turns", async () => {
    const pipes = [pipe(), pipe(), pipe()];
    const heard = pipes.map(() => "");
    const closes = pipes.map(({ read }, n) => watcher.watch(read, { data: (bytes) => (heard[n] += Buffer.from(bytes).toString()), ended: () => undefined }));
    for (let n = 0; n < 300; n++) writeSync(pipes[n % 3]!.write, `${n} `);
    await until(() => heard.every((text) => text.split(" ").length === 101));
    heard.forEach((text, n) => expect(text.trim().split(" ").map(Number)).toEqual(Array.from({ length: 100 }, (_, k) => 3 * k + n)));
    await Promise.all(closes.map((close) => close()));
    for (const { write } of pipes) closeSync(write);
  });

  it("closes a file that is given back, tells nothing of it any more, and goes on with the others", async () => {
    const [first, second] = [pipe(), pipe()];
    let heard = "";
    const listener = (name: string) => ({ data: (bytes: Uint8Array) => void (heard += name + String(bytes.length)), ended: () => undefined });
    const close = watcher.watch(first.read, listener("first"));
    watcher.watch(second.read, listener("second"));
    await close();
    await close();
    expect(() => fstatSync(first.read)).toThrow(/EBADF/);
    writeSync(second.write, "x");
    await until(() => heard === "second1");
  });

  it("tells the end of a file once", async () => {
    const { read, write } = pipe();
    const ends: string[] = [];
    const close = watcher.watch(read, { data: () => undefined, ended: (reason) => ends.push(reason) });
    closeSync(write);
    await until(() => ends.length > 0);
    expect(ends).toEqual(["end"]);
    await close();
  });

  it("ends its thread while files are still watched, and starts another one when it is asked again", async () => {
    const { read, write } = pipe();
    watcher.watch(read, { data: () => undefined, ended: () => undefined });
    await watcher.end();
    let heard = 0;
    watcher.watch(read, { data: (bytes) => (heard += bytes.length), ended: () => undefined });
    writeSync(write, "abc");
    await until(() => heard === 3);
  });
});
