import { describe, expect, it } from "vitest";
import { ProfileRecorder } from "../../src/analysis/profile-recorder.js";
import { THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
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
