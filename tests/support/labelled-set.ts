import { diagnose, DETECTORS, limitOf } from "../../src/analysis/diagnosis/diagnose.js";
import type { Finding, FindingId, Heard } from "../../src/analysis/diagnosis/finding.js";
import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import { yardstickOf } from "../../src/analysis/yardstick.js";
import { PARAMETERS } from "../../src/params/table.js";
import { DAMAGES, type Damage } from "./damages.js";
import { profileSignal } from "./profile-signal.js";
import { runChain, type StereoSignal } from "./run-chain.js";

const DEFAULTS = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
/** Room for a chain that lifts: its limiter is out of the way. */
const AFTER = { "chain.levelMatch": 0, "dither.bypass": 1, "compressor.bypass": 1 } as const;

export interface Track {
  readonly name: string;
  readonly sampleRateHz: number;
  readonly signal: StereoSignal;
  readonly references: readonly SoundProfile[];
}

/** What became of one damage of one track. */
export interface Verdict {
  readonly damage: Damage;
  readonly found: readonly Finding[];
  /** Whether one of the expected ids is among the first two. */
  readonly isNamed: boolean;
  /** The figure after the remedy and its limit; null where the remedy lies with the mixer, or nothing was named. */
  readonly after: { readonly id: FindingId; readonly figure: number; readonly limit: number } | null;
}

/** A profile as `lacquer diagnose` hears it. */
export function heardOf(profile: SoundProfile, references: readonly SoundProfile[]): Heard {
  return { input: profile, output: profile, yardstick: yardstickOf(references), values: DEFAULTS, limitingDb: null, targetLufs: null };
}

/** Names the damage of a track; then takes the remedy, by the chain of the product, and looks again. */
export async function judge(track: Track, damage: Damage, profile: SoundProfile, isRemedied: boolean): Promise<Verdict> {
  const found = diagnose(heardOf(profile, track.references));
  const named = found.slice(0, 2).find(({ id }) => damage.expected.includes(id));
  const isCurable = isRemedied && named !== undefined && Object.keys(named.remedy.values).length > 0;
  return { damage, found, isNamed: named !== undefined, after: isCurable ? await afterRemedy(track, damage, named) : null };
}

async function afterRemedy({ signal, sampleRateHz, references }: Track, damage: Damage, { id, remedy }: Finding): Promise<Verdict["after"]> {
  const damaged = damage.apply(signal, sampleRateHz);
  const cured = runChain(damaged, { sampleRateHz, parameters: { ...AFTER, ...remedy.values } });
  const heard = heardOf(await profileSignal(cured, sampleRateHz), references);
  const detector = DETECTORS.find((one) => one.id === id)!;
  return { id, figure: detector.figure(heard)!, limit: limitOf(detector, heard).over };
}

/** Damages whose place among the findings is looked at: a movement that a programme does not have cannot be taken from it. */
export function damagesOf({ signal, sampleRateHz }: Track): readonly Damage[] {
  const isLong = signal.left.length >= 60 * sampleRateHz;
  return DAMAGES.filter(({ expected }) => isLong || !expected.includes("flat"));
}

/** Which findings stand first and second for each damage, counted over the tracks: the confusion table. */
export function confusionTable(verdicts: readonly Verdict[]): string {
  const lines = DAMAGES.flatMap((damage) => {
    const ofDamage = verdicts.filter((verdict) => verdict.damage === damage);
    if (ofDamage.length === 0) return [];
    const counts = new Map<string, number>();
    for (const { found } of ofDamage) for (const { id } of found.slice(0, 2)) counts.set(id, (counts.get(id) ?? 0) + 1);
    const named = ofDamage.filter(({ isNamed }) => isNamed).length;
    const others = [...counts].sort((a, b) => b[1] - a[1]).map(([id, count]) => `${id} ${count}`).join(", ");
    return [`${damage.name.padEnd(34)} ${`${named}/${ofDamage.length}`.padEnd(6)} ${others}`];
  });
  return `${"damage".padEnd(34)} named  first two of the findings, counted\n${lines.join("\n")}`;
}
