import * as promises from "node:fs/promises";
import type { LoadedState, StatePlace } from "./load-state.js";
import { slotText } from "./slot-text.js";
import { STATE_MIGRATIONS, stateJson, type BoxState } from "./state.js";
import { codeOf, replaceFile, slotPath, type SlotName } from "./state-files.js";

/** A save waits this long for more changes of the same gesture. */
const SETTLE_MS = 500;
/** Time from the beginning of a save to that of the next: spares the card, and keeps 3 s from a change to the disk. */
const SPACING_MS = 2000;
/** Longest time between attempts while saving fails. */
const MAX_RETRY_MS = 60_000;
/** From here on people are told that a save does not come to an end. */
const SLOW_MS = 10_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "the disk is full; free some space",
  EROFS: "the disk is read-only; start it writable",
  EIO: "the disk reports errors; replace it",
  EACCES: "this user may not write there; give it the folder",
  EPERM: "this user may not write there; give it the folder",
  ENOENT: "the folder is gone; make it again",
  ENOTDIR: "that is no folder; name another",
};

/**
 * Keeps the state on the disk, in two slots in turns: the one that holds the last good save is never the one that is
 * being written. Where a save takes less than a second, a change is on the disk 3 s later at the latest, also while more
 * changes follow; there is at most one save each 2 s and one at a time, and none blocks the caller. After an error the
 * other slot is tried, ever more slowly.
 * Nothing depends on the time of day.
 */
export class StateStore {
  readonly #place: StatePlace;
  readonly #capture: () => BoxState;
  readonly #version: number;
  #slot: SlotName;
  #revision: number;
  /** Number of the last save that was begun; never used twice, since a save that failed may be on the disk all the same. */
  #attempt: number;
  /** Changes that were told, and how many of them the last good save holds. */
  #touches = 0;
  #savedTouches = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #startedMs = -Infinity;
  #failures = 0;
  #trouble: string | undefined;

  /**
   * @param loaded - what `loadState` found in the same place
   * @param capture - gives the state as it is now; called once at the beginning of each save
   */
  constructor(place: StatePlace, loaded: LoadedState, capture: () => BoxState) {
    this.#place = place;
    this.#capture = capture;
    this.#version = (place.migrations ?? STATE_MIGRATIONS).length + 1;
    this.#slot = loaded.newest === "a" ? "b" : "a";
    this.#revision = this.#attempt = loaded.revision;
  }

  /** Number of the last save that is on the disk for certain. */
  get revision(): number {
    return this.#revision;
  }

  /** What is wrong with saving now, in a sentence; undefined while all is well. */
  get trouble(): string | undefined {
    const waitedMs = performance.now() - this.#startedMs;
    if (this.#running !== undefined && waitedMs > SLOW_MS) {
      return `The settings have been waiting for the disk for ${Math.floor(waitedMs / 1000)} s; it may be failing.`;
    }
    return this.#trouble;
  }

  /** Says that the state has changed. */
  touch(): void {
    this.#touches++;
    this.#arm();
  }

  /**
   * Saves at once what is not on the disk yet, in the other slot when the first fails: for the end of the process.
   * @returns whether everything that was told before is on the disk for certain
   */
  async flush(): Promise<boolean> {
    const touches = this.#touches;
    await this.#running;
    for (let attempt = 0; attempt < 2 && this.#savedTouches < touches; attempt++) await this.#save();
    return this.#savedTouches >= touches;
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.#touches === this.#savedTouches) return;
    const nowMs = performance.now();
    const spacingMs = Math.min(MAX_RETRY_MS, SPACING_MS * 2 ** this.#failures);
    const waitMs = Math.max(SETTLE_MS, this.#startedMs + spacingMs - nowMs);
    this.#timer = setTimeout(() => void this.#save(), waitMs);
  }

  /** Saves, or joins the save that is under way. */
  #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#write().finally(() => {
      this.#running = undefined;
      this.#arm();
    });
    return this.#running;
  }

  async #write(): Promise<void> {
    const { folder, files = promises } = this.#place;
    const touches = this.#touches;
    const revision = ++this.#attempt;
    const slot = this.#slot;
    this.#startedMs = performance.now();
    // Also after a failure: what the page cache says of the slot that failed is worth nothing.
    this.#slot = slot === "a" ? "b" : "a";
    try {
      const text = slotText(this.#version, { revision, state: stateJson(this.#capture()) });
      await replaceFile(files, slotPath(folder, this.#version, slot), text);
      this.#revision = revision;
      this.#savedTouches = touches;
      this.#failures = 0;
      this.#trouble = undefined;
    } catch (error) {
      this.#failures++;
      this.#trouble = `The settings cannot be saved in ${folder}: ${REASONS[codeOf(error)] ?? codeOf(error)}. Saving is tried again by itself.`;
    }
  }
}
