import type { LoudnessMeter } from "../meters/loudness-meter.js";
import type { Song } from "../protocol/messages.js";

/** Songs that are kept; the oldest is forgotten for the next. */
export const MOST_SONGS = 500;

/** What went wrong since the box began, counted up. */
export type FaultCounts = Song["faults"];

export interface SongLogOptions {
  /** The clock of the box. */
  readonly now: () => Date;
  readonly faults: () => FaultCounts;
}

/** The songs of the box. The meter measures the present one; a mark notes its figures and clears them for the next. */
export class SongLog {
  readonly #meter: LoudnessMeter;
  readonly #options: SongLogOptions;
  readonly #ended: Song[] = [];
  #index = 1;
  #name: string | undefined;
  #startedS = 0;
  #startedAt: string;
  #faultsBefore: FaultCounts;

  /** @param meter measures the present song; nobody else may reset it */
  constructor(meter: LoudnessMeter, options: SongLogOptions) {
    this.#meter = meter;
    this.#options = options;
    this.#startedAt = options.now().toISOString();
    this.#faultsBefore = options.faults();
  }

  /** Number of the present song, from 1 on. */
  get index(): number {
    return this.#index;
  }

  /** The songs that ended, and the present one last. */
  get songs(): readonly Song[] {
    return [...this.#ended, this.#present];
  }

  /** Takes over songs of an earlier day; one that was not ended then ended with it. The present one gets the number after theirs. */
  restore(songs: readonly Song[]): void {
    this.#ended.unshift(...songs.filter(({ durationS }) => durationS > 0).map((song) => ({ ...song, endedAt: song.endedAt ?? endOf(song) })).slice(-MOST_SONGS));
    this.#index = (this.#ended.at(-1)?.index ?? 0) + 1;
  }

  /**
   * Ends the present song and begins the next, which is measured even if the last was held. A song of which nothing was
   * measured is no song: then the present one is given the name, and goes on.
   * @param atS seconds of sound until now
   */
  mark(atS: number, name?: string): void {
    const present = this.#present;
    if (present.durationS > 0) {
      this.#ended.push({ ...present, endedAt: this.#options.now().toISOString() });
      if (this.#ended.length >= MOST_SONGS) this.#ended.shift();
      this.#index++;
      this.#name = undefined;
    }
    this.#name = name ?? this.#name;
    this.restart(atS);
    this.#meter.start();
  }

  /** Measures the present song anew from now on. */
  restart(atS: number): void {
    this.#startedS = atS;
    this.#startedAt = this.#options.now().toISOString();
    this.#faultsBefore = this.#options.faults();
    this.#meter.reset();
  }

  get #present(): Song {
    const meter = this.#meter;
    const faults = this.#options.faults();
    const before = this.#faultsBefore;
    return {
      index: this.#index, name: this.#name ?? `Song ${this.#index}`, startedS: this.#startedS, startedAt: this.#startedAt, endedAt: null,
      durationS: meter.measuredS,
      integratedLufs: meter.integratedLufs, loudnessRangeLu: meter.loudnessRangeLu, maxTruePeakDbtp: meter.truePeakDbtp,
      faults: {
        xruns: Math.max(0, faults.xruns - before.xruns), clips: faults.clips - before.clips, bypassedS: faults.bypassedS - before.bypassedS,
      },
    };
  }
}

/** When a song ended that nobody ended: the power went, or the box was stopped, when so much of it was measured. */
function endOf({ startedAt, durationS }: Song): string {
  return new Date(Date.parse(startedAt) + 1000 * durationS).toISOString();
}
