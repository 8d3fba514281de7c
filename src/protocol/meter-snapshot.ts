/** Stages of the chain, by the names of their groups in the table of parameters. */
export const STAGES = ["input", "filters", "eq", "compressor", "multiband", "imager", "saturation", "loudness", "limiter", "dither"] as const;
export type StageId = (typeof STAGES)[number];

/** Points of the fine spectrum, 20 Hz to 20 kHz, evenly spaced in the logarithm of the frequency. */
export const FINE_POINTS = 128;
/** Third-octave bands of IEC 61260, with centres from 20 Hz to 20 kHz. */
export const THIRD_OCTAVES = 31;
/** Frames that the goniometer shows. */
export const GONIOMETER_FRAMES = 96;

/** Levels of one point of the chain, left and right: true peaks in dBTP, RMS in dBFS (AES17). */
export interface TapLevels {
  readonly truePeakDbtp: readonly [number | null, number | null];
  readonly rmsDbfs: readonly [number | null, number | null];
}

/** Largest sample of either channel at the way into a stage and out of it, since the last snapshot. */
export interface StageLevels {
  readonly id: StageId;
  readonly inDbfs: number | null;
  readonly outDbfs: number | null;
}

/**
 * Spectrum of the mean of left and right power since the last snapshot, in dBFS (AES17): each point is the level in the band
 * around it, a sixth of an octave wide in the fine spectrum, so that pink noise is a level line and a sine shows its level.
 */
export interface Spectrum {
  /** FINE_POINTS of the output, and of the input. */
  readonly fine: Float32Array;
  readonly inputFine: Float32Array;
  /** THIRD_OCTAVES of the output. */
  readonly third: Float32Array;
}

/**
 * GONIOMETER_FRAMES of the output, evenly spread over the last thirtieth of a second: points, no line. Mid and side in turn,
 * (left + right) / 2 and (left - right) / 2, lifted to -127..127 by `gainDb`.
 */
export interface Goniometer {
  readonly gainDb: number;
  readonly points: Int8Array;
}

/**
 * What the ride does: off; following the programme; holding still in silence, or in noise such as applause; not rising,
 * because the limiter works too hard; at the end of its range; holding, because the drive is bypassed. Last what the chain does
 * not know: it rests at 0 dB, because the target asks for no loudness.
 */
export const RIDE_STATES = ["off", "riding", "silence", "applause", "limiting", "bound", "bypassed", "noTarget"] as const;
export type RideState = (typeof RIDE_STATES)[number];

/** The meters at one moment. Loudness in LUFS, peaks in dBTP, null where nothing can be said (silence, too short). */
export interface MeterSnapshot {
  /** Counts up with each 10 ms of sound since the box process began. */
  readonly bin: number;
  readonly momentaryLufs: number | null;
  readonly shortTermLufs: number | null;
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly maxMomentaryLufs: number | null;
  readonly maxShortTermLufs: number | null;
  /** Largest since the meter was reset. */
  readonly maxTruePeakDbtp: number | null;
  /** Seconds that the integrated measurement has run, and whether it is paused. */
  readonly measuredS: number;
  readonly isPaused: boolean;
  /** Since the last snapshot. */
  readonly input: TapLevels;
  readonly output: TapLevels;
  /** Largest reductions since the last snapshot, dB, 0 or more. */
  readonly reductionDb: {
    readonly eqDynamic: readonly number[];
    readonly compressor: number;
    readonly multiband: readonly number[];
    readonly limiter: number;
  };
  /** Of the output: -1 out of phase, 1 mono; null in silence. */
  readonly correlation: number | null;
  /** Clipped runs at the input since the box process began. */
  readonly inputClips: number;
  /** In the order of the chain. */
  readonly stages: readonly StageLevels[];
  /** Level that the compressor's detector sees: the live point of its curve. */
  readonly compressorInputDbfs: number | null;
  /** Gain that the level-matched bypass applies. */
  readonly matchGainDb: number;
  /** Gain of the ride, and what it does. */
  readonly ride: { readonly gainDb: number; readonly state: RideState };
  /** The song that is being measured, as `listSongs` numbers it. */
  readonly songIndex: number;
  /** Only for who asked for them. */
  readonly spectrum?: Spectrum;
  readonly goniometer?: Goniometer;
}

/** What a viewer of the meters wants beside the figures. */
export interface MeterWishes {
  readonly spectrum?: boolean;
  readonly goniometer?: boolean;
}
