import { AES17_DB } from "../meters/decibels.js";
import type { Band } from "./band-powers.js";

/** Bands in which punch is measured: kick and bass, body and snare, attack and cymbals. */
export const PUNCH_BANDS: readonly Band[] = [{ fromHz: 40, toHz: 160 }, { fromHz: 160, toHz: 1000 }, { fromHz: 1000, toHz: 8000 }];

const FAST_ATTACK_MS = 1;
const FAST_RELEASE_MS = 30;
const SLOW_MS = 200;
const BIN_S = 0.01;
/** Bins that are kept of a window: 3 s. */
const MOST_BINS = 300;
const HIGH_SHARE = 0.95;
/** The fast envelope is so far over the slow one where a note begins; and comes back below the second before the next. In power. */
const ONSET = 4;
const BETWEEN = 2;
/** Mean square below which there is nothing to hear, -90 dB. */
const QUIET = 1e-9;

/** What one band did in a window. */
export interface PunchReading {
  /** Peak over RMS, 0 dB for a sine (AES17). */
  readonly crestDb: number;
  /** How far the fast envelope rises over the slow one, 95th percentile. */
  readonly transientDb: number;
  readonly onsets: number;
}

/** Frames that are filtered at once. */
const PIECE_FRAMES = 1024;

/** A section of second order in transposed direct form II, for two channels. */
class StereoSection {
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];
  readonly #state = new Float64Array(4);

  /** Butterworth high-pass or low-pass by the bilinear transform (R. Bristow-Johnson, Audio EQ Cookbook). */
  constructor(pass: "high" | "low", hz: number, sampleRateHz: number) {
    const w = (2 * Math.PI * Math.min(hz, 0.45 * sampleRateHz)) / sampleRateHz;
    const cos = Math.cos(w);
    const alpha = Math.sin(w) / Math.SQRT2;
    const edge = pass === "low" ? 1 - cos : 1 + cos;
    const scale = 1 / (1 + alpha);
    this.#b = [0.5 * edge * scale, (pass === "low" ? edge : -edge) * scale, 0.5 * edge * scale];
    this.#a = [-2 * cos * scale, (1 - alpha) * scale];
  }

  /** Filters frames of interleaved stereo into `to`, which may be `from`. */
  run(from: Float64Array, to: Float64Array, frames: number): void {
    const [b0, b1, b2] = this.#b;
    const [a1, a2] = this.#a;
    for (let channel = 0; channel < 2; channel++) {
      let first = this.#state[2 * channel] as number;
      let second = this.#state[2 * channel + 1] as number;
      for (let n = channel; n < 2 * frames; n += 2) {
        const x = from[n] as number;
        const y = b0 * x + first;
        first = b1 * x - a1 * y + second;
        second = b2 * x - a2 * y;
        to[n] = y;
      }
      this.#state[2 * channel] = first;
      this.#state[2 * channel + 1] = second;
    }
  }

  clear(): void {
    this.#state.fill(0);
  }
}

/** Follows one band; stereo sound counts by the power of both channels, so that polarity plays no part. */
export class PunchBand {
  readonly #high: StereoSection;
  readonly #low: StereoSection;
  readonly #attack: number;
  readonly #release: number;
  readonly #slow: number;
  readonly #binFrames: number;
  readonly #ratios = new Float64Array(MOST_BINS);
  readonly #piece = new Float64Array(2 * PIECE_FRAMES);
  #fastEnvelope = 0;
  #slowEnvelope = 0;
  #bins = 0;
  #inBin = 0;
  #ratio = 0;
  #frames = 0;
  #sum = 0;
  #peak = 0;
  #onsets = 0;
  #isInOnset = false;

  constructor(band: Band, sampleRateHz: number) {
    const share = (ms: number): number => 1 - Math.exp(-1000 / (ms * sampleRateHz));
    this.#high = new StereoSection("high", band.fromHz, sampleRateHz);
    this.#low = new StereoSection("low", band.toHz, sampleRateHz);
    this.#attack = share(FAST_ATTACK_MS);
    this.#release = share(FAST_RELEASE_MS);
    this.#slow = share(SLOW_MS);
    this.#binFrames = Math.round(BIN_S * sampleRateHz);
  }

  /** Takes frames of interleaved stereo, at most 1024. Allocates nothing. */
  add(sound: Float64Array, frames: number): void {
    this.#high.run(sound, this.#piece, frames);
    this.#low.run(this.#piece, this.#piece, frames);
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, this.#binFrames - this.#inBin);
      this.#follow(done, done + count);
      done += count;
      this.#inBin += count;
      if (this.#inBin === this.#binFrames) this.#endBin();
    }
    this.#frames += frames;
  }

  /** The reading of what came since the last one; null in silence. */
  take(): PunchReading | null {
    const meanSquare = this.#frames === 0 ? 0 : this.#sum / (2 * this.#frames);
    const reading = meanSquare < QUIET ? null : {
      crestDb: 10 * Math.log10(this.#peak ** 2 / meanSquare) - AES17_DB,
      transientDb: 10 * Math.log10(Math.max(1, this.#highRatio())),
      onsets: this.#onsets,
    };
    this.#bins = this.#frames = this.#sum = this.#peak = this.#onsets = 0;
    return reading;
  }

  clear(): void {
    this.#high.clear();
    this.#low.clear();
    this.#fastEnvelope = this.#slowEnvelope = this.#inBin = this.#ratio = 0;
    this.#bins = this.#frames = this.#sum = this.#peak = this.#onsets = 0;
    this.#isInOnset = false;
  }

  /** Follows the frames of the piece that lie in one bin. */
  #follow(from: number, to: number): void {
    const [piece, attack, release, slow] = [this.#piece, this.#attack, this.#release, this.#slow];
    let [fastEnvelope, slowEnvelope, ratio, sum, peak] = [this.#fastEnvelope, this.#slowEnvelope, this.#ratio, this.#sum, this.#peak];
    for (let n = 2 * from; n < 2 * to; n += 2) {
      const left = piece[n] as number;
      const right = piece[n + 1] as number;
      const power = left * left + right * right;
      fastEnvelope += (power > fastEnvelope ? attack : release) * (power - fastEnvelope);
      slowEnvelope += slow * (power - slowEnvelope);
      sum += power;
      peak = Math.max(peak, Math.abs(left), Math.abs(right));
      if (slowEnvelope > QUIET && fastEnvelope > ratio * slowEnvelope) ratio = fastEnvelope / slowEnvelope;
    }
    [this.#fastEnvelope, this.#slowEnvelope, this.#ratio, this.#sum, this.#peak] = [fastEnvelope, slowEnvelope, ratio, sum, peak];
  }

  #endBin(): void {
    if (this.#bins < MOST_BINS) this.#ratios[this.#bins++] = this.#ratio;
    if (!this.#isInOnset && this.#ratio > ONSET) this.#onsets++;
    this.#isInOnset = this.#ratio > (this.#isInOnset ? BETWEEN : ONSET);
    this.#ratio = 0;
    this.#inBin = 0;
  }

  #highRatio(): number {
    if (this.#bins === 0) return 1;
    const sorted = this.#ratios.subarray(0, this.#bins).sort();
    return sorted[Math.floor(HIGH_SHARE * (this.#bins - 1))] as number;
  }
}
