import { contrastLu, punchDb } from "../profile-figures.js";
import type { Detector, Heard, Remedy } from "./finding.js";
import { atTheMixer, held } from "./remedies.js";

const DRIVE = "loudness.driveDb";
/** Less is no range that tells anything about a song: it must be heard for a minute (Tech 3342 calls the range stable then). */
const STABLE_S = 60;

/** Turns the drive into the limiter. */
export function driveRemedy({ values }: Pick<Heard, "values">, changeDb: number, sentence: string): Remedy {
  const driven = held({ "loudness.bypass": 0, [DRIVE]: (values[DRIVE] ?? 0) + changeDb });
  return { sentence, values: driven, loudnessChangeDb: (driven[DRIVE] ?? 0) - (values[DRIVE] ?? 0) };
}

/** What a compressor that works can be relieved of: a slower attack, and half of the sound around it. */
const GENTLE = { "compressor.attackMs": 60, "compressor.mixPercent": 50 } as const;

/** The faults of the dynamics. */
export const DYNAMICS_DETECTORS: readonly Detector[] = [
  {
    id: "noPunch", what: "rise of transients, less than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 2.2, step: 1 }, referenced: { over: 0.5, step: 0.5 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : yardstick.punchDb - punchDb(output)),
    sentence: ({ yardstick }, figure) => `It has no punch: drums and plucked notes rise ${Math.max(0.1, figure).toFixed(1)} dB less out of the rest than in ${yardstick.words}.`,
    cause: "Compressors with an attack of less than 10 ms eat the beginning of every note.",
    lesson: "Parallel compression keeps the punch: mix the compressed sound under the untouched one.",
    remedy: ({ values, limitingDb }) => {
      // A file was squeezed before it came here.
      if (limitingDb === null || values["compressor.bypass"] === 1) return atTheMixer("Lengthen the attack of the compressors at the mixer to 20 to 40 ms.");
      return { sentence: "Lengthen the attack of the compressor to 60 ms and mix half of the untouched sound in (mix 50 %).", values: GENTLE, loudnessChangeDb: 0 };
    },
  },
  {
    id: "overCompressed", what: "peak over short-term loudness (PSR), less than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 3, step: 1 }, referenced: { over: 1.6, step: 1 } },
    figure: ({ output, yardstick }) => (output.psrDb === null ? null : yardstick.psrDb - output.psrDb.p50),
    sentence: ({ output }) => `It is squeezed flat: the peaks stand only ${(output.psrDb?.p50 ?? 0).toFixed(1)} dB over the loudness; 8 dB is the least of music that breathes.`,
    cause: "Compressors and limiters after one another, each taking a little.",
    lesson: "Loudness is turned down by every platform; what you squeezed out stays lost.",
    remedy: (heard, figure, { over }) => {
      const driveDb = heard.values[DRIVE] ?? 0;
      if (heard.limitingDb === null && driveDb <= 0) return atTheMixer("Take limiters and compressors off the mix bus at the mixer; no box brings back what they took.");
      const db = -Math.min(12, Math.max(1, (heard.limitingDb ?? 0) - 1, figure - over / 2));
      return driveRemedy(heard, db, `Turn the drive into the limiter down by ${(-db).toFixed(1)} dB; it gets quieter by less than that.`);
    },
  },
  {
    id: "flat", what: "loudness range (LRA), less than it should be", unit: "LU", holdS: 60,
    limits: { neutral: { over: 3.5, step: 1 }, referenced: { over: 2.5, step: 1 } },
    figure: ({ output, yardstick }) => {
      // A live profile keeps half a minute of windows, but the range is of all that was heard.
      if (output.seconds < STABLE_S || output.countedSeconds < STABLE_S / 3 || output.loudnessRangeLu === null) return null;
      // Sections that differ are movement, whatever the range says.
      return contrastLu(output) > 2 ? -1 : yardstick.loudnessRangeLu - output.loudnessRangeLu;
    },
    sentence: ({ output }) => `Nothing moves: from verse to chorus the loudness changes by ${(output.loudnessRangeLu ?? 0).toFixed(1)} LU.`,
    cause: "Every section is played and mixed at one level, or a leveller evens them out.",
    lesson: "Automate the sections: 1 to 2 dB more in the chorus, fewer instruments in the verse.",
    // A file was levelled before it came here.
    remedy: ({ values, limitingDb }) => (limitingDb === null || values["compressor.bypass"] === 1
      ? atTheMixer("Ride the faders at the mixer: the verse 1 to 2 dB softer than the chorus.")
      : { sentence: "Halve the work of the compressor (mix 50 %), and ride the faders: the verse 1 to 2 dB softer than the chorus.",
        values: { "compressor.mixPercent": 50 }, loudnessChangeDb: 0 }),
  },
];

