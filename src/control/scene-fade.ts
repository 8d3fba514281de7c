import { findParameter } from "../params/table.js";
import type { Parameter } from "../params/parameter.js";

/** Longest cross-fade of a scene, in seconds. */
export const MAX_FADE_S = 10;
/** Where values are chosen out of a few, the new one comes halfway: each is then heard beside what is nearer to it. */
const SWITCH_AT = 0.5;
/** Values under way are told to so many digits. */
const DIGITS = 6;

type Values = Readonly<Record<string, number>>;

/** `fadeS` seconds of a cross-fade. @throws RangeError for what is not 0 to 10 */
export function fadeTime(fadeS: number): number {
  if (fadeS >= 0 && fadeS <= MAX_FADE_S) return fadeS;
  throw new RangeError(`The cross-fade is ${fadeS} s; allowed 0 to ${MAX_FADE_S} s.`);
}

/**
 * Values on their way from one sound to another. Numbers move evenly along their own scale, dB in dB and frequencies in
 * octaves; switches, choices and the order change in the middle, where the chain cross-fades them by itself.
 */
export class SceneFade {
  readonly #from: Values;
  readonly #startMs: number;
  readonly #durationMs: number;
  readonly #left: Map<string, number>;
  #told: Record<string, number> = {};

  /**
   * @param from - values at the beginning
   * @param to - values at the end, of those that are to move
   * @param startMs - monotonic time of the beginning
   */
  constructor(from: Values, to: Values, { startMs, durationMs }: { readonly startMs: number; readonly durationMs: number }) {
    this.#from = from;
    this.#left = new Map(Object.entries(to));
    this.#startMs = startMs;
    this.#durationMs = durationMs;
  }

  /** Lets go of values that a hand, or another change, has taken over. */
  release(ids: Iterable<string>): void {
    for (const id of ids) this.#left.delete(id);
  }

  /** Whether nothing is left to move at `nowMs`. */
  isOverAt(nowMs: number): boolean {
    return this.#left.size === 0 || nowMs >= this.#startMs + this.#durationMs;
  }

  /** Where the values that are left end. */
  get destination(): Values {
    return Object.fromEntries(this.#left);
  }

  /** The values at `nowMs` that are others than when this was asked last. */
  at(nowMs: number): Values {
    const share = Math.min(1, Math.max(0, (nowMs - this.#startMs) / this.#durationMs));
    const changed: Record<string, number> = {};
    for (const [id, to] of this.#left) {
      const from = this.#from[id] ?? to;
      const value = between(findParameter(id), from, to, share);
      if (value !== (this.#told[id] ?? from)) changed[id] = value;
    }
    this.#told = { ...this.#told, ...changed };
    return changed;
  }
}

function between(row: Parameter | undefined, from: number, to: number, share: number): number {
  if (share >= 1) return to;
  if (row?.kind !== "number") return share < SWITCH_AT ? from : to;
  const value = row.taper === "log" ? from * (to / from) ** share : from + share * (to - from);
  return Number(value.toPrecision(DIGITS));
}
