import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { FaultPort, NONFINITE_KINDS } from "../../hw/sim/fault-port.js";
import { listPresets, recalledValues } from "../../src/config/presets.js";
import { READOUT_GATE_GAIN, RECORD_IS_SHED, RECORD_READOUTS, TAP_RING_FIELDS } from "../../src/dsp/layout.js";
import { Engine } from "../../src/engine/engine.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import type { TapReader } from "../../src/engine/tap-reader.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { PARAMETERS } from "../../src/params/table.js";
import { valueAt } from "../../src/params/values.js";
import { linearToDb, randomUniform } from "./signals.js";

const THREAD = new URL("../../src/bin/audio-thread.js", import.meta.url);
const RATE = 48000;
const TAP_SECONDS = 4;
const STEP_MS = 50;
/** Chances for each step: 2 to 3 changes a second, a preset each 10 s, a fault each 2.5 s. */
const CHANGE_SHARE = 0.12;
const PRESET_SHARE = 0.005;
const FAULT_SHARE = 0.02;
/** A new ceiling holds from then on; one that was lower before may still be glided from. */
const CEILING_MEMORY_MS = 1000;
/** A cut in the sound reads as a peak between samples: true peaks count when no fault was met for so long. */
const CUT_MS = 1000;
/** What is kept to itself: they switch off what is being watched. */
const LEFT_ALONE = ["limiter.bypass", "chain.bypass"];

/** What a soak found. */
export interface SoakReport {
  readonly seconds: number;
  changes: number;
  presets: number;
  faultsMade: number;
  framesHeard: number;
  framesMissed: number;
  nonfiniteOut: number;
  /** Largest samples and true peaks over the ceiling that held, dB. */
  samplesOverDb: number;
  truePeaksOverDb: number;
  /** Longest time without sound under an open gate while the device was there, ms; seen each 50 ms. */
  longestOutMs: number;
  readonly residentMb: number[];
  descriptors: readonly [first: number, last: number];
  health: AudioHealth | undefined;
}

/** Megabytes an hour by which memory grows: the slope of the line of least squares, without the first fifth. */
export function memorySlope({ residentMb, seconds }: SoakReport): number {
  const values = residentMb.slice(Math.floor(residentMb.length / 5));
  const stepH = seconds / residentMb.length / 3600;
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.reduce((sum, value, k) => sum + (k - middle) * (value - mean), 0);
  const squares = values.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
  return products / squares / stepH;
}

/**
 * Plays the simulated board in real time, turns its parameters at random, recalls presets and breaks the device; listens
 * to all that comes out. Run it in a process of its own, built, with --expose-gc and --no-memory-reducer.
 */
export class Soak {
  readonly report: SoakReport;
  readonly #random: () => number;
  readonly #faults = new FaultPort();
  readonly #presets = listPresets();
  readonly #rows = PARAMETERS.filter((row) => !LEFT_ALONE.includes(row.id));
  readonly #piece = new Float32Array(TAP_RING_FIELDS * RATE);
  #ceilings: { readonly sinceMs: number; readonly ceilingDbtp: number }[] = [{ sinceMs: 0, ceilingDbtp: 0 }];
  #faultMs = 0;
  #replugMs = 0;
  /** When sound was last seen to come out under an open gate. */
  #openMs = performance.now();

  constructor(seconds: number, seed: number) {
    this.#random = randomUniform(seed);
    this.report = {
      seconds, changes: 0, presets: 0, faultsMade: 0, framesHeard: 0, framesMissed: 0, nonfiniteOut: 0, samplesOverDb: -Infinity,
      truePeaksOverDb: -Infinity, longestOutMs: 0, residentMb: [], descriptors: [0, 0], health: undefined,
    };
  }

