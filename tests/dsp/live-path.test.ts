import { describe, expect, it } from "vitest";
import {
  GATE_OPEN, GATE_SHUT, LIVE_CLOSE_MS, LIVE_PROBE, LIVE_PROBE_FRAME, LIVE_PROBES_SENT, LIVE_SHED, LIVE_SKIP, LIVE_TAP_COUNT, LIVE_TAP_START,
  READOUT_INPUT_PEAK, READOUT_LATENCY_FRAMES, READOUT_NONFINITE_INPUT, READOUT_NONFINITE_OUTPUT, READOUT_OUTPUT_CLIPS,
  READOUT_OUTPUT_PEAK, SHED_METERS, SHED_NOTHING, SHED_TAPS, TAP_RING_FIELDS, TAP_RING_INPUT, TAP_RING_OUTPUT,
} from "../../src/dsp/layout.js";
import { ChainMemory } from "../../src/engine/chain-memory.js";
import { type MeterRecord, readMeterRecord } from "../../src/engine/meter-record.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import { countGarbageCollections } from "../support/gc.js";
import { floatPeriod, FLOAT_LE, liveChain, runLive } from "../support/live-chain.js";
import { dual, runChain } from "../support/run-chain.js";
import { impulse, linearToDb, randomUniform, sine } from "../support/signals.js";
import { expectSame, stereoNoise } from "../support/stage-checks.js";

const ALL_ON = { "saturation.bypass": 0, "multiband.bypass": 0, "imager.monoBass": 1, "loudness.driveDb": 12 };

it("puts out what the off-line chain does, to the 24th bit", () => {
  const noise = stereoNoise(19_200);
  const float = { left: noise.left.map(Math.fround), right: noise.right.map(Math.fround) };
  expectSame(runLive(liveChain({ parameters: ALL_ON }), noise), runChain(float, { parameters: ALL_ON }));
});

it("lets nothing out that is not finite, nor over full scale, whatever floating point comes in", () => {
  const random = randomUniform(11);
  const broken = [Number.NaN, Infinity, -Infinity, 1e30, -1e30, 3e38, 1e-40, -1e-45, 16, -16];
  let nonfinite = 0;
  const spoil = (x: number): number => {
    if (random() > 0.02) return x;
    const y = broken[Math.floor(random() * broken.length)]!;
    if (!Number.isFinite(y)) nonfinite++;
    return y;
  };
  const noise = stereoNoise(96_000);
  const signal = { left: noise.left.map(spoil), right: noise.right.map(spoil) };
  const chain = liveChain({ parameters: { ...ALL_ON, "limiter.bypass": 1, "dither.bypass": 1 } });
  const out = runLive(chain, signal);
  expect([...out.left, ...out.right].filter((x) => !Number.isFinite(x) || Math.abs(x) > 1).length).toBe(0);
  expect(Math.max(...out.left.map(Math.abs))).toBeGreaterThan(0);
  expect(chain.readout(READOUT_NONFINITE_INPUT)).toBe(nonfinite);
  expect(chain.readout(READOUT_NONFINITE_OUTPUT)).toBe(0);
  expect(chain.readout(READOUT_OUTPUT_CLIPS)).toBeGreaterThan(0);
});

it("tells the peaks of each period, in and out", () => {
  const chain = liveChain({ stages: ["loudness"], taps: "none", parameters: { "loudness.driveDb": 6 } });
  const period = floatPeriod(chain.memory);
  period.fill(0, 0, 128);
  period[77] = -0.25;
  chain.processPeriod(FLOAT_LE, 64);
  expect(chain.readout(READOUT_INPUT_PEAK)).toBe(0.25);
  expect(linearToDb(chain.readout(READOUT_OUTPUT_PEAK) / 0.25)).toBeCloseTo(6, 9);
  chain.processPeriod(FLOAT_LE, 64);
  period.fill(0, 0, 128);
  chain.processPeriod(FLOAT_LE, 64);
  expect(chain.readout(READOUT_INPUT_PEAK)).toBe(0);
});

