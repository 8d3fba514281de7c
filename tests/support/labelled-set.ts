import { basename } from "node:path";
import { diagnose, DETECTORS, limitOf } from "../../src/analysis/diagnosis/diagnose.js";
import type { Finding, FindingId, Heard } from "../../src/analysis/diagnosis/finding.js";
import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import { yardstickOf } from "../../src/analysis/yardstick.js";
import { PARAMETERS } from "../../src/params/table.js";
import { DAMAGES, type Damage } from "./damages.js";
import { halfOf, openPassage } from "./passage.js";
import { profileSignal } from "./profile-signal.js";
import { runChain, type StereoSignal } from "./run-chain.js";

const ETR = "/usr/share/games/etr/music";
const NEVERBALL = "/usr/share/games/neverball/bgm";
// Game music from Debian's extremetuxracer-data and neverball-data, all of it that lasts 45 s and more. The limits of the
// detectors were set on the first eight; nobody looked at the damaged versions of the other five before.
export const TUNED: readonly string[] = [
  `${ETR}/calmrace-ks.ogg`, `${ETR}/freezingpoint.ogg`, `${ETR}/race1-jt.ogg`, `${ETR}/spunkyrace-ks.ogg`,
  `${NEVERBALL}/title.ogg`, `${NEVERBALL}/track1.ogg`, `${NEVERBALL}/track3.ogg`, `${NEVERBALL}/track5.ogg`,
];
export const HELD_OUT: readonly string[] = [
  `${ETR}/credits1-cp.ogg`, `${ETR}/start1-jt.ogg`, `${NEVERBALL}/track2.ogg`, `${NEVERBALL}/track4.ogg`, `${NEVERBALL}/track6.ogg`,
];

const DEFAULTS = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
/** Room for a chain that lifts: its limiter is out of the way. */
const AFTER = { "chain.levelMatch": 0, "dither.bypass": 1, "compressor.bypass": 1 } as const;
const LONGEST_S = 120;
/** A movement that a programme does not have cannot be taken from it. */
const MOVING_LU = 6;

/** A track: the half of it that is damaged, all of it for what takes longer, and as the reference all of it. */
export interface Track {
  readonly name: string;
  readonly sampleRateHz: number;
  readonly signal: StereoSignal;
  readonly long: StereoSignal;
  readonly references: readonly SoundProfile[];
}

/** What became of one damage of one track. */
export interface Verdict {
  readonly damage: Damage;
  readonly found: readonly Finding[];
  /** Whether one of the expected ids is among the first two, with the right remedy. */
  readonly isNamed: boolean;
  /** The figure after the remedy and its limit; null where it was not taken. */
  readonly after: { readonly id: FindingId; readonly figure: number; readonly limit: number } | null;
}

/** What became of a track: its damages against itself and against the neutral curve, and what is found where nothing was damaged. */
export interface TrackResult {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
  readonly neutral: readonly Verdict[];
  readonly alarms: readonly FindingId[];
  readonly neutralAlarms: readonly FindingId[];
}

/** Opens a track, at most the middle 120 s of it, and draws the half that is damaged. */
export async function loadTrack(path: string, seed: number): Promise<Track> {
  const { signal: long, sampleRateHz } = await openPassage(path, LONGEST_S);
  return { name: basename(path), sampleRateHz, long, signal: halfOf(long, sampleRateHz, seed), references: [await profileSignal(long, sampleRateHz)] };
}

/**
 * Damages a track, and says what is found.
 *
 * @param isRemedied whether the remedy of a damage is to be taken, too, where the box has one
 */
export async function judgeTrack(track: Track, damages: readonly Damage[], isRemedied: (damage: Damage) => boolean): Promise<TrackResult> {
  const clean = await profileSignal(track.signal, track.sampleRateHz);
  const [verdicts, neutral]: [Verdict[], Verdict[]] = [[], []];
  for (const damage of damages) {
    const damaged = damage.apply(damage.isLong === true ? track.long : track.signal, track.sampleRateHz);
    const profile = await profileSignal(damaged, track.sampleRateHz);
    const verdict = verdictOf(damage, profile, track.references);
    verdicts.push(isRemedied(damage) ? { ...verdict, after: await afterRemedy(track, damaged, verdict) } : verdict);
    neutral.push(verdictOf(damage, profile, []));
  }
  const idsOf = (references: readonly SoundProfile[]): FindingId[] => diagnose(heardOf(clean, references)).map(({ id }) => id);
  return { name: track.name, verdicts, neutral, alarms: idsOf(track.references), neutralAlarms: idsOf([]) };
}

