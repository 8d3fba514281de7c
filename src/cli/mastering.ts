import { readMeterRecord, type MeterRecord } from "../engine/meter-record.js";
import type { AudioSource } from "../files/audio-source.js";
import type { WavSampleFormat } from "../files/wav-layout.js";
import { WavWriter } from "../files/wav-writer.js";
import { AutoTrim, type TrimAdvice } from "../meters/auto-trim.js";
import type { LoudnessMeter } from "../meters/loudness-meter.js";
import { findParameter } from "../params/table.js";
import { BinFeed, figuresOf, measureSource, meterFor, type Figures } from "./figures.js";
import { landOnTarget, type LandingPass, type LandingReason } from "../meters/landing.js";
import { runSoundPass } from "./sound-pass.js";

/** Drive that is kept for the landing when a quiet programme is trimmed up. */
const DRIVE_RESERVE_DB = 6;
/** Reductions below this are not counted as work of the limiter. */
const ABSOLUTE_GATE_LUFS = -70;

export interface MasteringPlan {
  readonly source: AudioSource;
  readonly outputPath: string;
  readonly format: WavSampleFormat;
  /** Every parameter that differs from its default. `input.trimDb` is learned when it is missing. */
  readonly values: ReadonlyMap<string, number>;
  /** Null leaves the drive as it is given; without one it takes back the trim, so that the level stays that of the source. */
  readonly targetLufs: number | null;
}

/** Observers of a mastering run: progress, and each 10 ms of the source and of the master for a report. */
export interface MasteringObserver {
  onProgress?(label: string, share: number): void;
  /** A pass begins: what was seen of an earlier one is void. */
  onPass?(): void;
  onSourceBin?(meter: LoudnessMeter): void;
  /** Sound of the source; interleaved stereo. */
  onSourceSound?(sound: Float64Array, frames: number): void;
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
export async function masterSource(plan: MasteringPlan, observer: MasteringObserver = {}): Promise<MasteringResult> {
  const { source, targetLufs, format } = plan;
  const openWriter = (): WavWriter =>
    new WavWriter(plan.outputPath, { sampleRateHz: source.sampleRateHz, format, maxFrames: source.frames });
  // Opened before any work: what cannot be written is said at once.
  let writer = openWriter();
  let passes = 0;
  const run = async (values: ReadonlyMap<string, number>, driveDb: number): Promise<MasteringPass> => {
    if (++passes > 1) {
      writer.abort();
      writer = openWriter();
    }
    observer.onPass?.();
    const label = passes === 1 ? "Mastering" : `Landing, pass ${passes}`;
    return writePass(plan, new Map(values).set("loudness.driveDb", driveDb), writer, observer, label);
  };
  try {
    const { before, trim } = await listen(source, observer);
    const trimDb = plan.values.get("input.trimDb") ?? startTrimDb(before, trim, targetLufs);
    const values = new Map(plan.values).set("input.trimDb", trimDb);
    const runAt = (driveDb: number): Promise<MasteringPass> => run(values, driveDb);
    const guessDb = before.integratedLufs === null || targetLufs === null ? 0 : targetLufs - (before.integratedLufs + trimDb);
    const { pass: master, reason } = targetLufs === null
      ? { pass: await runAt(values.get("loudness.driveDb") ?? -trimDb), reason: "no-target" as const }
      : await landOnTarget(targetLufs, guessDb, rangeOf("loudness.driveDb"), runAt);
    writer.finish();
    return { before, trimDb, master, reason, passes };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** The first pass: figures of the source, and the trim that its level asks for. */
async function listen(source: AudioSource, observer: MasteringObserver): Promise<{ before: Figures; trim: TrimAdvice | null }> {
  const autoTrim = new AutoTrim();
  const before = await measureSource(source, {
    onProgress: (share) => observer.onProgress?.("Listening", share),
    onTap: (tap, meter) => {
      autoTrim.addBin(tap.meanSquares, Math.max(...tap.truePeaks));
      observer.onSourceBin?.(meter);
    },
    ...(observer.onSourceSound ? { onSound: observer.onSourceSound } : {}),
  });
  return { before, trim: autoTrim.advice };
}

/** The trim advised; more for a programme so quiet that the drive alone could not bring it to the target. */
function startTrimDb(before: Figures, trim: TrimAdvice | null, targetLufs: number | null): number {
  const advisedDb = trim?.trimDb ?? 0;
  if (before.integratedLufs === null || targetLufs === null) return advisedDb;
  const missingDb = targetLufs - before.integratedLufs - advisedDb - (rangeOf("loudness.driveDb")[1] - DRIVE_RESERVE_DB);
  return Math.min(rangeOf("input.trimDb")[1], advisedDb + Math.max(0, missingDb));
}

function rangeOf(id: string): readonly [min: number, max: number] {
  const row = findParameter(id);
  return [row?.min ?? 0, row?.max ?? 0];
}

/** Runs the chain once over the source into the writer. */
async function writePass(
  plan: MasteringPlan,
  values: ReadonlyMap<string, number>,
  writer: WavWriter,
  observer: MasteringObserver,
  label: string,
): Promise<MasteringPass> {
  const { source } = plan;
  const meter = meterFor(2);
  const feed = new BinFeed(meter, source.frames);
  const limiting = new LimitingMeter();
  let last: MeterRecord | undefined;
  await runSoundPass(source, {
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
