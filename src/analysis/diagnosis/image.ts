import { broadCorrelation, upperWidthDb } from "../profile-figures.js";
import { octaveOf } from "../sound-profile.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../spectrum-bands.js";
import { mean } from "../statistics.js";
import type { Detector, Heard, Remedy } from "./finding.js";
import { atTheMixer, held, inForce, levelledRemedy, loudnessOfGainsDb } from "./remedies.js";

/** A side this far under the mid is none: nothing can be widened. */
const MONO_DB = -40;
const MOST_WIDTH_PERCENT = 200;
const MOST_NARROWER_DB = 20;
const WIDTHS = [2, 3, 4].map((band) => `imager.band${band}.widthPercent`);

/** By how much a balance of -100 to 100 % puts the left under the right: it takes its percentage off the gain of one side. */
function balanceDb(percent: number): number {
  return -Math.sign(percent) * 20 * Math.log10(1 - Math.min(99, Math.abs(percent)) / 100);
}

/** By how much a factor on the side above the bass changes the loudness, in dB: the mid stays as it is. */
function widthLoudnessDb({ output, values }: Heard, factor: number): number {
  const fromHz = values["multiband.crossover1Hz"] ?? 120;
  return loudnessOfGainsDb(output, THIRD_OCTAVE_FREQ_HZ.map((hz, third) => {
    const side = 10 ** ((output.widthDb[octaveOf(third)] ?? MONO_DB) / 10);
    return hz < fromHz ? 0 : 10 * Math.log10((1 + factor * factor * side) / (1 + side));
  }));
}

/** Levels in dB, together. */
function powerSumDb(levels: readonly number[]): number {
  return 10 * Math.log10(levels.reduce((sum, db) => sum + 10 ** (db / 10), 0));
}

/** Scales the side above the bass, as far as it can be. */
function widthRemedy(heard: Heard, db: number): Remedy {
  const values = inForce(heard.values, "imager");
  const factor = 10 ** (db / 20);
  const percent = (id: string): number => Math.min(MOST_WIDTH_PERCENT, Math.round((values[id] ?? 100) * factor));
  const [before, now] = [values["imager.band3.widthPercent"] ?? 100, percent("imager.band3.widthPercent")];
  const verb = now > before ? "widens" : "narrows";
  const does = now > 0 && before > 0 ? ` That ${verb} it by ${Math.abs(20 * Math.log10(now / before)).toFixed(1)} dB.` : "";
  return levelledRemedy(heard, before === 0 ? 0 : widthLoudnessDb(heard, now / before), {
    sentence: `Set the width of bands 2 to 4 in the imager to ${now} %.${does}`,
    values: held({ "imager.bypass": 0, ...Object.fromEntries(WIDTHS.map((id) => [id, percent(id)])) }),
  });
}

/**
 * Whether one side stands on its head. Then mid and side have changed places, and the width over the octaves is the mirror
 * image of what it should be; of what is only too wide it has the same shape, further up.
 */
function isTurnedOver({ output, yardstick }: Pick<Heard, "output" | "yardstick">): boolean {
  const [own, usual] = [mean(output.widthDb), mean(yardstick.widthDb)];
  return output.widthDb.reduce((sum, db, octave) => sum + (db - own) * ((yardstick.widthDb[octave] as number) - usual), 0) < 0;
}

