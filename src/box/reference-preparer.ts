import * as promises from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { SoundProfile } from "../analysis/sound-profile.js";
import { preparedText, readPrepared, type PreparedTrack } from "./prepared-file.js";
import type { KeptReference } from "../config/references-file.js";
import { codeOf, readOwnFile, removeIfThere, replaceFile, type StateFileSystem } from "../config/state-files.js";
import { FileBytes } from "../files/file-bytes.js";
import { WavReader } from "../files/wav-reader.js";
import { LoudnessCurve } from "../meters/loudness-curve.js";
import { lufsEnergy } from "../meters/lufs.js";
import type { Reference, ReferenceSound } from "../protocol/messages.js";
import type { PrepareJob, PrepareMessage } from "./prepare-track.js";

export interface ReferencePreparerOptions {
  /** Holds the prepared tracks: of each a WAV file, and what is known of it. */
  readonly folder: string;
  /** Rate of the box, Hz. */
  readonly sampleRateHz: number;
  /** The script `track-preparer`. */
  readonly preparerUrl: URL;
  /** Where the file of a track lies. */
  readonly pathOf: (id: string) => string;
  readonly files?: StateFileSystem;
}

/** A track that can be played. */
export interface PlayableTrack {
  readonly path: string;
  readonly sound: ReferenceSound;
  readonly curve: LoudnessCurve;
  readonly profile: SoundProfile;
}

type Preparation = Pick<Reference, "state" | "progress" | "problem"> & { readonly track?: PlayableTrack };

const WAITING: Preparation = { state: "waiting", progress: 0, problem: null };
/** Progress is told in steps of so much. */
const STEP = 0.02;

interface Running {
  readonly id: string;
  readonly worker: Worker;
}

/**
 * Makes the reference tracks ready for playing, one after the other, in a thread that lives no longer than its track. What it
 * made is kept over restarts, made anew where it is not whole any more, where the box runs at another rate or the release makes
 * it otherwise, and removed with the track. A track that cannot be prepared says why; the others go on.
 */
export class ReferencePreparer {
  readonly #options: ReferencePreparerOptions;
  readonly #files: StateFileSystem;
  readonly #states = new Map<string, Preparation>();
  readonly #listeners = new Set<() => void>();
  #kept: readonly KeptReference[] = [];
  #running: Running | undefined;
  #isStopped = false;
  #isLoaded = false;

  constructor(options: ReferencePreparerOptions) {
    this.#options = options;
    this.#files = options.files ?? promises;
  }

