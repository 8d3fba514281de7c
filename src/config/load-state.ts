import * as promises from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Migration } from "./migrate.js";
import { readSlotText, type SlotContent } from "./slot-text.js";
import { readState, STATE_MIGRATIONS, type BoxState } from "./state.js";
import { codeOf, readOwnFile, setAside, SLOT_NAMES, slotPath, slotVersions, syncFolder, type SlotName, type StateFileSystem } from "./state-files.js";

/** Where the state lies, and what tests put in place of the system. */
export interface StatePlace {
  readonly folder: string;
  /** Ids of the loudness targets; the first stands in for one that is gone. */
  readonly targets: readonly string[];
  readonly files?: StateFileSystem;
  readonly migrations?: readonly Migration[];
}

/** What was found of the saved state. */
export interface LoadedState {
  /** Null when nothing usable was found: the first start, or damage that the notices tell. */
  readonly state: BoxState | null;
  /** Number of the save that was found, 0 for none, and its slot: the other one is written next. */
  readonly revision: number;
  readonly newest: SlotName | null;
  /** Sentences for people about everything that was not as it should be. */
  readonly notices: readonly string[];
}

/** Notes about single values that are told one by one; of more only the number is told. */
const MAX_NOTES = 5;

interface Slot extends SlotContent {
  readonly slot: SlotName;
  readonly version: number;
}

class Loader {
  readonly notices: string[] = [];
  readonly #place: StatePlace;
  readonly #files: StateFileSystem;
  readonly #steps: readonly Migration[];
  readonly #version: number;

  constructor(place: StatePlace) {
    this.#place = place;
    this.#files = place.files ?? promises;
    this.#steps = place.migrations ?? STATE_MIGRATIONS;
    this.#version = this.#steps.length + 1;
  }

  async load(): Promise<LoadedState> {
    const versions = await this.#versions();
    let found: Slot | undefined;
    for (let version = this.#version; version >= 1 && found === undefined; version--) {
      if (versions.includes(version)) found = await this.#newest(version);
    }
    if (this.notices.length > 0) {
      this.notices.push(found ? "Another copy of the settings is used; the very last change may be missing."
        : "The box starts with the settings of its configuration.");
    }
    if (found !== undefined && found.version < this.#version) {
      this.notices.push(`The settings were taken over from an older Lacquer; its own copy in ${this.#place.folder} stays as it was.`);
    }
    const newer = versions.filter((version) => version > this.#version);
    if (newer.length > 0) {
      this.notices.push(`A newer Lacquer has saved settings of its own in ${this.#place.folder} (version ${Math.max(...newer)}); they stay as they are, `
        + `and this one starts with ${found ? "those that it saved itself" : "the settings of its configuration"}.`);
    }
    if (found === undefined) return { state: null, revision: 0, newest: null, notices: this.notices };
    const { state, notes } = readState(found.state, this.#place.targets);
    this.#tell(notes);
    return { state, revision: found.revision, newest: found.slot, notices: this.notices };
  }

  /** Makes the folder where it is missing, and looks for slots in it. */
  async #versions(): Promise<number[]> {
    const { folder } = this.#place;
    try {
      const made = await this.#files.mkdir(folder, { recursive: true, mode: 0o700 });
      // The folder itself has to survive a loss of power, and so has every one that was made above it.
      for (let path = folder; made !== undefined && path.length >= made.length; path = dirname(path)) {
        await syncFolder(this.#files, dirname(path));
      }
      return await slotVersions(this.#files, folder);
    } catch (error) {
      this.notices.push(`The folder ${folder} for the saved settings cannot be used (${codeOf(error)}): they are lost when the box is switched off.`);
      return [];
    }
  }

  /** The last good save of a version; the slots of this version that are damaged are set aside. */
  async #newest(version: number): Promise<Slot | undefined> {
    const good: Slot[] = [];
    for (const slot of SLOT_NAMES) {
      const path = slotPath(this.#place.folder, version, slot);
      const content = await this.#read(path, version);
      if (content === undefined) continue;
      if ("revision" in content) {
        good.push({ ...content, slot, version });
        continue;
      }
      const fate = version === this.#version ? ` ${await setAside(this.#files, path)}` : "";
      this.notices.push(`The saved settings in ${basename(path)} cannot be used: ${content.problem}.${fate}`);
    }
    return good.reduce<Slot | undefined>((best, slot) => (best && best.revision >= slot.revision ? best : slot), undefined);
  }

  async #read(path: string, version: number): Promise<SlotContent | { readonly problem: string } | undefined> {
    const bytes = await readOwnFile(this.#files, path);
    return Buffer.isBuffer(bytes) ? readSlotText(bytes, version, this.#steps.slice(0, this.#version - 1)) : bytes;
  }

  #tell(notes: readonly string[]): void {
    for (const note of notes.slice(0, MAX_NOTES)) this.notices.push(`A saved value cannot be used, so its default is: ${note.replace(/\.$/, "")}.`);
    if (notes.length > MAX_NOTES) this.notices.push(`${notes.length - MAX_NOTES} more saved values cannot be used, so their defaults are.`);
  }
}

/**
 * Loads the newest good copy of the saved state. Whatever is wrong with the files ends in a usable state or in null,
 * and in a notice; files that cannot be used get another name and are never deleted.
 */
export function loadState(place: StatePlace): Promise<LoadedState> {
  return new Loader(place).load();
}

/**
 * Gives the saved state of this version and of older ones another name: for a start after several that failed, when the state may be to blame.
 * @returns sentences about what became of each file; empty when there was none
 */
export async function setStateAside(place: StatePlace): Promise<readonly string[]> {
  const { folder, files = promises, migrations = STATE_MIGRATIONS } = place;
  const sentences: string[] = [];
  // Those of older versions as well: the next start would take them over.
  for (let version = migrations.length + 1; version >= 1; version--) {
    for (const slot of SLOT_NAMES) {
      const path = slotPath(folder, version, slot);
      const isThere = (await readOwnFile(files, path)) !== undefined;
      if (isThere) sentences.push(`The saved settings in ${basename(path)} are not used. ${await setAside(files, path)}`);
    }
  }
  return sentences;
}
