import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { FaultPort, NONFINITE_KINDS } from "../../hw/sim/fault-port.js";
import { listPresets, recalledValues } from "../../src/config/presets.js";
import { READOUT_GATE_GAIN, RECORD_IS_SHED, RECORD_READOUTS, TAP_RING_FIELDS } from "../../src/dsp/layout.js";
import { Engine } from "../../src/engine/engine.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import type { TapReader } from "../../src/engine/tap-reader.js";
import { AUDIO_FAULTS, type AudioFault } from "../../src/hal/audio.js";
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
/** A fault is made when sound flows and the last one is over, so that each is met by itself. */
const APART_MS = 200;
/** Samples of both channels that a broken input spoils. */
const BROKEN_FRAMES = 32;
const LAST_MS = 5000;
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
  /** Faults of the device that were made, and samples of the input that were spoilt. */
  readonly faultsMade: Record<AudioFault, number>;
  samplesSpoilt: number;
  unpluggedMs: number;
  /** Frames that went out, and frames that went by meanwhile while no sound flowed; and how long that was, ms. */
  framesHeard: number;
  framesMissed: number;
  listenedMs: number;
  nonfiniteOut: number;
  /** Largest samples and true peaks over the ceiling that held, dB. */
  samplesOverDb: number;
  truePeaksOverDb: number;
  /** Longest time without sound under an open gate while the device was there, ms; seen each 50 ms. */
  longestOutMs: number;
  /** Memory now and then, after garbage was collected. */
  readonly memory: MemoryReading[];
  descriptors: readonly [first: number, last: number];
  health: AudioHealth | undefined;
}

/**
 * Memory of the process, MB. V8 makes room for the young objects of a thread in doublings and keeps it, which is no leak:
 * what lives in the heap and what lies outside of it are told apart from that room.
 */
export interface MemoryReading {
  readonly resident: number;
  /** Objects in the heap of the main thread, and buffers that they own. */
  readonly live: number;
  /** Resident, without the heap of the main thread: the audio thread with its heap, sound, code. */
  readonly outside: number;
}

/** Megabytes an hour by which a figure grows: the slope of the line of least squares over the last two thirds. */
export function memorySlope({ memory, seconds }: SoakReport, figure: keyof MemoryReading): number {
  const values = memory.slice(Math.floor(memory.length / 3)).map((reading) => reading[figure]);
  const stepH = seconds / memory.length / 3600;
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
  /** Faults met, made here or by a busy machine, and when the last one was seen. */
  #faultsMet = 0;
  #cutMs = 0;
  #replugMs = 0;
  /** When sound was last seen to come out under an open gate. */
  #openMs = performance.now();

  constructor(seconds: number, seed: number) {
    this.#random = randomUniform(seed);
    this.report = {
      seconds, changes: 0, presets: 0, faultsMade: Object.fromEntries(AUDIO_FAULTS.map((fault) => [fault, 0])) as Record<AudioFault, number>,
      samplesSpoilt: 0, unpluggedMs: 0, framesHeard: 0, framesMissed: 0, listenedMs: 0, nonfiniteOut: 0, samplesOverDb: -Infinity,
      truePeaksOverDb: -Infinity, longestOutMs: 0, memory: [], descriptors: [0, 0], health: undefined,
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
      if (performance.now() - begin < sampleEveryMs * (report.memory.length + 1)) continue;
      report.memory.push(memoryReading());
      first ||= openDescriptors();
    }
    report.descriptors = [first, openDescriptors()];
    await this.#settle(engine, tap);
    report.listenedMs = performance.now() - begin;
    await engine.fadeOut();
    await engine.stop();
    report.health = engine.health();
    report.nonfiniteOut += report.health.nonfiniteOutputs;
  }

  /** Puts the plug in, and waits until sound flows. */
  async #settle(engine: Engine, tap: TapReader): Promise<void> {
    this.#replug();
    const end = performance.now() + LAST_MS;
    do {
      await delay(STEP_MS);
      this.#listen(engine, tap);
    } while (engine.health().state !== "running" && performance.now() < end);
  }

  #replug(): void {
    if (this.#replugMs === 0) return;
    this.report.unpluggedMs += performance.now() - this.#faultMs;
    this.#faults.replug();
    this.#replugMs = 0;
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
    if (this.#replugMs > 0 && nowMs > this.#replugMs) this.#replug();
    const isCalm = this.#replugMs === 0 && nowMs - this.#faultMs > APART_MS && engine.health().state === "running";
    if (this.#random() < FAULT_SHARE && isCalm) this.#break(nowMs);
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
    const ways: readonly (readonly [AudioFault | undefined, () => void])[] = [
      ["overrun", () => faults.overrun()], ["underrun", () => faults.underrun()], ["suspended", () => faults.suspend()],
      ["shortTransfer", () => faults.shortRead()], ["shortTransfer", () => faults.shortWrite()], ["stalled", () => faults.stall(50)],
      [undefined, () => faults.breakInput(nonfinite, BROKEN_FRAMES)],
      ["disconnected", () => {
        faults.unplug();
        this.#replugMs = nowMs + 1500 * this.#random();
      }],
    ];
    const [fault, make] = ways[Math.floor(this.#random() * ways.length)] ?? [];
    make?.();
    this.#faultMs = nowMs;
    if (fault) this.report.faultsMade[fault]++;
    else this.report.samplesSpoilt += 2 * BROKEN_FRAMES;
  }

  /** Reads all sound and all meters since the last time. */
  #listen(engine: Engine, tap: TapReader): void {
    const { report } = this;
    const nowMs = performance.now();
    const ceilingDb = this.#ceilingDb(nowMs);
    const piece = this.#piece;
    this.#watchCuts(engine, nowMs);
    report.framesMissed += tap.skipLost();
    for (let frames = tap.read(piece); frames > 0; frames = tap.read(piece)) {
      report.framesHeard += frames;
      let peak = 0;
      for (let k = 0; k < 4 * frames; k += 4) {
        const left = Math.abs(piece[k + 2] as number);
        const right = Math.abs(piece[k + 3] as number);
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
      if (nowMs - this.#cutMs < CUT_MS || this.#replugMs > 0) return;
      report.truePeaksOverDb = Math.max(report.truePeaksOverDb, linearToDb(Math.max(...output.truePeaks)) - ceilingDb);
    });
    report.longestOutMs = Math.max(report.longestOutMs, nowMs - this.#openMs);
  }

  #watchCuts(engine: Engine, nowMs: number): void {
    const met = Object.values(engine.health().faults).reduce((sum, count) => sum + count, 0);
    this.#cutMs = met > this.#faultsMet ? nowMs : Math.max(this.#cutMs, this.#faultMs);
    this.#faultsMet = met;
  }

  /** The highest ceiling that may still be heard. */
  #ceilingDb(nowMs: number): number {
    while ((this.#ceilings[1]?.sinceMs ?? Infinity) < nowMs - CEILING_MEMORY_MS) this.#ceilings.shift();
    return Math.max(...this.#ceilings.map(({ ceilingDbtp }) => ceilingDbtp));
  }
}

function memoryReading(): MemoryReading {
  globalThis.gc?.();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 2 ** 20, live: (heapUsed + external) / 2 ** 20, outside: (rss - heapTotal) / 2 ** 20 };
}

function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
