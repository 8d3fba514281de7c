import type { Detector } from "./finding.js";
import { driveRemedy } from "./dynamics.js";
import { held, signedDb } from "./remedies.js";

/** What a file may be without being called loud or quiet: 3 LU under EBU R 128, and over what any platform leaves alone. */
const LOUDEST_FILE_LUFS = -8;
const QUIETEST_FILE_LUFS = -26;
/** What the programme at the input should average, by AES17, and the highest peak that leaves room. */
const INPUT_DBFS = -18;
const INPUT_PEAK_DBTP = -1;
/** The level of the input may be this far under -18 dBFS. */
const LOW_MARGIN_DB = 12;
/** Work of the limiter that is heard (mean over the time with sound). */
const LIMITING_DB = 3;
const LIMIT = { over: 0, step: 2 } as const;

/** The faults of level and loudness. */
export const LEVEL_DETECTORS: readonly Detector[] = [
  {
    id: "tooLoud", what: "loudness over the loudest that is asked for, or work of the limiter over 3 dB", unit: "dB", holdS: 5,
    limits: { neutral: LIMIT, referenced: LIMIT },
    figure: ({ output, targetLufs, limitingDb }) => {
      if (output.integratedLufs === null) return null;
      const over = output.integratedLufs - (targetLufs === null ? LOUDEST_FILE_LUFS : targetLufs + 1);
      return Math.max(over, limitingDb === null ? -Infinity : limitingDb - LIMITING_DB);
    },
    sentence: ({ output, limitingDb }) => (limitingDb !== null && limitingDb > LIMITING_DB
      ? `It is too loud for its own good: the limiter takes ${limitingDb.toFixed(1)} dB off all the time.`
      : `It is too loud: ${(output.integratedLufs ?? 0).toFixed(1)} LUFS. Every platform turns it down.`),
    cause: "The drive into a limiter is turned up too far, here or at the mixer.",
    lesson: "Choose a loudness by where it will be played, not by the loudest neighbour.",
    remedy: (heard, figure) => driveRemedy(heard, -(figure + 1), `Turn the drive down by ${(figure + 1).toFixed(1)} dB.`),
  },
  {
    id: "tooQuiet", what: "loudness under the quietest that is asked for", unit: "LU", holdS: 20,
    limits: { neutral: LIMIT, referenced: LIMIT },
    figure: ({ output, targetLufs }) => (output.integratedLufs === null
      ? null : (targetLufs === null ? QUIETEST_FILE_LUFS : targetLufs - 2) - output.integratedLufs),
    sentence: ({ output }) => `It is too quiet: ${(output.integratedLufs ?? 0).toFixed(1)} LUFS; people will reach for the knob.`,
    cause: "The main fader of the mixer or the drive is low.",
    lesson: "Get the level right at the first stage; every later one lifts the noise, too.",
    remedy: (heard, figure) => driveRemedy(heard, figure + 2, `Turn the drive up by ${(figure + 2).toFixed(1)} dB.`),
  },
  {
    id: "gainStaging", what: "level of the input beside -30 to -18 dBFS", unit: "dB", holdS: 10,
    limits: { neutral: LIMIT, referenced: LIMIT },
    figure: ({ input, targetLufs }) => {
      if (input.levelDbfs === null || input.maxTruePeakDbtp === null) return null;
      const low = INPUT_DBFS - LOW_MARGIN_DB - input.levelDbfs;
      // A file may be a master, whose peaks stand at the top.
      return targetLufs === null ? low : Math.max(low, input.maxTruePeakDbtp - INPUT_PEAK_DBTP);
    },
    sentence: ({ input }) => ((input.levelDbfs ?? 0) < INPUT_DBFS
      ? `What comes in is weak: ${(input.levelDbfs ?? 0).toFixed(0)} dBFS on average, where ${INPUT_DBFS} dBFS is right.`
      : "What comes in is hot: its peaks touch the top."),
    cause: "The output of the mixer is set too low or too high.",
    lesson: "Set levels in the order of the signal: first the channel gain, then the fader, then the main output.",
    remedy: ({ input, values }) => {
      const db = Math.min(INPUT_DBFS - (input.levelDbfs ?? INPUT_DBFS), -6 - (input.maxTruePeakDbtp ?? -6));
      return {
        sentence: `Turn the output of the mixer ${db > 0 ? "up" : "down"} by ${Math.abs(db).toFixed(0)} dB; until then, the trim of the box (${signedDb(db)}).`,
        values: held({ "input.bypass": 0, "input.trimDb": (values["input.trimDb"] ?? 0) + db }), loudnessChangeDb: db,
      };
    },
  },
];
