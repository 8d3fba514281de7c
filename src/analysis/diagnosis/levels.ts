import type { Detector, Heard } from "./finding.js";
import { driveRemedy } from "./dynamics.js";
import { atTheMixer, held, levelledRemedy, signedDb } from "./remedies.js";

/** What a file may be without being called loud or quiet: 3 LU under EBU R 128, and over what any platform leaves alone. */
const LOUDEST_FILE_LUFS = -8;
const QUIETEST_FILE_LUFS = -26;
/** What the programme at the input should average, by AES17, and the highest peak that leaves room. */
const INPUT_DBFS = -18;
const INPUT_PEAK_DBTP = -1;
/** Where the peaks go when there is a choice. */
const ROOMY_PEAK_DBTP = -6;
/** The level of the input may be this far under -18 dBFS. */
const LOW_MARGIN_DB = 12;
/** Work of the limiter that is heard (mean over the time with sound). */
const LIMITING_DB = 3;
const LIMIT = { over: 0, step: 2 } as const;

/** What the trim gives to the input, which is heard before it. */
export function trimDb(values: Heard["values"]): number {
  return values["input.bypass"] === 1 ? 0 : values["input.trimDb"] ?? 0;
}

/** By how much the input is too weak behind the trim, and by how much too hot for the converter before it; below 0 it is not. */
function inputFaultsDb({ input, targetLufs, values }: Pick<Heard, "input" | "targetLufs" | "values">): readonly [lowDb: number, hotDb: number] {
  if (input.levelDbfs === null || input.maxTruePeakDbtp === null) return [NaN, NaN];
  const lowDb = INPUT_DBFS - LOW_MARGIN_DB - input.levelDbfs - trimDb(values);
  // A file may be a master, whose peaks stand at the top.
  return [lowDb, targetLufs === null ? -Infinity : input.maxTruePeakDbtp - INPUT_PEAK_DBTP];
}

function isWeak(heard: Heard): boolean {
  const [lowDb, hotDb] = inputFaultsDb(heard);
  return lowDb > hotDb;
}

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
    remedy: (heard, figure) => driveRemedy(heard, -(figure + 1), (turned) => `Turn the drive down by ${turned} dB.`),
  },
  {
    id: "tooQuiet", what: "loudness under the quietest that is asked for", unit: "LU", holdS: 20,
    limits: { neutral: LIMIT, referenced: LIMIT },
    figure: ({ output, targetLufs }) => (output.integratedLufs === null
      ? null : (targetLufs === null ? QUIETEST_FILE_LUFS : targetLufs - 2) - output.integratedLufs),
    sentence: ({ output }) => `It is too quiet: ${(output.integratedLufs ?? 0).toFixed(1)} LUFS; people will reach for the knob.`,
    cause: "The main fader of the mixer or the drive is low.",
    lesson: "Get the level right at the first stage; every later one lifts the noise, too.",
    remedy: (heard, figure) => driveRemedy(heard, figure + 2, (turned) => `Turn the drive up by ${turned} dB.`),
  },
  {
    id: "gainStaging", what: "level of the input beside -30 to -18 dBFS", unit: "dB", holdS: 10,
    limits: { neutral: LIMIT, referenced: LIMIT },
    figure: (heard) => {
      const [lowDb, hotDb] = inputFaultsDb(heard);
      return Number.isFinite(lowDb) ? Math.max(lowDb, hotDb) : null;
    },
    sentence: (heard) => (isWeak(heard)
      ? `What comes in is weak: ${(heard.input.levelDbfs ?? 0).toFixed(0)} dBFS on average, where ${INPUT_DBFS} dBFS is right.`
      : "What comes in is hot: its peaks touch the top."),
    cause: "The output of the mixer is set too low or too high.",
    lesson: "Set levels in the order of the signal: first the channel gain, then the fader, then the main output.",
    remedy: (heard) => {
      const { input, values } = heard;
      const roomDb = ROOMY_PEAK_DBTP - (input.maxTruePeakDbtp ?? ROOMY_PEAK_DBTP);
      // The trim lies behind the converter: it takes nothing off what comes in.
      if (!isWeak(heard)) {
        return atTheMixer(`Turn the output of the mixer down by ${Math.abs(roomDb).toFixed(0)} dB, and up here (input, trim) by as much.`);
      }
      const db = Math.min(INPUT_DBFS - (input.levelDbfs ?? INPUT_DBFS), roomDb);
      const trimmed = held({ "input.bypass": 0, "input.trimDb": db });
      const changeDb = (trimmed["input.trimDb"] ?? 0) - trimDb(values);
      if (changeDb <= 0) {
        return atTheMixer("A few peaks stand far over the rest, and leave no room to turn it up: find their channel at the mixer, and compress it.");
      }
      return levelledRemedy(heard, changeDb, {
        sentence: `Turn the output of the mixer up by ${db.toFixed(0)} dB; until then, set the trim of the box to ${signedDb(trimmed["input.trimDb"] ?? 0)}.`,
        values: trimmed,
      });
    },
  },
];
