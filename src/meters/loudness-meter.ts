import { amplitudeDb, differenceDb } from "./decibels.js";
import { EnergyHistogram } from "./energy-histogram.js";
import { ABSOLUTE_GATE, energyLufs } from "./lufs.js";

const MOMENTARY_BINS = 40;
const SHORT_TERM_BINS = 300;
/** Bins between two gating blocks, and between two short-term values of the loudness range: 100 ms. */
const HOP_BINS = 10;
const STABLE_RANGE_BINS = 6000;
const INTEGRATED_GATE_LU = 10;
const RANGE_GATE_LU = 20;
const RANGE_LOW = 0.1;
const RANGE_HIGH = 0.95;
/** A mean square that no sound has; a bin beyond it, or not a number, counts as silence. */
const ABSURD = 1e12;

/** Channel weights of ITU-R BS.1770-5 for left, right, centre, left surround, right surround. */
export const WEIGHTS_5_0: readonly number[] = [1, 1, 1, 1.41, 1.41];
export const WEIGHTS_STEREO: readonly number[] = [1, 1];
export const WEIGHTS_MONO: readonly number[] = [1];

/**
 * Loudness meter in EBU Mode (EBU Tech 3341 and 3342 V4, ITU-R BS.1770-5), fed with bins of 10 ms.
 *
 * Momentary and short-term loudness slide by 10 ms and are shown always; integrated loudness, loudness range
 * and the maxima count only while the meter runs, are reset together, and use no window that reaches back
 * before the last `start` or `reset`. What has nothing to show (before the first full window, or in silence)
 * is null. Memory is bounded: a session may last for days. Levels in LUFS, dBTP and dBFS; ranges in LU, dB.
 */
export class LoudnessMeter {
  readonly #weights: readonly number[];
  /** Ring of the weighted energies of the last 3 s, and of their true peaks. */
  readonly #energies = new Float64Array(SHORT_TERM_BINS);
  readonly #peaks = new Float64Array(SHORT_TERM_BINS);
  readonly #blocks = new EnergyHistogram(ABSOLUTE_GATE);
  readonly #shortTerms = new EnergyHistogram(ABSOLUTE_GATE);
  #next = 0;
  #bins = 0;
  #running = true;
  /** Bins since the last start or reset, and bins measured since the last reset. */
  #runBins = 0;
  #measuredBins = 0;
  #momentary = 0;
  #shortTerm = 0;
  #maxMomentary = 0;
  #maxShortTerm = 0;
  #maxTruePeak = 0;
  #maxSamplePeak = 0;

  /** @param weights one weight a channel; leave the LFE channel out, or give it 0 */
  constructor(weights: readonly number[] = WEIGHTS_STEREO) {
    this.#weights = weights;
  }

