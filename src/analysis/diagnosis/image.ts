import { broadCorrelation, mean, upperWidthDb } from "../profile-figures.js";
import type { Detector, Heard, Remedy } from "./finding.js";
import { atTheMixer, held, signedDb } from "./remedies.js";

/** A side this far under the mid is none: nothing can be widened. */
const MONO_DB = -40;
const MOST_WIDTH_PERCENT = 200;
const MOST_NARROWER_DB = 20;
const WIDTHS = [2, 3, 4].map((band) => `imager.band${band}.widthPercent`);

/** Scales the side above the bass. */
function widthRemedy(values: Readonly<Record<string, number>>, db: number): Remedy {
  const factor = 10 ** (db / 20);
  const percent = (id: string): number => Math.min(MOST_WIDTH_PERCENT, Math.round((values[id] ?? 100) * factor));
  const now = percent("imager.band3.widthPercent");
  return {
    sentence: `Set the width of bands 2 to 4 in the imager to ${now} %.`,
    values: held({ "imager.bypass": 0, ...Object.fromEntries(WIDTHS.map((id) => [id, percent(id)])) }),
    loudnessChangeDb: 0,
  };
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
    remedy: ({ output, values, yardstick }) => {
      if (!isTurnedOver({ output, yardstick })) return widthRemedy(values, -Math.min(MOST_NARROWER_DB, Math.max(6, upperWidthDb(output) - yardstick.upperWidthDb)));
      const isTurned = values["input.polarity"] === 2;
      return {
        sentence: "Turn the right channel upside down (input, polarity); at the mixer look for the cable or the switch.",
        values: { "input.polarity": isTurned ? 0 : 2 }, loudnessChangeDb: 0,
      };
    },
  },
  {
    id: "lopsided", what: "one side over the other", unit: "dB", holdS: 10,
    limits: { neutral: { over: 2.5, step: 1.5 }, referenced: { over: 2.5, step: 1.5 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : Math.abs(output.leftOverRightDb - yardstick.leftOverRightDb)),
    sentence: ({ output }, figure) => `The ${output.leftOverRightDb > 0 ? "left" : "right"} side is ${figure.toFixed(1)} dB louder: the music leans over.`,
    cause: "A balance or a main fader is off the middle, one cable is weak, or loud instruments stand on one side.",
    lesson: "Bass, kick, snare and voice belong in the middle; put as much on the left as on the right.",
    remedy: ({ output, yardstick, values }) => {
      const db = output.leftOverRightDb - yardstick.leftOverRightDb;
      // The balance takes its percentage off the gain of one side.
      const percent = Math.sign(db) * 100 * (1 - 10 ** (-Math.abs(db) / 20));
      return {
        sentence: `Set the balance to ${Math.round(Math.abs(percent))} % to the ${db > 0 ? "right" : "left"}; better, mend it at the mixer.`,
        values: held({ "imager.bypass": 0, "imager.balancePercent": (values["imager.balancePercent"] ?? 0) + percent }), loudnessChangeDb: 0,
      };
    },
  },
  {
    id: "narrow", what: "side under mid, further than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 10, step: 4 }, referenced: { over: 6, step: 3 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : yardstick.upperWidthDb - upperWidthDb(output)),
    sentence: ({ output, yardstick }) => (upperWidthDb(output) < MONO_DB
      ? "It is mono: both loudspeakers play the same."
      : `It sounds narrow, all in the middle, more so than ${yardstick.words}.`),
    cause: "Everything is panned to the middle, a mono switch is pressed, or one cable feeds both sides.",
    lesson: "Pan doubled guitars, keys and backing voices to the sides; keep bass, kick and voice in the middle.",
    remedy: ({ output, values, yardstick }, figure, { over }) => {
      if (upperWidthDb(output) < MONO_DB) return atTheMixer("There is no side to widen: look for a mono switch or one cable for both sides, and pan at the mixer.");
      const db = Math.min(6, Math.max(1.5, Math.min(figure - over / 2, yardstick.upperWidthDb - upperWidthDb(output))));
      const remedy = widthRemedy(values, db);
      return { ...remedy, sentence: `${remedy.sentence} That widens it by ${signedDb(db)}.` };
    },
  },
  {
    id: "tooWide", what: "side over mid, further than it should be", unit: "dB", holdS: 10,
    limits: { neutral: { over: 7.5, step: 2 }, referenced: { over: 5, step: 2.5 } },
    figure: ({ output, yardstick }) => (output.countedSeconds === 0 ? null : upperWidthDb(output) - yardstick.upperWidthDb),
    sentence: ({ yardstick }) => `It is wider than ${yardstick.words}: the middle is hollow, and much is lost in mono.`,
    cause: "Wideners, choruses and stereo rooms add up, or the middle is missing.",
    lesson: "Width comes from contrast: something must stay in the middle.",
    remedy: ({ values }, figure, { over }) => {
      const db = -Math.min(MOST_NARROWER_DB, figure - over / 2);
      const remedy = widthRemedy(values, db);
      return { ...remedy, sentence: `${remedy.sentence} That narrows it by ${signedDb(db)}.` };
    },
  },
];
