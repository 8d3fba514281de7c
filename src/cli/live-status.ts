import { readMeterRecord } from "../engine/meter-record.js";
import { LoudnessMeter } from "../meters/loudness-meter.js";
import { figureText } from "./text.js";

/** The meters of a running box in one line. */
export class LiveStatus {
  readonly #meter = new LoudnessMeter();
  #reductionDb = 0;

  /** Takes a meter record of the chain. */
  add(record: Float64Array): void {
    const { output, limiterReductionDb } = readMeterRecord(record);
    this.#meter.addBin(output.kMeanSquares, Math.max(...output.truePeaks), Math.max(...output.samplePeaks));
    this.#reductionDb = Math.max(this.#reductionDb, limiterReductionDb);
  }

  /** The line as of now; the limiter's reduction is the largest since the last line. */
  line(): string {
    const { momentaryLufs, shortTermLufs, integratedLufs, truePeakDbtp } = this.#meter;
    const reductionDb = this.#reductionDb;
    this.#reductionDb = 0;
    const cell = (label: string, value: number | null, unit: string): string => `${label} ${figureText(value, unit)}`.padEnd(14);
    return [
      cell("M", momentaryLufs, "LUFS"), cell("S", shortTermLufs, "LUFS"), cell("I", integratedLufs, "LUFS"),
      cell("TP", truePeakDbtp, "dBTP"), `limiter ${figureText(reductionDb, "dB")}`,
    ].join("  ");
  }
}
