import { beforeAll, describe, expect, it } from "vitest";
import { findingOfId } from "../../src/analysis/diagnosis/diagnose.js";
import type { Finding, FindingId, Heard, Values } from "../../src/analysis/diagnosis/finding.js";
import { placedBand } from "../../src/analysis/diagnosis/remedies.js";
import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import { PARAMETERS } from "../../src/params/table.js";
import { heardOf } from "../support/labelled-set.js";
import { profileSignal } from "../support/profile-signal.js";
import { whiteNoise } from "../support/signals.js";

const RATE = 48_000;
const DEFAULTS = Object.fromEntries(PARAMETERS.map((row) => [row.id, row.default]));
const NOTCH = 4;
let noise: SoundProfile;

beforeAll(async () => {
  noise = await profileSignal({ left: whiteNoise(12 * RATE, -20, 1), right: whiteNoise(12 * RATE, -20, 2) });
});

interface Options {
  readonly values?: Values;
  readonly references?: readonly SoundProfile[];
}

/** What a live box says of one fault of a profile, with some of its values turned. */
function finding(id: FindingId, profile: Partial<SoundProfile>, { values = {}, references = [] }: Options = {}): Finding {
  const heard: Heard = { ...heardOf({ ...noise, ...profile }, references), limitingDb: 0, targetLufs: -14, values: { ...DEFAULTS, ...values } };
  return findingOfId(id, heard)!;
}

describe("the remedy for the level of the input", () => {
  it("of a mix at -20 dBFS whose peaks touch the top speaks of its peaks, and turns the mixer down, not the trim", () => {
    const { figure, sentence, remedy } = finding("gainStaging", { levelDbfs: -20, maxTruePeakDbtp: 0.5 });
    expect(figure).toBeCloseTo(1.5, 2);
    expect(sentence).toContain("hot");
    // From +0.5 dBTP to 6 dB of room.
    expect(remedy.sentence).toContain("mixer down by 7 dB");
    expect(remedy.values).toEqual({});
  });

  it("of -40 dBFS is 22 dB of trim, whatever the trim is now, and cures it", () => {
    const weak = { levelDbfs: -40, maxTruePeakDbtp: -29 };
    expect(finding("gainStaging", weak).sentence).toContain("weak: -40 dBFS");
    for (const trimDb of [0, 4]) {
      const { remedy, figure } = finding("gainStaging", weak, { values: { "input.trimDb": trimDb } });
      expect(figure).toBeCloseTo(10 - trimDb, 2);
      expect(remedy.values["input.trimDb"]).toBeCloseTo(22, 2);
      // The drive takes it back, so that it is as loud while it is tried.
      expect(remedy.values["loudness.driveDb"]).toBeCloseTo(trimDb - 22, 2);
      expect(remedy.loudnessChangeDb).toBeCloseTo(0, 2);
    }
    expect(finding("gainStaging", weak, { values: { "input.trimDb": 22 } }).figure).toBeLessThan(0);
  });
});

it("leaves a drive that is bypassed alone, tells what the loudness does then, and reckons a turn of it from 0 dB", () => {
  const values = { "loudness.bypass": 1, "loudness.driveDb": 10 };
  const trimmed = finding("gainStaging", { levelDbfs: -40, maxTruePeakDbtp: -29 }, { values }).remedy;
  expect(trimmed.values).toEqual({ "input.bypass": 0, "input.trimDb": 22 });
  expect(trimmed.loudnessChangeDb).toBeCloseTo(22, 2);
  // From -30 to -14 LUFS.
  expect(finding("tooQuiet", { integratedLufs: -30 }, { values }).remedy).toMatchObject({ values: { "loudness.bypass": 0, "loudness.driveDb": 16 }, loudnessChangeDb: 16 });
});

