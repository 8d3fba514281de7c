import { OFFSET_LU } from "../meters/lufs.js";
import { mean } from "./statistics.js";
import { WINDOW_S } from "./profile-windows.js";

/** A section is new where the mean of three windows differs by more from the mean of the three before. */
const NOVELTY_LU = 3;
const SPAN = 3;

/** A part of the programme between two marks of novelty. */
export interface Section {
  readonly startS: number;
  readonly endS: number;
  readonly loudnessLufs: number;
}

/**
 * Parts a programme where its loudness changes and stays: novelty on short-term loudness, the mean of 9 s against that of the
 * 9 s before. Silence is no section.
 *
 * @param energies mean square after K-weighting of windows of 3 s in their order
 */
export function sectionsOf(energies: readonly number[]): Section[] {
  const lufs = energies.map(loudness);
  const starts = [0];
  for (let at = SPAN; at + SPAN <= lufs.length; at++) {
    if (at - (starts.at(-1) as number) < SPAN || !isPeak(lufs, at)) continue;
    starts.push(at);
  }
  return starts.flatMap((start, k) => {
    const end = starts[k + 1] ?? lufs.length;
    const loudnessLufs = loudness(mean(energies.slice(start, end)));
    return Number.isFinite(loudnessLufs) ? [{ startS: start * WINDOW_S, endS: end * WINDOW_S, loudnessLufs }] : [];
  });
}

/** Whether the step at `at` is large, and larger than those of its neighbours. */
function isPeak(lufs: readonly number[], at: number): boolean {
  const here = novelty(lufs, at);
  return here > NOVELTY_LU && here >= novelty(lufs, at - 1) && here > novelty(lufs, at + 1);
}

function novelty(lufs: readonly number[], at: number): number {
  if (at < SPAN || at + SPAN > lufs.length) return 0;
  const floor = -70;
  const held = (from: number): number => mean(lufs.slice(from, from + SPAN).map((value) => Math.max(floor, value)));
  return Math.abs(held(at) - held(at - SPAN));
}

function loudness(energy: number): number {
  return 10 * Math.log10(energy) + OFFSET_LU;
}
