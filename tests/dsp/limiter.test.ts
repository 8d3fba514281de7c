import { describe, expect, it } from "vitest";
import * as layout from "../../src/dsp/layout.js";
import { Chain } from "../../src/engine/chain.js";
import { differingFrames, expectGate } from "../support/gates.js";
import { nullDb, peakDb, spectrumDb } from "../support/measure.js";
import { limiterCorpus } from "../support/programmes.js";
import { dual, processThrough, runChain, type RunOptions, type StereoSignal } from "../support/run-chain.js";
import { concat, dbToLinear, linearToDb, impulse, sine, whiteNoise } from "../support/signals.js";
import { idealTruePeakDb, ituTruePeakDb } from "../support/true-peak.js";

function limit(signal: StereoSignal, parameters: Record<string, number> = {}, options: RunOptions = {}): StereoSignal {
  return runChain(signal, { stages: ["limiter"], parameters, ...options });
}

describe("the ceiling", () => {
  // The promise: at most 0.05 dB over the ceiling by an ideal meter on sound band-limited to 20.5 kHz, as converters
  // and decoders deliver it, and never over it by the meter that BS.1770-5 gives as its example.
  const IDEAL_TOLERANCE_DB = 0.05;

  for (const sampleRateHz of [44100, 48000, 96000]) {
    const corpus = [...limiterCorpus(sampleRateHz).values()];
    for (const ceilingDbtp of [-1, -0.1]) {
      it(`holds ${ceilingDbtp} dBTP over the corpus pushed 12 dB over full scale at ${sampleRateHz} Hz`, () => {
        const over = corpus.map((left) => {
          const right = left.map((x) => -0.3 * x);
          const out = limit({ left, right }, { "limiter.ceilingDbtp": ceilingDbtp }, { sampleRateHz });
          return { ideal: idealTruePeakDb(out.left) - ceilingDbtp, itu: ituTruePeakDb(out.left) - ceilingDbtp };
        });
        const worst = (key: "ideal" | "itu"): number => Math.max(...over.map((row) => row[key]));
        const what = "corpus +12 dB, 44.1 to 96 kHz, over ceilings of -1 and -0.1 dBTP [T-L1]";
        expectGate({ stage: "limiter", what: `${what}, 32-fold meter`, measured: worst("ideal"), unit: "dB", must: IDEAL_TOLERANCE_DB, stretch: 0 });
        expectGate({ stage: "limiter", what: `${what}, BS.1770 meter`, measured: worst("itu"), unit: "dB", must: 0, stretch: 0 });
      });
    }
  }

  it("keeps full-band white noise at +9 dBFS under the ceiling by the BS.1770 meter", () => {
    const noise = concat(whiteNoise(48000, 9, 7), new Float64Array(960));
    const out = limit(dual(noise)).left;
    expectGate({ stage: "limiter", what: "full-band white noise +9 dBFS, BS.1770 meter", measured: ituTruePeakDb(out) + 1, unit: "dB", must: 0 });
    // What lies within 2 kHz of half the sample rate makes "true peak" a matter of the meter's filter.
    expectGate({ stage: "limiter", what: "full-band white noise +9 dBFS, 32-fold meter", measured: idealTruePeakDb(out) + 1, unit: "dB", must: 0.7 });
  });

  it("stays finite, unclamped and under the ceiling through 60 s of +24 dBFS noise, and holds for DC of +24 dBFS", () => {
    const second = whiteNoise(48000, 24 - 4.77, 3);
    const chain = new Chain({ sampleRateHz: 48000, maxFrames: 480, taps: "none", stages: ["limiter"] });
    let over = -Infinity;
    for (let seconds = 0; seconds < 60; seconds++) {
      // The channels are turned against each other, so that no second equals another.
      const turned = concat(second.slice(700 * seconds), second.slice(0, 700 * seconds));
      const { left, right } = processThrough(chain, { left: second, right: turned }, 480);
      expect(left.every(Number.isFinite) && right.every(Number.isFinite)).toBe(true);
      over = Math.max(over, peakDb(left) + 1, peakDb(right) + 1);
    }
    expectGate({ stage: "limiter", what: "60 s of white noise, +24 dBFS, highest sample over the ceiling [T-L7]", measured: over, unit: "dB", must: 0 });
    expectGate({ stage: "limiter", what: "60 s of white noise, +24 dBFS, samples clamped [T-L7]", measured: chain.readout(layout.READOUT_OUTPUT_CLIPS), unit: "samples", must: 0 });
    const step = new Float64Array(48000).map((_, n) => (n < 24000 ? dbToLinear(24) : 0));
    expect(ituTruePeakDb(limit(dual(step)).left)).toBeLessThanOrEqual(-1);
  });
});

