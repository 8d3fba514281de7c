import { median } from "./statistics.js";
import { contrastLu, hissDb, punchDb, upperWidthDb } from "./profile-figures.js";
import type { SoundProfile } from "./sound-profile.js";
import { NEUTRAL_BALANCE_DB } from "./target-curve.js";

/** What a programme is held against: the middle of the references, or figures that suit no genre more than another. */
export interface Yardstick {
  /** Number of references; 0 for the neutral yardstick. */
  readonly references: number;
  /** Where the figures come from, in words behind "than". */
  readonly words: string;
  /** Level of each third-octave band; only differences between bands mean something. */
  readonly balanceDb: readonly number[];
  readonly upperWidthDb: number;
  /** Side over mid in each octave; only its shape means something: the bass lies in the middle, the rest further out. */
  readonly widthDb: readonly number[];
  readonly leftOverRightDb: number;
  readonly punchDb: number;
  readonly psrDb: number;
  readonly loudnessRangeLu: number;
  readonly contrastLu: number;
  /** Hiss less integrated loudness. */
  readonly hissDb: number;
}

/**
 * Without references: the balance of `NEUTRAL_BALANCE_DB`; a side 8 dB under the mid, the middle of the usual +3 to +10 dB of
 * mid over side; 10 dB of punch and a PSR of 11 dB (the guides of MeterPlugs and Dynameter call 8 dB the least of good and 11
 * to 12 dB balanced); a range of 5 LU. What has no source here is set by ear and by the labelled tracks of the tests.
 */
export const NEUTRAL_YARDSTICK: Yardstick = {
  references: 0, words: "most music", balanceDb: NEUTRAL_BALANCE_DB, upperWidthDb: -8, widthDb: [-20, -20, -14, -8, -8, -8, -8, -8, -8, -8],
  leftOverRightDb: 0, punchDb: 9, psrDb: 11,
  loudnessRangeLu: 5, contrastLu: 4, hissDb: -60,
};

/** The middle of reference tracks; the neutral yardstick where there are none. */
export function yardstickOf(references: readonly SoundProfile[]): Yardstick {
  const heard = references.filter(({ countedSeconds }) => countedSeconds > 0);
  if (heard.length === 0) return NEUTRAL_YARDSTICK;
  const middle = (figure: (profile: SoundProfile) => number): number => median(heard.map(figure));
  return {
    references: heard.length,
    words: heard.length === 1 ? "your reference" : `your ${heard.length} references`,
    balanceDb: NEUTRAL_BALANCE_DB.map((_, band) => middle(({ balanceDb }) => balanceDb.p50[band] as number)),
    upperWidthDb: middle(upperWidthDb),
    widthDb: NEUTRAL_YARDSTICK.widthDb.map((_, octave) => middle(({ widthDb }) => widthDb[octave] as number)),
    leftOverRightDb: middle(({ leftOverRightDb }) => leftOverRightDb),
    punchDb: middle(punchDb),
    psrDb: middle(({ psrDb }) => psrDb?.p50 ?? NEUTRAL_YARDSTICK.psrDb),
    loudnessRangeLu: middle(({ loudnessRangeLu }) => loudnessRangeLu ?? NEUTRAL_YARDSTICK.loudnessRangeLu),
    contrastLu: middle(contrastLu),
    hissDb: middle((profile) => hissDb(profile) - (profile.integratedLufs ?? 0)),
  };
}
