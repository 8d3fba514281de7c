import { clampValue, snapValue } from "../../params/values.js";
import { findParameter } from "../../params/table.js";
import { EQ_BANDS, EQ_SHAPES, eqGainsDb, isNotch, type EqBand } from "../eq-response.js";
import { K_GAINS } from "../k-curve.js";
import type { SoundProfile } from "../sound-profile.js";
import type { Heard, Remedy, Values } from "./finding.js";

/** Bands of one shape that are nearer than this, in octaves, are one. */
const SAME_OCTAVES = 0.25;
const DRIVE = "loudness.driveDb";

/** A remedy that lies with the mixer: no control of the box helps. */
export function atTheMixer(sentence: string): Remedy {
  return { sentence, values: {}, loudnessChangeDb: 0 };
}

/** Values on their steps and in their ranges. */
export function held(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => {
    const row = findParameter(id);
    return [id, row === undefined ? value : snapValue(row, value)];
  }));
}

/** The values of a stage that the sound went through; none where the stage, or the whole chain, was bypassed. */
export function inForce(values: Values, stage: "input" | "eq" | "imager"): Values {
  return values["chain.bypass"] === 1 || values[`${stage}.bypass`] === 1 ? {} : values;
}

/** By how much bands of the equaliser change the loudness of a programme, in dB. */
export function eqLoudnessDb(profile: SoundProfile, bands: readonly EqBand[]): number {
  return loudnessOfGainsDb(profile, eqGainsDb(bands));
}

/** By how much gains of the third-octave bands, in dB, change the loudness of a programme. */
export function loudnessOfGainsDb(profile: SoundProfile, gains: readonly number[]): number {
  let [before, after] = [0, 0];
  profile.bandDb.forEach((db, band) => {
    const energy = 10 ** (db / 10) * (K_GAINS[band] as number);
    before += energy;
    after += energy * 10 ** ((gains[band] as number) / 10);
  });
  return before > 0 ? 10 * Math.log10(after / before) : 0;
}

/** The values that add `band` to the equaliser: to a band that is there already, or else in the nearest that does nothing. */
export function placedBand(values: Values, band: EqBand): Values {
  const octavesFrom = (n: number): number => Math.abs(Math.log2((values[`eq.band${n}.freqHz`] ?? 1000) / band.freqHz));
  const isPlain = (n: number): boolean => values[`eq.band${n}.channel`] === 0 && values[`eq.band${n}.dynamic`] !== 1 && !isNotch(values, n);
  const gainOf = (n: number): number => (values[`eq.band${n}.on`] === 0 ? 0 : values[`eq.band${n}.gainDb`] ?? 0);
  const nearest = EQ_BANDS.filter(isPlain).sort((a, b) => octavesFrom(a) - octavesFrom(b));
  const shape = EQ_SHAPES.indexOf(band.shape);
  const same = nearest.find((n) => gainOf(n) !== 0 && values[`eq.band${n}.type`] === shape && octavesFrom(n) < SAME_OCTAVES);
  const n = same ?? nearest.find((k) => gainOf(k) === 0) ?? nearest[0] ?? 1;
  const id = `eq.band${n}`;
  const before = same === undefined ? 0 : inForce(values, "eq")[`${id}.gainDb`] ?? 0;
  return held({
    "eq.bypass": 0, [`${id}.on`]: 1, [`${id}.type`]: shape, [`${id}.freqHz`]: band.freqHz, [`${id}.gainDb`]: before + band.gainDb, [`${id}.q`]: band.q,
  });
}

/** The drive that keeps the loudness where it is when the sound before it changes by `changeDb`, with what it cannot make up for. */
export function levelMatched(values: Values, changeDb: number): { readonly values: Values; readonly loudnessChangeDb: number } {
  const row = findParameter(DRIVE);
  if (values["loudness.bypass"] === 1) return { values: {}, loudnessChangeDb: changeDb };
  const before = values[DRIVE] ?? 0;
  const wanted = before - changeDb;
  const driveDb = row === undefined ? wanted : snapValue(row, clampValue(row, wanted));
  // A master that would not change by a tenth of a decibel is left alone.
  if (driveDb === before) return { values: {}, loudnessChangeDb: changeDb };
  return { values: { [DRIVE]: driveDb }, loudnessChangeDb: changeDb + driveDb - before };
}

/** A remedy that changes the loudness by `changeDb`, level-matched. */
export function levelledRemedy({ values }: Pick<Heard, "values">, changeDb: number, remedy: Pick<Remedy, "sentence" | "values">): Remedy {
  const matched = levelMatched(values, changeDb);
  return { sentence: remedy.sentence, values: { ...remedy.values, ...matched.values }, loudnessChangeDb: matched.loudnessChangeDb };
}

/** A band of the equaliser, level-matched. */
export function eqRemedy(heard: Heard, band: EqBand, sentence: string): Remedy {
  return levelledRemedy(heard, eqLoudnessDb(heard.output, [band]), { sentence, values: placedBand(heard.values, band) });
}

/** "+2.5 dB" or "-2.5 dB". */
export function signedDb(db: number): string {
  return `${db > 0 ? "+" : ""}${db.toFixed(1)} dB`;
}

/** "300 Hz" or "3.2 kHz". */
export function hertz(hz: number): string {
  return hz < 1000 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toFixed(1)} kHz`;
}