describe("tap ring", () => {
  const column = (memory: ChainMemory, field: number): number[] =>
    Array.from({ length: memory.tapRing.length / TAP_RING_FIELDS }, (_, n) => memory.tapRing[n * TAP_RING_FIELDS + field]!);
  const loudest = (values: readonly number[]): number => values.reduce((best, x, n) => (Math.abs(x) > Math.abs(values[best]!) ? n : best), 0);

  it.each([[{}], [{ "saturation.bypass": 0, "saturation.driveDb": 0 }]])("shows an impulse in and out apart by the chain's latency with %o", (parameters) => {
    const chain = liveChain({ parameters: { "dither.bypass": 1, ...parameters }, live: { tapFrames: 8192 } });
    runLive(chain, dual(impulse(8192, 5000, -20)), 64);
    const latency = chain.readout(READOUT_LATENCY_FRAMES);
    expect(latency).toBe(chain.latencyFrames);
    expect(loudest(column(chain.memory, TAP_RING_INPUT))).toBe(5000);
    expect(loudest(column(chain.memory, TAP_RING_OUTPUT))).toBe(5000 + latency);
    expect(loudest(column(chain.memory, TAP_RING_OUTPUT + 1))).toBe(5000 + latency);
  });

  it("holds the last frames in and out of a power of two, whatever the period", () => {
    const chain = liveChain({ stages: [], taps: "none", live: { tapFrames: 3000 } });
    const noise = stereoNoise(10_000);
    const out = runLive(chain, noise, 61);
    const { memory } = chain;
    expect(memory.addresses.tapFrames).toBe(4096);
    expect(memory.addresses.tapRing % 16).toBe(0);
    expect(memory.addresses.period % 16).toBe(0);
    expect(memory.word(LIVE_TAP_COUNT)).toBe(10_000);
    for (let n = 10_000 - 4096; n < 10_000; n++) {
      const at = (n % 4096) * TAP_RING_FIELDS;
      const expected = [Math.fround(noise.left[n]!), Math.fround(noise.right[n]!), out.left[n]!, out.right[n]!];
      expect([...memory.tapRing.subarray(at, at + 4)]).toEqual(expected);
    }
  });

  it("rests while it is shed, and tells where it begins again", () => {
    const chain = liveChain({ stages: [], taps: "none" });
    const { memory } = chain;
    runLive(chain, stereoNoise(6400), 64, (frame) => {
      if (frame === 1280) memory.setWord(LIVE_SHED, SHED_TAPS);
      if (frame === 1344) expect([memory.word(LIVE_TAP_START), memory.word(LIVE_TAP_COUNT)]).toEqual([0, 1280]);
      if (frame === 3200) memory.setWord(LIVE_SHED, SHED_METERS);
    });
    expect([memory.word(LIVE_TAP_START), memory.word(LIVE_TAP_COUNT)]).toEqual([3200, 6400]);
    expect(memory.tapRing[2000 * TAP_RING_FIELDS]).toBe(0);
    expect(memory.tapRing[3200 * TAP_RING_FIELDS]).not.toBe(0);
  });

  it("has a gap of as many frames as are said to have passed unseen, which a reader meets as lost", () => {
    const chain = liveChain({ stages: [], taps: "none" });
    const { memory } = chain;
    const reader = new TapReader(memory);
    const piece = new Float32Array(TAP_RING_FIELDS * 65_536);
    runLive(chain, stereoNoise(3200), 64);
    expect([reader.skipLost(), reader.read(piece)]).toEqual([0, 3200]);
    memory.setWord(LIVE_SKIP, 500_000);
    runLive(chain, stereoNoise(640), 64);
    expect([reader.skipLost(), reader.read(piece)]).toEqual([500_000, 640]);
    expect([memory.word(LIVE_SKIP), memory.word(LIVE_TAP_COUNT)]).toEqual([0, 3200 + 500_000 + 640]);
  });

  it("is seen by a second view of the same memory", () => {
    const chain = liveChain();
    const other = new ChainMemory(chain.memory.buffer, structuredClone(chain.memory.addresses));
    other.set("loudness.driveDb", 3);
    runLive(chain, stereoNoise(4800), 48);
    expect(other.word(LIVE_TAP_COUNT)).toBe(4800);
    let records = 0;
    other.takeRecords(() => records++);
    expect(records).toBe(10);
    chain.reset();
    runLive(chain, stereoNoise(960), 48);
    other.takeRecords(() => records++);
    expect(records).toBe(12);
  });
});