/** Damages that can be done to a track. */
export function damagesOf({ references }: Track): readonly Damage[] {
  return DAMAGES.filter(({ isLong }) => isLong !== true || (references[0]?.loudnessRangeLu ?? 0) >= MOVING_LU);
}

/** A profile as `lacquer diagnose` hears it. */
export function heardOf(profile: SoundProfile, references: readonly SoundProfile[]): Heard {
  return { input: profile, output: profile, yardstick: yardstickOf(references), values: DEFAULTS, limitingDb: null, compressionDb: 0, targetLufs: null };
}

function named({ damage, found }: Pick<Verdict, "damage" | "found">): Finding | undefined {
  return found.slice(0, 2).find(({ id }) => damage.expected.includes(id));
}

function verdictOf(damage: Damage, profile: SoundProfile, references: readonly SoundProfile[]): Verdict {
  const found = diagnose(heardOf(profile, references));
  const finding = named({ damage, found });
  return { damage, found, isNamed: finding !== undefined && damage.isRight(finding.remedy), after: null };
}

/** Takes the remedy by the chain of the product, and looks again; null where it lies with the mixer, or nothing was named. */
async function afterRemedy({ sampleRateHz, references }: Track, damaged: StereoSignal, verdict: Verdict): Promise<Verdict["after"]> {
  const finding = named(verdict);
  if (finding === undefined || Object.keys(finding.remedy.values).length === 0) return null;
  const { id, remedy } = finding;
  const cured = runChain(damaged, { sampleRateHz, parameters: { ...AFTER, ...remedy.values } });
  const heard = heardOf(await profileSignal(cured, sampleRateHz), references);
  const detector = DETECTORS.find((one) => one.id === id)!;
  return { id, figure: detector.figure(heard)!, limit: limitOf(detector, heard).over };
}

/** Which findings stand first and second for each damage, counted over the tracks: the confusion table. */
export function confusionTable(verdicts: readonly Verdict[]): string[] {
  const lines = DAMAGES.flatMap((damage) => {
    const ofDamage = verdicts.filter((verdict) => verdict.damage === damage);
    if (ofDamage.length === 0) return [];
    const counts = new Map<string, number>();
    for (const { found } of ofDamage) for (const { id } of found.slice(0, 2)) counts.set(id, (counts.get(id) ?? 0) + 1);
    const right = ofDamage.filter(({ isNamed }) => isNamed).length;
    const others = [...counts].sort((a, b) => b[1] - a[1]).map(([id, count]) => `${id} ${count}`).join(", ");
    return [`${damage.name.padEnd(34)} ${`${right}/${ofDamage.length}`.padEnd(6)} ${others}`];
  });
  return [`${"damage".padEnd(34)} named  first two of the findings, counted`, ...lines];
}

/** What was not named, in words. */
export function missedOf(results: readonly TrackResult[]): string[] {
  return results.flatMap(({ name, verdicts }) => verdicts.filter(({ isNamed }) => !isNamed)
    .map(({ damage, found }) => `${name}: ${damage.name}: ${found.map(({ id, figure }) => `${id} ${figure}`).join(" ") || "nothing"}`));
}

/** Remedies that were taken, and those that left the figure over its limit. */
export function remediesOf(results: readonly TrackResult[]): { readonly taken: number; readonly tooWeak: readonly string[] } {
  const taken = results.flatMap(({ name, verdicts }) => verdicts.flatMap(({ damage, after }) => (after === null ? [] : [{ name, damage, after }])));
  return {
    taken: taken.length,
    tooWeak: taken.filter(({ after }) => after.figure > after.limit)
      .map(({ name, damage, after }) => `${name}: ${damage.name}: ${after.id} ${after.figure.toFixed(1)} > ${after.limit}`),
  };
}
