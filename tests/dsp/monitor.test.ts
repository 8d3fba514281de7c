import { describe, expect, it } from "vitest";
import { GATE_OPEN, GATE_SHUT, LIVE_REFERENCE_DRY, TAP_RING_FIELDS, TAP_RING_OUTPUT } from "../../src/dsp/layout.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { ComparedChain } from "../support/compared-chain.js";
import { countGarbageCollections } from "../support/gc.js";
import { FLOAT_LE, runLive } from "../support/live-chain.js";
import { rmsDb, spectrumDb } from "../support/measure.js";
import { dual, type StereoSignal } from "../support/run-chain.js";
import { sine, whiteNoise } from "../support/signals.js";
import { expectSame, stereoNoise } from "../support/stage-checks.js";

const RATE = 48_000;
/** 5 ms. */
const FADE = 240;
/** RMS of a sine under its peak. */
const SINE_DB = 10 * Math.log10(2);

const silence = (frames: number): StereoSignal => dual(new Float64Array(frames));
/** What passes as 32-bit floating point comes out as that. */
const asFloat = ({ left, right }: StereoSignal): StereoSignal => ({ left: left.map(Math.fround), right: right.map(Math.fround) });

describe("the monitor", () => {
  it("passes the mix bit for bit before, between and after comparisons, and while one is armed but not heard", () => {
    const compared = new ComparedChain();
    const mix = asFloat(stereoNoise(24_000));
    compared.fill(stereoNoise(24_000, 7));
    expectSame(runLive(compared.chain, mix, 64, (frame) => {
      if (frame === 6400) compared.listen({});
      if (frame === 12_800) compared.port.end();
    }), mix);
  });

  it("puts the reference in the place of the mix 5 ms after the switch, and the mix back 5 ms after the next, both to the 24th bit", () => {
    const compared = new ComparedChain();
    const [mix, reference] = [asFloat(stereoNoise(30_000)), asFloat(stereoNoise(60_000, 7))];
    compared.fill(reference);
    const out = runLive(compared.chain, mix, 64, (frame) => {
      if (frame === 6400) compared.listen({ isReferenceHeard: true });
      if (frame === 16_000) compared.listen({});
    });
    const part = (signal: StereoSignal, from: number, to: number): StereoSignal => ({ left: signal.left.slice(from, to), right: signal.right.slice(from, to) });
    expectSame(part(out, 0, 6400), part(mix, 0, 6400));
    expectSame(part(out, 6400 + FADE, 16_000), part(reference, FADE, 9600));
    expectSame(part(out, 16_000 + FADE, 30_000), part(mix, 16_000 + FADE, 30_000));
  });

  it("leaves the mix to the recorder bit for bit, at its own level and whole, where a monitor output of its own plays what is compared", () => {
    const compared = new ComparedChain({ live: { tapFrames: 65_536, referenceFrames: 65_536, hasMonitor: true } });
    const [mix, reference] = [asFloat(stereoNoise(30_000)), asFloat(stereoNoise(60_000, 7))];
    compared.fill(reference);
    const { buffer, addresses: { period, heardPeriod } } = compared.chain.memory;
    expect(heardPeriod).not.toBe(period);
    const monitor = new Float32Array(buffer, heardPeriod, 128);
    const heard: number[] = [];
    const recorded = runLive(compared.chain, mix, 64, (frame) => {
      if (frame > 0) for (let k = 0; k < 128; k += 2) heard.push(monitor[k]!);
      if (frame === 6400) compared.listen({ isReferenceHeard: true });
      if (frame === 16_000) compared.listen({ mixDb: -20, band: 2 });
      if (frame === 22_400) compared.port.end();
    });
    expectSame(recorded, mix);
    expect(heard.slice(0, 6400)).toEqual([...mix.left.slice(0, 6400)]);
    expect(heard.slice(6400 + FADE, 16_000)).toEqual([...reference.left.slice(FADE, 9600)]);
    expect(rmsDb(Float64Array.from(heard.slice(21_000, 22_400)))).toBeLessThan(rmsDb(mix.left) - 20);
  });

  it("goes on with the reference at the frame where it was left", () => {
    const compared = new ComparedChain();
    const reference = asFloat(stereoNoise(60_000, 7));
    compared.fill(reference);
    const out = runLive(compared.chain, silence(30_000), 64, (frame) => {
      if (frame === 0 || frame === 16_000) compared.listen({ isReferenceHeard: true });
      if (frame === 6400) compared.listen({});
    });
    // 6400 frames were heard in full, and 239 more while it faded out: the last frame of a fade is the mix alone.
    const left = 6400 + FADE - 1;
    expect(compared.port.readFrames).toBe(left + 30_000 - 16_000);
    expect(out.left.slice(16_000 + FADE, 30_000)).toEqual(reference.left.slice(left + FADE, left + 14_000));
  });

  it("cross-fades with equal gain: between a sound and the same sound nothing is heard of the switch, to 1e-7", () => {
    const compared = new ComparedChain();
    const tone = dual(sine(24_000, RATE, { freqHz: 200, levelDbfs: -6 }));
    compared.fill(tone, 6400);
    const out = runLive(compared.chain, tone, 64, (frame) => {
      if (frame === 6400) compared.listen({ isReferenceHeard: true });
    });
    expect(Math.max(...out.left.map((x, n) => Math.abs(x - tone.left[n]!)))).toBeLessThan(1e-7);
  });

  it("has no click in the switch between 200 Hz and 300 Hz at -6 dBFS: under -110 dBFS from 4 kHz on, where a hard switch has -80 and more", () => {
    const [mix, reference] = [200, 300].map((freqHz) => dual(sine(24_000, RATE, { freqHz, levelDbfs: -6, phaseRad: freqHz === 300 ? 1.5 : 0 })));
    const above = (sound: Float64Array): number => Math.max(...spectrumDb(sound.slice(8000, 16_192)).filter((_, bin) => (bin * RATE) / 8192 >= 4000));
    const compared = new ComparedChain();
    compared.fill(reference!);
    const out = runLive(compared.chain, mix!, 64, (frame) => {
      if (frame === 12_032) compared.listen({ isReferenceHeard: true });
    });
    expect(above(out.left)).toBeLessThan(-110);
    expect(above(mix!.left.map((x, n) => (n < 12_032 ? x : reference!.left[n - 12_032]!)))).toBeGreaterThan(-80);
  });

  it("applies the gains of both sides, that of the mix for as long as the comparison lasts", () => {
    const compared = new ComparedChain();
    const tone = dual(sine(96_000, RATE, { freqHz: 1000, levelDbfs: -12 }));
    compared.fill(dual(sine(65_000, RATE, { freqHz: 1000, levelDbfs: -20 })));
    const out = runLive(compared.chain, tone, 64, (frame) => {
      if (frame === 0) compared.listen({ mixDb: -3 });
      if (frame === 48_000) compared.listen({ isReferenceHeard: true, referenceDb: 4.5, mixDb: -3 });
      if (frame === 64_000) compared.port.end();
    });
    expect(rmsDb(out.left.slice(43_200, 48_000))).toBeCloseTo(-15 - SINE_DB, 2);
    expect(rmsDb(out.left.slice(48_480, 57_600))).toBeCloseTo(-15.5 - SINE_DB, 2);
    expect(rmsDb(out.left.slice(91_200, 96_000))).toBeCloseTo(-12 - SINE_DB, 3);
  });

  it("measures and records the mix alone", () => {
    const run = (isCompared: boolean): { records: unknown[]; taps: number[] } => {
      const compared = new ComparedChain({ taps: "both", stages: ["loudness", "limiter"] });
      compared.fill(stereoNoise(48_000, 9));
      const records: unknown[] = [];
      runLive(compared.chain, stereoNoise(24_000), 64, (frame) => {
        if (frame === 3200 && isCompared) compared.listen({ isReferenceHeard: true, referenceDb: -6, mixDb: -2, band: 2 });
        compared.chain.takeRecords((record) => records.push(readMeterRecord(record)));
      });
      const { tapRing } = compared.chain.memory;
      return { records, taps: Array.from({ length: 24_000 }, (_, n) => tapRing[n * TAP_RING_FIELDS + TAP_RING_OUTPUT]!) };
    };
    const [alone, beside] = [run(false), run(true)];
    expect(alone.records.length).toBeGreaterThan(40);
    expect(beside).toEqual(alone);
  });

  it("gives the same bits whatever the period", () => {
    const run = (blockFrames: number): StereoSignal => {
      const compared = new ComparedChain({ parameters: { "dither.bypass": 0, "dither.bits": 0 } });
      compared.fill(stereoNoise(60_000, 7));
      compared.listen({ isReferenceHeard: true, referenceDb: -3, mixDb: -1, band: 3 });
      return runLive(compared.chain, stereoNoise(9600), blockFrames);
    };
    const expected = run(64);
    for (const blockFrames of [16, 61, 960]) expectSame(run(blockFrames), expected, `blocks of ${blockFrames}`);
  });

  it("dithers what it changes to the word length of the output: 16 bits", () => {
    const compared = new ComparedChain({ parameters: { "dither.bypass": 0, "dither.bits": 0 } });
    compared.fill(stereoNoise(60_000, 7));
    compared.listen({ isReferenceHeard: true, referenceDb: -3.3 });
    const { left } = runLive(compared.chain, stereoNoise(9600));
    expect(left.slice(FADE).every((x) => Number.isInteger(32_768 * x))).toBe(true);
    expect(new Set(left).size).toBeGreaterThan(1000);
  });
});

