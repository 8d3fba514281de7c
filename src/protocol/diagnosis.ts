import type { Values } from "./messages.js";
import { finite, listOf, oneOf, settings, shape, text, type Reader } from "./shape.js";

/** What can be found wrong with the sound. */
export const FINDING_IDS = [
  "clippedInput", "outOfPhase", "hum", "noise", "gainStaging", "lopsided", "muddy", "boxy", "boomy", "thin", "harsh", "sibilant", "dull",
  "noPunch", "overCompressed", "tooLoud", "tooQuiet", "narrow", "tooWide", "flat",
] as const;
export type FindingId = (typeof FINDING_IDS)[number];

/** What helps against a fault. */
export interface Remedy {
  /** What to turn, and by how much; at the mixer where no control of the box helps. */
  readonly sentence: string;
  /** What `tryRemedy` sets, as one change; empty where no control of the box helps. */
  readonly values: Values;
  /** By how much that changes the loudness; 0 where the drive makes up for it. */
  readonly loudnessChangeDb: number;
}

/** A fault of the sound, in words for a musician and in figures. */
export interface Finding {
  readonly id: FindingId;
  /** 0..1; 0.4 at the limit: below 0.55 mild, from 0.8 severe. */
  readonly severity: number;
  /** 0..1. */
  readonly confidence: number;
  /** Seconds of sound, counted as those of songs, since which it holds. */
  readonly sinceS: number;
  /** The figure, the limit over which it counts, their unit, and what they are. */
  readonly figure: number;
  readonly limit: number;
  readonly unit: string;
  readonly what: string;
  /** What the limit comes from: "most music", or the references. */
  readonly against: string;
  readonly sentence: string;
  /** What brings it about at the mixer. */
  readonly cause: string;
  readonly remedy: Remedy;
  /** The lesson behind it. */
  readonly lesson: string;
}

/** What is wrong with the sound now, the worst first; whenever a fault came, went, or changed its grade. */
export interface DiagnosisMessage {
  readonly type: "diagnosis";
  readonly findings: readonly Finding[];
}

const words = text(1000);

/** Reads findings that came over the wire. */
export const findings: Reader<readonly Finding[]> = listOf(shape<Finding>({
  id: oneOf(FINDING_IDS), severity: finite(0, 1), confidence: finite(0, 1), sinceS: finite(0), figure: finite(), limit: finite(), unit: text(20),
  what: words, against: words, sentence: words, cause: words, lesson: words,
  remedy: shape<Remedy>({ sentence: words, values: settings, loudnessChangeDb: finite() }),
}), FINDING_IDS.length);
