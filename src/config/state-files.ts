import * as promises from "node:fs/promises";
import { constants } from "node:fs";
import { basename, dirname, join } from "node:path";
import { MAX_SLOT_BYTES } from "./slot-text.js";

/** The calls of the system that keeping the state needs; tests replace some of them by failing ones. */
export type StateFileSystem = Pick<typeof promises, "open" | "rename" | "unlink" | "mkdir" | "readdir" | "lstat">;

/** Damaged files of one name that are kept; no more are, so that a broken disk is not filled. */
const MAX_SET_ASIDE = 9;

/** The code of an error of the system ("ENOSPC"), or its message. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ELOOP: "it is a symbolic link",
  ENXIO: "it is no regular file",
  EACCES: "it belongs to another user",
  EPERM: "it belongs to another user",
};

/**
 * Reads a small file of this user. Links, folders, pipes, files of another user and files that are empty or too large
 * are not read: the problem is a phrase such as "it is a symbolic link". Undefined when there is nothing of that name.
 */
export async function readOwnFile(files: StateFileSystem, path: string): Promise<Buffer | { readonly problem: string } | undefined> {
  try {
    // Without NONBLOCK a pipe would wait for its writer.
    const handle = await files.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) return { problem: "it is a folder" };
      if (!stats.isFile()) return { problem: "it is no regular file" };
      if (stats.uid !== process.geteuid?.()) return { problem: "it belongs to another user" };
      if (stats.size === 0) return { problem: "it is empty" };
      if (stats.size > MAX_SLOT_BYTES) return { problem: `it has ${stats.size} bytes, which no state has` };
      return await readWhole(handle, stats.size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOf(error);
    return code === "ENOENT" ? undefined : { problem: UNREADABLE[code] ?? `it cannot be read (${code})` };
  }
}

async function readWhole(handle: promises.FileHandle, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const { bytesRead } = await handle.read(buffer, done, bytes - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/**
 * Replaces the file at `path`, for this user's eyes alone, so that a loss of power at any moment leaves the old or the new
 * one: all bytes are written and brought to the disk under another name, which is then renamed, and the folder brought
 * to the disk. When this returns the file is there to stay; when it throws, either may be.
 */
export async function replaceFile(files: StateFileSystem, path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  await removeIfThere(files, temporary);
  try {
    const handle = await files.open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
    try {
      await writeWhole(handle, Buffer.from(text));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporary, path);
  } catch (error) {
    // What is half written takes space that the next attempt needs; the first error is the one to report.
    await removeIfThere(files, temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(files, dirname(path));
}

/** Writes all of `bytes` at a position of the file. @throws Error with a code of the system */
export async function writeWhole(handle: promises.FileHandle, bytes: Buffer, position = 0): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error("Nothing was written."), { code: "ENOSPC" });
    done += bytesWritten;
  }
}

/** Removes a file that need not be there. */
export async function removeIfThere(files: StateFileSystem, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Makes new names survive a loss of power, where the file system can: some answer EINVAL for a folder (fsync(2)). */
export async function syncFolder(files: StateFileSystem, folder: string): Promise<void> {
  const handle = await files.open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (error) {
    if (codeOf(error) !== "EINVAL") throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Gives a file that cannot be used another name beside its own ("state-v1-a.damaged-1"), so that it can be looked into.
 * @returns what became of it, as a sentence
 */
export async function setAside(files: StateFileSystem, path: string): Promise<string> {
  for (let n = 1; n <= MAX_SET_ASIDE; n++) {
    const name = `${path}.damaged-${n}`;
    try {
      if (await exists(files, name)) continue;
      await files.rename(path, name);
      return `It is kept as ${basename(name)}.`;
    } catch (error) {
      return `It could not be renamed (${codeOf(error)}).`;
    }
  }
  return `There are ${MAX_SET_ASIDE} such files in ${dirname(path)} already, so the next save replaces it.`;
}

async function exists(files: StateFileSystem, path: string): Promise<boolean> {
  try {
    await files.lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

export const SLOT_NAMES = ["a", "b"] as const;
export type SlotName = (typeof SLOT_NAMES)[number];

/** Path of a slot. The version is part of the name: a program that is rolled back finds its own state again. */
export function slotPath(folder: string, version: number, slot: SlotName): string {
  return join(folder, `state-v${version}-${slot}`);
}

/** Versions of which `folder` has a slot. */
export async function slotVersions(files: StateFileSystem, folder: string): Promise<number[]> {
  const names = await files.readdir(folder);
  const versions = names.map((name) => Number(/^state-v(\d{1,6})-[ab]$/.exec(name)?.[1] ?? 0));
  return [...new Set(versions.filter((version) => version > 0))];
}
