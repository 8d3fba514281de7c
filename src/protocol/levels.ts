/** What a platform would do to the song. */
export interface PlatformReading {
  readonly id: string;
  readonly name: string;
  /** Loudness at which it plays. */
  readonly loudnessLufs: number;
  /** dB by which it is turned: below 0 down, above 0 up; null when the rule is unknown or nothing was measured. */
  readonly adjustmentDb: number | null;
}

/** What the platforms would do to the song that is measured, and the peak to loudness ratio (PLR) that it keeps there. */
export interface PlatformReadings {
  readonly integratedLufs: number | null;
  readonly maxTruePeakDbtp: number | null;
  readonly plrDb: number | null;
  readonly platforms: readonly PlatformReading[];
}

/** Loudness, and what it costs: the largest reductions of the limiter in each 10 ms, their mean over programme and the most. */
export interface LimitingCost {
  readonly integratedLufs: number | null;
  readonly meanLimitingDb: number;
  readonly maxLimitingDb: number;
}

/** Why the search for the drive ended: on the target, or before it because of the limiter, the range of the drive, silence, or no convergence. */
export const LANDING_REASONS = ["landed", "limiting", "drive-range", "silent", "passes"] as const;

/** The drive that was learnt, and what it is foretold to come to. */
export interface LearnPlan {
  readonly targetLufs: number;
  readonly driveBeforeDb: number;
  readonly driveDb: number;
  readonly reason: (typeof LANDING_REASONS)[number];
  readonly predicted: LimitingCost;
}

/** Learning the drive: idle; listening to the passage; or proving, which measures what the new drive came to. */
export const LEARN_PHASES = ["idle", "listening", "proving"] as const;
export interface LearnState {
  readonly phase: (typeof LEARN_PHASES)[number];
  /** Seconds of the passage that were heard. */
  readonly heardS: number;
  /** Null until a drive was set. */
  readonly plan: LearnPlan | null;
  /** Null until the passage was heard again. */
  readonly measured: LimitingCost | null;
}

/** The output as low as a platform plays it; all null or 0 while it is at its full level. */
export interface PreviewState {
  /** Whether a monitor output alone plays it, while the recorder keeps the full level. */
  readonly hasMonitorOutput: boolean;
  readonly platform: string | null;
  readonly gainDb: number;
  readonly secondsLeft: number | null;
}

/** What is being done about the loudness. */
export interface LevelsState {
  readonly learn: LearnState;
  readonly preview: PreviewState;
}

/** What is being done about the loudness, whenever that changes; while it listens, once a second. */
export interface LevelsMessage {
  readonly type: "levels";
  readonly levels: LevelsState;
}

/** Loudness of the last half hour, the oldest first; a step is `stepS` seconds, the last ends at `endS` seconds of sound. */
export interface LoudnessHistory {
  readonly stepS: number;
  readonly endS: number;
  readonly shortTermLufs: readonly (number | null)[];
  /** Largest momentary loudness of each step. */
  readonly momentaryMaxLufs: readonly (number | null)[];
}