  /** Sees what is prepared already, and removes what belongs to no track. Returns sentences for people about what is wrong. */
  async load(tracks: readonly KeptReference[]): Promise<readonly string[]> {
    const { folder } = this.#options;
    this.#kept = tracks;
    try {
      await this.#files.mkdir(folder, { recursive: true, mode: 0o700 });
      for (const { id } of tracks) this.#states.set(id, await this.#find(id));
      const sound = new Set(tracks.filter(({ id }) => this.#states.get(id)?.state === "ready").flatMap(({ id }) => [`${id}.wav`, `${id}.json`]));
      for (const name of await this.#files.readdir(folder)) if (!sound.has(name)) await this.#files.unlink(join(folder, name));
      return [];
    } catch (error) {
      return [`The prepared reference tracks cannot be read (${codeOf(error)}).`];
    } finally {
      this.#isLoaded = true;
      this.#tell();
      this.#next();
    }
  }

  /** Hears that the list of references, or the state of one, is another. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The references, with how far each has come. */
  get list(): readonly Reference[] {
    return this.#kept.map((kept) => {
      const { state, progress, problem, track } = this.#states.get(kept.id) ?? WAITING;
      return { ...kept, state, progress, problem, sound: track?.sound ?? null };
    });
  }

  /** A track that is ready; undefined for any other. */
  find(id: string): PlayableTrack | undefined {
    return this.#states.get(id)?.track;
  }

  /** What the tracks that are ready sound like. */
  get profiles(): readonly SoundProfile[] {
    return [...this.#states.values()].flatMap(({ track }) => (track === undefined ? [] : [track.profile]));
  }

  /** Takes the list of the tracks that there are now. */
  follow(tracks: readonly KeptReference[]): void {
    this.#kept = tracks;
    const ids = new Set(tracks.map(({ id }) => id));
    for (const id of [...this.#states.keys()]) if (!ids.has(id)) this.#forget(id);
    for (const id of ids) if (!this.#states.has(id)) this.#states.set(id, WAITING);
    this.#tell();
    this.#next();
  }

  /** Gives up what is being prepared; the next start begins it anew. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running?.worker.terminate();
  }

  #pathOf(id: string, ending: "wav" | "json"): string {
    return join(this.#options.folder, `${id}.${ending}`);
  }

  async #find(id: string): Promise<Preparation> {
    const bytes = await readOwnFile(this.#files, this.#pathOf(id, "json"));
    const track = Buffer.isBuffer(bytes) ? readPrepared(bytes.toString()) : undefined;
    if (track === undefined || track.sampleRateHz !== this.#options.sampleRateHz) return WAITING;
    return isWhole(this.#pathOf(id, "wav"), track) ? this.#ready(id, track) : WAITING;
  }

  #ready(id: string, { frames, sampleRateHz, stepCentiLufs, ...measured }: PreparedTrack): Preparation {
    const { integratedLufs, loudnessRangeLu, maxTruePeakDbtp, loudest, profile } = measured;
    const energies = Float64Array.from(stepCentiLufs, (centi) => lufsEnergy(centi === null ? null : centi / 100));
    return {
      state: "ready", progress: 1, problem: null,
      track: {
        path: this.#pathOf(id, "wav"), curve: new LoudnessCurve(energies), profile,
        sound: { durationS: frames / sampleRateHz, integratedLufs, loudnessRangeLu, maxTruePeakDbtp, loudest },
      },
    };
  }

  /** Begins with the next track that waits. */
  #next(): void {
    if (this.#running !== undefined || this.#isStopped || !this.#isLoaded) return;
    const track = this.#kept.find(({ id }) => this.#states.get(id)?.state === "waiting");
    if (track === undefined) return;
    const { pathOf, sampleRateHz, preparerUrl } = this.#options;
    const job: PrepareJob = { path: pathOf(track.id), name: track.name, sampleRateHz, soundPath: this.#pathOf(track.id, "wav") };
    const worker = new Worker(preparerUrl, { workerData: job });
    this.#running = { id: track.id, worker };
    this.#set(track.id, { state: "preparing", progress: 0, problem: null });
    void this.#run(track.id, worker).catch((error: unknown) => this.#fail(track.id, `"${track.name}" cannot be prepared (${codeOf(error)}).`)).finally(() => {
      this.#running = undefined;
      this.#next();
    });
  }

  async #run(id: string, worker: Worker): Promise<void> {
    const prepared = await new Promise<PreparedTrack | undefined>((resolve, reject) => {
      worker.on("message", (message: PrepareMessage) => {
        if ("progress" in message) this.#progress(id, message.progress);
        else if ("prepared" in message) resolve(message.prepared);
        else {
          this.#fail(id, message.problem);
          resolve(undefined);
        }
      });
      worker.once("error", reject);
      worker.once("exit", () => resolve(undefined));
    });
    // A track that was deleted meanwhile, or failed, has no state to bring further.
    if (prepared === undefined || this.#states.get(id)?.state !== "preparing") return await this.#remove(id);
    await replaceFile(this.#files, this.#pathOf(id, "json"), preparedText(prepared));
    if (this.#states.has(id)) this.#set(id, this.#ready(id, prepared));
    else await this.#remove(id);
  }

  #progress(id: string, progress: number): void {
    const before = this.#states.get(id);
    if (before?.state === "preparing" && progress >= before.progress + STEP) this.#set(id, { ...before, progress: Math.min(1, progress) });
  }

  #fail(id: string, problem: string): void {
    if (this.#states.has(id)) this.#set(id, { state: "failed", progress: 0, problem });
  }

  #forget(id: string): void {
    this.#states.delete(id);
    if (this.#running?.id === id) void this.#running.worker.terminate();
    else void this.#remove(id);
  }

  /** Removes what is left of a track; what cannot be removed now goes at the next start. */
  async #remove(id: string): Promise<void> {
    for (const path of [this.#pathOf(id, "json"), this.#pathOf(id, "wav"), `${this.#pathOf(id, "wav")}.decoded`]) {
      await removeIfThere(this.#files, path).catch(() => undefined);
    }
  }

  #set(id: string, state: Preparation): void {
    this.#states.set(id, state);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether a WAV file is as long as was written: a check of each sample would read gigabytes at every start. */
function isWhole(path: string, { sampleRateHz, frames }: PreparedTrack): boolean {
  try {
    const sound = new WavReader(new FileBytes(path));
    sound.close();
    return sound.sampleRateHz === sampleRateHz && sound.frames === frames;
  } catch {
    return false;
  }
}
