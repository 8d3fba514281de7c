import type { Band } from "./band-powers.js";
import type { SoundProfile } from "./sound-profile.js";
import { THIRD_OCTAVE_BANDS } from "./spectrum-bands.js";
import { mean } from "./statistics.js";

/** Octaves of a profile: 250 Hz to 8 kHz for the width, 125 Hz to 8 kHz for the correlation. */
const WIDTH_OCTAVES = [3, 9] as const;
const CORRELATION_OCTAVES = [2, 9] as const;
/** Weights of the bands of punch: kick before snare before cymbals. */
const PUNCH_WEIGHTS = [0.5, 0.3, 0.2] as const;
/** Third-octave bands in which hiss stands out of music: 12.5 and 16 kHz. */
const HISS_THIRDS = [28, 30] as const;
/** Where the first of them begins. */
export const HISS_FROM_HZ = (THIRD_OCTAVE_BANDS[HISS_THIRDS[0]] as Band).fromHz;
/** A floor below is as good as none: that of a converter, or what a lossy codec left out. */
const LOWEST_HISS_DB = -100;

/** Side over mid in dB, mean of the octaves from 250 Hz to 8 kHz. */
export function upperWidthDb({ widthDb }: SoundProfile): number {
  return mean(widthDb.slice(...WIDTH_OCTAVES));
}

/** Correlation of left and right, mean of the octaves from 125 Hz to 8 kHz. */
export function broadCorrelation({ correlation }: SoundProfile): number {
  return mean(correlation.slice(...CORRELATION_OCTAVES));
}

/** How far transients rise over what they stand in, in dB. */
export function punchDb({ transientDb }: SoundProfile): number {
  return transientDb.reduce((sum, value, k) => sum + (PUNCH_WEIGHTS[k] ?? 0) * value, 0);
}

/** Loudest section less softest, in LU; 0 of one alone. */
export function contrastLu({ sections }: SoundProfile): number {
  if (sections.length === 0) return 0;
  const levels = sections.map(({ loudnessLufs }) => loudnessLufs);
  return Math.max(...levels) - Math.min(...levels);
}

/** Level of the hiss that never stops, mean of the third-octave bands of 12.5 and 16 kHz in dB. */
export function hissDb({ floorDb }: Pick<SoundProfile, "floorDb">): number {
  return mean(floorDb.slice(...HISS_THIRDS).map((db) => Math.max(LOWEST_HISS_DB, db)));
}

/** How far what is heard at 12.5 and 16 kHz rises over its floor, mean of the bands in dB: little where it is all hiss. */
export function hissMarginDb({ bandDb, floorDb }: Pick<SoundProfile, "bandDb" | "floorDb">): number {
  return mean(floorDb.slice(...HISS_THIRDS).map((floor, k) => (bandDb[HISS_THIRDS[0] + k] as number) - floor));
}
