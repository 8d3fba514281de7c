import { describe, expect, it } from "vitest";
import { AveragedSpectrum, type ThirdOctaveSpectrum } from "../../src/cli/spectrum.js";
import { MemorySource } from "../support/memory-source.js";
import { pinkNoise, whiteNoise } from "../support/signals.js";

function spectrumOf(source: MemorySource): ThirdOctaveSpectrum {
  const spectrum = new AveragedSpectrum(source.sampleRateHz);
  const block = new Float64Array(2 * 8192);
  for (let frames = source.read(block, 8192); frames > 0; frames = source.read(block, 8192)) spectrum.add(block, frames);
  return spectrum.thirdOctaves();
}

/** Level of the band centred nearest to a frequency. */
function levelAt(spectrum: ThirdOctaveSpectrum, freqHz: number): number | null {
  const distance = (k: number): number => Math.abs(Math.log2(spectrum.freqHz[k]! / freqHz));
  const nearest = spectrum.freqHz.reduce((best, _, k) => (distance(k) < distance(best) ? k : best), 0);
  return spectrum.levelDbfs[nearest]!;
}

const sine = (freqHz: number, rateHz: number, peak: number) => (n: number): number => peak * Math.sin((2 * Math.PI * freqHz * n) / rateHz);

describe("the third-octave spectrum", () => {
  it.each([44_100, 48_000, 96_000, 192_000])("at %i Hz reads a full-scale sine in both channels as 0 dBFS within 0.1 dB in its band", (rate) => {
    // At 100 Hz the main lobe of the Hann window (four bins, 23 Hz) just fits the band of 23 Hz; 0.5 dB spill over.
    for (const [freqHz, tolerance] of [[100, 0.5], [1016, 0.1], [10_240, 0.1]] as const) {
      const spectrum = spectrumOf(new MemorySource(rate, rate, sine(freqHz, rate, 1)));
      expect(Math.abs(levelAt(spectrum, freqHz)!)).toBeLessThan(tolerance);
    }
  });

  it("reads a sine in one channel 3.01 dB lower: the mean power of the two", () => {
    const spectrum = spectrumOf(new MemorySource(48_000, 96_000, sine(1016, 48_000, 0.1), () => 0));
    expect(levelAt(spectrum, 1016)).toBeCloseTo(-20 - 3.01, 1);
  });

  it("holds nothing of a 1 kHz sine an octave away: -100 dB", () => {
    const spectrum = spectrumOf(new MemorySource(48_000, 96_000, sine(1016, 48_000, 1)));
    expect(levelAt(spectrum, 2032)!).toBeLessThan(-100);
    expect(levelAt(spectrum, 508)!).toBeLessThan(-100);
  });

  it("rises 3.01 dB an octave for white noise, whose level in a third of an octave is that part of its power", () => {
    const noise = whiteNoise(48_000 * 20, -20, 3);
    const spectrum = spectrumOf(new MemorySource(48_000, noise.length, (n) => noise[n]!));
    // -20 dBFS RMS is -16.99 dB against a full-scale sine; the band is 0.2316 of its centre, the whole is 24 kHz wide.
    for (const freqHz of [1016, 2032, 8127]) {
      expect(Math.abs(levelAt(spectrum, freqHz)! - (-16.99 + 10 * Math.log10((0.2316 * freqHz) / 24_000)))).toBeLessThan(0.4);
    }
  });

  it("is flat within 1 dB for pink noise from 50 Hz to 10 kHz", () => {
    const noise = pinkNoise(48_000 * 30, -20, 4);
    const spectrum = spectrumOf(new MemorySource(48_000, noise.length, (n) => noise[n]!));
    const levels = spectrum.levelDbfs.filter((_, k) => spectrum.freqHz[k]! > 50 && spectrum.freqHz[k]! < 10_000) as number[];
    const mean = levels.reduce((sum, x) => sum + x, 0) / levels.length;
    expect(Math.max(...levels.map((x) => Math.abs(x - mean)))).toBeLessThan(1);
  });

  it("spans 20 Hz to 20480 Hz, with null for silence and above the Nyquist frequency", () => {
    const silent = spectrumOf(new MemorySource(48_000, 48_000, () => 0));
    expect([silent.freqHz[0], silent.freqHz.at(-1)]).toEqual([20, 20_480]);
    expect(silent.levelDbfs.every((x) => x === null)).toBe(true);
    const slow = spectrumOf(new MemorySource(8000, 8000, sine(1000, 8000, 1)));
    expect(slow.levelDbfs.filter((_, k) => slow.freqHz[k]! > 4000).every((x) => x === null)).toBe(true);
    expect(new AveragedSpectrum(48_000).thirdOctaves().levelDbfs.every((x) => x === null)).toBe(true);
  });

  it("shows sound shorter than one window, and does not depend on the size of the pieces", () => {
    const tone = sine(1016, 48_000, 0.5);
    expect(levelAt(spectrumOf(new MemorySource(48_000, 2000, tone)), 1016)).not.toBeNull();
    const sound = Float64Array.from({ length: 2 * 20_000 }, (_, n) => tone(n >> 1));
    const pieces = new AveragedSpectrum(48_000);
    for (let n = 0; n < 20_000; n += 80) pieces.add(sound.subarray(2 * n), 80);
    const whole = new AveragedSpectrum(48_000);
    whole.add(sound, 20_000);
    expect(pieces.thirdOctaves()).toEqual(whole.thirdOctaves());
  });
});
