import { describe, expect, it } from "vitest";
import { type Band, BandPowers, LIVELY } from "../../src/analysis/band-powers.js";
import { FINE_BANDS, FINE_FREQ_HZ, THIRD_OCTAVE_BANDS, THIRD_OCTAVE_FREQ_HZ } from "../../src/analysis/spectrum-bands.js";
import { whiteNoise } from "../support/signals.js";

const RATE = 48_000;
const BLOCK = 1024;

interface Heard {
  readonly rateHz?: number;
  /** Seconds before the reading begins, and seconds that it lasts. */
  readonly leadS: number;
  readonly seconds: number;
  readonly blockFrames?: number;
  readonly rightGain?: number;
}

/** Level of each band in dBFS (AES17) of a sound on both channels. */
function levels(bands: readonly Band[], sample: (frame: number) => number, { rateHz = RATE, leadS, seconds, blockFrames = BLOCK, rightGain = 1 }: Heard): Float64Array {
  const powers = new BandPowers(rateHz, bands, LIVELY);
  const block = new Float64Array(2 * blockFrames);
  const taken = new Float64Array(bands.length);
  const [begin, end] = [Math.round(leadS * rateHz), Math.round((leadS + seconds) * rateHz)];
  for (let at = 0; at < end; at += blockFrames) {
    if (at >= begin && at - blockFrames < begin) powers.take(taken);
    for (let n = 0; n < blockFrames; n++) {
      const x = sample(at + n);
      block[2 * n] = x;
      block[2 * n + 1] = rightGain * x;
    }
    powers.add(block, blockFrames);
  }
  powers.take(taken);
  return taken.map((meanSquare) => 10 * Math.log10(Math.max(1e-30, 2 * meanSquare)));
}

const sineOf = (freqHz: number, levelDbfs = 0, rateHz = RATE) => (frame: number): number =>
  10 ** (levelDbfs / 20) * Math.sin((2 * Math.PI * freqHz * frame) / rateHz);

describe("points of the fine spectrum", () => {
  it("lie from 20 Hz to 20 kHz, each the same ratio above the last", () => {
    expect(FINE_FREQ_HZ).toHaveLength(128);
    expect([FINE_FREQ_HZ[0], FINE_FREQ_HZ[127]]).toEqual([20, expect.closeTo(20_000, 6)]);
    expect(FINE_FREQ_HZ[64]! / FINE_FREQ_HZ[63]!).toBeCloseTo(1000 ** (1 / 127), 9);
  });

  it.each([0, 1, 9, 20, 34, 50, 72, 90, 110, 127])("read a sine at point %d within 0.1 dB", (point) => {
    const [level] = levels([FINE_BANDS[point]!], sineOf(FINE_FREQ_HZ[point]!, -20), { leadS: 1.6, seconds: 0.4 });
    expect(Math.abs(level! + 20)).toBeLessThan(0.1);
  });

  it.each([44_100, 88_200, 96_000, 192_000])("read sines of 100 Hz, 1 kHz and 15 kHz within 0.1 dB at %d Hz", (rateHz) => {
    for (const freqHz of [100, 1000, 15_000]) {
      const band = { fromHz: freqHz / 2 ** (1 / 12), toHz: freqHz * 2 ** (1 / 12) };
      const [level] = levels([band], sineOf(freqHz, -6, rateHz), { rateHz, leadS: 0.5, seconds: 0.2 });
      expect(Math.abs(level! + 6)).toBeLessThan(0.1);
    }
  });

  it("read a sine midway between two points within 0.5 dB from 20 Hz on, within 0.1 dB at 1 kHz and above", () => {
    for (const [point, tolerance] of [[0, 0.5], [6, 0.5], [30, 0.5], [72, 0.1], [100, 0.1], [126, 0.1]] as const) {
      const between = Math.sqrt(FINE_FREQ_HZ[point]! * FINE_FREQ_HZ[point + 1]!);
      const two = levels(FINE_BANDS.slice(point, point + 2), sineOf(between), { leadS: 1.6, seconds: 0.4 });
      expect(Math.abs(Math.max(...two))).toBeLessThan(tolerance);
    }
  });
});

