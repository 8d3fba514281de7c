import { readMeterRecord, type MeterRecord } from "../engine/meter-record.js";
import type { AudioSource } from "../files/audio-source.js";
import type { WavSampleFormat } from "../files/wav-layout.js";
import { WavWriter } from "../files/wav-writer.js";
import { AutoTrim, type TrimAdvice } from "../meters/auto-trim.js";
import type { LoudnessMeter } from "../meters/loudness-meter.js";
import { findParameter } from "../params/table.js";
import { BinFeed, figuresOf, measureSource, meterFor, type Figures } from "./figures.js";
import { landOnTarget, type LandingPass, type LandingReason } from "./landing.js";
import { runSoundPass } from "./sound-pass.js";

/** Reductions below this are not counted as work of the limiter. */
const ABSOLUTE_GATE_LUFS = -70;

export interface MasteringPlan {
  readonly source: AudioSource;
  readonly outputPath: string;
  readonly format: WavSampleFormat;
  /** Every parameter that differs from its default. `input.trimDb` is learned when it is missing. */
  readonly values: ReadonlyMap<string, number>;
  /** Null leaves the drive as it is. */
  readonly targetLufs: number | null;
}

/** Observers of a mastering run: progress, and each 10 ms of the source and of the master for a report. */
export interface MasteringObserver {
  onProgress?(label: string, share: number): void;
  /** A pass begins: what was seen of an earlier one is void. */
  onPass?(): void;
  onSourceBin?(meter: LoudnessMeter): void;
  onMasterBin?(record: MeterRecord, meter: LoudnessMeter): void;
  /** Sound of the master, aligned to the source; interleaved stereo. */
  onMasterSound?(sound: Float64Array, frames: number): void;
}

export interface MasteringPass extends LandingPass {
  readonly figures: Figures;
  readonly maxLimitingDb: number;
  /** Counters of the chain's safety: stages reset, samples clamped, bad samples in. */
  readonly stageFaults: number;
  readonly outputClips: number;
}

export interface MasteringResult {
  readonly before: Figures;
  /** Null when the trim was given, or the source is silent. */
  readonly trim: TrimAdvice | null;
  readonly trimDb: number;
  readonly master: MasteringPass;
  readonly reason: LandingReason | "no-target";
  readonly passes: number;
}

/**
 * Masters a source into a WAV file: one pass listens (loudness, trim), the next ones run the chain and write, until
 * the drive lands on the target. The file is there, complete, only at the end.
 *
 * @throws AudioFileError if reading or writing fails; no output is left behind then
 */
export function masterSource(plan: MasteringPlan, observer: MasteringObserver = {}): MasteringResult {
  const { source, targetLufs } = plan;
  const autoTrim = new AutoTrim();
  const before = measureSource(
    source,
    (share) => observer.onProgress?.("Listening", share),
    (tap, meter) => {
      autoTrim.addBin(tap.meanSquares, Math.max(...tap.truePeaks));
      observer.onSourceBin?.(meter);
    },
  );
  const trim = plan.values.has("input.trimDb") ? null : autoTrim.advice;
  const trimDb = plan.values.get("input.trimDb") ?? trim?.trimDb ?? 0;
  const values = new Map(plan.values).set("input.trimDb", trimDb);
  let passes = 0;
  let writer: WavWriter | undefined;
  const run = (driveDb: number): MasteringPass => {
    passes++;
    writer?.abort();
    const { format } = plan;
    writer = new WavWriter(plan.outputPath, { sampleRateHz: source.sampleRateHz, format, maxFrames: source.frames });
    observer.onPass?.();
    const label = passes === 1 ? "Mastering" : `Landing, pass ${passes}`;
    return writePass(plan, new Map(values).set("loudness.driveDb", driveDb), writer, observer, label);
  };
  try {
    const givenDriveDb = values.get("loudness.driveDb") ?? 0;
    if (targetLufs === null) return finish(run(givenDriveDb), "no-target");
    const range = findParameter("loudness.driveDb");
    const guessDb = before.integratedLufs === null ? 0 : targetLufs - (before.integratedLufs + trimDb);
    const { pass, reason } = landOnTarget(targetLufs, guessDb, [range?.min ?? 0, range?.max ?? 0], run);
    return finish(pass, reason);
  } catch (error) {
    writer?.abort();
    throw error;
  }

  function finish(master: MasteringPass, reason: MasteringResult["reason"]): MasteringResult {
    writer?.finish();
    return { before, trim, trimDb, master, reason, passes };
  }
}

/** Runs the chain once over the source into the writer. */
function writePass(
  plan: MasteringPlan,
  values: ReadonlyMap<string, number>,
  writer: WavWriter,
  observer: MasteringObserver,
  label: string,
): MasteringPass {
  const { source } = plan;
  const meter = meterFor(2);
  const feed = new BinFeed(meter, source.frames);
  const limiting = new LimitingMeter();
  let last: MeterRecord | undefined;
  runSoundPass(source, {
    values,
    onRecord: (record) => {
      const reading = readMeterRecord(record);
      last = reading;
      const isWhole = feed.add(reading, reading.output);
      limiting.add(reading.limiterReductionDb, meter.momentaryLufs);
      if (isWhole) observer.onMasterBin?.(reading, meter);
    },
    onSound: (sound, frames) => {
      writer.write(sound, frames);
      observer.onMasterSound?.(sound, frames);
    },
    onProgress: (share) => observer.onProgress?.(label, share),
  });
  return {
    driveDb: values.get("loudness.driveDb") ?? 0,
    integratedLufs: meter.integratedLufs,
    meanLimitingDb: limiting.meanDb,
    maxLimitingDb: limiting.maxDb,
    figures: figuresOf(meter),
    stageFaults: last?.stageFaults ?? 0,
    outputClips: last?.outputClips ?? 0,
  };
}

/** Mean and largest reduction of the limiter, over the time in which there is programme. */
class LimitingMeter {
  #sum = 0;
  #bins = 0;
  maxDb = 0;

  add(reductionDb: number, momentaryLufs: number | null): void {
    this.maxDb = Math.max(this.maxDb, reductionDb);
    if (momentaryLufs === null || momentaryLufs < ABSOLUTE_GATE_LUFS) return;
    this.#sum += reductionDb;
    this.#bins++;
  }

  get meanDb(): number {
    return this.#bins === 0 ? 0 : this.#sum / this.#bins;
  }
}
