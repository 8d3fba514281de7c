import { dbToLinear, linearToDb, whiteNoise } from "./signals.js";
import { runChain, type StereoSignal } from "./run-chain.js";
import type { FindingId, Remedy } from "../../src/analysis/diagnosis/finding.js";

/** What a programme suffers, and what it must be called afterwards: one of the ids among the first two, with a remedy that is right. */
export interface Damage {
  readonly name: string;
  readonly expected: readonly FindingId[];
  readonly apply: (signal: StereoSignal, sampleRateHz: number) => StereoSignal;
  readonly isRight: (remedy: Remedy) => boolean;
  /** Whether it shows over a minute and more only. */
  readonly isLong?: true;
}

type Coefficients = readonly [b0: number, b1: number, b2: number, a0: number, a1: number, a2: number];

/** Filters both channels by a section of second order, direct form I. */
function filtered({ left, right }: StereoSignal, [b0, b1, b2, a0, a1, a2]: Coefficients): StereoSignal {
  const run = (signal: Float64Array): Float64Array => {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    return signal.map((x) => {
      const y = (b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0;
      [x2, x1, y2, y1] = [x1, x, y1, y];
      return y;
    });
  };
  return { left: run(left), right: run(right) };
}

/** Bell of the Audio EQ Cookbook (R. Bristow-Johnson): not the equaliser of the product. */
export function bellFilter(freqHz: number, gainDb: number, q: number): Damage["apply"] {
  return (signal, sampleRateHz) => {
    const [a, w] = [dbToLinear(gainDb / 2), (2 * Math.PI * freqHz) / sampleRateHz];
    const [cos, alpha] = [Math.cos(w), Math.sin(w) / (2 * q)];
    return filtered(signal, [1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a]);
  };
}

/** Shelf of the same cookbook, slope 1. */
export function shelfFilter(side: "low" | "high", freqHz: number, gainDb: number): Damage["apply"] {
  return (signal, sampleRateHz) => {
    const [a, w] = [dbToLinear(gainDb / 2), (2 * Math.PI * freqHz) / sampleRateHz];
    const cos = (side === "low" ? 1 : -1) * Math.cos(w);
    const sign = side === "low" ? 1 : -1;
    const root = Math.SQRT2 * Math.sin(w) * Math.sqrt(a);
    return filtered(signal, [
      a * (a + 1 - (a - 1) * cos + root), sign * 2 * a * (a - 1 - (a + 1) * cos), a * (a + 1 - (a - 1) * cos - root),
      a + 1 + (a - 1) * cos + root, sign * -2 * (a - 1 + (a + 1) * cos), a + 1 + (a - 1) * cos - root,
    ]);
  };
}

/** Scales mid and side. */
function image(midDb: number, sideDb: number): Damage["apply"] {
  const [m, s] = [dbToLinear(midDb) / 2, dbToLinear(sideDb) / 2];
  return ({ left, right }) => ({
    left: left.map((l, n) => m * (l + right[n]!) + s * (l - right[n]!)),
    right: right.map((r, n) => m * (left[n]! + r) - s * (left[n]! - r)),
  });
}

function each(signal: StereoSignal, change: (x: number, frame: number) => number): StereoSignal {
  return { left: signal.left.map(change), right: signal.right.map(change) };
}

function peakOf(signal: Float64Array): number {
  return signal.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);
}

function peakDb({ left, right }: StereoSignal): number {
  return Math.max(linearToDb(peakOf(left)), linearToDb(peakOf(right)));
}

/** Drives the programme so far into a limiter at -1 dBTP that it takes `db` off the highest peak. */
function limited(db: number): Damage["apply"] {
  return (signal, sampleRateHz) => {
    const gain = dbToLinear(db - 1 - peakDb(signal));
    return runChain(each(signal, (x) => gain * x),
      { sampleRateHz, stages: ["limiter"], parameters: { "chain.levelMatch": 0, "limiter.ceilingDbtp": -1 } });
  };
}

