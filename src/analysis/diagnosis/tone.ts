import { eqGainsDb, type EqBand } from "../eq-response.js";
import { THIRDS } from "../profile-windows.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../spectrum-bands.js";
import { mean } from "../statistics.js";
import { STEP_SPREAD_DB } from "../target-curve.js";
import type { Detector, FindingId, Heard, Limit } from "./finding.js";
import { atTheMixer, eqRemedy, hertz, signedDb } from "./remedies.js";

/** A band of a programme this far under its loudness holds nothing of it: a file of 8 kHz has none over 4 kHz. */
const EMPTY_DB = -75;
/** Most that a remedy turns: more is a matter for the mixer. */
const MOST_DB = 9;
/** Bands whose steps tell of a song, in Hz: the rest is rumble and the end of lossy codecs. */
const TOLD: Span = [31.5, 12_500];
/** A band further under the neutral curve is missing: how far tells nothing. */
const LOWEST_DB = -30;
/** A step further from the middle, in standard deviations, is a single tone or the end of the sound, and counts as this against a bell. */
const MOST_SPREADS = 2;

const NOTHING_THERE = "There is nothing there that could be lifted: look for a file of a low sample rate, a telephone line, or a filter at the mixer.";

/** What tells one fault of the tone: bands that are too strong (or, with `sign` -1, too weak) against others. */
interface ToneRow extends Pick<Detector, "id" | "what" | "limits" | "holdS" | "cause" | "lesson"> {
  readonly sign: 1 | -1;
  /** First and last third-octave band of the suspects, in Hz. */
  readonly bands: Span;
  /** What they are held against: the mean of these means. */
  readonly beside: readonly Span[];
  readonly shape: EqBand["shape"];
  readonly q: number;
  /** Where the control goes; within `bands` for a bell, which seeks the strongest band. */
  readonly freqHz?: number;
  readonly sentence: (words: string, db: string) => string;
}
type Span = readonly [fromHz: number, toHz: number];
/** The figure of deviations from the yardstick, one for each third-octave band, in dB. */
type Figure = (levels: readonly number[]) => number;

function limits(neutral: readonly [number, number], referenced: readonly [number, number]): Detector["limits"] {
  return { neutral: { over: neutral[0], step: neutral[1] }, referenced: { over: referenced[0], step: referenced[1] } };
}

