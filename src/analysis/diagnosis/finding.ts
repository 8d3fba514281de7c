import type { SoundProfile } from "../sound-profile.js";
import type { Yardstick } from "../yardstick.js";

/** What can be found, in the order in which two of one severity are told. */
export const FINDING_IDS = [
  "clippedInput", "outOfPhase", "hum", "noise", "gainStaging", "lopsided", "muddy", "boxy", "boomy", "thin", "harsh", "sibilant", "dull",
  "noPunch", "overCompressed", "tooLoud", "tooQuiet", "narrow", "tooWide", "flat",
] as const;
export type FindingId = (typeof FINDING_IDS)[number];

/** Parameter ids and values, in the units of the table. */
export type Values = Readonly<Record<string, number>>;

/** What helps. */
export interface Remedy {
  /** What to turn, and by how much; at the mixer where no control of the box helps. */
  readonly sentence: string;
  /** What to set, as one change; empty where no control of the box helps. */
  readonly values: Values;
  /** By how much that changes the loudness; 0 where the drive makes up for it. */
  readonly loudnessChangeDb: number;
}

/** One fault, in words for a musician and in figures. */
export interface Finding {
  readonly id: FindingId;
  /** 0..1; 0.4 at the limit, growing with what the figure has over it. */
  readonly severity: number;
  /** 0..1, by how far the figure is over the limit and how much was heard. */
  readonly confidence: number;
  /** Seconds of programme since which it holds; 0 for all of a file. */
  readonly sinceS: number;
  /** The figure, what it is, and the limit over which it counts. Higher is worse. */
  readonly figure: number;
  readonly limit: number;
  readonly unit: string;
  readonly what: string;
  /** What the limit comes from. */
  readonly against: string;
  readonly sentence: string;
  /** What brings it about at the mixer. */
  readonly cause: string;
  readonly remedy: Remedy;
  /** The lesson behind it. */
  readonly lesson: string;
}

/** What the input is asked for: its levels, its clipping, its hum and, of the bands, those of 12.5 kHz on, in which it hisses. */
export type InputProfile = Pick<
  SoundProfile,
  "seconds" | "keptSeconds" | "integratedLufs" | "maxTruePeakDbtp" | "levelDbfs" | "clippedTops" | "firstClipS" | "hum" | "bandDb" | "floorDb"
>;

/** What was heard, and what it is held against. */
export interface Heard {
  /** What came in, and what went out; the same for a file. */
  readonly input: InputProfile;
  readonly output: SoundProfile;
  readonly yardstick: Yardstick;
  /** Every value of the box that is to be remedied. */
  readonly values: Values;
  /** Mean reduction of the limiter while there was sound, in dB; null for a file. */
  readonly limitingDb: number | null;
  /** Mean reduction of the compressor, by the energy that it stood for, in dB; 0 for a file. */
  readonly compressionDb: number;
  /** Loudness that is aimed at; null for a file, which may be a mix or a master. */
  readonly targetLufs: number | null;
}

/** Over `over` a figure is a fault; `step` more is the next grade of it. */
export interface Limit {
  readonly over: number;
  readonly step: number;
}

/** One row of the table of what can be found. */
export interface Detector {
  readonly id: FindingId;
  readonly what: string;
  readonly unit: string;
  /** The figure, higher is worse; null where what was heard does not tell. */
  readonly figure: (heard: Heard) => number | null;
  /** Against the neutral yardstick, and against references. */
  readonly limits: { readonly neutral: Limit; readonly referenced: Limit };
  /** Seconds of programme that it must hold before it is told live. */
  readonly holdS: number;
  readonly sentence: (heard: Heard, figure: number) => string;
  readonly cause: string;
  readonly lesson: string;
  readonly remedy: (heard: Heard, figure: number, limit: Limit) => Remedy;
}
