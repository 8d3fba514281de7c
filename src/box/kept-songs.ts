import * as promises from "node:fs/promises";
import { codeOf, readOwnFile, replaceFile, setAside, type StateFileSystem } from "../config/state-files.js";
import { readResult } from "../protocol/box-messages.js";
import { CommandFailure } from "../protocol/command-failure.js";
import type { Song } from "../protocol/messages.js";
import type { Notices } from "./notices.js";
import { MOST_SONGS } from "./song-log.js";

/** The present song is saved so often while it is measured: so much of it a loss of power costs. */
const SAVE_MS = 60_000;
const STANDING = "songs";

export interface KeptSongsOptions {
  readonly file: string;
  readonly songs: () => readonly Song[];
  readonly notices: Pick<Notices, "stand" | "settle">;
  readonly files?: StateFileSystem;
}

/** The log of the songs over restarts, in one file of 500 songs at most, 150 kB. What cannot be read is set aside and told. */
export class KeptSongs {
  readonly #options: KeptSongsOptions;
  readonly #files: StateFileSystem;
  #saved = "";
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KeptSongsOptions) {
    this.#options = options;
    this.#files = options.files ?? promises;
  }

  /** The songs of earlier days. */
  async load(): Promise<readonly Song[]> {
    const { file, notices } = this.#options;
    const bytes = await readOwnFile(this.#files, file).catch((error: unknown) => ({ problem: `it cannot be read (${codeOf(error)})` }));
    if (bytes === undefined) return [];
    try {
      if ("problem" in bytes) throw new CommandFailure("badMessage", bytes.problem);
      return readResult("listSongs", JSON.parse(bytes.toString())).songs.slice(-MOST_SONGS);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notices.stand(STANDING, "warning", `The log of the songs could not be read: ${reason} ${await setAside(this.#files, file)} A new one begins.`);
      return [];
    }
  }

  /** Begins to save. */
  start(): void {
    this.#timer ??= setInterval(() => void this.save(), SAVE_MS);
  }

  /** Saves what has changed, after what is being saved. Never rejects: trouble is told, and the next save tries again. */
  save(): Promise<void> {
    return this.#running = this.#running.then(async () => {
      const { file, songs, notices } = this.#options;
      const text = `${JSON.stringify({ songs: songs().filter(({ durationS }) => durationS > 0) })}\n`;
      if (text === this.#saved) return;
      try {
        await replaceFile(this.#files, file, text);
        this.#saved = text;
        notices.settle(STANDING, "The log of the songs is saved again.");
      } catch (error) {
        notices.stand(STANDING, "warning", `The log of the songs is not saved (${codeOf(error)}); see that the disk has room.`);
      }
    });
  }

  /** Ends, with all saved. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.save();
  }
}