/** Neutral limits are one standard deviation of the figure over the 199 tracks of STEP_SPREAD_DB, the steps 0.7 of it. */
const ROWS: readonly ToneRow[] = [
  { id: "muddy", what: "200 to 400 Hz over their neighbours", sign: 1, bands: [200, 400], beside: [[100, 160], [630, 1250]],
    limits: limits([4.4, 3.1], [1.9, 1.5]), holdS: 4, shape: "bell", q: 1,
    sentence: (words, db) => `It sounds muddy, as under a blanket: the low middle (200 to 400 Hz) is ${db} stronger than in ${words}.`,
    cause: "Many channels pile up in the low middle: guitars, keys, voices and rooms all have some there.",
    lesson: "High-pass everything but kick and bass." },
  { id: "boxy", what: "400 to 800 Hz over their neighbours", sign: 1, bands: [400, 800], beside: [[160, 250], [1000, 2000]],
    limits: limits([4.1, 2.9], [1.6, 1.2]), holdS: 4, shape: "bell", q: 1,
    sentence: (words, db) => `It sounds boxy, as through cardboard: the middle (400 to 800 Hz) is ${db} stronger than in ${words}.`,
    cause: "Drums and amplifiers picked up close, or a small room, ring in the middle.",
    lesson: "Cut 400 to 800 Hz on drums and amplifiers before you lift anything else." },
  { id: "boomy", what: "63 to 125 Hz over the middle", sign: 1, bands: [63, 125], beside: [[200, 2000]],
    limits: limits([5.3, 3.7], [2.4, 2]), holdS: 5, shape: "bell", q: 1,
    sentence: (words, db) => `The bass booms: 60 to 125 Hz is ${db} stronger than in ${words}.`,
    cause: "Kick and bass share one note, a voice or guitar was picked up too close, or the room rings.",
    lesson: "Give kick and bass a place each: one below 80 Hz, the other above." },
  { id: "thin", what: "80 to 250 Hz under the middle", sign: -1, bands: [80, 250], beside: [[500, 4000]],
    limits: limits([6.8, 4.7], [3.3, 3]), holdS: 6, shape: "lowShelf", q: 0.71, freqHz: 250,
    sentence: (words, db) => `It sounds thin: the body (80 to 250 Hz) is ${db} weaker than in ${words}.`,
    cause: "High-passes set too high, or bass and kick turned too low.",
    lesson: "Set high-passes by ear: up until you miss something, then a little back." },
  { id: "harsh", what: "2 to 4 kHz over their neighbours", sign: 1, bands: [2000, 4000], beside: [[1000, 1600], [5000, 8000]],
    limits: limits([3.9, 2.7], [1.6, 1.3]), holdS: 3, shape: "bell", q: 1,
    sentence: (words, db) => `It sounds harsh and tires the ear: 2 to 4 kHz is ${db} stronger than in ${words}.`,
    cause: "Guitars, snare and voice all want to be in front, or an overdriven channel bites.",
    lesson: "Let one instrument own the 3 kHz, and turn it down in the others." },
  { id: "sibilant", what: "5 to 10 kHz over the middle", sign: 1, bands: [5000, 10_000], beside: [[1250, 3150]],
    limits: limits([3.2, 2.2], [1.6, 2]), holdS: 3, shape: "bell", q: 1.2,
    sentence: (words, db) => `S and cymbals hiss: 5 to 10 kHz is ${db} stronger than in ${words}.`,
    cause: "A bright microphone close to the voice, or cymbals that leak into every channel.",
    lesson: "Use a de-esser on the voice rather than less treble on everything." },
  { id: "dull", what: "6.3 to 12.5 kHz under the middle", sign: -1, bands: [6300, 12_500], beside: [[500, 4000]],
    limits: limits([6.8, 4.8], [3.8, 2.5]), holdS: 6, shape: "highShelf", q: 0.71, freqHz: 5000,
    sentence: (words, db) => `It sounds dull, as behind a curtain: the treble (6 to 12 kHz) is ${db} weaker than in ${words}.`,
    cause: "Microphones off their axis, or treble turned down against a sharp loudspeaker.",
    lesson: "Compare at a low level: the ear tires, and asks for less treble than the song needs." },
];

/** Ids of the faults of the tonal balance. */
export const TONE_IDS: ReadonlySet<FindingId> = new Set(ROWS.map(({ id }) => id));

/** The faults of the tonal balance. */
export const TONE_DETECTORS: readonly Detector[] = ROWS.map((row) => {
  const weights = weightsOf(row);
  // What is missing in the suspects is a fault of its own; where there is nothing beside them, nothing can be said.
  const isHeard = ({ output, yardstick }: Heard): boolean => THIRD_OCTAVE_FREQ_HZ.every((_, band) => {
    const isBeside = row.beside.some((span) => isIn(band, span));
    return (!isBeside || (output.balanceDb.p50[band] as number) > EMPTY_DB)
      && (weights[band] === 0 || (yardstick.balanceDb[band] as number) > EMPTY_DB);
  });
  const besideDb = (levels: readonly number[]): number => levels.reduce((sum, db, band) => sum + (weights[band] as number) * db, 0);
  const stepsDb = stepsFigure(row);
  const figureOf = ({ yardstick }: Heard): Figure => (yardstick.references > 0 ? besideDb : stepsDb);
  return {
    ...row,
    unit: "dB",
    figure: (heard) => (heard.output.countedSeconds === 0 || !isHeard(heard) ? null : figureOf(heard)(deviation(heard))),
    sentence: ({ yardstick }, figure) => row.sentence(yardstick.words, `${Math.max(0.1, figure).toFixed(1)} dB`),
    remedy: (heard, figure, limit) => {
      if (row.sign < 0 && isEmpty(row, heard)) return atTheMixer(NOTHING_THERE);
      const band = remedyBand(row, heard, wanted(figure, limit), figureOf(heard));
      const verb = band.gainDb < 0 ? "Cut" : "Lift";
      const where = band.shape === "bell" ? `around ${hertz(band.freqHz)}` : band.shape === "lowShelf" ? `below ${hertz(band.freqHz)}` : `above ${hertz(band.freqHz)}`;
      return eqRemedy(heard, band, `${verb} ${where} by ${Math.abs(band.gainDb).toFixed(1)} dB in the equaliser (${signedDb(band.gainDb)}, Q ${band.q}).`);
    },
  };
});

