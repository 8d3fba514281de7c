import { ABSOLUTE_GATE, energyLufs } from "./lufs.js";

/** A pause in a stretch makes it quieter by this much at most, LU. */
const MOST_BY_PAUSES_LU = 1;
/** 10 LU below the mean of what passes the absolute gate. */
const RELATIVE_GATE = 0.1;
/** Steps a second of what is gated here: so short that a beat at the edge of a stretch makes no difference. */
export const STEPS_PER_SECOND = 50;
/** A step is judged by the 400 ms around it. */
const WINDOW_STEPS = 0.4 * STEPS_PER_SECOND;

/**
 * Loudness of a stretch in LUFS, given as the energy of each 20 ms (sum of the mean squares of both channels after
 * K-weighting); null where all of it is silence. It is the short-term loudness of the same 3 s, but that pauses lower it by 1 LU
 * at most: what stands beside a pause is not to be made louder for it. A pause is what the gates of ITU-R BS.1770-5 Annex 1
 * leave out: 400 ms under -70 LUFS, or 10 LU under the rest.
 */
export function matchedLufs(energies: Float64Array): number | null {
  const sums = new Float64Array(energies.length + 1);
  for (let k = 0; k < energies.length; k++) sums[k + 1] = (sums[k] as number) + (energies[k] as number);
  const around = (k: number): number => {
    const from = Math.max(0, k - WINDOW_STEPS / 2);
    const to = Math.min(energies.length, from + WINDOW_STEPS);
    return ((sums[to] as number) - (sums[from] as number)) / (to - from);
  };
  const loud = meanWhere(energies, (k) => around(k) > ABSOLUTE_GATE);
  const gate = Math.max(ABSOLUTE_GATE, RELATIVE_GATE * loud);
  const gated = energyLufs(meanWhere(energies, (k) => around(k) > gate));
  const all = energyLufs(meanWhere(energies, () => true));
  return gated === null || all === null ? null : Math.max(all, gated - MOST_BY_PAUSES_LU);
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

  /** Loudness, as `matchedLufs` has it, of the last `seconds`, or of what there is of them; null in silence. */
  lufs(seconds: number): number | null {
    return matchedLufs(Float64Array.from(this.#energies.slice(-seconds * STEPS_PER_SECOND)));
  }
}
