import { describe, expect, it } from "vitest";
import { TapReader } from "../../src/engine/tap-reader.js";
import { TapMemory } from "../support/tap-memory.js";

const RING = 4096;
/** Whole numbers up to 2^24 are exact in f32. */
const sample = (frame: number, field: number): number => (frame % 1_000_000) * 4 + field;

function readAll(reader: TapReader, pieceFrames = 1000): { lost: number; values: number[] } {
  const values: number[] = [];
  const lost = reader.skipLost();
  const piece = new Float32Array(4 * pieceFrames);
  for (let frames = reader.read(piece); frames > 0; frames = reader.read(piece)) values.push(...piece.subarray(0, 4 * frames));
  return { lost, values };
}

function expected(from: number, to: number): number[] {
  return Array.from({ length: 4 * (to - from) }, (_, k) => sample(from + (k >> 2), k % 4));
}

describe("TapReader", () => {
  it("gives each frame once and in order, over the end of the ring and in pieces of any size", () => {
    const tap = new TapMemory(RING);
    const reader = new TapReader(tap.memory);
    const values: number[] = [];
    for (const frames of [1, 2999, 3000, 64, 2500, 3000]) {
      tap.write(frames, sample);
      const got = readAll(reader, 700);
      expect(got.lost).toBe(0);
      values.push(...got.values);
    }
    expect(values).toEqual(expected(0, 11564));
  });

  it("begins with the sound of the moment, and gives nothing before there is more", () => {
    const tap = new TapMemory(RING);
    tap.write(500, sample);
    const reader = new TapReader(tap.memory);
    expect(readAll(reader).values).toEqual([]);
    tap.write(10, sample);
    expect(readAll(reader).values).toEqual(expected(500, 510));
  });

  it("tells how many frames were lost when it comes too late, and gives the newest that cannot be overwritten meanwhile", () => {
    const tap = new TapMemory(RING);
    const reader = new TapReader(tap.memory);
    tap.write(10_000, sample);
    const { lost, values } = readAll(reader);
    expect(lost).toBe(10_000 - (RING - 1024));
    expect(values).toEqual(expected(lost, 10_000));
  });

  it("tells of frames that were left out under load", () => {
    const tap = new TapMemory(RING);
    const reader = new TapReader(tap.memory);
    tap.write(100, sample);
    readAll(reader);
    tap.leaveOut(700);
    tap.write(50, sample);
    const { lost, values } = readAll(reader);
    expect(lost).toBe(700);
    expect(values).toEqual(expected(800, 850));
  });

  it("goes on over the wrap of the count at 2^31 and at 2^32", () => {
    for (const wrap of [2 ** 31, 2 ** 32]) {
      const tap = new TapMemory(RING, wrap - 100);
      const reader = new TapReader(tap.memory);
      tap.write(300, sample);
      const { lost, values } = readAll(reader);
      expect(lost).toBe(0);
      expect(values).toEqual(expected(wrap - 100, wrap + 200));
    }
  });
});
