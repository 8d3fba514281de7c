import { readMeterRecord, rmsDbfs, type MeterRecord, type Pair, type TapReading } from "../engine/meter-record.js";
import { amplitudeDb } from "../meters/decibels.js";
import { LoudnessMeter } from "../meters/loudness-meter.js";
import type { MeterSnapshot, TapLevels } from "../protocol/meter-snapshot.js";

/** Sums of one tap over the records of a window. */
class TapWindow {
  readonly #peaks: [number, number] = [0, 0];
  readonly #energies: [number, number] = [0, 0];
  #product = 0;
  #bins = 0;

  add(tap: TapReading): void {
    for (const side of [0, 1] as const) {
      this.#peaks[side] = Math.max(this.#peaks[side], tap.truePeaks[side]);
      this.#energies[side] += tap.meanSquares[side];
    }
    // (l + r)² / 4 - (l - r)² / 4 = l r.
    this.#product += tap.midMeanSquare - tap.sideMeanSquare;
    this.#bins++;
  }

  get levels(): TapLevels {
    const [left, right] = this.#energies;
    const bins = Math.max(1, this.#bins);
    return {
      truePeakDbtp: [amplitudeDb(this.#peaks[0]), amplitudeDb(this.#peaks[1])],
      rmsDbfs: [rmsDbfs(left / bins), rmsDbfs(right / bins)],
    };
  }

  get correlation(): number | null {
    const scale = Math.sqrt(this.#energies[0] * this.#energies[1]);
    return scale > 0 ? Math.max(-1, Math.min(1, this.#product / scale)) : null;
  }
}

/** What has passed since one viewer of the meters looked last. */
export class MeterWindow {
  readonly #meters: LiveMeters;
  #input = new TapWindow();
  #output = new TapWindow();
  #eqDynamic: Pair = [0, 0];
  #compressor = 0;
  #multiband: readonly number[] = [0, 0, 0, 0];
  #limiter = 0;

  /** Made by `LiveMeters.openWindow`. */
  constructor(meters: LiveMeters) {
    this.#meters = meters;
  }

  /** Takes one record. */
  add(record: MeterRecord): void {
    this.#input.add(record.input);
    this.#output.add(record.output);
    this.#eqDynamic = [Math.max(this.#eqDynamic[0], record.eqDynamicDb[0]), Math.max(this.#eqDynamic[1], record.eqDynamicDb[1])];
    this.#compressor = Math.max(this.#compressor, record.compressorReductionDb);
    this.#multiband = this.#multiband.map((db, band) => Math.max(db, record.multibandReductionDb[band] ?? 0));
    this.#limiter = Math.max(this.#limiter, record.limiterReductionDb);
  }

  /** The meters now; levels and reductions are those since the last call, which starts them anew. */
  take(): MeterSnapshot {
    const snapshot: MeterSnapshot = {
      ...this.#meters.figures,
      input: this.#input.levels,
      output: this.#output.levels,
      reductionDb: {
        eqDynamic: this.#eqDynamic, compressor: this.#compressor, multiband: this.#multiband, limiter: this.#limiter,
      },
      correlation: this.#output.correlation,
    };
    this.#input = new TapWindow();
    this.#output = new TapWindow();
    this.#eqDynamic = [0, 0];
    this.#compressor = 0;
    this.#multiband = [0, 0, 0, 0];
    this.#limiter = 0;
    return snapshot;
  }

  /** Ends the window: it takes no more. */
  close(): void {
    this.#meters.closeWindow(this);
  }
}

type Figures = Omit<MeterSnapshot, "input" | "output" | "reductionDb" | "correlation">;

/**
 * The meters of the running box, fed with the 10 ms records of the chain. Each viewer has a window of its own, so that a
 * slow one misses no peak that a fast one sees.
 */
export class LiveMeters {
  readonly #loudness = new LoudnessMeter();
  readonly #windows = new Set<MeterWindow>();
  #bin = 0;
  #isShed = false;
  #clips = 0;
  #clipsBefore = 0;

  /**
   * Takes the next record. The counters of a record begin at 0 again when the chain was reset; what is shown goes on. A
   * record without meters, which an overloaded box makes, counts as time that was not measured.
   */
  add(fields: Float64Array): void {
    const record = readMeterRecord(fields);
    this.#bin++;
    this.#isShed = record.isShed;
    if (record.isShed) return;
    const { kMeanSquares, truePeaks, samplePeaks } = record.output;
    this.#loudness.addBin(kMeanSquares, Math.max(...truePeaks), Math.max(...samplePeaks));
    this.#clips += record.inputClips >= this.#clipsBefore ? record.inputClips - this.#clipsBefore : record.inputClips;
    this.#clipsBefore = record.inputClips;
    for (const window of this.#windows) window.add(record);
  }

  /** Opens a window for one viewer, which must close it. */
  openWindow(): MeterWindow {
    const window = new MeterWindow(this);
    this.#windows.add(window);
    return window;
  }

  /** Forgets a window. */
  closeWindow(window: MeterWindow): void {
    this.#windows.delete(window);
  }

  /** Holds, continues or clears integrated loudness, range and maxima; momentary and short-term go on. */
  control(action: "start" | "pause" | "reset"): void {
    if (action === "pause") this.#loudness.pause();
    else if (action === "start") this.#loudness.start();
    else this.#loudness.reset();
  }

  /** What does not depend on who looks. */
  get figures(): Figures {
    const meter = this.#loudness;
    return {
      bin: this.#bin,
      momentaryLufs: this.#isShed ? null : meter.momentaryLufs,
      shortTermLufs: this.#isShed ? null : meter.shortTermLufs,
      integratedLufs: meter.integratedLufs,
      loudnessRangeLu: meter.loudnessRangeLu,
      maxMomentaryLufs: meter.maxMomentaryLufs,
      maxShortTermLufs: meter.maxShortTermLufs,
      maxTruePeakDbtp: meter.truePeakDbtp,
      measuredS: meter.measuredS,
      isPaused: !meter.isRunning,
      inputClips: this.#clips,
      stages: [], compressorInputDbfs: null, matchGainDb: 0, songIndex: 0,
    };
  }
}
