import { isProfile, type SoundProfile } from "../analysis/sound-profile.js";

/** What is known of a reference track that was prepared for playing. */
export interface PreparedTrack {
  /** Rate of the prepared sound, Hz, and its length. */
  readonly sampleRateHz: number;
  readonly frames: number;
  /** Null in silence. */
  readonly integratedLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly maxTruePeakDbtp: number | null;
  /** Loudness of each 20 ms, whole hundredths of a LUFS; null in silence. */
  readonly stepCentiLufs: readonly (number | null)[];
  /** The loudest part, in seconds. */
  readonly loudest: { readonly fromS: number; readonly toS: number };
  /** What it sounds like, to compare the mix with. */
  readonly profile: SoundProfile;
}

/** Counts up whenever tracks must be prepared anew. */
const VERSION = 1;

/** The file that lies beside the prepared sound. */
export function preparedText(track: PreparedTrack): string {
  return `${JSON.stringify({ version: VERSION, ...track })}\n`;
}

/** Reads what `preparedText` wrote; undefined where it is of another release, or damaged: the track is prepared anew then. */
export function readPrepared(text: string): PreparedTrack | undefined {
  try {
    const { version, ...track } = JSON.parse(text) as { readonly version?: unknown } & PreparedTrack;
    return version === VERSION && isPrepared(track) ? track : undefined;
  } catch {
    return undefined;
  }
}

function isPrepared({ sampleRateHz, frames, integratedLufs, loudnessRangeLu, maxTruePeakDbtp, stepCentiLufs, loudest, profile }: PreparedTrack): boolean {
  const isFigure = (value: unknown): boolean => value === null || Number.isFinite(value);
  return [sampleRateHz, frames].every((count) => Number.isSafeInteger(count) && count > 0)
    && [integratedLufs, loudnessRangeLu, maxTruePeakDbtp].every(isFigure)
    && Array.isArray(stepCentiLufs) && stepCentiLufs.every(isFigure)
    && Number.isFinite(loudest?.fromS) && Number.isFinite(loudest?.toS) && loudest.toS > loudest.fromS && isProfile(profile);
}
