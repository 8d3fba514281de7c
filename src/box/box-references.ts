import { join } from "node:path";
import type { SoundProfile } from "../analysis/sound-profile.js";
import type { Engine } from "../engine/engine.js";
import type { Reference } from "../protocol/messages.js";
import type { Phone } from "../protocol/phones.js";
import { ComparedTracks, TICK_MS } from "./comparison.js";
import { DroppedTracks } from "./dropped-tracks.js";
import type { LiveMeters } from "./live-meters.js";
import type { Notices } from "./notices.js";
import { playerThread } from "./player-thread.js";
import { ReferencePreparer } from "./reference-preparer.js";
import { ReferenceShelf } from "./reference-shelf.js";
import { ReferenceVoice, type Player, type PlayerListener } from "./reference-voice.js";

export interface BoxReferencesOptions {
  readonly stateFolder: string;
  /** Rate of the box, Hz. */
  readonly sampleRateHz: number;
  /** The scripts `track-preparer` and `reference-player`. */
  readonly preparerUrl: URL;
  readonly playerUrl: URL;
  readonly reminderMinutes: number;
  readonly meters: Pick<LiveMeters, "recentLufs">;
  readonly notices: Notices;
  readonly nowMs: () => number;
  readonly now: () => Date;
  readonly random: (count: number) => Uint8Array;
  /** The sound path, once there is one. */
  readonly engine: () => Engine | undefined;
  readonly phones: () => readonly Phone[];
  readonly hasMonitorOutput: () => boolean;
  /** Whether a person let the bypass relay go. */
  readonly isHardBypassed: () => boolean;
}

const PHONE = "phone:";

/** The reference tracks of the box: kept, prepared, and compared with the mix. */
export class BoxReferences {
  readonly shelf: ReferenceShelf;
  readonly compared: ComparedTracks;
  readonly #preparer: ReferencePreparer;
  readonly #dropped: DroppedTracks;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BoxReferencesOptions) {
    const { stateFolder, sampleRateHz, preparerUrl, meters, notices, nowMs, now, random } = options;
    const folder = join(stateFolder, "references");
    this.shelf = new ReferenceShelf({ folder, now, random });
    this.#preparer = new ReferencePreparer({
      folder: join(folder, "prepared"), sampleRateHz, preparerUrl, pathOf: (id) => this.shelf.pathOf(id),
    });
    this.#dropped = new DroppedTracks(folder, this.shelf, (sentence) => notices.tell("dropped track", "warning", sentence, "references"));
    this.compared = new ComparedTracks({
      tracks: this.#preparer, open: (onProblem) => open(options, onProblem), mixLufs: (seconds) => meters.recentLufs(seconds),
      obstacle: () => obstacle(options), hasMonitorOutput: options.hasMonitorOutput, isHere: (source) => isHere(source, options.phones()), sampleRateHz,
      reminderMinutes: options.reminderMinutes, notices, nowMs,
    });
    this.shelf.onChange((tracks) => this.#preparer.follow(tracks));
    this.#preparer.onChange(() => this.compared.follow());
  }

  /** The tracks, with how far each has come. */
  get list(): readonly Reference[] {
    return this.#preparer.list;
  }

  /** What the tracks that are ready sound like. */
  get profiles(): readonly SoundProfile[] {
    return this.#preparer.profiles;
  }

  /** Hears of the list whenever it, or the state of a track, is another. */
  onChange(listener: (references: readonly Reference[]) => void): void {
    this.#preparer.onChange(() => listener(this.#preparer.list));
  }

  /** Reads what there is, and begins to prepare the rest. Returns sentences for people about what is wrong. */
  async load(): Promise<readonly string[]> {
    const sentences = await this.shelf.load();
    // What is prepared of tracks that could not be read now is needed when they can.
    return this.shelf.isRead ? [...sentences, ...await this.#preparer.load(this.shelf.list)] : sentences;
  }

  /** Begins to look after what is compared, and after files that people put into the folder. */
  start(): void {
    this.#timer ??= setInterval(() => this.compared.tick(), TICK_MS);
    this.#dropped.start();
  }

  /** Ends a comparison, and what is being prepared. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#dropped.stop();
    this.compared.end("the box stops");
    await this.#preparer.stop();
  }
}

function open({ engine, playerUrl, sampleRateHz }: BoxReferencesOptions, onProblem: (sentence: string) => void): ReturnType<ConstructorParameters<typeof ComparedTracks>[0]["open"]> {
  const port = engine()?.createReferencePort() ?? null;
  if (port === null) return null;
  const { buffer, addresses } = port.memory;
  const createPlayer = (listener: PlayerListener): Player => playerThread(playerUrl, { buffer, addresses, sampleRateHz }, listener);
  return { port, voice: new ReferenceVoice({ port, createPlayer, sampleRateHz, onProblem }) };
}

function obstacle({ engine, isHardBypassed }: BoxReferencesOptions): string | undefined {
  if (isHardBypassed()) return "the bare input is wired to the output";
  return engine()?.health().state === "running" ? undefined : "no sound flows";
}

function isHere(source: string, phones: readonly Phone[]): boolean {
  return !source.startsWith(PHONE) || phones.some(({ name, isHere: isConnected }) => isConnected && name === source.slice(PHONE.length));
}
