import { mean, median } from "./statistics.js";
import { contrastLu, punchDb, upperWidthDb } from "./profile-figures.js";
import type { BandSpread, SoundProfile } from "./sound-profile.js";
import { THIRD_OCTAVE_FREQ_HZ } from "./spectrum-bands.js";

/** Centres of the octaves of a profile's width, from 31.5 Hz to 16 kHz (IEC 61260-1, nominal). */
export const OCTAVE_FREQ_HZ: readonly number[] = [31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000];

/** One figure of a mix beside that of its references. */
export interface ComparedFigure {
  readonly id: "integratedLufs" | "loudnessRangeLu" | "psrDb" | "punchDb" | "onsetsPerS" | "lowCrestDb" | "middleCrestDb" | "highCrestDb"
    | "widthDb" | "lowWidthDb" | "contrastLu" | "leftOverRightDb";
  readonly what: string;
  readonly unit: string;
  readonly mix: number;
  /** Least, middle and most of the references. */
  readonly references: { readonly low: number; readonly middle: number; readonly high: number };
  readonly sentence: string;
}

/** A curve of the mix in bands, and the band that the references fill. */
export interface ComparedCurve {
  readonly freqHz: readonly number[];
  readonly mix: readonly number[];
  readonly low: readonly number[];
  readonly middle: readonly number[];
  readonly high: readonly number[];
}

/** A mix beside its references, in figures, curves and sentences. */
export interface Comparison {
  /** Level of each third of an octave less the loudness, in dB; the band holds 10 to 90 % of the references' windows. */
  readonly balance: ComparedCurve;
  /** Side over mid of each octave in dB; the band holds all references. */
  readonly width: ComparedCurve;
  readonly figures: readonly ComparedFigure[];
  /** What the balance says. */
  readonly balanceSentence: string;
}

interface FigureRow extends Pick<ComparedFigure, "id" | "what" | "unit"> {
  readonly of: (profile: SoundProfile) => number | null;
  /** Differences up to this are none. */
  readonly same: number;
  readonly more: string;
  readonly less: string;
}

const ROWS: readonly FigureRow[] = [
  { id: "integratedLufs", what: "Loudness", unit: "LUFS", of: ({ integratedLufs }) => integratedLufs, same: 1, more: "louder", less: "quieter" },
  { id: "loudnessRangeLu", what: "Loudness range", unit: "LU", of: ({ loudnessRangeLu }) => loudnessRangeLu, same: 1, more: "livelier in loudness", less: "more even in loudness" },
  { id: "contrastLu", what: "Between sections", unit: "LU", of: contrastLu, same: 1, more: "more different from section to section", less: "more alike from section to section" },
  { id: "psrDb", what: "Peaks over loudness (PSR)", unit: "dB", of: ({ psrDb }) => psrDb?.p50 ?? null, same: 1, more: "less limited", less: "more limited" },
  { id: "punchDb", what: "Punch", unit: "dB", of: punchDb, same: 0.7, more: "punchier", less: "softer in its attacks" },
  { id: "onsetsPerS", what: "Hits", unit: "a second", of: ({ onsetsPerS }) => mean(onsetsPerS), same: 0.7, more: "busier", less: "sparser" },
  { id: "lowCrestDb", what: "Peaks of the bass (crest)", unit: "dB", of: ({ crestDb }) => crestDb[0] ?? null, same: 1.5, more: "more pronounced in the kick", less: "denser in the bass" },
  { id: "middleCrestDb", what: "Peaks of the middle (crest)", unit: "dB", of: ({ crestDb }) => crestDb[1] ?? null, same: 1.5, more: "more pronounced in the middle", less: "denser in the middle" },
  { id: "highCrestDb", what: "Peaks of the treble (crest)", unit: "dB", of: ({ crestDb }) => crestDb[2] ?? null, same: 1.5, more: "more pronounced in the treble", less: "denser in the treble" },
  { id: "widthDb", what: "Width (side over mid)", unit: "dB", of: upperWidthDb, same: 2, more: "wider", less: "narrower" },
  { id: "lowWidthDb", what: "Width of the bass", unit: "dB", of: ({ lowWidthDb }) => lowWidthDb, same: 4, more: "less mono in the bass", less: "more mono in the bass" },
  { id: "leftOverRightDb", what: "Left over right", unit: "dB", of: ({ leftOverRightDb }) => leftOverRightDb, same: 0.7, more: "further to the left", less: "further to the right" },
];

