import { signal } from "@preact/signals";
import type { MeterSnapshot } from "../protocol/meter-snapshot.js";

/** Figures that are older are not shown as if they were fresh. */
export const STALE_MS = 500;
/** How often the numbers change: twice a second, so that they can be read. */
export const NUMBERS_MS = 500;

/** Numbers as they are read: the newest loudness, and the largest of what has peaked since the last ones. */
export interface Figures {
  readonly snapshot: MeterSnapshot;
  readonly inputPeakDbtp: readonly [number | null, number | null];
  readonly outputPeakDbtp: readonly [number | null, number | null];
  readonly reduction: { readonly eq: number; readonly compressor: number; readonly multiband: readonly number[]; readonly limiter: number };
}

type Pair = readonly [number | null, number | null];

function larger(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function largerPair(a: Pair, b: Pair): Pair {
  return [larger(a[0], b[0]), larger(a[1], b[1])];
}

/** Largest movement of the dynamic bands, without its sign. */
export function largestEqDb(moves: readonly number[]): number {
  return moves.reduce((most, db) => Math.max(most, Math.abs(db)), 0);
}

function figuresOf(snapshot: MeterSnapshot, before: Figures | null): Figures {
  const { input, output, reductionDb } = snapshot;
  const now: Figures = {
    snapshot, inputPeakDbtp: input.truePeakDbtp, outputPeakDbtp: output.truePeakDbtp,
    reduction: {
      eq: largestEqDb(reductionDb.eqDynamic), compressor: reductionDb.compressor, multiband: reductionDb.multiband, limiter: reductionDb.limiter,
    },
  };
  if (before === null) return now;
  return {
    snapshot,
    inputPeakDbtp: largerPair(now.inputPeakDbtp, before.inputPeakDbtp),
    outputPeakDbtp: largerPair(now.outputPeakDbtp, before.outputPeakDbtp),
    reduction: {
      eq: Math.max(now.reduction.eq, before.reduction.eq), compressor: Math.max(now.reduction.compressor, before.reduction.compressor),
      multiband: now.reduction.multiband.map((db, band) => Math.max(db, before.reduction.multiband[band] ?? 0)),
      limiter: Math.max(now.reduction.limiter, before.reduction.limiter),
    },
  };
}

/** The meters as they come in: the newest snapshot for what is drawn each frame, and figures twice a second for what is read. */
export class Feed {
  /** The newest snapshot; null before the first. */
  latest: MeterSnapshot | null = null;
  /** Changes twice a second while meters come. */
  readonly figures = signal<Figures | null>(null);
  /** Whether the newest figures are too old to be believed. */
  readonly isStale = signal(true);
  #window: Figures | null = null;
  #atMs = -Infinity;
  #numbersMs = -Infinity;

  /** Takes a snapshot that came at `nowMs`. */
  take(snapshot: MeterSnapshot, nowMs: number): void {
    this.latest = snapshot;
    this.#atMs = nowMs;
    this.#window = figuresOf(snapshot, this.#window);
    this.isStale.value = false;
    if (nowMs - this.#numbersMs < NUMBERS_MS) return;
    this.#numbersMs = nowMs;
    this.figures.value = this.#window;
    this.#window = null;
  }

  /** Looks at the time: call several times a second. */
  watch(nowMs: number): void {
    this.isStale.value = nowMs - this.#atMs > STALE_MS;
  }
}
