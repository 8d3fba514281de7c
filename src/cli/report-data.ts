import type { PlatformReading } from "../config/targets.js";
import type { Figures } from "./figures.js";
import type { Level } from "./report-plot.js";
import type { ThirdOctaveSpectrum } from "./spectrum.js";

/** Loudness over time, in steps of `stepS` seconds from 0; the four series may differ in length. */
export interface LoudnessHistory {
  readonly stepS: number;
  readonly beforeMomentaryLufs: readonly Level[];
  readonly beforeShortTermLufs: readonly Level[];
  readonly afterMomentaryLufs: readonly Level[];
  readonly afterShortTermLufs: readonly Level[];
}

/** Gain reduction over time in steps of `stepS` seconds, in dB, 0 or more. */
export interface ReductionHistory {
  readonly stepS: number;
  /** Mean of each step, as of the bands. */
  readonly compressorDb: readonly number[];
  /** One series a band, from low to high; bands that are off hold zeros. */
  readonly multibandDb: readonly (readonly number[])[];
  /** Largest of each step: the limiter works in instants. */
  readonly limiterDb: readonly number[];
}

/** Everything that the report of a mastering run shows. Texts may hold anything: they are escaped. */
export interface ReportData {
  /** Name of the source, the heading. */
  readonly inputName: string;
  /** Its format in words, as "WAV, 24-bit PCM, 44.1 kHz, stereo, 3:05 min". */
  readonly inputFormat: string;
  readonly outputName: string;
  readonly outputFormat: string;
  /** The date as it shall be printed. */
  readonly date: string;
  /** Null for a loudness given as a number, or none. */
  readonly targetName: string | null;
  readonly targetLufs: number | null;
  readonly ceilingDbtp: number;
  readonly presetName: string | null;
  /** What came out, in a sentence or two. */
  readonly outcome: string;
  readonly isOnTarget: boolean;
  readonly trimDb: number;
  readonly driveDb: number;
  /** Of the limiter, while there is programme. */
  readonly meanLimitingDb: number;
  readonly maxLimitingDb: number;
  readonly before: Figures;
  readonly after: Figures;
  /** What platforms would do to the master. */
  readonly platforms: readonly PlatformReading[];
  /** The month of the platforms' sources, as 2026-11. */
  readonly platformsDate: string;
  readonly loudness: LoudnessHistory;
  readonly reduction: ReductionHistory;
  readonly spectrumBefore: ThirdOctaveSpectrum;
  readonly spectrumAfter: ThirdOctaveSpectrum;
}