/** What is said where nothing differs. */
const ALIKE = "as the references have it.";
/** The balance is compared here; beyond, songs differ too much to say anything. */
const BALANCE_HZ = [50, 14_000] as const;
/** A deviation that is worth a word. */
const AUDIBLE_DB = 2;

/**
 * Compares a mix with its references. Balance and width do not depend on how loud they are.
 *
 * @param references one or more
 */
export function comparisonOf(mix: SoundProfile, references: readonly SoundProfile[]): Comparison {
  const balance = balanceOf(mix, references);
  const widths = OCTAVE_FREQ_HZ.map((_, octave) => references.map(({ widthDb }) => widthDb[octave] as number));
  return {
    balance,
    width: {
      freqHz: OCTAVE_FREQ_HZ, mix: mix.widthDb, low: widths.map((all) => Math.min(...all)), middle: widths.map(median), high: widths.map((all) => Math.max(...all)),
    },
    figures: ROWS.flatMap((row) => figureOf(row, mix, references)),
    balanceSentence: balanceSentence(balance),
  };
}

/** What there is to say of a comparison: the tone, and every figure that differs. */
export function saidOf({ balanceSentence, figures }: Comparison): string[] {
  return [balanceSentence, ...figures.map(({ sentence }) => sentence).filter((sentence) => !sentence.endsWith(ALIKE))];
}

function balanceOf(mix: SoundProfile, references: readonly SoundProfile[]): ComparedCurve {
  const middle = (key: keyof BandSpread): number[] => THIRD_OCTAVE_FREQ_HZ.map((_, band) => median(references.map(({ balanceDb }) => balanceDb[key][band] as number)));
  return { freqHz: THIRD_OCTAVE_FREQ_HZ, mix: mix.balanceDb.p50, low: middle("p10"), middle: middle("p50"), high: middle("p90") };
}

function figureOf({ id, what, unit, of, same, more, less }: FigureRow, mix: SoundProfile, references: readonly SoundProfile[]): ComparedFigure[] {
  const own = of(mix);
  const theirs = references.map(of).filter((value) => value !== null);
  if (own === null || theirs.length === 0) return [];
  const [low, middle, high] = [Math.min(...theirs), median(theirs), Math.max(...theirs)];
  const word = own > high + same ? more : own < low - same ? less : null;
  const by = `${Math.abs(own - middle).toFixed(1)} ${unit === "LUFS" ? "LU" : unit}`;
  const sentence = word === null ? `${what}: ${ALIKE}` : `${what}: yours is ${word} (by ${by}).`;
  return [{ id, what, unit, mix: own, references: { low, middle, high }, sentence }];
}

/** Where the mix leaves the references furthest, above and below. */
function balanceSentence({ freqHz, mix, middle }: ComparedCurve): string {
  const inside = freqHz.flatMap((hz, band) => (hz > BALANCE_HZ[0] && hz < BALANCE_HZ[1] ? [band] : []));
  const differences = inside.map((band) => ({ hz: freqHz[band] as number, db: (mix[band] as number) - (middle[band] as number) }));
  const common = median(differences.map(({ db }) => db));
  const sorted = differences.map(({ hz, db }) => ({ hz, db: db - common })).sort((a, b) => b.db - a.db);
  const [most, least] = [sorted[0], sorted.at(-1)];
  const part = (one: typeof most, word: string): string[] => (one === undefined || Math.abs(one.db) < AUDIBLE_DB
    ? [] : [`${Math.abs(one.db).toFixed(1)} dB ${word} around ${one.hz < 1000 ? `${Math.round(one.hz)} Hz` : `${(one.hz / 1000).toFixed(1)} kHz`}`]);
  const parts = [...part(most, "more"), ...part(least, "less")];
  return parts.length === 0 ? `Tone: ${ALIKE}` : `Tone: yours has ${parts.join(", and ")} than the references.`;
}