describe("a reference", () => {
  it("gives way to the mix by a cross-fade where its ring runs dry, and comes back when 250 ms wait in it", () => {
    const compared = new ComparedChain();
    const [mix, reference] = [dual(sine(48_000, RATE, { freqHz: 200, levelDbfs: -12 })), dual(sine(60_000, RATE, { freqHz: 300, levelDbfs: -12 }))];
    compared.fill(reference, 0, 14_400);
    const out = runLive(compared.chain, mix, 64, (frame) => {
      if (frame === 0) compared.listen({ isReferenceHeard: true });
      if (frame === 19_200) compared.fill(reference, 14_400, 14_400 + 9600);
      if (frame === 28_800) {
        expect(compared.port.isReferenceHeard).toBe(false);
        compared.fill(reference, 24_000, 60_000);
      }
    });
    // The largest step of a sine of this level is 2 pi f / fs times its peak; a cross-fade of 5 ms adds 1.875 / 240 of the sum of both.
    const peak = 10 ** (-12 / 20);
    const most = peak * ((2 * Math.PI * 300) / RATE + (2 * 1.875) / FADE);
    expect(Math.max(...out.left.slice(1).map((x, n) => Math.abs(x - out.left[n]!)))).toBeLessThan(most);
    expect(compared.chain.memory.word(LIVE_REFERENCE_DRY)).toBe(1);
    expect(out.left.slice(14_400, 28_800)).toEqual(mix.left.map(Math.fround).slice(14_400, 28_800));
    expect(compared.port.isReferenceHeard).toBe(true);
  });

  it("is not heard beyond its lease: 100 ms after the last call the mix comes back, and is itself to the bit within 2 s", () => {
    const compared = new ComparedChain();
    const mix = asFloat(dual(whiteNoise(110_000, -18, 5)));
    compared.fill(stereoNoise(60_000, 7));
    const heard: boolean[] = [];
    const out = runLive(compared.chain, mix, 64, (frame) => {
      if (frame === 6400) compared.listen({ isReferenceHeard: true, mixDb: -6, band: 1 }, 4800);
      if (frame === 11_200 || frame === 11_520) heard.push(compared.port.isReferenceHeard);
    });
    expect(heard).toEqual([true, false]);
    expect(out.left[12_000]).not.toBe(mix.left[12_000]);
    expect(out.left.slice(107_200)).toEqual(mix.left.slice(107_200));
  });

  it("is silent while the gate is shut, and not heard before the gate is open again", () => {
    const compared = new ComparedChain();
    compared.fill(stereoNoise(60_000, 7));
    compared.listen({ isReferenceHeard: true });
    const { left } = runLive(compared.chain, silence(19_200), 64, (frame) => {
      if (frame === 6400) compared.chain.memory.setGate(GATE_SHUT);
      if (frame === 9600) compared.chain.memory.setGate(GATE_OPEN, 20);
    });
    expect(rmsDb(left.slice(3200, 6400))).toBeGreaterThan(-30);
    expect(Math.max(...left.slice(6400, 9600 + 960 - 64).map(Math.abs))).toBe(0);
    expect(rmsDb(left.slice(12_800))).toBeGreaterThan(-30);
  });

  it("drops what waits when it is told to, after its fade, and goes on with what is written then", () => {
    const compared = new ComparedChain();
    compared.fill(dual(whiteNoise(30_000, -6, 3)));
    compared.listen({ isReferenceHeard: true });
    const next = asFloat(stereoNoise(30_000, 11));
    let first = -1;
    const { left } = runLive(compared.chain, silence(19_200), 64, (frame) => {
      if (frame === 6400) compared.writer.flush();
      if (frame > 6400 && first < 0 && compared.writer.isFlushed) {
        first = frame;
        compared.fill(next);
      }
    });
    expect(first - 6400).toBe(320);
    expect([...left.slice(first + FADE, 19_200)]).toEqual([...next.left.slice(FADE, 19_200 - first)]);
  });

  it("leaves nothing that is not finite, nor over full scale, whatever lies in its ring", () => {
    const compared = new ComparedChain();
    compared.fill({ left: Float64Array.from({ length: 20_000 }, (_, n) => [Number.NaN, Infinity, -1e30, 5][n % 4]!), right: new Float64Array(20_000).fill(-9) });
    compared.listen({ isReferenceHeard: true, referenceDb: 12 });
    const out = runLive(compared.chain, stereoNoise(9600));
    expect([...out.left, ...out.right].every((x) => Math.abs(x) <= 1)).toBe(true);
  });

  it("causes no garbage collection in a minute of periods", async () => {
    const compared = new ComparedChain();
    const piece = new Float64Array(2 * 4096);
    compared.listen({ isReferenceHeard: true, band: 2 });
    const run = (periods: number): void => {
      for (let k = 0; k < periods; k++) {
        if (k % 64 === 0) compared.writer.write(piece, 4096, 1);
        compared.chain.processPeriod(FLOAT_LE, 64);
      }
    };
    run(1000);
    expect(await countGarbageCollections(() => run(45_000))).toBe(0);
  });
});

