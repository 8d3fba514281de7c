import type { FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import type { StateFileSystem } from "../../src/config/state-files.js";
import { systemError } from "./faulty-files.js";

/** A file system in memory that answers at once; path -> content. It knows what keeping the state needs, and no more. */
export function memoryFiles(contents = new Map<string, Buffer>()): StateFileSystem {
  const handleOf = (path: string): FileHandle => ({
    sync: async () => undefined,
    close: async () => undefined,
    stat: async () => ({ isDirectory: () => false, isFile: () => true, uid: process.geteuid?.(), size: contents.get(path)!.length }),
    write: async (bytes: Buffer, offset: number, length: number, position: number) => {
      contents.set(path, Buffer.concat([contents.get(path)!.subarray(0, position), bytes.subarray(offset, offset + length)]));
      return { bytesWritten: length, buffer: bytes };
    },
    read: async (into: Buffer, offset: number, length: number, position: number) =>
      ({ bytesRead: contents.get(path)!.copy(into, offset, position, position + length), buffer: into }),
  }) as unknown as FileHandle;
  const files = {
    mkdir: async () => undefined,
    readdir: async () => [...contents.keys()].map((path) => path.split("/").at(-1)!),
    lstat: async () => Promise.reject(systemError("ENOENT")),
    open: async (path: string, flags: number) => {
      if (flags & constants.O_CREAT) contents.set(path, Buffer.alloc(0));
      else if (!(flags & constants.O_DIRECTORY) && !contents.has(path)) throw systemError("ENOENT");
      return handleOf(path);
    },
    unlink: async (path: string) => {
      if (!contents.delete(path)) throw systemError("ENOENT");
    },
    rename: async (from: string, to: string) => {
      contents.set(to, contents.get(from)!);
      contents.delete(from);
    },
  };
  return files as unknown as StateFileSystem;
}
