import { AES17_DB, amplitudeDb } from "./decibels.js";
import { EnergyHistogram } from "./energy-histogram.js";

const BLOCK_BINS = 40;
const HOP_BINS = 10;
const TARGET_DBFS = -18;
const PEAK_LIMIT_DBTP = -6;
/** Beyond this the trim is the wrong tool: the mixer or its cable needs a hand. Half the parameter's range. */
const TRIM_LIMIT_DB = 12;
const GATE_DBFS = -50;
const RELATIVE_GATE_DB = 10;
/** Mean square of the gate. */
const GATE_POWER = 10 ** ((GATE_DBFS - AES17_DB) / 10);
/** The mixer's level is called right within this. */
const MIXER_TOLERANCE_DB = 1;

export interface TrimAdvice {
  /** What to set `input.trimDb` to. */
  readonly trimDb: number;
  /** What the mixer's output should be turned by instead, with the trim at 0 dB. Not limited in range. */
  readonly mixerDb: number;
  /** The programme's gated level before the trim in dBFS RMS; a full-scale sine is 0 (AES17). */
  readonly levelDbfs: number;
  /** Highest true peak before the trim. */
  readonly truePeakDbtp: number;
}

/**
 * Learns the level of what comes in and advises the trim that brings it to -18 dBFS RMS (AES17: a full-scale
 * sine is 0 dBFS), within +-12 dB, with no true peak above -6 dBTP. Blocks of 400 ms, one each 100 ms, are
 * gated at -50 dBFS and at 10 dB below their mean, as BS.1770 gates loudness, so that pauses do not count.
 * A learn-once tool: it never moves the gain by itself.
 */
export class AutoTrim {
  readonly #appliedTrimDb: number;
  readonly #powers = new Float64Array(BLOCK_BINS);
  readonly #blocks = new EnergyHistogram(GATE_POWER);
  #bins = 0;
  #truePeak = 0;

  /** @param appliedTrimDb trim already in the bins: the chain's input tap lies behind `input.trimDb` */
  constructor(appliedTrimDb = 0) {
    this.#appliedTrimDb = appliedTrimDb;
  }

  /** Forgets what it heard. */
  reset(): void {
    this.#blocks.clear();
    this.#bins = 0;
    this.#truePeak = 0;
  }

  /**
   * Takes the next 10 ms of the input. Allocates nothing.
   * @param meanSquares mean square of each channel; the level is their mean
   * @param truePeak largest true peak of any channel, full scale 1
   */
  addBin(meanSquares: ArrayLike<number>, truePeak: number): void {
    let power = 0;
    for (let i = 0; i < meanSquares.length; i++) power += meanSquares[i] ?? 0;
    this.#powers[this.#bins % BLOCK_BINS] = power / meanSquares.length;
    this.#bins++;
    if (truePeak > this.#truePeak) this.#truePeak = truePeak;
    if (this.#bins < BLOCK_BINS || this.#bins % HOP_BINS !== 0) return;
    let sum = 0;
    for (const one of this.#powers) sum += one;
    if (sum > GATE_POWER * BLOCK_BINS) this.#blocks.add(sum / BLOCK_BINS);
  }

  /** The advice so far; null while nothing was louder than -50 dBFS. */
  get advice(): TrimAdvice | null {
    const heardPeakDbtp = amplitudeDb(this.#truePeak);
    if (this.#blocks.count === 0 || heardPeakDbtp === null) return null;
    const heardDbfs = 10 * Math.log10(this.#blocks.gatedMean(RELATIVE_GATE_DB)) + AES17_DB;
    const levelDbfs = heardDbfs - this.#appliedTrimDb;
    const truePeakDbtp = heardPeakDbtp - this.#appliedTrimDb;
    const mixerDb = Math.min(TARGET_DBFS - levelDbfs, PEAK_LIMIT_DBTP - truePeakDbtp);
    const trimDb = Math.max(-TRIM_LIMIT_DB, Math.min(TRIM_LIMIT_DB, mixerDb));
    return { trimDb, mixerDb, levelDbfs, truePeakDbtp };
  }
}

/** Says in one sentence what to do at the mixer, e.g. "Turn the mixer's output up by 6 dB." */
export function mixerSentence(mixerDb: number): string {
  if (Math.abs(mixerDb) < MIXER_TOLERANCE_DB) return "The mixer's level is right.";
  const direction = mixerDb > 0 ? "up" : "down";
  return `Turn the mixer's output ${direction} by ${Math.round(Math.abs(mixerDb))} dB.`;
}
