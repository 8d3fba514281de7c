import { expect, it } from "vitest";
import { expectGate } from "../support/gates.js";
import { analogEqDb, bandParameters, type EqCurve, type EqType, ResponseProbe } from "../support/analog-eq.js";

const FREQS_HZ = [1000, 2000, 4000, 6000, 8000, 10_000, 12_000, 14_000, 16_000, 18_000];
const RATES_HZ = [44_100, 48_000, 96_000];
const AUDIBLE = [20, 20_000] as const;

interface Worst {
  readonly errorDb: number;
  readonly at: EqCurve;
}

/** Largest error in dB against the analog prototype, 20 Hz..20 kHz, of some curves; and where it was. */
function worst(probe: ResponseProbe, curves: readonly EqCurve[]): Worst {
  return curves
    .map((at) => ({ at, errorDb: probe.worstErrorDb(bandParameters(3, at), (hz) => analogEqDb(at, hz), AUDIBLE) }))
    .reduce((a, b) => (b.errorDb > a.errorDb ? b : a));
}

function curves(type: EqType, gainDb: number, qs: readonly number[]): EqCurve[] {
  return qs.flatMap((q) => FREQS_HZ.map((freqHz) => ({ type, freqHz, gainDb, q })));
}

function expectWithin(must: number, what: string, { errorDb, at }: Worst): void {
  const gate = { stage: "eq", what: `${what}, error against the analog one [T-EQ1]`, measured: errorDb, unit: "dB", must };
  expectGate(gate, `at ${at.freqHz} Hz, Q ${at.q}`);
}

for (const sampleRateHz of RATES_HZ) {
  const probe = new ResponseProbe("eq", sampleRateHz, 8192);
  it(`keeps a bell of +12 dB within 0.3 dB of the analog one, of +6 dB within 0.15 dB, ${sampleRateHz} Hz`, () => {
    const qs = [0.7, 1, 1.4, 2, 3, 4];
    expectWithin(0.3, "bell of +12 dB, Q 0.7 to 4, 20 Hz to 20 kHz, 44.1 to 96 kHz", worst(probe, curves("bell", 12, qs)));
    expectWithin(0.15, "bell of +6 dB, Q 0.7 to 4, 20 Hz to 20 kHz, 44.1 to 96 kHz", worst(probe, curves("bell", 6, qs)));
  });

  it(`keeps a bell of -12 dB within 0.3 dB, ${sampleRateHz} Hz`, () => {
    expectWithin(0.3, "bell of -12 dB, Q 0.7 and 4, 44.1 to 96 kHz", worst(probe, curves("bell", -12, [0.7, 4])));
  });

  it(`keeps a Butterworth shelf of 12 dB within 0.15 dB and any of Q 0.5 to 2 within 0.45 dB, ${sampleRateHz} Hz`, () => {
    for (const [type, gainDb] of [["highShelf", 12], ["lowShelf", 12], ["highShelf", -12], ["lowShelf", -12]] as const) {
      expectWithin(0.15, "Butterworth shelf of +-12 dB, low and high, 44.1 to 96 kHz", worst(probe, curves(type, gainDb, [0.707])));
      const qs = gainDb > 0 ? [0.5, 0.67, 1, 1.4, 2] : [1];
      expectWithin(0.45, "shelf of +-12 dB, Q 0.5 to 2, 44.1 to 96 kHz", worst(probe, curves(type, gainDb, qs)));
    }
    expectWithin(0.25, "high shelf of +6 dB, Q 0.5 to 2, 44.1 to 96 kHz", worst(probe, curves("highShelf", 6, [0.5, 0.67, 1, 1.4, 2])));
  });

  it(`keeps a tilt of 6 dB within 0.3 dB, ${sampleRateHz} Hz`, () => {
    const tilts = curves("tilt", 6, [1]).filter(({ freqHz }) => freqHz <= 12_000);
    expectWithin(0.3, "tilt of 6 dB, 44.1 to 96 kHz", worst(probe, tilts));
  });
}

it("follows bells, shelves and tilts from 20 Hz to 300 Hz within 0.01 dB at 48 kHz", () => {
  const probe = new ResponseProbe("eq", 48_000, 65_536);
  for (const type of ["bell", "lowShelf", "highShelf", "tilt"] as const) {
    const low = [20, 55, 300].map((freqHz) => ({ type, freqHz, gainDb: 12, q: 0.7 }));
    expectWithin(0.01, "bell, shelves and tilt of 12 dB from 20 to 300 Hz at 48000 Hz", worst(probe, low));
  }
});

it("stays near the prototype at Q 0.1 and Q 10: 0.3 dB at 12 dB", () => {
  const probe = new ResponseProbe("eq", 48_000, 8192);
  expectWithin(0.3, "bell of +12 dB, Q 0.1, 0.3 and 10 at 48000 Hz", worst(probe, curves("bell", 12, [0.1, 0.3, 10])));
});

it("takes a shelf's Q above 2 for 2", () => {
  const probe = new ResponseProbe("eq", 48_000, 8192);
  const at: EqCurve = { type: "highShelf", freqHz: 4000, gainDb: 6, q: 10 };
  const expected = { ...at, q: 2 };
  expect(probe.worstErrorDb(bandParameters(3, at), (hz) => analogEqDb(expected, hz), AUDIBLE)).toBeLessThan(0.3);
});

it("puts a notch of more than 100 dB on its frequency and half power where the analog notch has it", () => {
  const frames = 8192;
  for (const bin of [171, 853, 2048, 3072]) {
    const freqHz = (bin * 48_000) / frames;
    const at: EqCurve = { type: "notch", freqHz, gainDb: 0, q: 2 };
    const response = new ResponseProbe("eq", 48_000, frames).measure(bandParameters(3, at));
    expect(response[bin]).toBeLessThan(-100);
    // Lower edge of the half-power band: f0 (sqrt(1 + 1/(4 Q^2)) - 1/(2 Q)).
    const edge = Math.round(bin * (Math.sqrt(1 + 1 / 16) - 1 / 4));
    expect(Math.abs(response[edge]! - analogEqDb(at, (edge * 48_000) / frames))).toBeLessThan(0.4);
    expect(Math.abs(response[0]!)).toBeLessThan(1e-6);
  }
});
