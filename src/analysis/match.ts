import { EQ_SHAPES, eqGainsDb, type EqBand } from "./eq-response.js";
import { fitEq } from "./eq-fit.js";
import { mean, median } from "./statistics.js";
import { punchDb, upperWidthDb } from "./profile-figures.js";
import type { SoundProfile } from "./sound-profile.js";
import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";
import { yardstickOf } from "./yardstick.js";

/** Most that a suggestion lifts or cuts, and most at the ends of the range. */
export const MATCH_LIMIT_DB = 6;
const END_LIMIT_DB = 3;
/** The ends begin here. */
const INNER_HZ = [60, 12_000] as const;
/** The level that two spectra have in common is taken from here. */
const COMMON_HZ = [100, 10_000] as const;
/** Below this less its loudness there is nothing of a programme in a band. */
const SILENT_DB = -75;
/** A band whose windows differ by less is sure, by more than the second is not known at all. */
const SURE_SPREAD_DB = 20;
const UNSURE_SPREAD_DB = 45;
/** Seconds of programme that both need. */
export const MATCH_LEAST_S = 9;
/** Weight in the fit of what is not known: enough to keep the response at rest there. */
const REST_WEIGHT = 0.15;
/** Differences that are worth a hint. */
const HINT_DB = 2;

/** How to bring a mix nearer to references: nothing of it is applied by itself. */
export interface MatchSuggestion {
  /** Wanted change in dB at each third-octave band: smoothed, scaled by the amount, limited, and 0 where nothing is known. */
  readonly wantedDb: readonly number[];
  /** 0..1, how well both are known at each band. */
  readonly confidence: readonly number[];
  /** The equaliser that does it, and its gain at each third-octave band. */
  readonly bands: readonly EqBand[];
  readonly gainsDb: readonly number[];
  /** What the references do differently in width and dynamics, in words. */
  readonly hints: readonly string[];
}

/**
 * Suggests an equaliser that brings the balance of a mix to the middle of its references.
 *
 * @param all the references; those that are too short are passed over
 * @param amountPercent 0..100, how much of the way
 */
export function matchOf(mix: SoundProfile, all: readonly SoundProfile[], amountPercent: number): MatchSuggestion {
  const references = all.filter(canMatch);
  const goal = yardstickOf(references);
  const confidence = confidenceOf(mix, references);
  const differences = goal.balanceDb.map((db, band) => db - (mix.balanceDb.p50[band] as number));
  const common = median(differences.filter((_, band) => (confidence[band] as number) > 0 && isWithin(band, COMMON_HZ)));
  const wantedDb = smoothed(differences.map((db, band) => (db - common) * (confidence[band] as number)))
    .map((db, band) => clamped((db * amountPercent) / 100, isWithin(band, INNER_HZ) ? MATCH_LIMIT_DB : END_LIMIT_DB));
  const bands = fitEq({ wantedDb, weights: confidence.map((one) => Math.max(REST_WEIGHT, one)), limitDb: MATCH_LIMIT_DB });
  return { wantedDb, confidence, bands, gainsDb: eqGainsDb(bands), hints: hintsOf(mix, references) };
}

/** Whether there is enough of a programme to match it, or to match with it: 9 s. */
export function canMatch({ countedSeconds }: SoundProfile): boolean {
  return countedSeconds >= MATCH_LEAST_S;
}

/** The values of the equaliser's eight bands for a suggestion: the bands that it does not need rest. */
export function matchValues({ bands }: Pick<MatchSuggestion, "bands">): Record<string, number> {
  const values: Record<string, number> = { "eq.bypass": 0 };
  for (let n = 1; n <= 8; n++) {
    const band = bands[n - 1];
    const id = `eq.band${n}`;
    values[`${id}.gainDb`] = band?.gainDb ?? 0;
    if (band === undefined) continue;
    Object.assign(values, {
      [`${id}.on`]: 1, [`${id}.type`]: EQ_SHAPES.indexOf(band.shape), [`${id}.freqHz`]: band.freqHz, [`${id}.q`]: band.q, [`${id}.channel`]: 0,
      ...(n > 6 && { [`${id}.dynamic`]: 0 }),
    });
  }
  return values;
}

/** What is known of each band: both are heard there, and do not change too much from window to window. */
function confidenceOf(mix: SoundProfile, references: readonly SoundProfile[]): number[] {
  const all = [mix, ...references];
  if (references.length === 0 || !canMatch(mix)) return THIRD_OCTAVE_FREQ_HZ.map(() => 0);
  return THIRD_OCTAVE_FREQ_HZ.map((_, band) => Math.min(...all.map(({ balanceDb: { p10, p50, p90 } }) => {
    if ((p50[band] as number) < SILENT_DB) return 0;
    const spreadDb = (p90[band] as number) - (p10[band] as number);
    return clampedShare((UNSURE_SPREAD_DB - spreadDb) / (UNSURE_SPREAD_DB - SURE_SPREAD_DB));
  })));
}

function isWithin(band: number, [fromHz, toHz]: readonly [number, number]): boolean {
  const hz = THIRD_OCTAVE_FREQ_HZ[band] as number;
  return hz > fromHz && hz < toHz * 1.05;
}

/** Half of a band, and a quarter of each neighbour. */
function smoothed(levels: readonly number[]): number[] {
  return levels.map((db, k) => db / 2 + ((levels[k - 1] ?? db) + (levels[k + 1] ?? db)) / 4);
}

function clamped(db: number, limitDb: number): number {
  return Math.max(-limitDb, Math.min(limitDb, db));
}

function clampedShare(share: number): number {
  return Math.max(0, Math.min(1, share));
}

function hintsOf(mix: SoundProfile, references: readonly SoundProfile[]): string[] {
  if (references.length === 0) return [];
  const more = (figure: (profile: SoundProfile) => number): number => mean(references.map(figure)) - figure(mix);
  const wider = more(upperWidthDb);
  const livelier = more(({ psrDb }) => psrDb?.p50 ?? 0);
  const punchier = more(punchDb);
  const hint = (db: number, up: string, down: string): string[] => (Math.abs(db) < HINT_DB ? [] : [`${db > 0 ? up : down} by ${Math.abs(db).toFixed(1)} dB.`]);
  return [
    ...hint(wider, "The references are wider", "The references are narrower"),
    ...hint(livelier, "Their peaks stand higher over the loudness (less limiting)", "Their peaks stand lower over the loudness (more limiting)"),
    ...hint(punchier, "Their drums stick out further (slower attacks)", "Their drums stick out less (faster attacks)"),
  ];
}
