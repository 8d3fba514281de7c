import type { LoudnessMeter } from "../meters/loudness-meter.js";
import type { Song } from "../protocol/messages.js";

/** Songs that are kept; the oldest is forgotten for the next. */
const MOST_SONGS = 500;

/** The songs of a session. The meter measures the present one; a mark notes its figures and clears them for the next. */
export class SongLog {
  readonly #meter: LoudnessMeter;
  readonly #ended: Song[] = [];
  #index = 1;
  #name: string | undefined;
  #startedS = 0;

  /** @param meter measures the present song; nobody else may reset it */
  constructor(meter: LoudnessMeter) {
    this.#meter = meter;
  }

  /** Number of the present song, from 1 on. */
  get index(): number {
    return this.#index;
  }

  /** The songs that ended, and the present one last. */
  get songs(): readonly Song[] {
    return [...this.#ended, this.#present];
  }

  /**
   * Ends the present song and begins the next, which is measured even if the last was held. A song of which nothing was
   * measured is no song: then the present one is given the name, and goes on.
   * @param atS seconds of sound until now
   */
  mark(atS: number, name?: string): void {
    const present = this.#present;
    if (present.durationS > 0) {
      this.#ended.push(present);
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
    this.#meter.reset();
  }

  get #present(): Song {
    const meter = this.#meter;
    return {
      index: this.#index, name: this.#name ?? `Song ${this.#index}`, startedS: this.#startedS, durationS: meter.measuredS,
      integratedLufs: meter.integratedLufs, loudnessRangeLu: meter.loudnessRangeLu, maxTruePeakDbtp: meter.truePeakDbtp,
    };
  }
}
