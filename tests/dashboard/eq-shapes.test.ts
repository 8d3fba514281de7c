import { expect, it } from "vitest";
import { EQ_SHAPES, eqSection, passSections, type EqBandShape } from "../../src/dashboard/curves/eq-shapes.js";
import { sectionDb } from "../../src/dashboard/curves/matched-section.js";
import { bandParameters, ResponseProbe } from "../support/analog-eq.js";

/** What the page draws must be what is heard: nearer than the width of its line. */
const TOLERANCE_DB = 0.1;
const AUDIBLE = [20, 20_000] as const;
const FREQS_HZ = [60, 1000, 5000, 12_000, 18_000];

/** Parameters of a flat equaliser with band 3 at `curve`. */
function worst(probe: ResponseProbe, band: EqBandShape, sampleRateHz: number): number {
  const section = eqSection(band, sampleRateHz);
  return probe.worstErrorDb(bandParameters(3, { ...band, type: band.shape }), (hz) => sectionDb(section, hz, sampleRateHz), AUDIBLE);
}

for (const sampleRateHz of [44_100, 48_000, 96_000]) {
  it(`draws each shape of a band within 0.1 dB of what the chain does, 20 Hz to 20 kHz at ${sampleRateHz} Hz`, () => {
    const probe = new ResponseProbe("eq", sampleRateHz, 16_384);
    // A narrow band at 60 Hz rings longer than the response that is measured at the high rate.
    const freqsHz = FREQS_HZ.filter((hz) => sampleRateHz < 96_000 || hz >= 1000);
    for (const shape of EQ_SHAPES.filter((name) => name !== "notch")) {
      for (const gainDb of [-12, 3, 12]) {
        for (const q of shape === "tilt" ? [1] : [0.5, 0.68, 1, 3]) {
          for (const freqHz of freqsHz) {
            const band = { shape, freqHz, gainDb, q };
            expect(worst(probe, band, sampleRateHz), JSON.stringify(band)).toBeLessThan(TOLERANCE_DB);
          }
        }
      }
    }
  });
}

it("draws a notch within 0.1 dB of what the chain does beside its hole", () => {
  const probe = new ResponseProbe("eq", 48_000, 32_768);
  const band = { shape: "notch", freqHz: 1000, gainDb: 0, q: 2 } as const;
  const section = eqSection(band, 48_000);
  const parameters = bandParameters(3, { ...band, type: "notch" });
  for (const range of [[20, 900], [1100, 20_000]] as const) {
    expect(probe.worstErrorDb(parameters, (hz) => sectionDb(section, hz, 48_000), range)).toBeLessThan(TOLERANCE_DB);
  }
  expect(sectionDb(section, 1000, 48_000)).toBeLessThan(-60);
});

it("draws high-pass and low-pass of 12 and 24 dB an octave within 0.1 dB where they pass more than -40 dB", () => {
  const probe = new ResponseProbe("filters", 48_000, 32_768);
  for (const slope of [1, 2]) {
    const sections = [...passSections("high", 80, slope, 48_000), ...passSections("low", 9000, slope, 48_000)];
    const parameters = {
      "filters.highpassHz": 80, "filters.highpassSlope": slope, "filters.lowpassHz": 9000, "filters.lowpassSlope": slope,
    };
    const drawn = (hz: number): number => sections.reduce((sum, section) => sum + sectionDb(section, hz, 48_000), 0);
    expect(probe.worstErrorDb(parameters, drawn, [30, 18_000])).toBeLessThan(TOLERANCE_DB);
  }
});
