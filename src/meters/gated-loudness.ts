import { powerDb } from "./decibels.js";

const OFFSET_LU = -0.691;
/** Energy at -70 LUFS, the absolute gate. */
const ABSOLUTE_GATE = 10 ** ((-70 - OFFSET_LU) / 10);
/** 10 LU below the mean of what passes the absolute gate. */
const RELATIVE_GATE = 0.1;
/** Steps a second of what is gated here: so short that a beat at the edge of a stretch makes no difference. */
export const STEPS_PER_SECOND = 50;
/** A step is judged by the 400 ms around it. */
const WINDOW_STEPS = 0.4 * STEPS_PER_SECOND;

/**
 * Loudness of a stretch in LUFS, given as the energy of each 20 ms (sum of the mean squares of both channels after
 * K-weighting); null where all of it is silence. Equal to short-term loudness over the same 3 s where nothing is as quiet as
 * the gates of ITU-R BS.1770-5 Annex 1: what lies in 400 ms under -70 LUFS, or 10 LU under the rest, does not count.
 */
export function gatedLufs(energies: Float64Array): number | null {
  const sums = new Float64Array(energies.length + 1);
  for (let k = 0; k < energies.length; k++) sums[k + 1] = (sums[k] as number) + (energies[k] as number);
  const around = (k: number): number => {
    const from = Math.max(0, k - WINDOW_STEPS / 2);
    const to = Math.min(energies.length, from + WINDOW_STEPS);
    return ((sums[to] as number) - (sums[from] as number)) / (to - from);
  };
  const loud = meanWhere(energies, (k) => around(k) > ABSOLUTE_GATE);
  const gate = Math.max(ABSOLUTE_GATE, RELATIVE_GATE * loud);
  return energyLufs(meanWhere(energies, (k) => around(k) > gate));
}

/** Loudness of an energy in LUFS; null for silence. */
export function energyLufs(energy: number): number | null {
  const db = powerDb(energy);
  return db === null ? null : db + OFFSET_LU;
}

/** Energy of a loudness in LUFS; 0 for silence. */
export function lufsEnergy(lufs: number | null): number {
  return lufs === null ? 0 : 10 ** ((lufs - OFFSET_LU) / 10);
}

function meanWhere(values: Float64Array, isIn: (k: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < values.length; k++) {
    if (!isIn(k)) continue;
    sum += values[k] as number;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

const BINS_PER_STEP = 2;

/** Makes steps of 20 ms out of the meters' bins of 10 ms. */
export class LoudnessSteps {
  readonly #onStep: (energy: number) => void;
  #sum = 0;
  #bins = 0;

  /** @param onStep - is given the energy of each step */
  constructor(onStep: (energy: number) => void) {
    this.#onStep = onStep;
  }

  /** Takes the mean squares of left and right after K-weighting over the next 10 ms. */
  addBin([left, right]: readonly [number, number]): void {
    this.#sum += left + right;
    if (++this.#bins < BINS_PER_STEP) return;
    this.#onStep(this.#sum / BINS_PER_STEP);
    this.#sum = 0;
    this.#bins = 0;
  }
}

/** The loudness of the last seconds of a sound that goes on. */
export class RecentLoudness {
  readonly #steps: LoudnessSteps;
  readonly #energies: number[] = [];

  /** @param longestS - longest stretch that will be asked for */
  constructor(longestS: number) {
    this.#steps = new LoudnessSteps((energy) => {
      this.#energies.push(energy);
      if (this.#energies.length > longestS * STEPS_PER_SECOND) this.#energies.shift();
    });
  }

  /** Takes the next 10 ms, as `LoudnessSteps` does. */
  addBin(kMeanSquares: readonly [number, number]): void {
    this.#steps.addBin(kMeanSquares);
  }

  /** Gated loudness of the last `seconds`, or of what there is of them; null in silence. */
  lufs(seconds: number): number | null {
    return gatedLufs(Float64Array.from(this.#energies.slice(-seconds * STEPS_PER_SECOND)));
  }
}
