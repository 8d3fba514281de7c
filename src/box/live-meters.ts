import { readMeterRecord } from "../engine/meter-record.js";
import { RecentLoudness } from "../meters/gated-loudness.js";
import { LoudnessHistory, type KeptLoudness } from "../meters/loudness-history.js";
import { LoudnessMeter } from "../meters/loudness-meter.js";
import type { Song } from "../protocol/messages.js";
import { RIDE_STATES, type MeterSnapshot } from "../protocol/meter-snapshot.js";
import { MeterWindow, type WindowFigures } from "./meter-window.js";
import { SongLog } from "./song-log.js";

const BINS_PER_SECOND = 100;
const LONGEST_RECENT_S = 10;

type SharedFigures = Omit<MeterSnapshot, keyof WindowFigures>;

/**
 * The meters of the running box, fed with the 10 ms records of the chain. Each viewer has a window of its own, so that a
 * slow one misses no peak that a fast one sees.
 */
export class LiveMeters {
  readonly #loudness = new LoudnessMeter();
  readonly #history = new LoudnessHistory();
  readonly #recent = new RecentLoudness(LONGEST_RECENT_S);
  readonly #songs = new SongLog(this.#loudness);
  readonly #windows = new Set<MeterWindow>();
  #bin = 0;
  #isShed = false;
  #clips = 0;
  #clipsBefore = 0;
  #matchGainDb = 0;
  #ride: MeterSnapshot["ride"] = { gainDb: 0, state: "off" };
  /** Figures of this moment, for all who look at it: the gated ones take their time. */
  #figures: SharedFigures | undefined;

  /**
   * Takes the next record. The counters of a record begin at 0 again when the chain was reset; what is shown goes on. A
   * record without meters, which an overloaded box makes, counts as time that was not measured.
   */
  add(fields: Float64Array): void {
    const record = readMeterRecord(fields);
    this.#bin++;
    this.#isShed = record.isShed;
    if (!record.isShed) {
      const { kMeanSquares, truePeaks, samplePeaks } = record.output;
      this.#loudness.addBin(kMeanSquares, Math.max(...truePeaks), Math.max(...samplePeaks));
      this.#recent.addBin(kMeanSquares);
      this.#clips += record.inputClips >= this.#clipsBefore ? record.inputClips - this.#clipsBefore : record.inputClips;
      this.#clipsBefore = record.inputClips;
      this.#matchGainDb = record.matchGainDb;
      for (const window of this.#windows) window.add(record);
    }
    this.#ride = { gainDb: record.rideGainDb, state: RIDE_STATES[record.rideState] ?? "off" };
    this.#history.addBin(this.#momentaryLufs, this.#shortTermLufs);
    this.#figures = undefined;
  }

  /** Opens a window for one viewer, which must close it. */
  openWindow(): MeterWindow {
    const window = new MeterWindow(() => this.figures, (closed) => this.#windows.delete(closed));
    this.#windows.add(window);
    return window;
  }

  /** Holds, continues or clears integrated loudness, range and maxima; momentary and short-term go on. */
  control(action: "start" | "pause" | "reset"): void {
    if (action === "pause") this.#loudness.pause();
    else if (action === "start") this.#loudness.start();
    else this.#songs.restart(this.#atS);
    this.#figures = undefined;
  }

  /** Ends the song that is measured and begins the next. */
  markSong(name?: string): void {
    this.#songs.mark(this.#atS, name);
    this.#figures = undefined;
  }

  /** The songs since the box process began, the present one last. */
  get songs(): readonly Song[] {
    return this.#songs.songs;
  }

  /** Loudness of the last half hour. */
  get history(): KeptLoudness {
    return this.#history.kept;
  }

  /** Gated loudness of the last seconds at the output, 10 at most; null in silence. */
  recentLufs(seconds: number): number | null {
    return this.#recent.lufs(seconds);
  }

  /** What does not depend on who looks. */
  get figures(): SharedFigures {
    const meter = this.#loudness;
    return this.#figures ??= {
      bin: this.#bin,
      momentaryLufs: this.#momentaryLufs,
      shortTermLufs: this.#shortTermLufs,
      integratedLufs: meter.integratedLufs,
      loudnessRangeLu: meter.loudnessRangeLu,
      maxMomentaryLufs: meter.maxMomentaryLufs,
      maxShortTermLufs: meter.maxShortTermLufs,
      maxTruePeakDbtp: meter.truePeakDbtp,
      measuredS: meter.measuredS,
      isPaused: !meter.isRunning,
      inputClips: this.#clips,
      matchGainDb: this.#matchGainDb,
      ride: this.#ride,
      songIndex: this.#songs.index,
    };
  }

  /** Seconds of sound since the first record. */
  get #atS(): number {
    return this.#bin / BINS_PER_SECOND;
  }

  get #momentaryLufs(): number | null {
    return this.#isShed ? null : this.#loudness.momentaryLufs;
  }

  get #shortTermLufs(): number | null {
    return this.#isShed ? null : this.#loudness.shortTermLufs;
  }
}
