import * as promises from "node:fs/promises";
import { join } from "node:path";
import { readReferences, referencesText, type KeptReference } from "../config/references-file.js";
import { codeOf, readOwnFile, removeIfThere, replaceFile, setAside, syncFolder, type StateFileSystem } from "../config/state-files.js";
import { sameName } from "../params/nearest.js";
import { CommandFailure } from "../protocol/command-failure.js";
import { MAX_REFERENCES, MAX_REFERENCE_BYTES, nameOfFile } from "../protocol/references.js";
import type { IncomingFile, UploadStore } from "../server/client-upload.js";
import { roomProblem, type DiskRoom } from "./disk-room.js";
import { IncomingTrack } from "./incoming-track.js";

/** Uploads at a time: two phones may be at it, not all of them. */
const MAX_UPLOADS = 2;
const ID_BYTES = 6;
const INDEX = "index.json";
const TRACK = /^([0-9a-f]{12})\.track$/;
/** A file that was not whole, or an index that was not, when the power went. */
const LEFT_OVER = /^([0-9a-f]{12}\.part|index\.json\.tmp)$/;

/** The calls of the system that keeping tracks needs. */
export type TrackFileSystem = StateFileSystem & { statfs(path: string): Promise<DiskRoom> };

export interface ReferenceShelfOptions {
  /** Holds an index and a file for each track, under its id. */
  readonly folder: string;
  readonly now: () => Date;
  /** Bytes that no other track has. */
  readonly random: (count: number) => Uint8Array;
  readonly files?: TrackFileSystem;
}

interface Upload {
  readonly phone: string | null;
  readonly bytes: number;
}

/**
 * The reference tracks of the box. A track is there when its file and then the index are on the disk, and gone when it is
 * out of the index: a loss of power leaves the list as it was before or as it is after, and what belongs to neither is
 * removed. Where there is no index, or none that can be read, every track that lies there is one of the list.
 */
