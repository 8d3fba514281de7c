import type { AudioSource } from "../files/audio-source.js";
import type { MasteringObserver } from "./mastering.js";
import type { LoudnessHistory, ReductionHistory } from "./report-data.js";
import type { Level } from "./report-plot.js";
import { AveragedSpectrum, spectrumOf, type ThirdOctaveSpectrum } from "./spectrum.js";

/** Bins of 10 ms in one step of the histories. */
const STEP_BINS = 10;
const STEP_S = 0.1;
const MULTIBAND_BANDS = 4;

type Reductions = Record<"compressor" | "limiter", number[]> & { readonly multiband: number[][] };

/** Gathers what the report shows over time and over frequency, while a source is mastered. */
export class ReportCollector {
  readonly #sampleRateHz: number;
  readonly #spectrumBefore: ThirdOctaveSpectrum;
  readonly #beforeMomentary: Level[] = [];
  readonly #beforeShortTerm: Level[] = [];
  #afterMomentary: Level[] = [];
  #afterShortTerm: Level[] = [];
  #reductions = noReductions();
  #sourceBins = 0;
  #masterBins = 0;
  #spectrum: AveragedSpectrum;

  /** @param source - read through once for its spectrum */
  constructor(source: AudioSource) {
    this.#sampleRateHz = source.sampleRateHz;
    this.#spectrumBefore = spectrumOf(source);
    this.#spectrum = new AveragedSpectrum(source.sampleRateHz);
  }

  /** To be handed to `masterSource`; only the last pass is kept. */
  get observer(): MasteringObserver {
    return {
      onSourceBin: (meter) => {
        if (++this.#sourceBins % STEP_BINS !== 0) return;
        this.#beforeMomentary.push(meter.momentaryLufs);
        this.#beforeShortTerm.push(meter.shortTermLufs);
      },
      onPass: () => {
        this.#masterBins = 0;
        this.#afterMomentary = [];
        this.#afterShortTerm = [];
        this.#reductions = noReductions();
        this.#spectrum = new AveragedSpectrum(this.#sampleRateHz);
      },
      onMasterBin: (record, meter) => {
        const step = Math.floor(this.#masterBins / STEP_BINS);
        const keepLargest = (levels: number[], levelDb: number): void => {
          levels[step] = Math.max(levels[step] ?? 0, levelDb);
        };
        keepLargest(this.#reductions.compressor, record.compressorReductionDb);
        keepLargest(this.#reductions.limiter, record.limiterReductionDb);
        this.#reductions.multiband.forEach((levels, band) => {
          keepLargest(levels, record.multibandReductionDb[band] ?? 0);
        });
        if (++this.#masterBins % STEP_BINS !== 0) return;
        this.#afterMomentary.push(meter.momentaryLufs);
        this.#afterShortTerm.push(meter.shortTermLufs);
      },
      onMasterSound: (sound, frames) => {
        this.#spectrum.add(sound, frames);
      },
    };
  }

  get loudness(): LoudnessHistory {
    return {
      stepS: STEP_S,
      beforeMomentaryLufs: this.#beforeMomentary,
      beforeShortTermLufs: this.#beforeShortTerm,
      afterMomentaryLufs: this.#afterMomentary,
      afterShortTermLufs: this.#afterShortTerm,
    };
  }

  get reduction(): ReductionHistory {
    const { compressor, multiband, limiter } = this.#reductions;
    return { stepS: STEP_S, compressorDb: compressor, multibandDb: multiband, limiterDb: limiter };
  }

  get spectrumBefore(): ThirdOctaveSpectrum {
    return this.#spectrumBefore;
  }

  get spectrumAfter(): ThirdOctaveSpectrum {
    return this.#spectrum.thirdOctaves();
  }
}

function noReductions(): Reductions {
  return { compressor: [], limiter: [], multiband: Array.from({ length: MULTIBAND_BANDS }, () => []) };
}