  /**
   * Takes the next 10 ms. Allocates nothing.
   * @param kMeanSquares mean square of each channel after K-weighting
   * @param truePeak largest true peak of any channel, full scale 1
   * @param samplePeak largest sample magnitude of any channel, full scale 1
   */
  addBin(kMeanSquares: ArrayLike<number>, truePeak: number, samplePeak: number): void {
    let energy = 0;
    for (let i = 0; i < this.#weights.length; i++) energy += (this.#weights[i] ?? 0) * (kMeanSquares[i] ?? 0);
    this.#energies[this.#next] = energy < ABSURD ? energy : 0;
    this.#peaks[this.#next] = truePeak;
    this.#next = (this.#next + 1) % SHORT_TERM_BINS;
    this.#bins++;
    this.#sumWindows();
    if (this.#running) {
      this.addPeaks(truePeak, samplePeak);
      this.#measure();
    }
  }

  /**
   * Takes the peaks of less than 10 ms at the end of a programme. BS.1770 drops an unfinished block from the
   * loudness; its peaks count.
   */
  addPeaks(truePeak: number, samplePeak: number): void {
    if (truePeak > this.#maxTruePeak) this.#maxTruePeak = truePeak;
    if (samplePeak > this.#maxSamplePeak) this.#maxSamplePeak = samplePeak;
  }

  /** Begins or continues integrated loudness, range and maxima. A new meter runs. */
  start(): void {
    if (!this.#running) this.#runBins = 0;
    this.#running = true;
  }

  /** Holds integrated loudness, range and maxima; momentary and short-term go on. */
  pause(): void {
    this.#running = false;
  }

  /** Clears integrated loudness, range and maxima, running or paused; momentary and short-term go on. */
  reset(): void {
    this.#blocks.clear();
    this.#shortTerms.clear();
    this.#runBins = 0;
    this.#measuredBins = 0;
    this.#maxMomentary = 0;
    this.#maxShortTerm = 0;
    this.#maxTruePeak = 0;
    this.#maxSamplePeak = 0;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** Time measured since the last reset, pauses left out, in seconds. */
  get measuredS(): number {
    return this.#measuredBins / 100;
  }

  /** Loudness of the last 400 ms. */
  get momentaryLufs(): number | null {
    return this.#bins < MOMENTARY_BINS ? null : energyLufs(this.#momentary);
  }

  /** Loudness of the last 3 s. */
  get shortTermLufs(): number | null {
    return this.#bins < SHORT_TERM_BINS ? null : energyLufs(this.#shortTerm);
  }

  get maxMomentaryLufs(): number | null {
    return energyLufs(this.#maxMomentary);
  }

  get maxShortTermLufs(): number | null {
    return energyLufs(this.#maxShortTerm);
  }

  /** Gated loudness since the reset (BS.1770-5 Annex 1); null while no block of 400 ms is above -70 LUFS. */
  get integratedLufs(): number | null {
    return energyLufs(this.#blocks.gatedMean(INTEGRATED_GATE_LU));
  }

  /** Loudness range since the reset (Tech 3342); null while no 3 s are at -70 LUFS or above. */
  get loudnessRangeLu(): number | null {
    const range = this.#shortTerms.gatedPercentiles(RANGE_GATE_LU, RANGE_LOW, RANGE_HIGH);
    return range ? 10 * Math.log10(range[1] / range[0]) : null;
  }

  /** Whether the loudness range has seen the 60 s after which Tech 3342 calls it stable. */
  get isLoudnessRangeStable(): boolean {
    return this.#measuredBins >= STABLE_RANGE_BINS;
  }

  get truePeakDbtp(): number | null {
    return amplitudeDb(this.#maxTruePeak);
  }

  get samplePeakDbfs(): number | null {
    return amplitudeDb(this.#maxSamplePeak);
  }

  /** Peak to loudness ratio: highest true peak less integrated loudness. */
  get plrDb(): number | null {
    return differenceDb(this.truePeakDbtp, this.integratedLufs);
  }

  /** Peak to short-term loudness ratio: highest true peak of the last 3 s less short-term loudness. */
  get psrDb(): number | null {
    let peak = 0;
    for (const one of this.#peaks) if (one > peak) peak = one;
    return differenceDb(amplitudeDb(peak), this.shortTermLufs);
  }

  /** Sums the last 400 ms and 3 s anew: running sums would drift, and never return to silence. */
  #sumWindows(): void {
    let sum = 0;
    for (let bin = 0; bin < SHORT_TERM_BINS; bin++) sum += this.#energies[bin] ?? 0;
    this.#shortTerm = sum / SHORT_TERM_BINS;
    sum = 0;
    let at = this.#next - MOMENTARY_BINS;
    if (at < 0) at += SHORT_TERM_BINS;
    for (let i = 0; i < MOMENTARY_BINS; i++) {
      sum += this.#energies[at] ?? 0;
      at = at === SHORT_TERM_BINS - 1 ? 0 : at + 1;
    }
    this.#momentary = sum / MOMENTARY_BINS;
  }

  #measure(): void {
    this.#runBins++;
    this.#measuredBins++;
    const onHop = this.#runBins % HOP_BINS === 0;
    if (this.#runBins >= MOMENTARY_BINS) {
      if (this.#momentary > this.#maxMomentary) this.#maxMomentary = this.#momentary;
      if (onHop && this.#momentary > ABSOLUTE_GATE) this.#blocks.add(this.#momentary);
    }
    if (this.#runBins >= SHORT_TERM_BINS) {
      if (this.#shortTerm > this.#maxShortTerm) this.#maxShortTerm = this.#shortTerm;
      if (onHop && this.#shortTerm >= ABSOLUTE_GATE) this.#shortTerms.add(this.#shortTerm);
    }
  }
}
