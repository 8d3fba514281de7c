import type { MasteringObserver } from "./mastering.js";
import type { LoudnessHistory, ReductionHistory } from "./report-data.js";
import type { Level } from "./report-plot.js";
import { AveragedSpectrum, type ThirdOctaveSpectrum } from "./spectrum.js";

/** Bins of 10 ms in one step of the histories. */
const STEP_BINS = 10;
const STEP_S = 0.1;
const MULTIBAND_BANDS = 4;

type Reductions = Record<"compressor" | "limiter", number[]> & { readonly multiband: number[][] };

/** Gathers what the report shows over time and over frequency, while a source is mastered. */
export class ReportCollector {
  readonly #sampleRateHz: number;
  readonly #spectrumBefore: AveragedSpectrum;
  // The first value of each history is that of time 0, before any sound.
  readonly #beforeMomentary: Level[] = [null];
  readonly #beforeShortTerm: Level[] = [null];
  #afterMomentary: Level[] = [null];
  #afterShortTerm: Level[] = [null];
  #reductions = noReductions();
  #sourceBins = 0;
  #masterBins = 0;
  #spectrum: AveragedSpectrum;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#spectrumBefore = new AveragedSpectrum(sampleRateHz);
    this.#spectrum = new AveragedSpectrum(sampleRateHz);
  }

  /** To be handed to `masterSource`; only the last pass is kept. */
  get observer(): MasteringObserver {
    return {
      onSourceBin: (meter) => {
        if (++this.#sourceBins % STEP_BINS !== 0) return;
        this.#beforeMomentary.push(meter.momentaryLufs);
        this.#beforeShortTerm.push(meter.shortTermLufs);
      },
      onSourceSound: (sound, frames) => {
        this.#spectrumBefore.add(sound, frames);
      },
      onPass: () => {
        this.#masterBins = 0;
        this.#afterMomentary = [null];
        this.#afterShortTerm = [null];
        this.#reductions = noReductions();
        this.#spectrum = new AveragedSpectrum(this.#sampleRateHz);
      },
      onMasterBin: (record, meter) => {
        const step = Math.floor(this.#masterBins / STEP_BINS);
        const seen = this.#masterBins % STEP_BINS;
        const average = (levels: number[], levelDb: number): void => {
          const mean = levels[step] ?? 0;
          levels[step] = mean + (levelDb - mean) / (seen + 1);
        };
        const { compressor, multiband, limiter } = this.#reductions;
        average(compressor, record.compressorReductionDb);
        multiband.forEach((levels, band) => {
          average(levels, record.multibandReductionDb[band] ?? 0);
        });
        limiter[step] = Math.max(limiter[step] ?? 0, record.limiterReductionDb);
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
    return this.#spectrumBefore.thirdOctaves();
  }

  get spectrumAfter(): ThirdOctaveSpectrum {
    return this.#spectrum.thirdOctaves();
  }
}

function noReductions(): Reductions {
  return { compressor: [], limiter: [], multiband: Array.from({ length: MULTIBAND_BANDS }, () => []) };
}
