import { AES17_DB } from "../meters/decibels.js";
import { ABSOLUTE_GATE, OFFSET_LU } from "../meters/lufs.js";
import { HUM_HARMONICS, MAINS_HZ } from "./hum-lines.js";
import { K_GAINS } from "./k-curve.js";
import {
  CLIPPED_TOPS, CREST, FLOOR, HUM_BESIDE, HUM_LINE, K_POWER, LEFT, MEAN_SQUARE, ONSETS, PRODUCT, RIGHT, THIRDS, TRANSIENT, TRUE_PEAK, WINDOW_S,
} from "./profile-windows.js";
import { PUNCH_BANDS } from "./punch-bands.js";
import { sectionsOf, type Section } from "./sections.js";
import { mean, median, percentile } from "./statistics.js";

/** Changes whenever a figure changes its meaning: a profile of another version is made anew. */
export const PROFILE_VERSION = 5;

/** 10th, 50th and 90th percentile over windows of 3 s. */
export interface Spread {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** Percentiles over windows of 3 s of each third-octave band. */
export interface BandSpread {
  readonly p10: readonly number[];
  readonly p50: readonly number[];
  readonly p90: readonly number[];
}

/** A hum of the mains: what stands at its harmonics all the time. */
export interface Hum {
  readonly mainsHz: number;
  /** How far the three most prominent harmonics stand over what lies beside them, mean. */
  readonly prominenceDb: number;
  /** Level of the harmonics together, by AES17: a full-scale sine is 0. */
  readonly levelDbfs: number;
  /** Harmonics in Hz that stand out, the strongest first. */
  readonly linesHz: readonly number[];
}

/**
 * What a programme sounds like, in figures that can be compared and kept. Windows of 3 s count whose loudness is above -70 LUFS
 * and at most 10 LU under the mean of these (the gate of BS.1770); floor, hum and clipping are of all windows. Null where the
 * programme does not tell.
 */
export interface SoundProfile {
  readonly version: typeof PROFILE_VERSION;
  /** Sound in whole windows, how much of it is kept, and how much of that passed the gate. */
  readonly seconds: number;
  readonly keptSeconds: number;
  readonly countedSeconds: number;
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  /** Largest of the windows that are kept. */
  readonly maxTruePeakDbtp: number | null;
  readonly plrDb: number | null;
  /** True peak of a window less its loudness. */
  readonly psrDb: Spread | null;
  /** Gated level in dBFS RMS (AES17), mean of both channels. */
  readonly levelDbfs: number | null;
  /** Level of each third-octave band less the loudness of the window. */
  readonly balanceDb: BandSpread;
  /** Mean square of each third-octave band in dB, mean of both channels. */
  readonly bandDb: readonly number[];
  /** Side over mid in dB, and correlation, of each octave from 31.5 Hz to 16 kHz. */
  readonly widthDb: readonly number[];
  readonly correlation: readonly number[];
  /** The same of all below 120 Hz. */
  readonly lowWidthDb: number;
  readonly lowCorrelation: number;
  /** Left over right after K-weighting; above 0 the left is louder. */
  readonly leftOverRightDb: number;
  /** Of each band of punch: crest (AES17), rise of transients, onsets a second. */
  readonly crestDb: readonly number[];
  readonly transientDb: readonly number[];
  readonly onsetsPerS: readonly number[];
  readonly sections: readonly Section[];
  /** Clipped tops of all windows that are kept, and seconds of programme to the first. */
  readonly clippedTops: number;
  readonly firstClipS: number | null;
  /** What each third-octave band does not fall below, mean square in dB. */
  readonly floorDb: readonly number[];
  readonly hum: Hum | null;
}

/** Whether `value`, from a cache perhaps, is a profile of this version. */
export function isProfile(value: unknown): value is SoundProfile {
  return typeof value === "object" && value !== null && (value as { version?: unknown }).version === PROFILE_VERSION;
}

/** What a recorder hands over: rows of `ProfileWindows`, and what its loudness meter says. */
export interface ProfileSource extends Pick<SoundProfile, "seconds" | "integratedLufs" | "loudnessRangeLu" | "plrDb"> {
  readonly rows: readonly Float64Array[];
}

type Row = Float64Array;

const RELATIVE_GATE = 0.1;
/** Levels are not told apart below. */
const LOWEST_DB = -150;
const WIDEST_DB = 60;
const OCTAVES = 10;
/** Third-octave bands that lie below 120 Hz: up to that of 100 Hz. */
const LOW_THIRDS = 8;
/** Share of the windows that may lie below a floor: fades and gaps. */
const FLOOR_SHARE = 0.1;
const HUM_SHARE = 0.2;
const PROMINENT_DB = 4;
const PROMINENT_LINES = 3;

/** The octave of `widthDb` and `correlation` in which a third of an octave of `bandDb` lies; the nearest for the outermost. */
export function octaveOf(third: number): number {
  return Math.max(0, Math.min(OCTAVES - 1, Math.floor((third - 1) / 3)));
}

/** Sums the windows up. */
export function profileOf({ rows, ...figures }: ProfileSource): SoundProfile {
  const counted = gated(rows);
  const [left, right] = [sumOf(counted, LEFT), sumOf(counted, RIGHT)];
  const truePeak = rows.reduce((most, row) => Math.max(most, at(row, TRUE_PEAK)), 0);
  const clipped = rows.findIndex((row) => at(row, CLIPPED_TOPS) > 0);
  const clippedFrom = figures.seconds - rows.length * WINDOW_S;
  return {
    version: PROFILE_VERSION,
    ...figures,
    keptSeconds: rows.length * WINDOW_S,
    countedSeconds: counted.length * WINDOW_S,
    maxTruePeakDbtp: truePeak > 0 ? decibels(truePeak ** 2) : null,
    psrDb: spreadOf(counted.map((row) => decibels(at(row, TRUE_PEAK) ** 2) - loudness(row))),
    levelDbfs: counted.length === 0 ? null : decibels(mean(counted.map((row) => at(row, MEAN_SQUARE)))) + AES17_DB,
    balanceDb: balanceOf(counted),
    bandDb: left.map((power, band) => decibels((power + (right[band] as number)) / (2 * counted.length))),
    ...imageOf(counted),
    ...punchOf(counted),
    sections: sectionsOf(rows.map((row) => at(row, K_POWER) || 0)),
    clippedTops: rows.reduce((sum, row) => sum + at(row, CLIPPED_TOPS), 0),
    firstClipS: clipped < 0 ? null : clippedFrom + clipped * WINDOW_S,
    floorDb: Array.from({ length: THIRDS }, (_, band) => decibels(percentile(rows.map((row) => at(row, FLOOR + band)).filter(Number.isFinite), FLOOR_SHARE))),
    hum: humOf(rows),
  };
}

function gated(rows: readonly Row[]): Row[] {
  const heard = rows.filter((row) => at(row, K_POWER) > ABSOLUTE_GATE);
  const gate = RELATIVE_GATE * mean(heard.map((row) => at(row, K_POWER)));
  return heard.filter((row) => at(row, K_POWER) > gate);
}

function balanceOf(rows: readonly Row[]): BandSpread {
  const spreads = Array.from({ length: THIRDS }, (_, band) => spreadOf(
    rows.map((row) => decibels((at(row, LEFT + band) + at(row, RIGHT + band)) / 2) - loudness(row))));
  const all = (key: keyof Spread): number[] => spreads.map((spread) => spread?.[key] ?? LOWEST_DB);
  return { p10: all("p10"), p50: all("p50"), p90: all("p90") };
}

type Image = Pick<SoundProfile, "widthDb" | "correlation" | "lowWidthDb" | "lowCorrelation" | "leftOverRightDb">;

function imageOf(rows: readonly Row[]): Image {
  const [left, right, product] = [sumOf(rows, LEFT), sumOf(rows, RIGHT), sumOf(rows, PRODUCT)];
  const sum = (values: readonly number[], from: number, to: number): number => values.slice(from, to).reduce((total, value) => total + value, 0);
  const between = (from: number, to: number): { widthDb: number; correlation: number } => {
    const [l, r, p] = [sum(left, from, to), sum(right, from, to), sum(product, from, to)];
    const widthDb = l + r > 0 ? decibels(l + r - 2 * p) - decibels(l + r + 2 * p) : -WIDEST_DB;
    return {
      widthDb: Math.max(-WIDEST_DB, Math.min(WIDEST_DB, widthDb)),
      correlation: l * r > 0 ? Math.max(-1, Math.min(1, p / Math.sqrt(l * r))) : 0,
    };
  };
  // The first octave begins at the third of 25 Hz.
  const octaves = Array.from({ length: OCTAVES }, (_, k) => between(1 + 3 * k, 4 + 3 * k));
  const low = between(0, LOW_THIRDS);
  const weighted = (values: readonly number[]): number => values.reduce((total, value, band) => total + value * (K_GAINS[band] as number), 0);
  return {
    widthDb: octaves.map(({ widthDb }) => widthDb),
    correlation: octaves.map(({ correlation }) => correlation),
    lowWidthDb: low.widthDb,
    lowCorrelation: low.correlation,
    leftOverRightDb: decibels(weighted(left)) - decibels(weighted(right)),
  };
}

function punchOf(rows: readonly Row[]): Pick<SoundProfile, "crestDb" | "transientDb" | "onsetsPerS"> {
  const middle = (field: number): number[] => PUNCH_BANDS.map((_, k) => median(rows.map((row) => at(row, field + k)).filter(Number.isFinite)));
  return {
    crestDb: middle(CREST),
    transientDb: middle(TRANSIENT),
    onsetsPerS: PUNCH_BANDS.map((_, k) => mean(rows.map((row) => at(row, ONSETS + k))) / WINDOW_S),
  };
}

function humOf(rows: readonly Row[]): Hum | null {
  const heard = rows.filter((row) => Number.isFinite(at(row, HUM_LINE)));
  if (heard.length === 0) return null;
  const hums = MAINS_HZ.map((mainsHz, m) => humOfMains(heard, mainsHz, m * HUM_HARMONICS));
  return hums.reduce((best, hum) => (hum.prominenceDb > best.prominenceDb ? hum : best));
}

function humOfMains(rows: readonly Row[], mainsHz: number, first: number): Hum {
  const lines = Array.from({ length: HUM_HARMONICS }, (_, k) => {
    const least = (field: number): number => percentile(rows.map((row) => at(row, field + first + k)), HUM_SHARE);
    const power = least(HUM_LINE);
    return { hz: mainsHz * (k + 1), power, prominenceDb: decibels(power) - decibels(least(HUM_BESIDE)) };
  }).sort((a, b) => b.prominenceDb - a.prominenceDb);
  const standing = lines.filter(({ prominenceDb }) => prominenceDb >= PROMINENT_DB).sort((a, b) => b.power - a.power);
  return {
    mainsHz,
    prominenceDb: mean(lines.slice(0, PROMINENT_LINES).map(({ prominenceDb }) => prominenceDb)),
    // The half for the mean of two channels makes up for the 3 dB of AES17.
    levelDbfs: decibels(standing.reduce((sum, { power }) => sum + power, 0)),
    linesHz: standing.map(({ hz }) => hz),
  };
}

function sumOf(rows: readonly Row[], field: number): number[] {
  return Array.from({ length: THIRDS }, (_, band) => rows.reduce((sum, row) => sum + at(row, field + band), 0));
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return { p10: percentile(values, 0.1), p50: median(values), p90: percentile(values, 0.9) };
}

function loudness(row: Row): number {
  return decibels(at(row, K_POWER)) + OFFSET_LU;
}

function at(row: Row, field: number): number {
  return row[field] as number;
}

function decibels(power: number): number {
  return power > 0 ? Math.max(LOWEST_DB, 10 * Math.log10(power)) : LOWEST_DB;
}
