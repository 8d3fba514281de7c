import { nearestName, sameName } from "../params/nearest.js";
import { ConfigError } from "./config-error.js";
import { readJsonFile, shippedTargetsFile } from "./files.js";
import type { JsonNode } from "./json-source.js";
import { Section } from "./section.js";

/** What a platform does to the loudness of a master when it plays it. */
export interface Normalisation {
  /** Whether it turns a loud master down; null when that is not published. */
  readonly turnsDown: boolean | null;
  /** Whether it turns a quiet master up; null when that is not published. */
  readonly turnsUp: boolean | null;
  /** True peak to which it turns up at most, null for no such limit. */
  readonly upToDbtp: number | null;
}

/** A place that music is delivered to, and what it asks for. */
export interface Target {
  readonly id: string;
  readonly name: string;
  /** Short names by which it is found as well. */
  readonly aliases: readonly string[];
  /** Integrated loudness (ITU-R BS.1770) to aim at; null where none is asked for. */
  readonly loudnessLufs: number | null;
  /** Largest true peak. */
  readonly ceilingDbtp: number;
  readonly normalisation: Normalisation;
  /** Where the numbers come from. */
  readonly source: string;
  /** Month (yyyy-mm) in which the source was read: platforms change without notice. */
  readonly date: string;
}

/** Meters are read to 0.1 LU: what is nearer than half of that to the target is at the target. */
const SAME_LOUDNESS_DB = 0.05;

const TARGET_KEYS = ["id", "name", "aliases", "loudnessLufs", "ceilingDbtp", "normalisation", "source", "date"] as const;
const NORMALISATION_KEYS = ["turnsDown", "turnsUp", "upToDbtp"] as const;

function readTarget(file: string, node: JsonNode, index: number): Target {
  const path = `targets[${index}]`;
  const section = new Section(file, path, node, TARGET_KEYS);
  const playback = new Section(file, `${path}.normalisation`, section.node("normalisation"), NORMALISATION_KEYS);
  const id = section.text("id");
  const date = section.text("date");
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) section.refuse("id", "small letters, digits and hyphens");
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(date)) section.refuse("date", "a month, such as 2026-11");
  return {
    id,
    name: section.text("name"),
    aliases: section.texts("aliases"),
    loudnessLufs: section.numberOrNull("loudnessLufs", -40, -5),
    ceilingDbtp: section.number("ceilingDbtp", -12, 0),
    normalisation: {
      turnsDown: playback.oneOf("turnsDown", [true, false, null]),
      turnsUp: playback.oneOf("turnsUp", [true, false, null]),
      upToDbtp: playback.numberOrNull("upToDbtp", -12, 0),
    },
    source: section.text("source"),
    date,
  };
}

/** Reads the targets, those of the product unless said; throws a ConfigError at the first fault. */
export function loadTargets(file = shippedTargetsFile()): Target[] {
  const section: Section = new Section(file, "the file", readJsonFile(file), ["version", "targets"]);
  section.oneOf("version", [1]);
  const targets = section.node("targets");
  if (targets.kind !== "array") section.refuse("targets", "a list in brackets");
  const owners = new Map<string, string>();
  return targets.items.map((node, index) => {
    const target = readTarget(file, node, index);
    for (const name of [target.id, ...target.aliases]) {
      const owner = owners.get(name);
      if (owner !== undefined) throw new ConfigError(file, node.line, `"${name}" names both ${owner} and ${target.id}; keep one.`);
      owners.set(name, target.id);
    }
    return target;
  });
}

/**
 * Finds a target by id, name or alias, whatever its case, spaces and hyphens; throws a RangeError that suggests a near
 * one and lists all ids.
 */
export function findTarget(targets: readonly Target[], name: string): Target {
  const found = targets.find((target) => sameName(name, [target.id, target.name, ...target.aliases]) !== undefined);
  if (found) return found;
  const nearest = nearestName(name, targets.flatMap((target) => [target.id, ...target.aliases]));
  const hint = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  throw new RangeError(`There is no target "${name}".${hint} There are ${targets.map((target) => target.id).join(", ")}.`);
}

/** What a platform would do to a programme. */
export interface PlatformReading {
  readonly id: string;
  readonly name: string;
  /** Loudness at which it plays. */
  readonly loudnessLufs: number;
  /** dB by which it is turned: below 0 down, above 0 up; null when the rule is unknown or nothing was measured. */
  readonly adjustmentDb: number | null;
}

/** What each platform that normalises would do to a programme with these figures. */
export function platformReadings(
  targets: readonly Target[],
  { integratedLufs, truePeakDbtp }: { readonly integratedLufs: number | null; readonly truePeakDbtp: number | null },
): PlatformReading[] {
  return targets.flatMap((target) => {
    const { id, name, loudnessLufs } = target;
    return loudnessLufs === null ? [] : [{ id, name, loudnessLufs, adjustmentDb: platformAdjustment(target, integratedLufs, truePeakDbtp) }];
  });
}

/**
 * Decibels by which the platform would turn a master of this loudness and true peak: below 0 down, above 0 up.
 * 0 where it plays masters as they are, null where its rule is not known or nothing was measured (null, or not finite).
 */
export function platformAdjustment(
  target: Target,
  integratedLufs: number | null,
  truePeakDbtp: number | null,
): number | null {
  const { loudnessLufs, normalisation } = target;
  if (integratedLufs === null || truePeakDbtp === null) return null;
  if (!Number.isFinite(integratedLufs) || !Number.isFinite(truePeakDbtp)) return null;
  if (loudnessLufs === null) return 0;
  const wishedDb = loudnessLufs - integratedLufs;
  if (Math.abs(wishedDb) < SAME_LOUDNESS_DB) return 0;
  const turns = wishedDb > 0 ? normalisation.turnsUp : normalisation.turnsDown;
  if (turns === null) return null;
  if (!turns) return 0;
  if (wishedDb < 0 || normalisation.upToDbtp === null) return wishedDb;
  return Math.min(wishedDb, Math.max(0, normalisation.upToDbtp - truePeakDbtp));
}