export class ReferenceShelf implements UploadStore {
  readonly #options: ReferenceShelfOptions;
  readonly #files: TrackFileSystem;
  readonly #listeners = new Set<(references: readonly KeptReference[]) => void>();
  readonly #uploads = new Set<Upload>();
  #tracks: readonly KeptReference[] = [];
  /** Why nothing is known of the tracks that lie there; a list without them would have them removed. */
  #problem: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ReferenceShelfOptions) {
    this.#options = options;
    this.#files = options.files ?? promises;
  }

  /** Reads the index, and removes what no track in it has. Returns sentences for people about what is wrong. */
  async load(): Promise<readonly string[]> {
    const { folder } = this.#options;
    try {
      const names = await this.#files.readdir(folder);
      for (const name of names.filter((name) => LEFT_OVER.test(name))) await this.#remove(join(folder, name));
      const sizes = new Map<string, number>();
      for (const name of names) {
        const [, id] = TRACK.exec(name) ?? [];
        if (id !== undefined) sizes.set(id, (await this.#files.lstat(join(folder, name))).size);
      }
      return await this.#match(sizes);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      this.#problem = `The reference tracks cannot be read (${codeOf(error)}).`;
      return [this.#problem];
    } finally {
      if (this.#tracks.length > 0) this.#tell();
    }
  }

  /** The tracks, in the order in which they came. */
  get list(): readonly KeptReference[] {
    return this.#tracks;
  }

  /** Whether the folder could be read. If not, the list is empty and cannot be changed until the box is started again. */
  get isRead(): boolean {
    return this.#problem === undefined;
  }

  /** Hears of the list whenever it is another. */
  onChange(listener: (references: readonly KeptReference[]) => void): void {
    this.#listeners.add(listener);
  }

  /** Path of the file of a track. */
  pathOf(id: string): string {
    return join(this.#options.folder, `${id}.track`);
  }

  /**
   * Makes a track of a file that lies in the folder under a name of its own. @throws CommandFailure when there is no room for it,
   * Error when it cannot be kept; then the file is as it was
   */
  async adopt(file: string, bytes: number): Promise<void> {
    const { folder, random, now } = this.#options;
    if (bytes > MAX_REFERENCE_BYTES) throw new CommandFailure("badValue", `it has ${Math.ceil(bytes / 1e6)} MB; allowed are ${MAX_REFERENCE_BYTES / 1e6} MB.`);
    if (this.#tracks.length + this.#uploads.size >= MAX_REFERENCES) {
      throw new CommandFailure("notNow", `there are ${MAX_REFERENCES} reference tracks already; delete one of them first.`);
    }
    const id = Buffer.from(random(ID_BYTES)).toString("hex");
    const name = nameOfFile(file, "name");
    // The index first: a file that it does not name would be removed if the power went between the two.
    await this.#change((tracks) => [...tracks, { id, name: freeName(name, tracks), bytes, addedAt: now().toISOString() }], async () => {
      await this.#files.rename(join(folder, file), this.pathOf(id));
    });
  }

  async begin({ name, bytes, phone }: Parameters<UploadStore["begin"]>[0]): Promise<IncomingFile> {
    if (phone !== null && [...this.#uploads].some((upload) => upload.phone === phone)) {
      throw new CommandFailure("notNow", "This phone is uploading a file already; wait for it, or stop it.");
    }
    if (this.#uploads.size >= MAX_UPLOADS) throw new CommandFailure("notNow", `${MAX_UPLOADS} files are being uploaded already; wait for one of them.`);
    if (this.#tracks.length + this.#uploads.size >= MAX_REFERENCES) {
      throw new CommandFailure("notNow", `There are ${MAX_REFERENCES} reference tracks already; delete one of them first.`);
    }
    const upload = { phone, bytes };
    // Taken before anything is waited for: what comes meanwhile is counted with it.
    this.#uploads.add(upload);
    try {
      return await this.#open(name, upload);
    } catch (error) {
      this.#uploads.delete(upload);
      throw error;
    }
  }

  /** Gives a track another name. @throws RangeError when there is no such track, or another has the name */
  async rename(id: string, name: string): Promise<void> {
    await this.#change((tracks) => {
      const track = kept(tracks, id);
      const other = sameName(name, tracks.filter((one) => one.id !== id).map((one) => one.name));
      if (other !== undefined) throw new RangeError(`There is a track "${other}" already; take another name.`);
      return tracks.map((one) => (one === track ? { ...one, name } : one));
    });
  }

  /** Removes a track. @throws RangeError when there is no such track */
  async delete(id: string): Promise<void> {
    await this.#change((tracks) => {
      const track = kept(tracks, id);
      return tracks.filter((one) => one !== track);
    });
    await this.#remove(this.pathOf(id));
  }

  async #open(name: string, upload: Upload): Promise<IncomingFile> {
    const { folder, random, now } = this.#options;
    if (this.#problem !== undefined) throw new CommandFailure("notNow", `${this.#problem} Start the box again.`);
    await this.#files.mkdir(folder, { recursive: true, mode: 0o700 });
    // Those that are on their way may have written nothing yet.
    const promisedBytes = [...this.#uploads].reduce((sum, { bytes }) => sum + bytes, 0);
    const problem = roomProblem(await this.#files.statfs(folder), promisedBytes);
    if (problem !== undefined) throw new CommandFailure("notNow", `${problem}; delete takes or reference tracks.`);
    const id = Buffer.from(random(ID_BYTES)).toString("hex");
    const path = join(folder, `${id}.part`);
    return await IncomingTrack.open({
      files: this.#files, path,
      keep: async () => {
        await this.#files.rename(path, this.pathOf(id));
        await syncFolder(this.#files, folder);
        await this.#change((tracks) => [...tracks, { id, name: freeName(name, tracks), bytes: upload.bytes, addedAt: now().toISOString() }]);
        return id;
      },
      onEnd: () => this.#uploads.delete(upload),
    });
  }

  /** Joins the index with the files that are there. */
  async #match(sizes: ReadonlyMap<string, number>): Promise<readonly string[]> {
    const index = join(this.#options.folder, INDEX);
    const bytes = await readOwnFile(this.#files, index);
    if (bytes === undefined) return sizes.size === 0 ? [] : await this.#find(sizes, "The list of the reference tracks is gone.");
    let listed: readonly KeptReference[];
    try {
      if (!Buffer.isBuffer(bytes)) throw new Error(bytes.problem);
      listed = readReferences(bytes.toString());
    } catch (error) {
      return await this.#find(sizes, `The names of the reference tracks cannot be read (${codeOf(error)}). ${await setAside(this.#files, index)}`);
    }
    this.#tracks = listed.filter((track) => sizes.get(track.id) === track.bytes).slice(0, MAX_REFERENCES);
    const known = new Set(this.#tracks.map(({ id }) => id));
    for (const id of sizes.keys()) if (!known.has(id)) await this.#remove(this.pathOf(id));
    return listed.filter(({ id }) => !known.has(id)).map(({ name }) => `The reference track "${name}" is not whole any more, so it was removed; upload it again.`);
  }

  /** Makes a list of the tracks that lie there: people find out which is which by listening, and name them again. */
  async #find(sizes: ReadonlyMap<string, number>, problem: string): Promise<readonly string[]> {
    const found = [...sizes].sort();
    this.#tracks = found.slice(0, MAX_REFERENCES).map(([id, size], n) => ({ id, name: `Track ${n + 1}`, bytes: size, addedAt: this.#options.now().toISOString() }));
    for (const [id] of found.slice(MAX_REFERENCES)) await setAside(this.#files, this.pathOf(id));
    const names = found.length === 1 ? "The one that lies there is named Track 1" : `Those that lie there are named Track 1 to ${this.#tracks.length}`;
    await this.#writeIndex(this.#tracks).catch(() => undefined);
    return [found.length === 0 ? problem : `${problem} ${names}; rename what you know.`];
  }

  /** Removes a file; what cannot be removed now goes at the next start. */
  async #remove(path: string): Promise<void> {
    await removeIfThere(this.#files, path).catch(() => undefined);
  }

  /** Changes the list, one change after the other; nothing is changed when it cannot be kept, or `follow` fails. */
  async #change(edit: (tracks: readonly KeptReference[]) => readonly KeptReference[], follow?: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.#problem !== undefined) throw new CommandFailure("notNow", `${this.#problem} Start the box again.`);
      const tracks = edit(this.#tracks);
      await this.#writeIndex(tracks);
      try {
        await follow?.();
      } catch (error) {
        await this.#writeIndex(this.#tracks);
        throw error;
      }
      this.#tracks = tracks;
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
    this.#tell();
  }

  async #writeIndex(tracks: readonly KeptReference[]): Promise<void> {
    await replaceFile(this.#files, join(this.#options.folder, INDEX), referencesText(tracks));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#tracks);
  }
}

function kept(tracks: readonly KeptReference[], id: string): KeptReference {
  const track = tracks.find((one) => one.id === id);
  if (track === undefined) throw new RangeError("There is no such reference track; it may have been deleted already.");
  return track;
}

/** `name`, with a number behind it where another track has it. */
function freeName(name: string, tracks: readonly KeptReference[]): string {
  const names = tracks.map((track) => track.name);
  let free = name;
  for (let n = 2; sameName(free, names) !== undefined; n++) free = `${name} ${n}`;
  return free;
}
