import * as promises from "node:fs/promises";
import { join } from "node:path";
import type { StateFileSystem } from "../config/state-files.js";
import type { ReferenceShelf } from "./reference-shelf.js";

const SOUND_FILE = /\.(wav|flac|mp3|ogg|oga)$/i;
const LOOK_MS = 5000;

/**
 * Takes files in that people put into the folder of the reference tracks by hand, once they do not grow any more.
 */
export class DroppedTracks {
  readonly #folder: string;
  readonly #shelf: Pick<ReferenceShelf, "adopt">;
  readonly #onRefusal: (sentence: string) => void;
  readonly #files: StateFileSystem;
  /** Sizes and times of the files that were there at the last look. */
  #seen = new Map<string, string>();
  readonly #refused = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  /** @param onRefusal - hears, once, why a file is not taken */
  constructor(folder: string, shelf: Pick<ReferenceShelf, "adopt">, onRefusal: (sentence: string) => void, files: StateFileSystem = promises) {
    this.#folder = folder;
    this.#shelf = shelf;
    this.#onRefusal = onRefusal;
    this.#files = files;
  }

  /** Begins to look. */
  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS);
  }

  /** Looks no more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Takes every file in that is as it was at the last look. Never rejects. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const seen = new Map<string, string>();
      for (const name of await this.#files.readdir(this.#folder)) if (SOUND_FILE.test(name)) await this.#look(name, seen);
      this.#seen = seen;
    } catch {
      // There is no folder yet.
    } finally {
      this.#isLooking = false;
    }
  }

  async #look(name: string, seen: Map<string, string>): Promise<void> {
    const stats = await this.#files.lstat(join(this.#folder, name));
    const mark = `${stats.size} ${stats.mtimeMs}`;
    seen.set(name, mark);
    if (!stats.isFile() || this.#seen.get(name) !== mark) return;
    try {
      await this.#shelf.adopt(name, stats.size);
      seen.delete(name);
      this.#refused.delete(name);
    } catch (error) {
      const sentence = `"${name}" in the folder of the reference tracks is not taken: ${error instanceof Error ? error.message : String(error)}`;
      if (this.#refused.get(name) !== sentence) this.#onRefusal(sentence);
      this.#refused.set(name, sentence);
    }
  }
}
