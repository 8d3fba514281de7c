import { describe, expect, it } from "vitest";
import { findingOfId } from "../../src/analysis/diagnosis/diagnose.js";
import { FlatTops } from "../../src/analysis/flat-tops.js";
import { ProfileRecorder } from "../../src/analysis/profile-recorder.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { profileSource } from "../../src/cli/profile-source.js";
import { heardOf } from "../support/labelled-set.js";
import { MemorySource } from "../support/memory-source.js";
import { profileSignal } from "../support/profile-signal.js";
import { dual, type StereoSignal } from "../support/run-chain.js";
import { concat, pinkNoise, sine, whiteNoise } from "../support/signals.js";

const RATE = 48_000;
const wide = (seconds: number, levelDbfs: number, seed = 1): StereoSignal => ({
  left: pinkNoise(seconds * RATE, levelDbfs, seed), right: pinkNoise(seconds * RATE, levelDbfs, seed + 1),
});
const scaled = ({ left, right }: StereoSignal, leftGain: number, rightGain = leftGain): StereoSignal =>
  ({ left: left.map((x) => leftGain * x), right: right.map((x) => rightGain * x) });
const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, n) => x + b[n]!);

/** Flat tops at the level: what a converter makes of sound that is too loud. */
const clipped = (signal: Float64Array, at: number): Float64Array => signal.map((x) => Math.max(-at, Math.min(at, x)));