describe("one band alone", () => {
  /** Level of a tone in the output while `band` is heard alone, relative to the tone. */
  function heardDb(freqHz: number, band: number): number {
    const compared = new ComparedChain();
    compared.listen({ band });
    const { left } = runLive(compared.chain, dual(sine(24_000, RATE, { freqHz, levelDbfs: -12 })));
    return rmsDb(left.slice(14_400)) + SINE_DB + 12;
  }

  it.each([[1, 40], [2, 350], [3, 2500], [4, 14_000]])("%d passes %d Hz within 1 dB, and the other three lie 24 dB down at least", (band, freqHz) => {
    expect(heardDb(freqHz, band)).toBeGreaterThan(-1);
    for (const other of [1, 2, 3, 4].filter((each) => each !== band)) expect(heardDb(freqHz, other)).toBeLessThan(-24);
  });

  it("is of both sides the same, and comes and goes without a click: under -70 dBFS from 4 kHz on", () => {
    const compared = new ComparedChain();
    const tone = dual(sine(96_000, RATE, { freqHz: 300, levelDbfs: -6 }));
    compared.fill(tone, 0, 60_000);
    const out = runLive(compared.chain, tone, 64, (frame) => {
      if (frame === 24_000) compared.listen({ band: 1 });
      if (frame === 36_032) compared.listen({ band: 4 });
      if (frame === 48_000) compared.listen({});
    });
    for (let from = 19_200; from + 8192 <= 72_000; from += 2048) {
      const high = spectrumDb(out.left.slice(from, from + 8192)).filter((_, bin) => (bin * RATE) / 8192 >= 4000);
      expect(Math.max(...high), `at ${from}`).toBeLessThan(-70);
    }
  });
});