/** Divides by an envelope in the time given: all that is louder or softer than the rest goes. */
function levelled(attackMs: number, releaseMs: number, share: number): Damage["apply"] {
  return ({ left, right }, sampleRateHz) => {
    const speed = (ms: number): number => 1 - Math.exp(-1000 / (ms * sampleRateHz));
    const [attack, release] = [speed(attackMs), speed(releaseMs)];
    const mean = meanSquare({ left, right });
    let envelope = mean;
    const gains = left.map((l, n) => {
      const power = (l * l + right[n]! ** 2) / 2;
      envelope += (power > envelope ? attack : release) * (power - envelope);
      return Math.max(envelope / mean, 1e-3) ** (-share / 2);
    });
    return { left: left.map((x, n) => gains[n]! * x), right: right.map((x, n) => gains[n]! * x) };
  };
}

/** Harmonics of 50 Hz as a ground loop has them: half of it at 100 Hz. */
const HUM_DB = [-9, -3, -9, -12, -12] as const;

function hum(underDb: number): Damage["apply"] {
  const power = HUM_DB.reduce((sum, db) => sum + 10 ** (db / 10), 0) / 2;
  return (signal, sampleRateHz) => {
    const scale = Math.sqrt(meanSquare(signal) / power) * dbToLinear(-underDb);
    // One round of the mains is a whole number of frames at every usual rate.
    const round = Float64Array.from({ length: sampleRateHz / 50 }, (_, n) => HUM_DB.reduce((sum, db, k) =>
      sum + scale * dbToLinear(db) * Math.sin((2 * Math.PI * 50 * (k + 1) * n) / sampleRateHz + k), 0));
    return each(signal, (x, n) => x + round[n % round.length]!);
  };
}

/** Adds white noise so far under the level of the programme. */
function noisy(db: number): Damage["apply"] {
  return ({ left, right }) => {
    const levelDb = 10 * Math.log10(meanSquare({ left, right })) - db;
    return { left: plus(left, whiteNoise(left.length, levelDb, 11)), right: plus(right, whiteNoise(right.length, levelDb, 12)) };
  };
}

function meanSquare({ left, right }: StereoSignal): number {
  return left.reduce((sum, l, n) => sum + l * l + right[n]! ** 2, 0) / (2 * left.length);
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, n) => x + b[n]!);
}

function clippedBy(db: number): Damage["apply"] {
  return (signal) => {
    const top = dbToLinear(peakDb(signal) - db);
    return each(signal, (x) => Math.max(-top, Math.min(top, x)));
  };
}

/** The band of the equaliser that a remedy turns, if any. */
function turnedBand({ values }: Remedy): { readonly freqHz: number; readonly gainDb: number } | undefined {
  const n = [1, 2, 3, 4, 5, 6, 7, 8].find((k) => values[`eq.band${k}.gainDb`] !== undefined);
  return n === undefined ? undefined : { freqHz: values[`eq.band${n}.freqHz`]!, gainDb: values[`eq.band${n}.gainDb`]! };
}

/** A remedy that turns the equaliser against a damage, within these frequencies. */
function turns(sign: 1 | -1, fromHz: number, toHz: number): Damage["isRight"] {
  return (remedy) => {
    const band = turnedBand(remedy);
    return band !== undefined && sign * band.gainDb > 0.4 && band.freqHz >= fromHz && band.freqHz <= toHz;
  };
}

/** A remedy that lies with the mixer, because no control gives back what is lost. */
function atTheMixer(word: RegExp): Damage["isRight"] {
  return ({ sentence, values }) => Object.keys(values).length === 0 && word.test(sentence);
}

/** A remedy that sets a value into this range. */
function sets(id: string, from: number, to: number): Damage["isRight"] {
  return ({ values }) => values[id] !== undefined && values[id] >= from && values[id] <= to;
}