/** Level of each third-octave band less that of the yardstick, in dB. */
export function deviation({ output, yardstick }: Pick<Heard, "output" | "yardstick">): number[] {
  return output.balanceDb.p50.map((db, band) => db - (yardstick.balanceDb[band] as number));
}

/** By how much the figure is to fall: to half its limit. */
function wanted(figure: number, { over }: Limit): number {
  return figure - over / 2;
}

function isIn(band: number, [fromHz, toHz]: Span): boolean {
  const hz = THIRD_OCTAVE_FREQ_HZ[band] as number;
  return hz > fromHz * 0.95 && hz < toHz * 1.05;
}

function weightsOf({ sign, bands, beside }: ToneRow): number[] {
  const all = Array.from({ length: THIRDS }, (_, band) => band);
  const share = (span: Span, band: number): number => (isIn(band, span) ? 1 / all.filter((one) => isIn(one, span)).length : 0);
  return all.map((band) => sign * (share(bands, band) - mean(beside.map((span) => share(span, band)))));
}

/**
 * How many dB of what would mend it the programme has too much of: the least-squares estimate from its steps from band to band,
 * each weighted by how little songs differ there (a matched filter: Kay, Fundamentals of Statistical Signal Processing I, ch. 4).
 * Levels themselves tell less: songs differ from the neutral curve by 3 to 10 dB, and by 3 to 6 dB in steps.
 */
function stepsFigure({ sign, bands, shape, q, freqHz }: ToneRow): Figure {
  const steps = stepsOf(eqGainsDb([{ shape, freqHz: freqHz ?? middleHz({ bands }), gainDb: sign, q }]));
  const weights = steps.map((step, k) => (isIn(k, TOLD) && isIn(k + 1, TOLD) ? step / (STEP_SPREAD_DB[k] as number) ** 2 : 0));
  const whole = steps.reduce((sum, step, k) => sum + step * (weights[k] as number), 0);
  const mostDb = STEP_SPREAD_DB.map((spreadDb) => (shape === "bell" ? MOST_SPREADS * spreadDb : Infinity));
  return (levels) => stepsOf(levels.map((db) => Math.max(LOWEST_DB, db))).reduce((sum, step, k) => {
    const [weight, most] = [weights[k] as number, mostDb[k] as number];
    return sum + weight * Math.max(-most, Math.min(most, step));
  }, 0) / whole;
}

/** From each band to the next. */
function stepsOf(levels: readonly number[]): number[] {
  return levels.slice(1).map((db, k) => db - (levels[k] as number));
}

/** The band of the equaliser that lowers the figure by `fallDb`, as far as it may. */
function remedyBand(row: ToneRow, heard: Heard, fallDb: number, figureOf: Figure): EqBand {
  const band = { shape: row.shape, freqHz: row.freqHz ?? bellHz(row, heard), q: row.q };
  const perDb = figureOf(eqGainsDb([{ ...band, gainDb: row.sign * MOST_DB }])) / MOST_DB;
  const gainDb = -row.sign * Math.min(MOST_DB, Math.max(0.5, fallDb / Math.max(0.2, perDb)));
  return { ...band, gainDb: Math.round(10 * gainDb) / 10 };
}

/** Whether the programme has nothing at all in the suspects, which no control lifts. */
function isEmpty({ bands }: ToneRow, { output }: Heard): boolean {
  return output.balanceDb.p50.every((db, band) => !isIn(band, bands) || db <= EMPTY_DB);
}

/** Where a bell goes: what the figure weighs stands around the middle of the suspects, or else to the band that stands out most. */
function bellHz(row: ToneRow, heard: Heard): number {
  return heard.yardstick.references > 0 ? strongest(row, heard) : middleHz(row);
}

function middleHz({ bands: [fromHz, toHz] }: Pick<ToneRow, "bands">): number {
  return Math.round(Math.sqrt(fromHz * toHz));
}

/** Centre of the band among the suspects that stands out most, seen together with its neighbours. */
function strongest({ bands }: ToneRow, heard: Heard): number {
  const levels = deviation(heard);
  const blurred = levels.map((db, band) => db / 2 + ((levels[band - 1] ?? db) + (levels[band + 1] ?? db)) / 4);
  const best = blurred.reduce((found, db, band) => (isIn(band, bands) && (found < 0 || db > (blurred[found] as number)) ? band : found), -1);
  return Math.round(THIRD_OCTAVE_FREQ_HZ[best] as number);
}
