import * as promises from "node:fs/promises";
import { basename, join } from "node:path";
import { jsonOfValue } from "../params/json.js";
import { sameName } from "../params/nearest.js";
import { findParameter } from "../params/table.js";
import { ConfigError } from "./config-error.js";
import { parseJson } from "./json-source.js";
import { presetOf, type Preset } from "./presets.js";
import { codeOf, readOwnFile, replaceFile, setAside, syncFolder, type StateFileSystem } from "./state-files.js";

/** Presets that people may keep on a box. */
export const MAX_OWN_PRESETS = 100;
const FILE_NAME = /^own-(\d{1,6})\.json$/;

/** A preset of this box; its id stays when it is renamed. */
export interface OwnPreset extends Preset {
  readonly id: string;
}

/** A preset as its file has it. */
export interface PresetJson {
  readonly version: 1;
  readonly name: string;
  readonly sentence: string;
  readonly values: Readonly<Record<string, number | boolean | string | readonly string[]>>;
}

/** The file of a preset. */
export function presetJson({ name, sentence, values }: Preset): PresetJson {
  const json = [...values].flatMap(([id, value]) => {
    const row = findParameter(id);
    return row === undefined ? [] : [[id, jsonOfValue(row, value)] as const];
  });
  return { version: 1, name, sentence, values: Object.fromEntries(json) };
}

/**
 * The presets that people made on this box: a file each in a folder of their own, in the form of those that come with the
 * product. They are read once; a change is on the disk when its promise is fulfilled, or nothing is changed.
 */
export class OwnPresets {
  readonly #folder: string;
  readonly #files: StateFileSystem;
  readonly #presets = new Map<string, OwnPreset>();

  constructor(folder: string, files: StateFileSystem = promises) {
    this.#folder = folder;
    this.#files = files;
  }

  /** Reads them. Returns sentences for people about each that cannot be used; its file gets another name. */
  async load(): Promise<readonly string[]> {
    let names: string[];
    try {
      names = (await this.#files.readdir(this.#folder)).filter((name) => FILE_NAME.test(name));
    } catch (error) {
      return codeOf(error) === "ENOENT" ? [] : [`The presets of this box cannot be read (${codeOf(error)}).`];
    }
    const notices: string[] = [];
    for (const name of names.sort(byNumber).slice(0, MAX_OWN_PRESETS)) {
      const path = join(this.#folder, name);
      const problem = await this.#read(path);
      if (problem !== undefined) notices.push(`The preset in ${name} cannot be used: ${problem}. ${await setAside(this.#files, path)}`);
    }
    return notices;
  }

  /** All of them, in the order in which they were made. */
  get list(): readonly OwnPreset[] {
    return [...this.#presets.values()];
  }

  /** The preset of this id, or of this name but for case and separators. */
  find(idOrName: string): OwnPreset | undefined {
    const name = sameName(idOrName, this.list.map((preset) => preset.name));
    return this.#presets.get(idOrName) ?? this.list.find((preset) => preset.name === name);
  }

  /** Keeps a preset; one of the same name is replaced. Returns its id. @throws RangeError when there are too many */
  async save(preset: Preset): Promise<string> {
    const id = this.find(preset.name)?.id ?? this.#freeId();
    await this.#write({ ...preset, id });
    return id;
  }

  /** Keeps a preset under its name, or under one with a number behind it where that is taken. Returns its id. */
  async add(preset: Preset, isTaken: (name: string) => boolean): Promise<string> {
    let name = preset.name;
    for (let n = 2; this.find(name) !== undefined || isTaken(name); n++) name = `${preset.name.slice(0, 28)} ${n}`;
    return await this.save({ ...preset, name });
  }

  /** Gives the preset `id` another name. @throws RangeError when there is no such preset, or another has the name */
  async rename(id: string, name: string): Promise<void> {
    const preset = this.#own(id);
    const other = this.find(name);
    if (other !== undefined && other.id !== id) throw new RangeError(`There is a preset "${other.name}" already; take another name.`);
    await this.#write({ ...preset, name });
  }

  /** Removes the preset `id`. @throws RangeError when there is no such preset */
  async delete(id: string): Promise<void> {
    this.#own(id);
    await this.#files.unlink(join(this.#folder, `${id}.json`));
    await syncFolder(this.#files, this.#folder);
    this.#presets.delete(id);
  }

  #own(id: string): OwnPreset {
    const preset = this.#presets.get(id);
    if (preset === undefined) throw new RangeError(`There is no preset "${id}" of this box's own; those that come with the product stay as they are.`);
    return preset;
  }

  #freeId(): string {
    if (this.#presets.size >= MAX_OWN_PRESETS) throw new RangeError(`There are ${MAX_OWN_PRESETS} presets already; delete one first.`);
    const numbers = [...this.#presets.keys()].map((id) => Number(id.slice("own-".length)));
    return `own-${Math.max(0, ...numbers) + 1}`;
  }

  async #read(path: string): Promise<string | undefined> {
    const bytes = await readOwnFile(this.#files, path);
    if (bytes === undefined) return undefined;
    if (!Buffer.isBuffer(bytes)) return bytes.problem;
    const id = basename(path, ".json");
    try {
      this.#presets.set(id, { ...presetOf(path, parseJson(path, bytes.toString())), id });
      return undefined;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problem.replace(/\.$/, "");
    }
  }

  async #write(preset: OwnPreset): Promise<void> {
    await this.#files.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await replaceFile(this.#files, join(this.#folder, `${preset.id}.json`), `${JSON.stringify(presetJson(preset), null, 2)}\n`);
    this.#presets.set(preset.id, preset);
  }
}

function byNumber(one: string, other: string): number {
  return Number(FILE_NAME.exec(one)?.[1]) - Number(FILE_NAME.exec(other)?.[1]);
}
