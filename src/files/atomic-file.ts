import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { AudioFileError, errnoOf } from "./audio-file-error.js";

/** The calls of the system that writing needs; tests replace some of them by failing ones. */
export type FileOperations = Pick<typeof fs,
  "openSync" | "writeSync" | "fsyncSync" | "closeSync" | "renameSync" | "unlinkSync" | "statSync" | "realpathSync" | "accessSync">;

/** The files whose temporary name is on the disk. */
const unfinished = new Set<AtomicFile>();

/** Removes the temporary files of all writing that has not ended: for a process that is told to stop. */
export function abandonUnfinishedFiles(): void {
  for (const file of unfinished) file.abort();
}

/**
 * A file that appears under its name complete or not at all: it is written under a temporary name in the same
 * folder, brought to the disk, then renamed. An existing file stays as it was until `commit`.
 */
export class AtomicFile {
  readonly path: string;
  readonly #fs: FileOperations;
  /** The target with symbolic links followed, so that a link stays a link. */
  readonly #target: string;
  readonly #temporary: string;
  #descriptor: number;

  /** @throws AudioFileError `folder`, `special`, `unwritable` or `disk-full` */
  constructor(path: string, operations: FileOperations = fs) {
    this.path = path;
    this.#fs = operations;
    try {
      this.#target = requireWritable(path, operations);
      const suffix = randomBytes(6).toString("hex");
      this.#temporary = join(dirname(this.#target), `.lacquer-${suffix}.tmp`);
      this.#descriptor = operations.openSync(this.#temporary, "wx");
      unfinished.add(this);
    } catch (error) {
      throw asWriteError(path, error);
    }
  }

  /**
   * Writes bytes, at the end or at a position given.
   *
   * @throws AudioFileError; the temporary file is removed then
   */
  write(bytes: Uint8Array, position: number | null = null): void {
    this.#guard(() => {
      let done = 0;
      while (done < bytes.length) {
        const at = position === null ? null : position + done;
        done += this.#fs.writeSync(this.#descriptor, bytes, done, bytes.length - done, at);
      }
    });
  }

  /** Brings the bytes to the disk and gives them their name. */
  commit(): void {
    this.#guard(() => {
      this.#fs.fsyncSync(this.#descriptor);
      this.#close();
      this.#fs.renameSync(this.#temporary, this.#target);
      unfinished.delete(this);
    });
    this.#syncFolder();
  }

  /** Removes the temporary file; the target stays as it was. Does nothing after `commit` or a second time. */
  abort(): void {
    if (this.#descriptor < 0) return;
    this.#close();
    this.#removeTemporary();
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (this.#descriptor >= 0) this.#close();
      this.#removeTemporary();
      throw asWriteError(this.path, error);
    }
  }

  #close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = -1;
    this.#fs.closeSync(descriptor);
  }

  #removeTemporary(): void {
    unfinished.delete(this);
    try {
      this.#fs.unlinkSync(this.#temporary);
    } catch {
      // It is gone already, or the disk is; the first error is the one to report.
    }
  }

  /** Makes the new name survive a loss of power; file systems that cannot sync a folder are left as they are. */
  #syncFolder(): void {
    try {
      const folder = this.#fs.openSync(dirname(this.#target), "r");
      try {
        this.#fs.fsyncSync(folder);
      } finally {
        this.#fs.closeSync(folder);
      }
    } catch {
      // The file itself is complete and named; nothing else can be done.
    }
  }
}

/** Checks at the start what would otherwise fail after all the work; returns the target with links followed. */
function requireWritable(path: string, operations: FileOperations): string {
  const stats = operations.statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return path;
  if (stats.isDirectory()) {
    throw new AudioFileError("folder", path, "is a folder; name the file to write in it.");
  }
  if (!stats.isFile()) throw new AudioFileError("special", path, "is a pipe or a device; name a file to write.");
  operations.accessSync(path, fs.constants.W_OK);
  return operations.realpathSync(path);
}

function asWriteError(path: string, error: unknown): Error {
  if (error instanceof AudioFileError) return error;
  const failure = (code: "unwritable" | "disk-full", what: string): AudioFileError => new AudioFileError(code, path, what, error);
  const folder = dirname(path);
  switch (errnoOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return failure("disk-full", "could not be written: the disk is full; free some space or choose another disk.");
    case "ENOENT":
      return failure("unwritable", `cannot be written: the folder ${folder} does not exist; create it first.`);
    case "ENOTDIR":
      return failure("unwritable", `cannot be written: ${folder} is not a folder.`);
    case "EACCES":
    case "EPERM":
      return failure("unwritable", "cannot be written: this user may not write there; choose another folder.");
    case "EROFS":
      return failure("unwritable", "cannot be written: the disk is read-only; choose another folder.");
    case "EFBIG":
      return failure("unwritable", "cannot be written: the disk does not take files of this size.");
    case "ENAMETOOLONG":
      return failure("unwritable", `cannot be written: its name is too long (${basename(path).length} characters).`);
    default:
      return failure("unwritable", `could not be written (${errnoOf(error) || String(error)}).`);
  }
}