/** The faults of the stereo image. */
export const IMAGE_DETECTORS: readonly Detector[] = [
  {
    id: "outOfPhase", what: "correlation of left and right, turned over", unit: "", holdS: 1,
    limits: { neutral: { over: 0, step: 0.1 }, referenced: { over: 0, step: 0.1 } },
    figure: ({ output }) => (output.countedSeconds === 0 ? null : -broadCorrelation(output)),
    sentence: (heard) => (isTurnedOver(heard)
      ? "Left and right work against each other: in mono, on a telephone or in a club, most of the music vanishes."
      : "The sides are out of phase: in mono, on a telephone or in a club, they get lost."),
    cause: "One cable is wired the wrong way round, a polarity switch is pressed, or a widener is turned up too far.",
    lesson: "Listen in mono once in every mix.",
    remedy: (heard) => {
      const { output, values, yardstick } = heard;
      if (!isTurnedOver(heard)) return widthRemedy(heard, -Math.min(MOST_NARROWER_DB, Math.max(6, upperWidthDb(output) - yardstick.upperWidthDb)));
      // Normal, left, right, both.
      const polarity = inForce(values, "input")["input.polarity"];
      const isTurned = polarity === 1 || polarity === 2;
      return {
        sentence: isTurned ? "Set the polarity back to normal (input, polarity): the box turns one channel upside down."
          : "Turn the right channel upside down (input, polarity); at the mixer look for the cable or the switch.",
        values: { "input.bypass": 0, "input.polarity": isTurned ? 0 : 2 }, loudnessChangeDb: 0,
      };
    },
  },
  {
    id: "lopsided", what: "one side over the other", unit: "dB", holdS: 10,
    limits: { neutral: { over: 2.5, step: 1.5 }, referenced: { over: 2.5, step: 1.5 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : Math.abs(output.leftOverRightDb - yardstick.leftOverRightDb)),
    sentence: ({ output, yardstick }, figure) => {
      const side = output.leftOverRightDb > yardstick.leftOverRightDb ? "left" : "right";
      return `The ${side} side is ${figure.toFixed(1)} dB louder than in ${yardstick.words}: the music leans over.`;
    },
    cause: "A balance or a main fader is off the middle, one cable is weak, or loud instruments stand on one side.",
    lesson: "Bass, kick, snare and voice belong in the middle; put as much on the left as on the right.",
    remedy: (heard) => {
      const { output, yardstick, values } = heard;
      const nowDb = balanceDb(inForce(values, "imager")["imager.balancePercent"] ?? 0);
      const db = output.leftOverRightDb - yardstick.leftOverRightDb + nowDb;
      const percent = Math.round(Math.sign(db) * 100 * (1 - 10 ** (-Math.abs(db) / 20)));
      const where = percent === 0 ? "the middle" : `${Math.abs(percent)} % to the ${percent > 0 ? "right" : "left"}`;
      // Each side as it was heard, and with the balance that takes the place of the one before.
      const sides = [output.leftOverRightDb, 0];
      const after = [-Math.max(0, balanceDb(percent)) + Math.max(0, nowDb), Math.min(0, balanceDb(percent)) - Math.min(0, nowDb)];
      const changeDb = powerSumDb(sides.map((db, side) => db + (after[side] as number))) - powerSumDb(sides);
      return levelledRemedy(heard, changeDb, {
        sentence: `Set the balance to ${where}; better, mend it at the mixer.`, values: held({ "imager.bypass": 0, "imager.balancePercent": percent }),
      });
    },
  },
  {
    id: "narrow", what: "width (side over mid), less than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 10, step: 4 }, referenced: { over: 6, step: 3 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : yardstick.upperWidthDb - upperWidthDb(output)),
    sentence: ({ output, yardstick }) => (upperWidthDb(output) < MONO_DB
      ? "It is mono: both loudspeakers play the same."
      : `It sounds narrow, all in the middle, more so than ${yardstick.words}.`),
    cause: "Everything is panned to the middle, a mono switch is pressed, or one cable feeds both sides.",
    lesson: "Pan doubled guitars, keys and backing voices to the sides; keep bass, kick and voice in the middle.",
    remedy: (heard, figure, { over }) => {
      const { output, yardstick } = heard;
      if (upperWidthDb(output) < MONO_DB) return atTheMixer("There is no side to widen: look for a mono switch or one cable for both sides, and pan at the mixer.");
      const db = Math.min(6, Math.max(1.5, Math.min(figure - over / 2, yardstick.upperWidthDb - upperWidthDb(output))));
      return widthRemedy(heard, db);
    },
  },
  {
    id: "tooWide", what: "width (side over mid), more than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 7.5, step: 2 }, referenced: { over: 5, step: 2.5 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : upperWidthDb(output) - yardstick.upperWidthDb),
    sentence: ({ yardstick }) => `It is wider than ${yardstick.words}: the middle is hollow, and much is lost in mono.`,
    cause: "Wideners, choruses and stereo rooms add up, or the middle is missing.",
    lesson: "Width comes from contrast: something must stay in the middle.",
    remedy: (heard, figure, { over }) => widthRemedy(heard, -Math.min(MOST_NARROWER_DB, figure - over / 2)),
  },
];
