import { describe, expect, it } from "vitest";
import { GoniometerPicker } from "../../src/analysis/goniometer.js";

const RATE = 48_000;

function picked(seconds: number, left: (frame: number) => number, right: (frame: number) => number, rateHz = RATE): ReturnType<() => GoniometerPicker["points"]> {
  const picker = new GoniometerPicker(rateHz);
  const block = new Float64Array(2 * 100);
  for (let at = 0; at < seconds * rateHz; at += 100) {
    for (let n = 0; n < 100; n++) {
      block[2 * n] = left(at + n);
      block[2 * n + 1] = right(at + n);
    }
    picker.add(block, 100);
  }
  return picker.points;
}

const tone = (amplitude: number, freqHz = 440) => (frame: number): number => amplitude * Math.sin((2 * Math.PI * freqHz * frame) / RATE);
const mids = (points: Int8Array): number[] => [...points].filter((_, k) => k % 2 === 0);
const sides = (points: Int8Array): number[] => [...points].filter((_, k) => k % 2 === 1);

describe("goniometer", () => {
  it("shows 96 points, mid and side in turn: mono has no side, and fills the picture at -20 dBFS too", () => {
    const { points, gainDb } = picked(1, tone(0.1), tone(0.1));
    expect(points).toHaveLength(192);
    expect(gainDb).toBeCloseTo(20, 0);
    expect(Math.max(...mids(points).map(Math.abs))).toBeGreaterThan(120);
    expect(sides(points).every((side) => side === 0)).toBe(true);
  });

  it("shows channels out of phase as side alone, and the left alone as a line at 45 degrees", () => {
    const opposite = picked(1, tone(1), (frame) => -tone(1)(frame)).points;
    expect(mids(opposite).every((mid) => mid === 0)).toBe(true);
    const left = picked(1, tone(1), () => 0).points;
    mids(left).forEach((mid, k) => expect(Math.abs(mid - sides(left)[k]!)).toBeLessThanOrEqual(1));
  });

  it("spreads its points over a thirtieth of a second, at 192 kHz as well", () => {
    for (const rateHz of [RATE, 192_000]) {
      // The sample tells its time: after one second from 0.967 to 1 of the ramp.
      const { points } = picked(1, (frame) => frame / rateHz, (frame) => frame / rateHz, rateHz);
      const shown = mids(points);
      expect(shown[0]! / shown[95]!).toBeCloseTo(1 - 1 / 30, 1);
      expect(shown.every((mid, k) => k === 0 || mid >= shown[k - 1]!)).toBe(true);
    }
  });

  it("lets the gain grow 10 dB a second after a peak, and no further than 60 dB", () => {
    const falling = picked(2, (frame) => (frame < RATE ? 1 : 1e-9), (frame) => (frame < RATE ? 1 : 1e-9));
    expect(falling.gainDb).toBeCloseTo(10, 0);
    expect(picked(1, () => 1e-9, () => 1e-9).gainDb).toBe(60);
    expect(picked(1, () => 0, () => 0)).toEqual({ gainDb: 60, points: new Int8Array(192) });
  });
});
