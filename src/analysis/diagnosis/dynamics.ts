import { tenthsText } from "../../meters/decibels.js";
import { contrastLu, punchDb } from "../profile-figures.js";
import type { Detector, Heard, Remedy, Values } from "./finding.js";
import { atTheMixer, held, levelledRemedy } from "./remedies.js";

const DRIVE = "loudness.driveDb";
/** Less is no range that tells anything about a song: it must be heard for a minute (Tech 3342 calls the range stable then). */
const STABLE_S = 60;
/** Half a step of the drive: less is none. */
const LEAST_DRIVE_DB = 0.05;

/** Turns the drive into the limiter as far as it goes; `sentence` is given what it turns, in dB without a sign. */
export function driveRemedy({ values }: Pick<Heard, "values">, changeDb: number, sentence: (dB: string) => string): Remedy {
  const before = values["loudness.bypass"] === 1 ? 0 : values[DRIVE] ?? 0;
  const driven = held({ "loudness.bypass": 0, [DRIVE]: before + changeDb });
  const turnedDb = (driven[DRIVE] ?? 0) - before;
  if (Math.abs(turnedDb) < LEAST_DRIVE_DB) {
    const way = changeDb > 0 ? "up" : "down";
    return atTheMixer(`The drive is at the end of its range: turn the output of the mixer ${way} by ${Math.abs(changeDb).toFixed(1)} dB.`);
  }
  return { sentence: sentence(Math.abs(turnedDb).toFixed(1)), values: driven, loudnessChangeDb: turnedDb };
}

/** What a compressor that works can be relieved of: an attack that lets transients through, and half of the sound around it. */
const GENTLE_ATTACK_MS = 60;
const GENTLE_MIX_PERCENT = 50;

/** Gain of the compressor in dB while it reduces by `reductionDb`: makeup, and the sound that it is mixed with. */
function compressorDb(values: Values, reductionDb: number): number {
  const mixed = (db: number): number => 20 * Math.log10(1 + ((values["compressor.mixPercent"] ?? 100) / 100) * (10 ** (db / 20) - 1));
  const madeUp = mixed((values["compressor.makeupDb"] ?? 0) - reductionDb);
  // The automatic makeup gives back what the reduction takes, whatever the mix.
  return values["compressor.autoMakeup"] === 1 ? madeUp - mixed(-reductionDb) : madeUp;
}

/** Values of the compressor, level-matched by what it does on average. */
function compressorRemedy(heard: Heard, values: Values, sentence: string): Remedy {
  const changeDb = compressorDb({ ...heard.values, ...values }, heard.compressionDb) - compressorDb(heard.values, heard.compressionDb);
  return levelledRemedy(heard, changeDb, { sentence, values });
}

/** A gentler compressor; nothing where it is that already, where it is bypassed, and of a file, which was squeezed before it came here. */
function gentler({ values, limitingDb }: Heard, ids: readonly ("attackMs" | "mixPercent")[]): Values {
  if (limitingDb === null || values["compressor.bypass"] === 1) return {};
  const of = (id: string): number => values[`compressor.${id}`] ?? 0;
  const wanted = { attackMs: Math.max(GENTLE_ATTACK_MS, of("attackMs")), mixPercent: Math.min(GENTLE_MIX_PERCENT, of("mixPercent")) };
  if (ids.every((id) => wanted[id] === of(id))) return {};
  return Object.fromEntries(ids.map((id) => [`compressor.${id}`, wanted[id]]));
}

/** The faults of the dynamics. */
export const DYNAMICS_DETECTORS: readonly Detector[] = [
  {
    id: "noPunch", what: "punch (rise of transients), less than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 2.2, step: 1 }, referenced: { over: 0.5, step: 0.5 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : yardstick.punchDb - punchDb(output)),
    sentence: ({ yardstick }, figure) => `It has no punch: drums and plucked notes rise ${Math.max(0.1, figure).toFixed(1)} dB less out of the rest than in ${yardstick.words}.`,
    cause: "Compressors with an attack of less than 10 ms eat the beginning of every note.",
    lesson: "Parallel compression keeps the punch: mix the compressed sound under the untouched one.",
    remedy: (heard) => {
      const values = gentler(heard, ["attackMs", "mixPercent"]);
      if (Object.keys(values).length === 0) return atTheMixer("Lengthen the attack of the compressors at the mixer to 20 to 40 ms.");
      const { "compressor.attackMs": attackMs, "compressor.mixPercent": mixPercent } = values;
      return compressorRemedy(heard, values, `Set the attack of the compressor to ${attackMs} ms and its mix to ${mixPercent} %: the rest stays untouched.`);
    },
  },
  {
    id: "overCompressed", what: "peaks over loudness (PSR), less than they should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 2.6, step: 1 }, referenced: { over: 1.6, step: 1 } },
    figure: ({ output, yardstick }) => (output.psrDb === null ? null : yardstick.psrDb - output.psrDb.p50),
    sentence: ({ output, yardstick }, figure) => {
      const beside = yardstick.references > 0 ? `, ${figure.toFixed(1)} dB less than in ${yardstick.words}` : `, where ${yardstick.psrDb} dB are usual`;
      return `It is squeezed flat: the peaks stand only ${tenthsText(output.psrDb?.p50 ?? 0)} dB over the loudness${beside}.`;
    },
    cause: "Compressors and limiters after one another, each taking a little.",
    lesson: "Loudness is turned down by every platform; what you squeezed out stays lost.",
    remedy: (heard, figure, { over }) => {
      const driveDb = heard.values[DRIVE] ?? 0;
      if (heard.limitingDb === null && driveDb <= 0) return atTheMixer("Take limiters and compressors off the mix bus at the mixer; no box brings back what they took.");
      const db = -Math.min(12, Math.max(1, (heard.limitingDb ?? 0) - 1, figure - over / 2));
      return driveRemedy(heard, db, (turned) => `Turn the drive into the limiter down by ${turned} dB; it gets quieter by less than that.`);
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
    sentence: ({ output, yardstick }, figure) => {
      const changes = `from verse to chorus the loudness changes by ${(output.loudnessRangeLu ?? 0).toFixed(1)} LU`;
      return yardstick.references > 0 ? `It moves too little: ${changes}, ${figure.toFixed(1)} LU less than in ${yardstick.words}.` : `Nothing moves: ${changes}.`;
    },
    cause: "Every section is played and mixed at one level, or a leveller evens them out.",
    lesson: "Automate the sections: 1 to 2 dB more in the chorus, fewer instruments in the verse.",
    remedy: (heard) => {
      const values = gentler(heard, ["mixPercent"]);
      const ride = "ide the faders at the mixer: the verse 1 to 2 dB softer than the chorus.";
      return Object.keys(values).length === 0 ? atTheMixer(`R${ride}`)
        : compressorRemedy(heard, values, `Halve the work of the compressor (mix ${GENTLE_MIX_PERCENT} %), and r${ride}`);
    },
  },
];

