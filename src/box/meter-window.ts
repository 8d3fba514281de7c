import { STAGES } from "../engine/chain.js";
import { rmsDbfs, type MeterRecord, type TapReading } from "../engine/meter-record.js";
import { amplitudeDb } from "../meters/decibels.js";
import { orderFromRank } from "../params/order.js";
import type { MeterSnapshot, StageId, StageLevels, TapLevels } from "../protocol/meter-snapshot.js";

/** Figures of a snapshot that are those since the same viewer looked last. */
export type WindowFigures = Pick<MeterSnapshot, "input" | "output" | "reductionDb" | "correlation" | "stages" | "compressorInputDbfs">;

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

/** The stages in the order in which they run. */
function stagesInOrder(orderRank: number): readonly StageId[] {
  return ["input", ...orderFromRank(orderRank), "loudness", "limiter", "dither"];
}

/** What has passed since one viewer of the meters looked last. */
export class MeterWindow {
  readonly #figures: () => Omit<MeterSnapshot, keyof WindowFigures>;
  readonly #onClose: (window: MeterWindow) => void;
  #input = new TapWindow();
  #output = new TapWindow();
  #eqDynamic: readonly number[] = [0, 0];
  #compressor = 0;
  #compressorInput: number | null = null;
  #multiband: readonly number[] = [0, 0, 0, 0];
  #limiter = 0;
  #stageIn: readonly number[] = STAGES.map(() => 0);
  #stageOut: readonly number[] = STAGES.map(() => 0);
  #orderRank = 0;

  /**
   * @param figures what does not depend on who looks
   * @param onClose is told when the window wants no more records
   */
  constructor(figures: () => Omit<MeterSnapshot, keyof WindowFigures>, onClose: (window: MeterWindow) => void) {
    this.#figures = figures;
    this.#onClose = onClose;
  }

  /** Takes one record. */
  add(record: MeterRecord): void {
    this.#input.add(record.input);
    this.#output.add(record.output);
    this.#eqDynamic = largest(this.#eqDynamic, record.eqDynamicDb);
    this.#compressor = Math.max(this.#compressor, record.compressorReductionDb);
    if (record.compressorInputDbfs !== null) this.#compressorInput = Math.max(this.#compressorInput ?? -Infinity, record.compressorInputDbfs);
    this.#multiband = largest(this.#multiband, record.multibandReductionDb);
    this.#limiter = Math.max(this.#limiter, record.limiterReductionDb);
    this.#stageIn = largest(this.#stageIn, record.stageInPeaks);
    this.#stageOut = largest(this.#stageOut, record.stageOutPeaks);
    this.#orderRank = record.orderRank;
  }

  /** The meters now; levels and reductions are those since the last call, which starts them anew. */
  take(): MeterSnapshot {
    const snapshot: MeterSnapshot = {
      ...this.#figures(),
      input: this.#input.levels,
      output: this.#output.levels,
      reductionDb: {
        eqDynamic: this.#eqDynamic, compressor: this.#compressor, multiband: this.#multiband, limiter: this.#limiter,
      },
      correlation: this.#output.correlation,
      stages: stagesInOrder(this.#orderRank).map((id) => this.#stageLevels(id)),
      compressorInputDbfs: this.#compressorInput,
    };
    this.#input = new TapWindow();
    this.#output = new TapWindow();
    this.#eqDynamic = [0, 0];
    this.#compressor = 0;
    this.#compressorInput = null;
    this.#multiband = [0, 0, 0, 0];
    this.#limiter = 0;
    this.#stageIn = STAGES.map(() => 0);
    this.#stageOut = STAGES.map(() => 0);
    return snapshot;
  }

  /** Ends the window: it takes no more. */
  close(): void {
    this.#onClose(this);
  }

  #stageLevels(id: StageId): StageLevels {
    const stage = STAGES.indexOf(id);
    return { id, inDbfs: amplitudeDb(this.#stageIn[stage] ?? 0), outDbfs: amplitudeDb(this.#stageOut[stage] ?? 0) };
  }
}

/** The larger of each two values. */
function largest(held: readonly number[], values: readonly number[]): readonly number[] {
  return held.map((value, index) => Math.max(value, values[index] ?? 0));
}
