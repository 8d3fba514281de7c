import { expect, it } from "vitest";
import { Generator } from "../../../hw/sim/generators.js";
import { LoopSource } from "../../../hw/sim/loop-source.js";
import { rmsDb } from "../../support/measure.js";

const FS = 48000;

function play(generator: Generator, frames: number): Float64Array {
  const sound = new Float64Array(2 * frames);
  generator.prepare(FS);
  generator.render(sound, frames);
  return sound;
}

it("plays a sine of 1 kHz whose peak is at its level and which repeats after 48 frames", () => {
  const sound = play(new Generator({ signal: "sine", levelDb: -6 }), 4800);
  expect(20 * Math.log10(Math.max(...sound))).toBeCloseTo(-6, 3);
  for (let i = 0; i < 96; i++) expect(sound[i + 96]).toBeCloseTo(sound[i]!, 9);
});

it("plays an impulse at once and then one each second", () => {
  const sound = play(new Generator({ signal: "impulse", levelDb: 0 }), 2 * FS + 1);
  const hits = [...sound.keys()].filter((i) => sound[i] !== 0);
  expect(hits).toEqual([0, 1, 2 * FS, 2 * FS + 1, 4 * FS, 4 * FS + 1]);
});

it("plays pink noise of its level within 0.5 dB, with 3 dB less an octave in the differences of its neighbours", () => {
  const sound = play(new Generator({ signal: "pink", levelDb: -20 }), 20 * FS);
  expect(Math.abs(rmsDb(sound) + 20)).toBeLessThan(0.5);
  // Pink noise's running sums over 2^k frames grow by almost 6 dB an octave, white noise's by 3.
  const sums = (length: number): number => {
    let energy = 0;
    let count = 0;
    for (let i = 0; i + 2 * length <= sound.length; i += 2 * length, count++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += sound[i + 2 * k]!;
      energy += sum * sum;
    }
    return 10 * Math.log10(energy / count);
  };
  const octaves = (sums(128) - sums(8)) / 4;
  expect(octaves).toBeGreaterThan(5);
  expect(octaves).toBeLessThan(6.1);
});

it("plays pink noise without an offset: every mean over 200 ms is 20 dB under its level, so that no guard takes it for one", () => {
  const sound = play(new Generator({ signal: "pink", levelDb: -20 }), 60 * FS);
  const frames = FS / 5;
  let largest = 0;
  for (let first = 0; first + 2 * frames <= sound.length; first += 2 * frames) {
    let sum = 0;
    for (let k = 0; k < frames; k++) sum += sound[first + 2 * k]!;
    largest = Math.max(largest, Math.abs(sum / frames));
  }
  expect(20 * Math.log10(largest)).toBeLessThan(-40);
});

it("plays a sound over and over without a gap", () => {
  const samples = new SharedArrayBuffer(5 * 8);
  new Float32Array(samples).set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const source = new LoopSource({ samples, sampleRateHz: FS, name: "five frames" });
  source.prepare(FS);
  const heard: number[] = [];
  const target = new Float64Array(6);
  for (let n = 0; n < 5; n++) {
    source.render(target, 3);
    heard.push(...target);
  }
  expect(heard).toEqual(Array.from({ length: 30 }, (_, i) => i % 10));
  expect(() => source.prepare(44100)).toThrow(/48000 Hz/);
});
