import { readMeterRecord, type MeterRecord } from "../engine/meter-record.js";
import { RecentLoudness } from "../meters/matched-loudness.js";
import { LoudnessHistory, type KeptLoudness } from "../meters/loudness-history.js";
import { LoudnessMeter } from "../meters/loudness-meter.js";
import type { Song } from "../protocol/messages.js";
import { RIDE_STATES, type MeterSnapshot } from "../protocol/meter-snapshot.js";
import { MeterWindow, type WindowFigures } from "./meter-window.js";
import { SongLog } from "./song-log.js";

const BINS_PER_SECOND = 100;
const LONGEST_RECENT_S = 10;

type SharedFigures = Omit<MeterSnapshot, keyof WindowFigures>;

/** What the meters tell beside what the chain measures. */
export interface LiveMetersOptions {
  /** The clock of the box. */
  readonly now: () => Date;
  /** Interruptions of the sound since the box began. */
  readonly xruns: () => number;
  /** Whether the input is heard in place of the master. */
  readonly isBypassed: () => boolean;
  /** Whether the ride rests for want of a target. */
  readonly isRideResting: () => boolean;
}

/**
 * The meters of the running box, fed with the 10 ms records of the chain. Each viewer has a window of its own, so that a
 * slow one misses no peak that a fast one sees.
 */
export class LiveMeters {
  readonly #options: LiveMetersOptions;
  readonly #loudness = new LoudnessMeter();
  readonly #history = new LoudnessHistory();
  readonly #recent = new RecentLoudness(LONGEST_RECENT_S);
  readonly #songs: SongLog;
  readonly #listeners = new Set<(record: MeterRecord) => void>();
  readonly #windows = new Set<MeterWindow>();
  #bin = 0;
  #isShed = false;
  #clips = 0;
  #clipsBefore = 0;
  #bypassedBins = 0;
  #matchGainDb = 0;
  #ride: MeterSnapshot["ride"] = { gainDb: 0, state: "off" };
  /** Figures of this moment, for all who look at it: the gated ones take their time. */
  #figures: SharedFigures | undefined;

  constructor(options: Partial<LiveMetersOptions> = {}) {
    this.#options = { now: () => new Date(), xruns: () => 0, isBypassed: () => false, isRideResting: () => false, ...options };
    this.#songs = new SongLog(this.#loudness, {
      now: this.#options.now,
      faults: () => ({ xruns: this.#options.xruns(), clips: this.#clips, bypassedS: this.#bypassedBins / BINS_PER_SECOND }),
    });
  }

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
    if (this.#loudness.isRunning && this.#options.isBypassed()) this.#bypassedBins++;
    for (const listener of this.#listeners) listener(record);
    this.#ride = { gainDb: record.rideGainDb, state: this.#options.isRideResting() ? "noTarget" : RIDE_STATES[record.rideState] ?? "off" };
    this.#history.addBin(this.#momentaryLufs, this.#shortTermLufs);
    this.#figures = undefined;
  }

  /** Hears of every record of 10 ms. */
  onRecord(listener: (record: MeterRecord) => void): void {
    this.#listeners.add(listener);
  }

  /** Takes over the songs of earlier days. */
  restoreSongs(songs: readonly Song[]): void {
    this.#songs.restore(songs);
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

  /** The songs of this box, the present one last. */
  get songs(): readonly Song[] {
    return this.#songs.songs;
  }

  /** Loudness of the last half hour. */
  get history(): KeptLoudness {
    return this.#history.kept;
  }

  /** Loudness, as `matchedLufs` has it, of the last seconds at the output, 10 at most; null in silence. */
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
