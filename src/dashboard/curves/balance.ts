import type { ComparedCurve } from "../../protocol/mix-comparison.js";
import { clamp } from "./scales.js";

/** Bands in which songs are alike enough to say something. */
const SHOWN_HZ = [30, 17_000] as const;
/** The level that mix and references have in common is taken from here. */
const COMMON_HZ = [100, 10_000] as const;

/** The balance of a mix against that of its references: all in dB from their middle. */
export interface Deviation {
  readonly freqHz: readonly number[];
  readonly mixDb: readonly number[];
  readonly lowDb: readonly number[];
  readonly highDb: readonly number[];
}

function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * A curve as it leaves the middle of the references, held to ±`mostDb`: what they have in common is a level line, and what
 * counts is seen. For a balance, a difference that all bands share is loudness and is taken out; a width keeps it.
 */
export function deviationOf({ freqHz, mix, low, middle, high }: ComparedCurve, mostDb: number, isBalance: boolean): Deviation {
  const shown = freqHz.flatMap((hz, k) => (hz >= SHOWN_HZ[0] && hz <= SHOWN_HZ[1] ? [k] : []));
  const from = (curve: readonly number[], k: number): number => (curve[k] ?? 0) - (middle[k] ?? 0);
  const inside = shown.filter((k) => (freqHz[k] ?? 0) >= COMMON_HZ[0] && (freqHz[k] ?? 0) <= COMMON_HZ[1]);
  const commonDb = isBalance ? middleOf(inside.map((k) => from(mix, k))) : 0;
  const held = (curve: readonly number[], lessDb: number): number[] => shown.map((k) => clamp(from(curve, k) - lessDb, -mostDb, mostDb));
  return { freqHz: shown.map((k) => freqHz[k] ?? 0), mixDb: held(mix, commonDb), lowDb: held(low, 0), highDb: held(high, 0) };
}
