import { describe, expect, it } from "vitest";
import { PCM_FORMATS } from "../../src/hal/audio.js";
import { liveChain } from "../support/live-chain.js";

/** A chain without stages: what goes in comes out, but for the codecs. */
function codecs(): { period: DataView; process: (format: number, frames: number) => void } {
  const chain = liveChain({ stages: [], taps: "none", live: { tapFrames: 0 } });
  const { buffer, addresses } = chain.memory;
  return {
    period: new DataView(buffer, addresses.period, addresses.periodBytes),
    process: (format, frames) => chain.processPeriod(format, frames),
  };
}

const CODECS = [
  { format: "S32_LE", bytes: 4, bits: 32, put: (v: DataView, at: number, x: number) => v.setInt32(at, x, true), get: (v: DataView, at: number) => v.getInt32(at, true) },
  { format: "S24_LE", bytes: 4, bits: 24, put: (v: DataView, at: number, x: number) => v.setInt32(at, x, true), get: (v: DataView, at: number) => v.getInt32(at, true) },
  { format: "S24_3LE", bytes: 3, bits: 24, put: putThree, get: (v: DataView, at: number) => v.getUint16(at, true) | (v.getInt8(at + 2) << 16) },
  { format: "S16_LE", bytes: 2, bits: 16, put: (v: DataView, at: number, x: number) => v.setInt16(at, x, true), get: (v: DataView, at: number) => v.getInt16(at, true) },
] as const;

function putThree(view: DataView, at: number, x: number): void {
  view.setUint16(at, x & 0xffff, true);
  view.setUint8(at + 2, (x >> 16) & 255);
}

describe.each(CODECS)("$format", ({ format, bytes, bits, put, get }) => {
  const index = PCM_FORMATS.indexOf(format);
  const top = 2 ** (bits - 1);

  it("gives every code back (32 bit: 2 million of them), in blocks of 1024 frames", () => {
    const { period, process } = codecs();
    const step = bits === 32 ? 2047 : 1;
    // Positive and negative codes in turn on each channel, or the watch for an offset would mute them.
    const code = (first: number, i: number): number => {
      const size = Math.min(top - 1, first + (i >> 2) * step);
      return (i & 3) === 0 || (i & 3) === 3 ? size : -1 - size;
    };
    let wrong = 0;
    for (let first = 0; first < top; first += 512 * step) {
      for (let i = 0; i < 2048; i++) put(period, i * bytes, code(first, i));
      process(index, 1024);
      for (let i = 0; i < 2048; i++) if (get(period, i * bytes) !== code(first, i)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it("touches no byte behind an odd number of frames", () => {
    const { period, process } = codecs();
    for (let i = 0; i < 64; i++) period.setUint8(i, 0xa5);
    process(index, 3);
    for (let i = 6 * bytes; i < 64; i++) expect(period.getUint8(i)).toBe(0xa5);
  });
});

it("ignores the upper byte of S24_LE and sends it as the sign", () => {
  const { period, process } = codecs();
  period.setInt32(0, 0x7f_800001, true);
  period.setInt32(4, 0x80_123456 | 0, true);
  process(PCM_FORMATS.indexOf("S24_LE"), 1);
  expect(period.getInt32(0, true)).toBe(-0x7fffff);
  expect(period.getInt32(4, true)).toBe(0x123456);
});

it("gives FLOAT_LE back to the last bit up to full scale", () => {
  const { period, process } = codecs();
  const values = [0, 1, -1, 0.1, -0.3333, 2 ** -24, 1e-38, Math.fround(0.999999)].map(Math.fround);
  values.forEach((x, i) => period.setFloat32(i * 4, x, true));
  process(PCM_FORMATS.indexOf("FLOAT_LE"), 4);
  expect(values.map((_, i) => period.getFloat32(i * 4, true))).toEqual(values);
});