describe("bands of a third of an octave", () => {
  it("have the exact centres of IEC 61260-1 in base ten: 19.953 Hz, 1 kHz, 19 952.6 Hz", () => {
    expect(THIRD_OCTAVE_FREQ_HZ).toHaveLength(31);
    expect(THIRD_OCTAVE_FREQ_HZ[0]).toBeCloseTo(19.953, 3);
    expect(THIRD_OCTAVE_FREQ_HZ[17]).toBe(1000);
    expect(THIRD_OCTAVE_FREQ_HZ[30]).toBeCloseTo(19_952.6, 1);
    THIRD_OCTAVE_BANDS.slice(1).forEach(({ fromHz }, k) => expect(fromHz / THIRD_OCTAVE_BANDS[k]!.toHz).toBeCloseTo(1, 12));
  });

  /**
   * Class 1 of IEC 61260:1995, table 1, which the edition of 2014 relaxes: exponent of the normalized frequency for octaves,
   * least and largest attenuation. For thirds of an octave it is brought nearer to 1 by equation 11 (b = 3).
   */
  const MASK = [
    [0, -0.3, 0.3], [1 / 8, -0.3, 0.4], [1 / 4, -0.3, 0.6], [3 / 8, -0.3, 1.3], [0.49999, -0.3, 5],
    [0.50001, 2, Infinity], [1, 17.5, Infinity], [2, 42, Infinity], [3, 61, Infinity], [4, 70, Infinity],
  ] as const;
  const G = 10 ** 0.3;
  const third = (exponent: number): number => 1 + ((G ** (1 / 6) - 1) / (G ** (1 / 2) - 1)) * (G ** exponent - 1);

  it.each([1, 2, 6, 12, 17, 24])("band %d keeps to the limits of class 1 for sines on either side", (index) => {
    const band = THIRD_OCTAVE_BANDS[index]!;
    for (const [exponent, least, largest] of MASK) {
      for (const freqHz of [THIRD_OCTAVE_FREQ_HZ[index]! * third(exponent), THIRD_OCTAVE_FREQ_HZ[index]! / third(exponent)]) {
        const [level] = levels([band], sineOf(freqHz), { leadS: Math.min(1.6, 60 / band.fromHz + 0.2), seconds: 0.25 });
        expect(-level!, `${freqHz} Hz`).toBeGreaterThan(least);
        expect(-level!, `${freqHz} Hz`).toBeLessThan(largest);
      }
    }
  });

  it("read white noise 1 dB higher from band to band, as their widths say, and all of its power", () => {
    const sound = whiteNoise(12 * RATE, -20, 1);
    const read = levels(THIRD_OCTAVE_BANDS, (frame) => sound[frame % sound.length]!, { leadS: 2, seconds: 10 });
    let meanSquare = 0;
    for (const x of sound) meanSquare += (x * x) / sound.length;
    THIRD_OCTAVE_BANDS.forEach(({ fromHz, toHz }, index) => {
      const expected = 10 * Math.log10((2 * meanSquare * (toHz - fromHz)) / (RATE / 2));
      // Ten seconds hold 2 (to - from) 10 s independent values: the deviation of their mean, thrice.
      const tolerance = 3 * 4.34 / Math.sqrt((toHz - fromHz) * 10);
      expect(Math.abs(read[index]! - expected), `${fromHz} Hz`).toBeLessThan(tolerance + 0.05);
    });
  });
});

describe("pink sound", () => {
  // Sines of one level, evenly spaced in the logarithm of their frequency: the same power in every band of one width.
  const PER_DECADE = 200;
  const freqHz = Array.from({ length: 3.4 * PER_DECADE }, (_, k) => 10 * 10 ** (k / PER_DECADE));
  const SECONDS = 8;

  it("is a level line from 100 Hz on within 0.5 dB, in the fine spectrum and in thirds of an octave", () => {
    const sound = new Float64Array(SECONDS * RATE);
    freqHz.forEach((hz, k) => {
      // A resonator without losses: one sine at the price of a multiplication.
      const turn = 2 * Math.cos((2 * Math.PI * hz) / RATE);
      let [last, now] = [Math.sin(k * k), Math.sin(k * k + (2 * Math.PI * hz) / RATE)];
      for (let n = 0; n < sound.length; n++) {
        sound[n]! += 0.01 * now;
        [last, now] = [now, turn * now - last];
      }
    });
    const bands = [...FINE_BANDS, ...THIRD_OCTAVE_BANDS];
    const read = levels(bands, (frame) => sound[Math.min(frame, sound.length - 1)]!, { leadS: 1.5, seconds: SECONDS - 1.6 });
    bands.forEach(({ fromHz, toHz }, index) => {
      const sines = Math.log10(toHz / fromHz) * PER_DECADE;
      const expected = -40 + 10 * Math.log10(sines);
      const tolerance = fromHz > 100 ? 0.5 : 2;
      expect(Math.abs(read[index]! - expected), `${fromHz.toFixed(0)} Hz`).toBeLessThan(tolerance);
    });
  });
});

describe("BandPowers", () => {
  const bands = [FINE_BANDS[20]!, FINE_BANDS[72]!, FINE_BANDS[120]!];

  it("gives the same whatever the size of the blocks", () => {
    const heard = { leadS: 0, seconds: 1 };
    const sound = whiteNoise(2 * RATE, -20, 2);
    const [whole, ...others] = [1600, 64, 480].map((blockFrames) => levels(bands, (frame) => (frame < RATE ? sound[frame]! : 0), { ...heard, blockFrames }));
    for (const other of others) other.forEach((level, band) => expect(level).toBeCloseTo(whole![band]!, 6));
  });

  it("takes the mean of the channels: a sine on the left alone is 3.01 dB lower", () => {
    const [level] = levels([FINE_BANDS[72]!], sineOf(FINE_FREQ_HZ[72]!), { leadS: 0.2, seconds: 0.2, rightGain: 0 });
    expect(level).toBeCloseTo(-3.01, 2);
  });

  it.each([[5000, 0.045, 0.02], [200, 0.4, 0.05]])("shows a tone of %d Hz whole %d s after it began", (hz, seconds, readS) => {
    const band = { fromHz: hz / 2 ** (1 / 12), toHz: hz * 2 ** (1 / 12) };
    const tone = sineOf(hz);
    const [level] = levels([band], (frame) => (frame < RATE ? 0 : tone(frame)), { leadS: 1 + seconds - readS, seconds: readS, blockFrames: 16 });
    expect(Math.abs(level!)).toBeLessThan(0.5);
  });

  it("is silent after it was cleared, and for silence", () => {
    const powers = new BandPowers(RATE, bands, LIVELY);
    const taken = new Float64Array(3).fill(1);
    powers.add(whiteNoise(4096, 0, 3), 2048);
    powers.clear();
    for (let k = 0; k < 20; k++) powers.add(new Float64Array(4096), 2048);
    powers.take(taken);
    expect([...taken]).toEqual([0, 0, 0]);
  });
});
