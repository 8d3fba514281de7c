import { levelMatched, eqLoudnessDb } from "./diagnosis/remedies.js";
import type { Heard, Values } from "./diagnosis/finding.js";
import { EQ_BANDS, EQ_SHAPES, eqGainsDb, type EqBand } from "./eq-response.js";
import { matchOf, type MatchSuggestion } from "./match.js";
import type { SoundProfile } from "./sound-profile.js";

/** A match for a mix that runs through the equaliser it is meant for. */
export interface LiveMatch extends Pick<MatchSuggestion, "wantedDb" | "gainsDb" | "hints"> {
  /** The bands of the equaliser that it needs, and the drive that keeps the loudness. */
  readonly values: Values;
  /** By how much the loudness changes with it; 0 where the drive makes up for it. */
  readonly loudnessChangeDb: number;
}

/**
 * Suggests an equaliser that brings the balance of a mix to the middle of its references, in place of what the equaliser does
 * to it now: asked again when it is applied, it suggests the same. Bands that do what no suggestion does (notches, tilts, one
 * channel, dynamics) stay.
 *
 * @param heard the output, with the values that it was heard with
 * @param values those that hold now
 * @param amountPercent 0..100, how much of the way
 */
export function liveMatch(heard: Pick<Heard, "output" | "values">, values: Values, references: readonly SoundProfile[], amountPercent: number): LiveMatch {
  const bare = heard.values["chain.bypass"] === 1 ? heard.output : without(heard.output, eqGainsDb(standing(heard.values)));
  const { bands: all, wantedDb, hints } = matchOf(bare, references, amountPercent);
  const places = EQ_BANDS.filter((n) => isPlain(values, n));
  const largest = [...all].sort((a, b) => Math.abs(b.gainDb) - Math.abs(a.gainDb)).slice(0, places.length);
  const bands = largest.sort((a, b) => a.freqHz - b.freqHz);
  const matched = levelMatched(values, eqLoudnessDb(bare, bands) - eqLoudnessDb(bare, standing(values)));
  return {
    wantedDb, hints, gainsDb: eqGainsDb(bands), loudnessChangeDb: matched.loudnessChangeDb,
    values: { "eq.bypass": 0, ...Object.assign({}, ...places.map((n, k) => bandValues(n, bands[k]))), ...matched.values },
  };
}

/** Whether a band does what a suggestion can do in its place, or nothing. */
function isPlain(values: Values, n: number): boolean {
  const of = (name: string): number => values[`eq.band${n}.${name}`] ?? 0;
  const isAtWork = of("on") === 1 && (of("gainDb") !== 0 || of("dynamic") === 1 || EQ_SHAPES[of("type")] === "notch");
  return !isAtWork || (of("channel") === 0 && of("dynamic") === 0 && of("type") <= EQ_SHAPES.indexOf("highShelf"));
}

/** The bands at work that a suggestion stands in for. */
function standing(values: Values): EqBand[] {
  if (values["eq.bypass"] === 1) return [];
  return EQ_BANDS.filter((n) => isPlain(values, n) && values[`eq.band${n}.on`] === 1).map((n) => ({
    shape: EQ_SHAPES[values[`eq.band${n}.type`] ?? 0] as EqBand["shape"],
    freqHz: values[`eq.band${n}.freqHz`] ?? 1000, gainDb: values[`eq.band${n}.gainDb`] ?? 0, q: values[`eq.band${n}.q`] ?? 1,
  })).filter(({ gainDb }) => gainDb !== 0);
}

/** A profile as it would be without an equaliser. */
function without(profile: SoundProfile, gainsDb: readonly number[]): SoundProfile {
  const less = (levels: readonly number[]): number[] => levels.map((db, band) => db - (gainsDb[band] ?? 0));
  const { p10, p50, p90 } = profile.balanceDb;
  return { ...profile, bandDb: less(profile.bandDb), balanceDb: { p10: less(p10), p50: less(p50), p90: less(p90) } };
}

function bandValues(n: number, band: EqBand | undefined): Values {
  const id = `eq.band${n}`;
  if (band === undefined) return { [`${id}.gainDb`]: 0 };
  return {
    [`${id}.on`]: 1, [`${id}.type`]: EQ_SHAPES.indexOf(band.shape), [`${id}.freqHz`]: band.freqHz, [`${id}.gainDb`]: band.gainDb,
    [`${id}.q`]: band.q, [`${id}.channel`]: 0, ...(n > 6 && { [`${id}.dynamic`]: 0 }),
  };
}