describe("shedding of the meters", () => {
  const noise = stereoNoise(3 * 48_000);
  const run = (shedFrom: number, shedTo: number): { out: ReturnType<typeof runLive>; records: MeterRecord[] } => {
    const chain = liveChain({ parameters: ALL_ON });
    const records: MeterRecord[] = [];
    const out = runLive(chain, noise, 64, (frame) => {
      chain.memory.setWord(LIVE_SHED, frame >= shedFrom && frame < shedTo ? SHED_METERS : SHED_NOTHING);
      chain.takeRecords((record) => records.push(readMeterRecord(record)));
    });
    return { out, records };
  };
  const full = run(Infinity, Infinity);
  // A bin rests when it begins after the word was set: bins 100 to 149. The next one fills the filters.
  const shed = run(47_936, 71_936);

  it("changes no bit of the sound", () => {
    expectSame(shed.out, full.out);
  });

  it("marks the records of the rest, and each still has its index and frames", () => {
    expect(shed.records.map(({ index }) => index)).toEqual(full.records.map(({ index }) => index));
    expect(shed.records.every(({ frames }) => frames === 480)).toBe(true);
    const marked = shed.records.filter(({ isShed }) => isShed);
    expect([marked[0]?.index, marked.length]).toEqual([100, 51]);
    expect(marked.every(({ input, output }) => input.truePeaks[0] === 0 && output.kMeanSquares[1] === 0)).toBe(true);
    expect(full.records.some(({ isShed }) => isShed)).toBe(false);
    expect(marked.map(({ limiterReductionDb }) => limiterReductionDb)).toEqual(full.records.slice(100, 151).map(({ limiterReductionDb }) => limiterReductionDb));
  });

  it("reads no peak of its own beginning in the middle of the sound: -6.00 dBTP for a tone of -6 dBFS, wherever it begins", () => {
    const tone = dual(sine(48_000, 48_000, { freqHz: 9997, levelDbfs: -6 }));
    const chain = liveChain({ stages: [], taps: "both" });
    const peaks: number[] = [];
    runLive(chain, tone, 64, (frame) => {
      // Rests of 20 ms, each begun at another phase of the tone.
      chain.memory.setWord(LIVE_SHED, frame % 2880 < 960 ? SHED_METERS : SHED_NOTHING);
      chain.takeRecords((record) => {
        const { index, isShed, output } = readMeterRecord(record);
        if (index > 3 && !isShed) peaks.push(linearToDb(output.truePeaks[0]));
      });
    });
    expect(peaks.length).toBeGreaterThan(30);
    for (const peak of peaks) expect(peak).toBeCloseTo(-6, 1);
  });

  it("reads no peak where the streams start again in the middle of the sound: -6.00 dBTP for a tone of -6 dBFS", () => {
    const tone = dual(sine(48_000, 48_000, { freqHz: 9997, levelDbfs: -6 }));
    const chain = liveChain({ stages: [], taps: "both" });
    const peaks: number[] = [];
    let marked = 0;
    runLive(chain, tone, 64, (frame) => {
      // Each 60 ms a fault: the gate is shut at once, and opens again under its ramp 4 ms later.
      if (frame % 2880 === 0) chain.memory.setGate(GATE_SHUT, 0);
      if (frame % 2880 === 192) chain.memory.setGate(GATE_OPEN, 20);
      chain.takeRecords((record) => {
        const { isShed, input, output } = readMeterRecord(record);
        if (isShed) marked++;
        else peaks.push(linearToDb(Math.max(input.truePeaks[0], output.truePeaks[0])));
      });
    });
    expect(marked).toBe(17);
    expect(Math.max(...peaks)).toBeCloseTo(-6, 1);
  });

  it("reads as if it had never rested 0.5 s after it", () => {
    for (const [k, record] of shed.records.entries()) {
      const reference = full.records[k]!;
      if (k < 100) expect(record).toEqual(reference);
      if (k < 200) continue;
      expect(record.output.meanSquares).toEqual(reference.output.meanSquares);
      expect(10 * Math.log10(record.output.kMeanSquares[0] / reference.output.kMeanSquares[0])).toBeCloseTo(0, 3);
      expect(record.output.truePeaks).toEqual(reference.output.truePeaks);
    }
  });
});

describe("probe", () => {
  it("sends one impulse of -6 dBFS into silence where it says, mutes for as long as asked, and gives the sound back", () => {
    const chain = liveChain({ stages: [], taps: "none" });
    const { memory } = chain;
    memory.setWord(LIVE_CLOSE_MS, 0);
    const { left } = runLive(chain, stereoNoise(24_000), 64, (frame) => {
      if (frame === 6400) memory.setWord(LIVE_PROBE, 4800);
    });
    const at = memory.word(LIVE_PROBE_FRAME);
    expect(memory.word(LIVE_PROBES_SENT)).toBe(1);
    expect(memory.word(LIVE_PROBE)).toBe(0);
    // The closing ramp of this chain lasts 0 ms, so the impulse begins with the period.
    expect(at).toBe(6402);
    expect([...left.slice(6400, 6406)]).toEqual([0.125, 0.375, 0.5, 0.375, 0.125, 0]);
    expect(Math.max(...left.slice(6406, 11_200).map(Math.abs))).toBe(0);
    expect(Math.abs(left[11_202]!)).toBeGreaterThan(0);
    expect(memory.tapRing[at * TAP_RING_FIELDS + TAP_RING_OUTPUT]).toBe(0.5);
  });

  it("waits for the closing ramp", () => {
    const chain = liveChain({ stages: [], taps: "none" });
    chain.memory.setGate(0, 20);
    chain.memory.setGate(1, 0);
    runLive(chain, stereoNoise(9600), 64, (frame) => {
      if (frame === 3200) chain.memory.setWord(LIVE_PROBE, 4800);
    });
    expect(chain.memory.word(LIVE_PROBE_FRAME)).toBe(3200 + 960 - 1 + 2);
  });
});

it("causes no garbage collection in a minute of periods in each format", async () => {
  const chain = liveChain({ maxFrames: 64, parameters: ALL_ON });
  const run = (periods: number): void => {
    for (let k = 0; k < periods; k++) chain.processPeriod(k % 5, 64);
  };
  run(1000);
  expect(await countGarbageCollections(() => run(45_000))).toBe(0);
});