  async run(): Promise<void> {
    const engine = await Engine.start({
      threadUrl: THREAD, device: { driver: "sim", faults: this.#faults.buffer }, tapSeconds: TAP_SECONDS, values: [],
      request: { sampleRateHz: RATE, periodFrames: 64, periods: 3, formats: ["S32_LE", "FLOAT_LE"] },
    });
    this.#openMs = performance.now();
    const tap = engine.createTapReader();
    if (!tap) throw new Error("The simulated board did not start.");
    const { report } = this;
    const begin = performance.now();
    const sampleEveryMs = Math.min(10_000, (1000 * report.seconds) / 20);
    let first = 0;
    while (performance.now() - begin < 1000 * report.seconds) {
      await delay(STEP_MS);
      this.#act(engine);
      this.#listen(engine, tap);
      if (performance.now() - begin < sampleEveryMs * (report.residentMb.length + 1)) continue;
      globalThis.gc?.();
      report.residentMb.push(process.memoryUsage.rss() / 2 ** 20);
      first ||= openDescriptors();
    }
    report.descriptors = [first, openDescriptors()];
    this.#faults.replug();
    await engine.fadeOut();
    await engine.stop();
    report.health = engine.health();
  }

  #act(engine: Engine): void {
    const nowMs = performance.now();
    if (this.#random() < PRESET_SHARE) {
      const preset = this.#presets[Math.floor(this.#random() * this.#presets.length)];
      if (preset) this.#set(engine, [...recalledValues(preset)]);
      this.report.presets++;
    } else if (this.#random() < CHANGE_SHARE) {
      const row = this.#rows[Math.floor(this.#random() * this.#rows.length)];
      if (row) this.#set(engine, [[row.id, valueAt(row, this.#random())]]);
      this.report.changes++;
    }
    if (this.#replugMs > 0 && nowMs > this.#replugMs) {
      this.#faults.replug();
      this.#replugMs = 0;
    }
    if (this.#random() < FAULT_SHARE && this.#replugMs === 0) this.#break(nowMs);
  }

  #set(engine: Engine, values: readonly (readonly [id: string, value: number])[]): void {
    const kept = values.filter(([id]) => !LEFT_ALONE.includes(id));
    for (const [id, value] of kept) {
      if (id === "limiter.ceilingDbtp") this.#ceilings.push({ sinceMs: performance.now(), ceilingDbtp: value });
    }
    engine.set(kept);
  }

  #break(nowMs: number): void {
    const faults = this.#faults;
    const nonfinite = NONFINITE_KINDS[Math.floor(this.#random() * NONFINITE_KINDS.length)] ?? "nan";
    const ways = [
      () => faults.overrun(), () => faults.underrun(), () => faults.shortRead(), () => faults.shortWrite(), () => faults.suspend(),
      () => faults.stall(50), () => faults.breakInput(nonfinite, 32),
      () => {
        faults.unplug();
        this.#replugMs = nowMs + 1500 * this.#random();
      },
    ];
    ways[Math.floor(this.#random() * ways.length)]?.();
    this.#faultMs = nowMs;
    this.report.faultsMade++;
  }

  /** Reads all sound and all meters since the last time. */
  #listen(engine: Engine, tap: TapReader): void {
    const { report } = this;
    const nowMs = performance.now();
    const ceilingDb = this.#ceilingDb(nowMs);
    const piece = this.#piece;
    report.framesMissed += tap.skipLost();
    for (let frames = tap.read(piece); frames > 0; frames = tap.read(piece)) {
      report.framesHeard += frames;
      let peak = 0;
      for (let k = 0; k < 4 * frames; k += 4) {
        const left = Math.abs(piece[k + 2] as number);
        const right = Math.abs(piece[k + 3] as number);
        if (!Number.isFinite(left + right)) report.nonfiniteOut++;
        peak = Math.max(peak, left, right);
      }
      report.samplesOverDb = Math.max(report.samplesOverDb, linearToDb(peak) - ceilingDb);
    }
    // A plug that is out and an offset that is muted are meant to be silent.
    if (this.#replugMs > 0 || engine.health().isDcMuted) this.#openMs = nowMs;
    engine.takeRecords((record) => {
      if (record[RECORD_READOUTS + READOUT_GATE_GAIN] === 1) this.#openMs = nowMs;
      if (record[RECORD_IS_SHED] === 1) return;
      const { output } = readMeterRecord(record);
      if (![...output.truePeaks, ...output.meanSquares].every(Number.isFinite)) report.nonfiniteOut++;
      if (nowMs - this.#faultMs < CUT_MS || this.#replugMs > 0) return;
      report.truePeaksOverDb = Math.max(report.truePeaksOverDb, linearToDb(Math.max(...output.truePeaks)) - ceilingDb);
    });
    report.longestOutMs = Math.max(report.longestOutMs, nowMs - this.#openMs);
  }

  /** The highest ceiling that may still be heard. */
  #ceilingDb(nowMs: number): number {
    while ((this.#ceilings[1]?.sinceMs ?? Infinity) < nowMs - CEILING_MEMORY_MS) this.#ceilings.shift();
    return Math.max(...this.#ceilings.map(({ ceilingDbtp }) => ceilingDbtp));
  }
}

function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