describe("the remedy for the balance", () => {
  it("adds to the balance that is set, and says where it then stands", () => {
    // 20 % to the left take 20 log10(0.8) = -1.94 dB off the right; 3.94 dB to the other side leave 2 dB: 20.6 % off the left.
    const { remedy } = finding("lopsided", { leftOverRightDb: 1.94 + 2 }, { values: { "imager.balancePercent": -20 } });
    expect(remedy.values["imager.balancePercent"]).toBe(21);
    expect(remedy.sentence).toContain("21 % to the right");
  });

  it("names the side that is louder than in the reference", () => {
    const { sentence, remedy } = finding("lopsided", { leftOverRightDb: 1 }, { references: [{ ...noise, leftOverRightDb: 5 }] });
    expect(sentence).toMatch(/^The right side is 4\.0 dB louder/);
    expect(remedy.sentence).toContain("to the left");
  });
});

it("turns one channel back where the box itself had turned it", () => {
  const correlation = noise.correlation.map(() => -0.8);
  const widthDb = [20, 20, 14, 8, 8, 8, 8, 8, 8, 8];
  const polarity = (value: number, values: Values = {}): number | undefined =>
    finding("outOfPhase", { correlation, widthDb }, { values: { ...values, "input.polarity": value } }).remedy.values["input.polarity"];
  // Normal, left, right, both: what differs between the sides must differ no more.
  expect([0, 1, 2, 3].map((value) => polarity(value))).toEqual([2, 0, 0, 2]);
  for (const bypass of ["input.bypass", "chain.bypass"]) expect([0, 1, 2, 3].map((value) => polarity(value, { [bypass]: 1 })), bypass).toEqual([2, 2, 2, 2]);
});

it("tells by how much the image gets narrower or wider without a sign, and no more than the imager can do", () => {
  const wide = noise.widthDb.map(() => 2);
  // 10 dB are over, half of the limit of 7.5 dB may stay: 6.25 dB are 49 % of the side, which are 6.2 dB.
  expect(finding("tooWide", { widthDb: wide }).remedy.sentence).toContain("narrows it by 6.2 dB");
  // From 160 % to 200 % are 1.9 dB.
  const narrow = finding("narrow", { widthDb: noise.widthDb.map(() => -19) }, { values: { "imager.band3.widthPercent": 160 } });
  expect(narrow.remedy.sentence).toContain("widens it by 1.9 dB");
});

describe("the remedy for a compressor", () => {
  const flat = { transientDb: [0, 0, 0] };

  it("never makes an attack shorter or the compressed part larger", () => {
    const { remedy } = finding("noPunch", flat, { values: { "compressor.attackMs": 80, "compressor.mixPercent": 70 } });
    expect(remedy.values).toEqual({ "compressor.attackMs": 80, "compressor.mixPercent": 50 });
  });

  it("lies with the mixer once it was taken", () => {
    const { remedy } = finding("noPunch", flat, { values: { "compressor.attackMs": 60, "compressor.mixPercent": 50 } });
    expect(remedy.values).toEqual({});
    const even = { seconds: 120, countedSeconds: 120, loudnessRangeLu: 0.5, sections: [] };
    expect(finding("flat", even, { values: { "compressor.mixPercent": 40 } }).remedy.values).toEqual({});
  });
});

it("turns the drive no further than it goes, says so, and sends to the mixer at its end", () => {
  const quiet = { integratedLufs: -30 };
  // 16 dB are missing; from 20 dB to the end of the range, 24 dB, are 4.
  const near = finding("tooQuiet", quiet, { values: { "loudness.driveDb": 20 } }).remedy;
  expect(near).toMatchObject({ values: { "loudness.driveDb": 24 }, loudnessChangeDb: 4 });
  expect(near.sentence).toContain("up by 4.0 dB");
  expect(finding("tooQuiet", quiet, { values: { "loudness.driveDb": 24 } }).remedy.values).toEqual({});
});