describe("transparency", () => {
  it("passes a signal that peaks 0.3 dB under the ceiling bit for bit, 64 frames later at 48 kHz", () => {
    const tone = concat(sine(48000, 48000, { freqHz: 997, levelDbfs: -1.3 }).map((x, n) => x * Math.min(1, n / 480, (48000 - n) / 480)), new Float64Array(64));
    const { left, right } = limit(dual(tone));
    const measured = differingFrames({ left: left.slice(64), right: right.slice(64) }, dual(tone.slice(0, -64)));
    expectGate({ stage: "limiter", what: "peaks 0.3 dB under the ceiling: frames not bit-exact [T-L2]", measured, unit: "frames", must: 0 });
  });

  for (const [sampleRateHz, latency] of [[44100, 61], [48000, 64], [96000, 104], [192000, 184]] as const) {
    it(`delays an impulse by ${latency} frames at ${sampleRateHz} Hz, as it reports`, () => {
      let reported = -1;
      const out = limit(dual(impulse(2000, 100, -20)), {}, { sampleRateHz, afterBlock: (chain) => { reported = chain.latencyFrames; } });
      const peak = out.left.findIndex((x) => x === dbToLinear(-20));
      expect(peak - 100).toBe(latency);
      expect(reported).toBe(latency);
      if (sampleRateHz === 48000) {
        expectGate({ stage: "limiter", what: "latency at 48000 Hz [T-L4]", measured: peak - 100, unit: "frames", must: 64 });
      }
    });
  }

  // dsp.md T-L3: the hold outlasts half a period of the bass, so that the gain stands still.
  for (const freqHz of [40, 50, 100, 1000, 10000]) {
    for (const reductionDb of [3, 6, 12]) {
      it(`leaves harmonics of ${freqHz} Hz under -90 dB at ${reductionDb} dB of reduction`, () => {
        const frames = 131072;
        const bin = Math.round((freqHz * frames) / 48000);
        const tone = sine(2 * frames, 48000, { freqHz: (bin * 48000) / frames, levelDbfs: reductionDb - 1.1 });
        const spectrum = spectrumDb(limit(dual(tone)).left.slice(frames));
        let harmonics = 0;
        for (let k = 2 * bin; k < spectrum.length && k <= 20 * bin; k += bin) harmonics += 10 ** (spectrum[k]! / 10);
        expectGate({
          stage: "limiter", what: `harmonics of ${freqHz < 1000 ? "40, 50 and 100 Hz" : "1 and 10 kHz"} at 3, 6 and 12 dB of reduction [T-L3]`,
          measured: 10 * Math.log10(harmonics + 1e-40) - spectrum[bin]!, unit: "dB", must: -90, stretch: -140,
        }, `${freqHz} Hz, ${reductionDb} dB`);
        expect(spectrum[bin]!).toBeGreaterThan(-1.25);
      });
    }
  }
});

describe("gain motion", () => {
  it("turns the right channel down with the left at 100 % link, and leaves it alone at 0 %", () => {
    const left = sine(9600, 48000, { freqHz: 1000, levelDbfs: 6 });
    const right = sine(9600, 48000, { freqHz: 1000, levelDbfs: -20 });
    const linked = limit({ left, right }, { "limiter.linkPercent": 100 });
    const reduction = (linear: number): number => linearToDb(linear);
    const leftGain = reduction(Math.hypot(...linked.left.slice(4800, 4848)) / Math.hypot(...left.slice(4800, 4848)));
    const rightGain = reduction(Math.hypot(...linked.right.slice(4800, 4848)) / Math.hypot(...right.slice(4800, 4848)));
    expect(leftGain).toBeCloseTo(-7.1, 1);
    expectGate({ stage: "limiter", what: "gain of both channels at 100 % link, apart [T-L5]", measured: Math.abs(rightGain - leftGain), unit: "dB", must: 5e-7 });
    const free = limit({ left, right }, { "limiter.linkPercent": 0 });
    expect(nullDb(free.right.slice(64), right.slice(0, -64))).toBeLessThan(-300);
  });

  for (const releaseMs of [50, 200]) {
    it(`recovers 63 % within 10 % of ${releaseMs} ms after a 5 ms burst and the hold`, () => {
      const fs = 48000;
      const tone = sine(fs, fs, { freqHz: 6000, levelDbfs: -20 });
      const burst = tone.map((x, n) => (n >= 9600 && n < 9840 ? x * dbToLinear(25) : x));
      const out = limit(dual(burst), { "limiter.releaseMs": releaseMs }).left;
      // The gain is read where it is plain: the envelope of out over in, 8 frames a period of 6 kHz.
      const gain = (n: number): number => Math.hypot(...out.slice(n + 64, n + 72)) / Math.hypot(...burst.slice(n, n + 8));
      const depth = gain(9840 + 8);
      let start = 9840 + 8;
      while (gain(start) < depth + 0.01 * (1 - depth)) start += 8;
      let end = start;
      while (gain(end) < depth + 0.63212 * (1 - depth)) end += 8;
      const percentOff = 100 * Math.abs((end - start) / fs / (releaseMs / 1000) - 1);
      expectGate({ stage: "limiter", what: "recovery to 63 % of releases of 50 and 200 ms, error [T-L6]", measured: percentOff, unit: "%", must: 10 });
    });
  }

  it("lets go more slowly after 3 s of limiting than after 5 ms", () => {
    const recovery = (burstFrames: number): number => {
      const tone = sine(4 * 48000, 48000, { freqHz: 6000, levelDbfs: -20 });
      const burst = tone.map((x, n) => (n < burstFrames ? x * dbToLinear(25) : x));
      const out = limit(dual(burst)).left;
      const at = burstFrames + 9600;
      return linearToDb(Math.hypot(...out.slice(at + 64, at + 112)) / Math.hypot(...burst.slice(at, at + 48)));
    };
    expect(recovery(240)).toBeGreaterThan(-0.4);
    expect(recovery(3 * 48000)).toBeLessThan(-1.2);
  });

  it("reads out its reduction within 0.1 dB of the tone's excess over the ceiling", () => {
    let reduction = 0;
    limit(dual(sine(48000, 48000, { freqHz: 997, levelDbfs: 5 })), {}, {
      taps: "output",
      afterBlock: (chain) => chain.takeRecords((record) => {
        reduction = record[layout.RECORD_READOUTS + layout.READOUT_LIMITER_REDUCTION_DB]!;
      }),
    });
    expectGate({ stage: "limiter", what: "read-out of 6.1 dB of reduction, error", measured: Math.abs(reduction - 6.1), unit: "dB", must: 0.1 });
  });
});
