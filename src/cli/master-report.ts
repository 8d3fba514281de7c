import { basename } from "node:path";
import { loadTargets, type PlatformReading } from "../config/targets.js";
import { AtomicFile } from "../files/atomic-file.js";
import { durationText } from "../files/audio-file-error.js";
import type { AudioSource } from "../files/audio-source.js";
import type { WavSampleFormat } from "../files/wav-layout.js";
import { findParameter } from "../params/table.js";
import type { MasterOptions } from "./master-options.js";
import type { MasteringObserver, MasteringResult } from "./mastering.js";
import { ReportCollector } from "./report-collector.js";
import type { ReportData } from "./report-data.js";
import { renderReport } from "./report.js";

const FORMAT_NAMES: Readonly<Record<WavSampleFormat, string>> = {
  pcm16: "WAV, 16-bit PCM", pcm24: "WAV, 24-bit PCM", float32: "WAV, 32-bit float",
};

/** What the report needs beside the result of the run. */
export interface ReportContext {
  readonly result: MasteringResult;
  readonly platforms: readonly PlatformReading[];
  readonly outcome: string;
}

/** The report of one run of `master`: reserves its file, gathers while the run goes on, and writes at the end. */
export class MasterReport {
  readonly #file: AtomicFile;
  readonly #options: MasterOptions;
  readonly #source: AudioSource;
  readonly #collector: ReportCollector;

  /** @throws AudioFileError if the report cannot be written, before any work */
  constructor(path: string, source: AudioSource, options: MasterOptions) {
    this.#file = new AtomicFile(path);
    this.#options = options;
    this.#source = source;
    this.#collector = new ReportCollector(source.sampleRateHz);
  }

  get observer(): MasteringObserver {
    return this.#collector.observer;
  }

  /** Writes the report; the file is there, complete, afterwards. */
  finish(context: ReportContext): void {
    const today = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date());
    this.#file.write(Buffer.from(renderReport(this.#data(context, today))));
    this.#file.commit();
  }

  /** Leaves no report behind. Does nothing after `finish`. */
  abort(): void {
    this.#file.abort();
  }

  #data({ result, platforms, outcome }: ReportContext, date: string): ReportData {
    const { input, output, target, targetLufs, presetName, values, format } = this.#options;
    const { sampleRateHz, channels, frames, encoding } = this.#source;
    const { loudness, reduction, spectrumBefore, spectrumAfter } = this.#collector;
    const rateText = `${sampleRateHz / 1000} kHz`;
    const length = durationText(frames / sampleRateHz);
    return {
      inputName: basename(input),
      inputFormat: `${encoding}, ${channels === 1 ? "mono" : "stereo"}, ${length}`,
      outputName: basename(output),
      outputFormat: `${FORMAT_NAMES[format]}, ${rateText}`,
      date,
      targetName: target?.name ?? null,
      targetLufs,
      ceilingDbtp: values.get("limiter.ceilingDbtp") ?? findParameter("limiter.ceilingDbtp")?.default ?? 0,
      presetName: presetName ?? null,
      outcome,
      isOnTarget: result.reason === "landed",
      trimDb: result.trimDb,
      driveDb: result.master.driveDb,
      meanLimitingDb: result.master.meanLimitingDb,
      maxLimitingDb: result.master.maxLimitingDb,
      before: result.before,
      after: result.master.figures,
      platforms,
      platformsDate: loadTargets().map((target) => target.date).sort().at(0) ?? "",
      loudness, reduction, spectrumBefore, spectrumAfter,
    };
  }
}
