import * as promises from "node:fs/promises";
import { basename } from "node:path";
import type { StateFileSystem } from "../../src/config/state-files.js";

/** A call of the system: what it does, and the name of its file or folder. */
export interface Call {
  readonly name: "open" | "write" | "sync" | "read" | "rename" | "unlink" | "mkdir" | "readdir" | "lstat";
  readonly file: string;
}

/** An error of the system. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

/** What `before` may do to a call: throw the system's error, or wait. `shortWrites` writes so many bytes at a time. */
export interface Faults {
  before?: (call: Call) => void | Promise<void>;
  shortWrites?: number;
}

/** A file system, the real one unless said, with faults; every call is taken down. */
export function faultyFiles(faults: Faults, real: StateFileSystem = promises): { files: StateFileSystem; calls: Call[] } {
  const calls: Call[] = [];
  const met = async (name: Call["name"], path: string): Promise<void> => {
    const call = { name, file: basename(path) };
    calls.push(call);
    await faults.before?.(call);
  };
  const wrapped = (handle: promises.FileHandle, path: string): promises.FileHandle => new Proxy(handle, {
    get: (target, property) => {
      if (property === "write") {
        return async (buffer: Buffer, offset: number, length: number, position: number) => {
          await met("write", path);
          return target.write(buffer, offset, Math.min(length, faults.shortWrites ?? length), position);
        };
      }
      if (property === "sync") return async () => (await met("sync", path), target.sync());
      if (property === "read") return async (...args: Parameters<typeof target.read>) => (await met("read", path), target.read(...args));
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  const files: StateFileSystem = {
    ...real,
    open: async (path, ...rest) => (await met("open", String(path)), wrapped(await real.open(path, ...rest), String(path))),
    rename: async (from, to) => (await met("rename", String(to)), real.rename(from, to)),
    unlink: async (path) => (await met("unlink", String(path)), real.unlink(path)),
  };
  return { files, calls };
}