describe("the remedy for a hum", () => {
  const hum = { mainsHz: 50, prominenceDb: 20, levelDbfs: -40, linesHz: [50, 150, 100, 250, 350, 200, 300] };

  it("ends the finding once the five strongest lines are notched, though the hum still comes in, and not before", () => {
    const { figure, remedy: { values } } = finding("hum", { hum });
    expect(figure).toBe(20);
    expect(finding("hum", { hum }, { values }).figure).toBe(0);
    expect(finding("hum", { hum }, { values: { ...values, "eq.bypass": 1 } }).figure).toBe(20);
    const half = { "eq.band1.type": NOTCH, "eq.band1.freqHz": 50, "eq.band2.type": NOTCH, "eq.band2.freqHz": 150 };
    const rest = finding("hum", { hum }, { values: half });
    expect(rest.figure).toBe(20);
    expect(rest.remedy.sentence).toContain("notches at 100 Hz, 250 Hz, 350 Hz.");
    expect(Object.keys(rest.remedy.values).filter((id) => /band[12]\./.test(id))).toEqual([]);
  });

  it("names the notches that there are bands for, and none where there is none", () => {
    const taken = (count: number): Values => Object.fromEntries(Array.from({ length: count }, (_, n) => [`eq.band${n + 1}.gainDb`, 2]));
    expect(finding("hum", { hum }, { values: taken(6) }).remedy.sentence).toMatch(/notches at 50 Hz, 150 Hz\.$/);
    expect(finding("hum", { hum }, { values: taken(8) }).remedy.values).toEqual({});
  });
});

it("tells what is squeezed or even beside references that are much less so, in figures that fit", () => {
  const psrDb = { p10: 12, p50: 12, p90: 12 };
  const reference = { ...noise, psrDb: { p10: 14, p50: 14, p90: 14 }, loudnessRangeLu: 12, sections: [] };
  const references = [reference];
  expect(finding("overCompressed", { psrDb }, { references }).sentence)
    .toBe("It is squeezed flat: the peaks stand only 12.0 dB over the loudness, 2.0 dB less than in your reference.");
  expect(finding("flat", { seconds: 120, countedSeconds: 120, loudnessRangeLu: 8, sections: [] }, { references }).sentence)
    .toBe("It moves too little: from verse to chorus the loudness changes by 8.0 LU, 4.0 LU less than in your reference.");
});

describe("a band of a remedy", () => {
  const mud = { shape: "bell", freqHz: 315, gainDb: -3, q: 1 } as const;

  it("leaves a notch that is at work, though it has no gain", () => {
    const values = { ...DEFAULTS, "eq.band3.type": NOTCH, "eq.band3.freqHz": 300 };
    expect(placedBand(values, mud)).toMatchObject({ "eq.band4.gainDb": -3 });
    expect(placedBand({ ...values, "eq.band3.on": 0 }, mud)).toMatchObject({ "eq.band3.gainDb": -3, "eq.band3.type": 0 });
  });

  it("takes the place of one that was bypassed when the fault was heard, and adds to one that was not", () => {
    const values = { ...DEFAULTS, "eq.band3.gainDb": -2, "eq.band3.freqHz": 315 };
    expect(placedBand(values, mud)).toMatchObject({ "eq.band3.gainDb": -5 });
    for (const bypass of ["eq.bypass", "chain.bypass"]) expect(placedBand({ ...values, [bypass]: 1 }, mud), bypass).toMatchObject({ "eq.band3.gainDb": -3 });
  });

  it("notches a hum in both channels, also in a band that had worked on the sides", () => {
    const hum = { mainsHz: 50, prominenceDb: 20, levelDbfs: -40, linesHz: [50, 150] };
    const { values } = finding("hum", { hum }, { values: { "eq.band1.channel": 2 } }).remedy;
    expect(values).toMatchObject({ "eq.band1.type": NOTCH, "eq.band1.freqHz": 50, "eq.band1.channel": 0 });
  });
});

it("does not call harsh or sibilant what only ends at 4 kHz, as a file of 8 kHz does, on either side", async () => {
  const ends = (profile: SoundProfile): SoundProfile => {
    const cut = profile.balanceDb.p50.map((db, band) => (band > 23 ? -150 : db));
    return { ...profile, balanceDb: { ...profile.balanceDb, p50: cut } };
  };
  expect(findingOfId("harsh", heardOf(ends(noise), []))).toBeNull();
  for (const id of ["sibilant", "dull", "harsh"] as const) expect(findingOfId(id, heardOf(noise, [ends(noise)])), id).toBeNull();
  expect(findingOfId("dull", heardOf(ends(noise), []))!.figure).toBeGreaterThan(7);
});
