import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { AudioFileError, errnoOf } from "./audio-file-error.js";

/** Bytes that can be read at any position; `FileBytes` in the product. */
export interface RandomAccess {
  /** Names the file in messages. */
  readonly path: string;
  /** Bytes in all. */
  readonly size: number;

  /**
   * Fills the front of `target` with the bytes at `position`.
   *
   * @returns the number of bytes read, fewer than `length` only at the end
   */
  read(target: Uint8Array, length: number, position: number): number;

  /** Reads up to `length` bytes into a new array, shorter at the end. */
  take(length: number, position: number): Uint8Array;

  close(): void;
}

/** Bytes that a decoder is fed with at once. */
export const FEED_BYTES = 1 << 16;

/** The bytes of a file from a position on, piece by piece; each is read when it is asked for, into memory of its own. */
export function* readPieces(file: RandomAccess, from: number): Generator<Uint8Array> {
  for (let at = from; at < file.size; at += FEED_BYTES) yield file.take(FEED_BYTES, at);
}

/** A file opened for reading; every failure is an `AudioFileError`. */
export class FileBytes implements RandomAccess {
  readonly path: string;
  readonly size: number;
  #descriptor: number;

  /** @param path - a regular file; anything else is refused before it is opened, since opening a pipe would wait */
  constructor(path: string) {
    this.path = path;
    try {
      refuseUnlessFile(path, statSync(path));
      this.#descriptor = openSync(path, "r");
    } catch (error) {
      throw asOpenError(path, error);
    }
    this.size = fstatSync(this.#descriptor).size;
    if (this.size === 0) {
      this.close();
      throw new AudioFileError("empty", path, "is empty (0 bytes); record or export it again.");
    }
  }

  read(target: Uint8Array, length: number, position: number): number {
    let done = 0;
    try {
      while (done < length) {
        const got = readSync(this.#descriptor, target, done, length - done, position + done);
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      const why = errnoOf(error);
      throw new AudioFileError("unreadable", this.path,
        `could not be read (${why}); check the disk and copy the file again.`, error);
    }
    return done;
  }

  take(length: number, position: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - position)));
    return bytes.subarray(0, this.read(bytes, bytes.length, position));
  }

  close(): void {
    if (this.#descriptor < 0) return;
    closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

function refuseUnlessFile(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw new AudioFileError("folder", path, "is a folder; name a sound file in it.");
  if (!stats.isFile()) {
    throw new AudioFileError("special", path, "is a pipe or a device, not a file; save the sound to a file first.");
  }
}

function asOpenError(path: string, error: unknown): Error {
  if (error instanceof AudioFileError) return error;
  switch (errnoOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new AudioFileError("missing", path, "does not exist; check the name and the folder.", error);
    case "EACCES":
    case "EPERM":
      return new AudioFileError("unreadable", path, "may not be read by this user; change its permissions.", error);
    default:
      return new AudioFileError("unreadable", path, `could not be opened (${errnoOf(error) || String(error)}).`, error);
  }
}
