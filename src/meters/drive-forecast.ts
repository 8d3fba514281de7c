import { amplitudeDb } from "./decibels.js";
import { EnergyHistogram } from "./energy-histogram.js";
import type { LandingPass } from "./landing.js";
import { ABSOLUTE_GATE, energyLufs } from "./lufs.js";

const BIN_MS = 10;
/** Bins that are kept: ten minutes. */
const MOST_BINS = 60_000;
// The limiter as src/dsp/limiter.ts has it, in steps of a bin: its margin, its hold, and its slow half.
const MARGIN_DB = 0.1;
const HOLD_BINS = 2;
const SLOW_ATTACK_MS = 500;
const SLOW_RELEASE_FACTOR = 8;
const SLOW_SHARE = 0.5;
// Blocks of 400 ms, one each 100 ms, gated at -70 LUFS and at 10 LU below their mean (ITU-R BS.1770-5).
const BLOCK_BINS = 40;
const HOP_BINS = 10;
const RELATIVE_GATE_LU = 10;

/** Settings of the limiter that decide what a drive costs. */
export interface LimiterSettings {
  readonly ceilingDbtp: number;
  readonly releaseMs: number;
}

/** What a drive would come to: its loudness, and the work of the limiter as largest reductions of 10 ms, their mean over programme and the most. */
export interface Forecast extends LandingPass {
  readonly maxLimitingDb: number;
}

/**
 * Foretells what other drives would make of a programme that was heard once: its loudness (BS.1770 gating) and the work of
 * the limiter, whose gain is followed in steps of 10 ms with the times of the limiter of the chain. Takes 0.5 MB for ten
 * minutes; what comes later is not heard.
 */
export class DriveForecast {
  readonly #energies = new Float32Array(MOST_BINS);
  readonly #peaks = new Float32Array(MOST_BINS);
  #bins = 0;

  /** Whether it has heard all that it can. */
  get isFull(): boolean {
    return this.#bins === MOST_BINS;
  }

  /**
   * Takes the next 10 ms on their way into the limiter, without the drive.
   * @param kMeanSquare K-weighted mean square, both channels together
   * @param peak largest true peak of either channel, full scale 1
   */
  addBin(kMeanSquare: number, peak: number): void {
    if (this.isFull) return;
    this.#energies[this.#bins] = kMeanSquare;
    this.#peaks[this.#bins] = peak;
    this.#bins++;
  }

  /** What `driveDb` would come to. */
  at(driveDb: number, { ceilingDbtp, releaseMs }: LimiterSettings): Forecast {
    const drive = 10 ** (driveDb / 20);
    const limiter = new CoarseLimiter(10 ** ((ceilingDbtp - MARGIN_DB) / 20), releaseMs);
    const blocks = new EnergyHistogram(ABSOLUTE_GATE);
    const energies = new Float64Array(BLOCK_BINS);
    const limiting = { hop: 0, sum: 0, bins: 0, most: 0 };
    for (let bin = 0; bin < this.#bins; bin++) {
      const gain = limiter.next(drive * (this.#peaks[bin] ?? 0));
      energies[bin % BLOCK_BINS] = (this.#energies[bin] ?? 0) * (drive * gain) ** 2;
      const reductionDb = -(amplitudeDb(gain) ?? 0);
      limiting.most = Math.max(limiting.most, reductionDb);
      limiting.hop += reductionDb;
      if ((bin + 1) % HOP_BINS !== 0) continue;
      const block = energies.reduce((sum, energy) => sum + energy, 0) / BLOCK_BINS;
      if (block >= ABSOLUTE_GATE) {
        if (bin + 1 >= BLOCK_BINS) blocks.add(block);
        limiting.sum += limiting.hop;
        limiting.bins += HOP_BINS;
      }
      limiting.hop = 0;
    }
    return {
      driveDb, integratedLufs: energyLufs(blocks.gatedMean(RELATIVE_GATE_LU)),
      meanLimitingDb: limiting.bins === 0 ? 0 : limiting.sum / limiting.bins, maxLimitingDb: limiting.most,
    };
  }
}

/** The gain of the limiter, bin by bin. */
class CoarseLimiter {
  readonly #ceiling: number;
  readonly #rise: number;
  readonly #slowRise: number;
  readonly #slowFall = 1 - Math.exp(-BIN_MS / SLOW_ATTACK_MS);
  readonly #needed: number[] = Array.from({ length: HOLD_BINS }, () => 1);
  #bin = 0;
  #slow = 1;
  #envelope = 1;

  constructor(ceiling: number, releaseMs: number) {
    this.#ceiling = ceiling;
    this.#rise = 1 - Math.exp(-BIN_MS / releaseMs);
    this.#slowRise = 1 - Math.exp(-BIN_MS / (SLOW_RELEASE_FACTOR * releaseMs));
  }

  /** Gain of the bin with this largest peak. */
  next(peak: number): number {
    this.#needed[this.#bin++ % HOLD_BINS] = peak > this.#ceiling ? this.#ceiling / peak : 1;
    const floor = Math.min(...this.#needed);
    this.#slow += (floor < this.#slow ? this.#slowFall : this.#slowRise) * (floor - this.#slow);
    const target = Math.min(floor, 1 - SLOW_SHARE * (1 - this.#slow));
    this.#envelope = Math.min(target, this.#envelope + this.#rise * (target - this.#envelope));
    return this.#envelope;
  }
}