describe("profile of a programme", () => {
  it("reads pink noise flat within 1 dB from 63 Hz to 12.5 kHz, and two noises as wide as they are loud", async () => {
    const profile = await profileSignal(wide(15, -20));
    const inside = profile.balanceDb.p50.filter((_, k) => THIRD_OCTAVE_FREQ_HZ[k]! > 60 && THIRD_OCTAVE_FREQ_HZ[k]! < 13_000);
    expect(Math.max(...inside) - Math.min(...inside)).toBeLessThan(2);
    // Side and mid of two independent signals of one level have the same power.
    for (const widthDb of profile.widthDb.slice(1)) expect(Math.abs(widthDb)).toBeLessThan(1);
    for (const correlation of profile.correlation.slice(1)) expect(Math.abs(correlation)).toBeLessThan(0.1);
    expect(profile.countedSeconds).toBe(15);
    expect(profile.clippedTops).toBe(0);
  });

  it("does not change by 0.1 dB in balance, width, crest and transients when the level changes by 12 dB", async () => {
    const sound = wide(15, -30);
    const [quiet, loud] = [await profileSignal(sound), await profileSignal(scaled(sound, 4))];
    const shape = (profile: typeof quiet): readonly number[] =>
      [...profile.balanceDb.p50, ...profile.widthDb, ...profile.crestDb, ...profile.transientDb, profile.psrDb!.p50];
    shape(loud).forEach((value, k) => expect(Math.abs(value - shape(quiet)[k]!)).toBeLessThan(0.1));
    expect(loud.integratedLufs! - quiet.integratedLufs!).toBeCloseTo(20 * Math.log10(4), 1);
  });

  it("is the same for blocks of 1, 480 and 10 000 frames", () => {
    const { left, right } = wide(4, -20);
    const sound = Float64Array.from({ length: 2 * left.length }, (_, k) => (k % 2 === 0 ? left : right)[k >> 1]!);
    const profiles = [1, 480, 10_000].map((block) => {
      const recorder = new ProfileRecorder(RATE, { windows: 4 });
      recorder.addBin({ truePeaks: [0.5, 0.5], samplePeaks: [0.5, 0.5], kMeanSquares: [0.01, 0.01] });
      for (let at = 0; at < left.length; at += block) {
        const frames = Math.min(block, left.length - at);
        recorder.add(sound.subarray(2 * at, 2 * (at + frames)), frames);
      }
      return recorder.profile;
    });
    expect(profiles[0]!.countedSeconds).toBe(3);
    expect(profiles[1]).toEqual(profiles[0]);
    expect(profiles[2]).toEqual(profiles[0]);
  });

  it("reads a left channel 6 dB over the right one within 0.1 dB, and mono sound as mono", async () => {
    const { left } = wide(9, -20);
    const lopsided = await profileSignal({ left, right: left.map((x) => x / 2) });
    expect(lopsided.leftOverRightDb).toBeCloseTo(20 * Math.log10(2), 1);
    const mono = await profileSignal(dual(left));
    expect(Math.max(...mono.widthDb)).toBe(-60);
    expect(Math.min(...mono.correlation)).toBeCloseTo(1, 6);
    const flipped = await profileSignal({ left, right: left.map((x) => -x) });
    expect(Math.max(...flipped.correlation)).toBeCloseTo(-1, 6);
    expect(flipped.lowWidthDb).toBe(60);
  });

  it("finds a hum of 50 Hz at -40 dBFS in noise at -42 dBFS within 1 dB, and none in the noise alone", async () => {
    const noise = pinkNoise(15 * RATE, -42, 7);
    const amplitudes = [0, -6, -3, -9, -6];
    const power = amplitudes.reduce((sum, db) => sum + 10 ** (db / 10), 0);
    const hum = amplitudes.map((db, k) => sine(noise.length, RATE, { freqHz: 50 * (k + 1), levelDbfs: -40 + db - 10 * Math.log10(power) }))
      .reduce(plus);
    const [clean, humming] = [await profileSignal(dual(noise)), await profileSignal(dual(plus(noise, hum)))];
    expect(humming.hum!.mainsHz).toBe(50);
    expect(Math.abs(humming.hum!.levelDbfs + 40)).toBeLessThan(1);
    expect(humming.hum!.prominenceDb).toBeGreaterThan(15);
    expect(clean.hum!.prominenceDb).toBeLessThan(6);
    expect(humming.hum!.linesHz.filter((hz) => hz <= 250)).toHaveLength(5);
  });

  it("counts the tops that clipping cut flat, also after the level was turned down, and none of a full-scale sine", async () => {
    const [seconds, freqHz] = [3.5, 100];
    const tone = sine(seconds * RATE, RATE, { freqHz, levelDbfs: 0 });
    const tops = await profileSignal(dual(clipped(tone, 0.7).map((x) => 0.3 * x)));
    // Two tops a period in each of two channels, in a window of 3 s.
    expect(tops.clippedTops).toBe(3 * freqHz * 2 * 2);
    expect((await profileSignal(dual(tone))).clippedTops).toBe(0);
    expect((await profileSignal(dual(tone.map((x) => Math.round(x * 32_767) / 32_768)))).clippedTops).toBe(0);
  });

  it("tells clipping by the minute, and the largest peak, of the windows that it keeps, however long it has listened", () => {
    const recorder = new ProfileRecorder(RATE, { windows: 2 });
    const play = (seconds: number, gain: number, peak: number): void => {
      const tone = clipped(sine(seconds * RATE, RATE, { freqHz: 100, levelDbfs: 0 }).map((x) => gain * x), 0.7);
      for (let bin = 0; bin < 100 * seconds; bin++) recorder.addBin({ truePeaks: [peak, peak], samplePeaks: [peak, peak], kMeanSquares: [0.1, 0.1] });
      recorder.add(Float64Array.from({ length: 2 * tone.length }, (_, k) => tone[k >> 1]!), tone.length);
    };
    const figure = (): number => findingOfId("clippedInput", heardOf(recorder.profile, []))!.figure;
    for (let k = 0; k < 10; k++) play(3, 0.7, 1);
    expect([recorder.profile.seconds, recorder.profile.keptSeconds, recorder.profile.maxTruePeakDbtp]).toEqual([30, 6, 0]);
    for (let k = 0; k < 2; k++) play(3, 1, 0.7);
    // Two tops a period in each of two channels.
    expect(figure()).toBeCloseTo(60 * 100 * 2 * 2, 0);
    expect(recorder.profile.maxTruePeakDbtp).toBeCloseTo(20 * Math.log10(0.7), 6);
  });

  it("forgets a pop of the sound check by 1 dB a minute, after which clipping 1 dB lower is seen", () => {
    const tops = new FlatTops();
    const tone = clipped(sine(3 * RATE, RATE, { freqHz: 100, levelDbfs: 0 }), 10 ** (-1 / 20));
    const sound = Float64Array.from({ length: 2 * tone.length }, (_, k) => tone[k >> 1]!);
    tops.add(Float64Array.of(1, 1, 0, 0), 2);
    const counts = Array.from({ length: 25 }, () => {
      tops.add(sound, 3 * RATE);
      return tops.take();
    });
    expect(counts[0]).toBe(0);
    // A top may lie 1.5 % under the largest sample: 0.13 dB less than the 1 dB, in windows of 3 s.
    expect((3 * counts.findIndex((count) => count > 0)) / 60).toBeCloseTo(0.87, 1);
    expect(counts.at(-1)).toBe(3 * 100 * 2 * 2);
  });

  it("of sound that goes on and on is of whole windows alone: one section of a level noise, whatever is under way", () => {
    const recorder = new ProfileRecorder(RATE, { windows: 10 });
    for (let k = 0; k < 10 * 40; k++) {
      recorder.add(new Float64Array(2 * 4800), 4800);
      for (let bin = 0; bin < 10; bin++) recorder.addBin({ truePeaks: [0.5, 0.5], samplePeaks: [0.5, 0.5], kMeanSquares: [0.01, 0.01] });
    }
    const { keptSeconds, countedSeconds, sections } = recorder.profile;
    expect([keptSeconds, countedSeconds, sections.length]).toEqual([30, 30, 1]);
  });

  it("is of all of a file, not of its end: 20 s of tone at the beginning of 8 minutes", async () => {
    const RATE_8K = 8000;
    const tone = (n: number): number => (n < 20 * RATE_8K ? 0.3 * Math.sin(n / 3) : 0);
    const profile = await profileSource(new MemorySource(RATE_8K, 8 * 60 * RATE_8K, tone, tone));
    expect([profile.seconds, profile.keptSeconds]).toEqual([480, 480]);
    expect(profile.countedSeconds).toBeGreaterThanOrEqual(18);
  }, 60_000);

  it("tells the level of a steady noise in a pause within 2 dB", async () => {
    const hiss = whiteNoise(15 * RATE, -60, 3);
    const music = pinkNoise(15 * RATE, -20, 4).map((x, n) => (n % (3 * RATE) < 2.4 * RATE ? x : 0));
    const profile = await profileSignal(dual(plus(hiss, music)));
    const band = THIRD_OCTAVE_FREQ_HZ.findIndex((hz) => hz > 7900);
    // White noise up to 24 kHz: a third of an octave has its width's share.
    const expected = -60 + 10 * Math.log10((THIRD_OCTAVE_FREQ_HZ[band]! * (10 ** 0.05 - 10 ** -0.05)) / 24_000);
    expect(Math.abs(profile.floorDb[band]! - expected)).toBeLessThan(2);
  });

  it("parts a programme that grows by 8 dB after 15 s there, within 3 s, and hears 8 LU between the sections", async () => {
    const both = concat(pinkNoise(15 * RATE, -30, 1), pinkNoise(15 * RATE, -22, 2));
    const { sections } = await profileSignal(dual(both));
    expect(sections.map(({ startS }) => startS)).toEqual([0, 15]);
    expect(sections[1]!.loudnessLufs - sections[0]!.loudnessLufs).toBeCloseTo(8, 0);
  });

  it("survives its way through JSON, and has nothing to say of silence", async () => {
    const profile = await profileSignal(wide(6, -20));
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    const silence = await profileSignal(dual(new Float64Array(6 * RATE)));
    expect([silence.countedSeconds, silence.integratedLufs, silence.psrDb, silence.levelDbfs]).toEqual([0, null, null, null]);
    expect(JSON.parse(JSON.stringify(silence))).toEqual(silence);
  });
});
