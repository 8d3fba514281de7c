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
/** A full-scale sine has a crest of 3 dB, which AES17 calls 0. */
const AES17_DB = 10 * Math.log10(2);

/** What one band did in a window. */
export interface PunchReading {
  /** Peak over RMS, 0 dB for a sine (AES17). */
  readonly crestDb: number;
  /** How far the fast envelope rises over the slow one, 95th percentile. */
  readonly transientDb: number;
  readonly onsets: number;
}

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

  next(channel: 0 | 1, x: number): number {
    const state = this.#state;
    const at = 2 * channel;
    const y = this.#b[0] * x + (state[at] as number);
    state[at] = this.#b[1] * x - this.#a[0] * y + (state[at + 1] as number);
    state[at + 1] = this.#b[2] * x - this.#a[1] * y;
    return y;
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

  /** Takes frames of interleaved stereo. Allocates nothing. */
  add(sound: Float64Array, frames: number): void {
    for (let n = 0; n < frames; n++) {
      const left = this.#low.next(0, this.#high.next(0, sound[2 * n] as number));
      const right = this.#low.next(1, this.#high.next(1, sound[2 * n + 1] as number));
      this.#follow(left * left + right * right, Math.max(Math.abs(left), Math.abs(right)));
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

  #follow(power: number, magnitude: number): void {
    this.#fastEnvelope += (power > this.#fastEnvelope ? this.#attack : this.#release) * (power - this.#fastEnvelope);
    this.#slowEnvelope += this.#slow * (power - this.#slowEnvelope);
    this.#sum += power;
    if (magnitude > this.#peak) this.#peak = magnitude;
    if (this.#slowEnvelope > QUIET && this.#fastEnvelope > this.#ratio * this.#slowEnvelope) this.#ratio = this.#fastEnvelope / this.#slowEnvelope;
    if (++this.#inBin === this.#binFrames) this.#endBin();
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
