import { STEPS_PER_SECOND } from "./matched-loudness.js";
import { energyLufs } from "./lufs.js";
import type { Passage } from "./loudness-curve.js";

/** A chorus lasts so long. */
const SHORTEST_S = 15;
const LONGEST_S = 30;
/** A section begins where the 4 s that follow are so much louder than the 4 s before. */
const EDGE_S = 4;
const EDGE_LU = 1.5;
/** So far from where the loudest 15 s begin the edge is looked for. */
const REACH_S = 6;
/** The part is over once 3 s are so much below its beginning. */
const FALL_LU = 2;
const SHORT_TERM_S = 3;
/** A later part must be louder than an earlier one by more than the error of sums: 0.004 dB. */
const NOTICEABLE = 1.001;

/**
 * Finds the part of a track to compare with: the loudest 15 s, from the edge of the section that they lie in on, for as long
 * as it stays that loud, 30 s at most. A track of less than 15 s is such a part as a whole.
 *
 * @param energies - of each 20 ms, as `matchedLufs` takes them
 */
export function loudestPart(energies: Float64Array): Passage {
  const steps = energies.length;
  const sums = new Float64Array(steps + 1);
  for (let k = 0; k < steps; k++) sums[k + 1] = (sums[k] as number) + (energies[k] as number);
  const mean = (from: number, to: number): number => {
    const [a, b] = [Math.max(0, from), Math.min(steps, to)];
    return b > a ? ((sums[b] as number) - (sums[a] as number)) / (b - a) : 0;
  };
  const length = SHORTEST_S * STEPS_PER_SECOND;
  if (steps <= length) return { fromS: 0, toS: steps / STEPS_PER_SECOND };
  const from = sectionStart(mean, loudestStart(mean, steps - length, length));
  const to = sectionEnd(mean, from, steps);
  return { fromS: Math.max(0, Math.min(from, to - length)) / STEPS_PER_SECOND, toS: to / STEPS_PER_SECOND };
}

type MeanOf = (from: number, to: number) => number;

function loudestStart(mean: MeanOf, last: number, length: number): number {
  let best = 0;
  for (let from = 1; from <= last; from++) if (mean(from, from + length) > NOTICEABLE * mean(best, best + length)) best = from;
  return best;
}

/** The steepest rise near `start`, where there is one. */
function sectionStart(mean: MeanOf, start: number): number {
  const span = EDGE_S * STEPS_PER_SECOND;
  const rise = (at: number): number => (energyLufs(mean(at, at + span)) ?? -70) - (energyLufs(mean(at - span, at)) ?? -70);
  const reach = REACH_S * STEPS_PER_SECOND;
  let edge = start;
  let steepest = EDGE_LU;
  for (let at = Math.max(0, start - reach); at <= start + reach; at++) {
    if (rise(at) <= steepest) continue;
    steepest = rise(at);
    edge = at;
  }
  return edge;
}

function sectionEnd(mean: MeanOf, from: number, steps: number): number {
  const least = from + SHORTEST_S * STEPS_PER_SECOND;
  const floor = mean(from, least) * 10 ** (-FALL_LU / 10);
  const span = SHORT_TERM_S * STEPS_PER_SECOND;
  const last = Math.min(steps, from + LONGEST_S * STEPS_PER_SECOND);
  for (let to = least; to < last; to++) if (mean(to, to + span) < floor) return to;
  return last;
}