/** Every damage at full size. */
export const DAMAGES: readonly Damage[] = [
  { name: "+6 dB at 300 Hz", expected: ["muddy"], apply: bellFilter(300, 6, 1), isRight: turns(-1, 200, 450) },
  { name: "+6 dB at 550 Hz", expected: ["boxy"], apply: bellFilter(550, 6, 1), isRight: turns(-1, 365, 825) },
  { name: "+6 dB at 80 Hz", expected: ["boomy"], apply: bellFilter(80, 6, 1), isRight: turns(-1, 53, 125) },
  { name: "-9 dB below 250 Hz", expected: ["thin"], apply: shelfFilter("low", 250, -9), isRight: turns(1, 80, 400) },
  { name: "+6 dB at 3 kHz", expected: ["harsh"], apply: bellFilter(3000, 6, 1), isRight: turns(-1, 1950, 4500) },
  { name: "+9 dB at 7 kHz", expected: ["sibilant"], apply: bellFilter(7000, 9, 1.4), isRight: turns(-1, 4600, 10_500) },
  { name: "-10 dB above 5 kHz", expected: ["dull"], apply: shelfFilter("high", 5000, -10), isRight: turns(1, 3300, 12_500) },
  { name: "mono", expected: ["narrow"], apply: image(0, -200), isRight: atTheMixer(/mono switch/) },
  { name: "side -10 dB", expected: ["narrow"], apply: image(0, -10), isRight: sets("imager.band3.widthPercent", 120, 200) },
  { name: "side +12 dB", expected: ["tooWide", "outOfPhase"], apply: image(-6, 6), isRight: sets("imager.band3.widthPercent", 10, 80) },
  { name: "right upside down", expected: ["outOfPhase"], apply: ({ left, right }) => ({ left, right: right.map((x) => -x) }), isRight: sets("input.polarity", 2, 2) },
  { name: "right -6 dB", expected: ["lopsided"], apply: ({ left, right }) => ({ left, right: right.map((x) => x / 2) }), isRight: sets("imager.balancePercent", 25, 65) },
  { name: "12 dB of limiting", expected: ["overCompressed", "tooLoud"], apply: limited(12), isRight: isLessDrive },
  { name: "no transients", expected: ["noPunch", "overCompressed"], apply: levelled(0.2, 40, 0.9), isRight: atTheMixer(/attack|limiters/) },
  { name: "sections levelled", expected: ["flat"], apply: levelled(2000, 2000, 1), isRight: ({ sentence }) => /faders/.test(sentence), isLong: true },
  { name: "hum 14 dB under the programme", expected: ["hum"], apply: hum(14), isRight: notchesHum },
  { name: "noise 24 dB under the programme", expected: ["noise"], apply: noisy(24), isRight: atTheMixer(/Mute/) },
  { name: "6 dB of clipping", expected: ["clippedInput"], apply: clippedBy(6), isRight: atTheMixer(/mixer down/) },
  { name: "level -24 dB", expected: ["tooQuiet", "gainStaging"], apply: (signal) => each(signal, (x) => dbToLinear(-24) * x), isRight: isMoreLevel },
];

/** Of a file whose limiter lies behind, only the mixer can take limiting off; that it is too loud, the drive can. */
function isLessDrive(remedy: Remedy): boolean {
  return atTheMixer(/limiters/)(remedy) || sets("loudness.driveDb", -24, -0.5)(remedy);
}

function isMoreLevel(remedy: Remedy): boolean {
  return sets("loudness.driveDb", 1, 24)(remedy) || sets("input.trimDb", 1, 24)(remedy);
}

/** Notches at two lines of the hum or more, and nowhere else. */
function notchesHum({ values }: Remedy): boolean {
  const linesHz = [1, 2, 3, 4, 5, 6, 7, 8].filter((n) => values[`eq.band${n}.type`] !== undefined).map((n) => values[`eq.band${n}.freqHz`]!);
  return linesHz.length >= 2 && linesHz.every((hz) => hz % 50 === 0);
}
