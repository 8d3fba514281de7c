import { beforeAll, describe, expect, test } from "vitest";
import { CONTROL_FRAMES } from "../../src/dsp/layout.js";
import type { AudioHealth, LatencyMeasurement } from "../../src/hal/audio-health.js";
import { expectGate } from "../support/gates.js";
import { measureProgramme } from "../support/measure-programme.js";
import type { StereoSignal } from "../support/run-chain.js";
import { linearToDb } from "../support/signals.js";
import { idealTruePeakDb } from "../support/true-peak.js";
import type { OpenedPage } from "./guest/guest-page.js";
import type { ProcessorTimes } from "./guest/processor-times.js";
import { runTask, whyNoMachine } from "./support/machine.js";
import { masterFrom, offlineMaster, type OfflineMaster } from "./support/offline-master.js";
import { recordingOf } from "./support/wire.js";

const RATE = 48000;
const PERIOD_FRAMES = 64;
const PERIODS = 4;
const DEVICE_FRAMES = PERIODS * PERIOD_FRAMES;
const SECONDS = 10;
const TARGET_LUFS = -14;
const CEILING_DBTP = -1;
/** What guest/mixer-recorder.c keeps in its buffer as a cable. */
const CABLE_FRAMES = 4096;
/** What the chain heard before is forgotten by then. */
const SETTLED_FRAMES = 3 * RATE;
/** Enough to tell the phase of the control clock by. */
const PHASE_FRAMES = RATE;

interface Seen {
  readonly lates: number;
  readonly afterFirstSecond: AudioHealth;
  readonly atEnd: AudioHealth;
  readonly spent: ProcessorTimes;
  readonly page: OpenedPage;
  readonly latency: LatencyMeasurement;
}

/** Level of what is left of the recording when the master, so many frames later, is taken from it; dB against full scale. */
function residualDb(recording: StereoSignal, master: StereoSignal, delayFrames: number, fromFrame = SETTLED_FRAMES): number {
  let squares = 0;
  let count = 0;
  for (let n = fromFrame; n + delayFrames < recording.left.length && n < master.left.length; n++, count++) {
    squares += (recording.left[n + delayFrames]! - master.left[n]!) ** 2 + (recording.right[n + delayFrames]! - master.right[n]!) ** 2;
  }
  return linearToDb(Math.sqrt(squares / (2 * count)));
}

/** The master with the phase of the control clock that the recording has. */
function masterAsRecorded(recording: StereoSignal, offline: OfflineMaster): StereoSignal {
  const phases = Array.from({ length: CONTROL_FRAMES }, (_, phase) => ({
    phase, db: residualDb(recording, masterFrom(offline, phase, PHASE_FRAMES), DEVICE_FRAMES, PHASE_FRAMES / 2),
  }));
  return masterFrom(offline, phases.reduce((best, each) => (each.db < best.db ? each : best)).phase);
}

describe.skipIf(whyNoMachine(220) !== undefined)(`the box between a mixer and a recorder on an arm64 of 1000 MIPS, ${PERIOD_FRAMES} frames x ${PERIODS}, every stage at work`, () => {
  let offline: OfflineMaster;
  let recording: StereoSignal;
  let seen: Seen;

  beforeAll(async () => {
    offline = await offlineMaster(SECONDS, TARGET_LUFS);
    const config = { version: 1, audio: { periods: PERIODS }, start: { values: offline.values } };
    const { exitCode, lines, files } = await runTask({
      script: `node $GUEST/master-programme.js ${SECONDS}`,
      files: { "/etc/lacquer/lacquer.json": JSON.stringify(config), "/root/programme.raw": offline.programme },
    });
    expect(exitCode, `${lines.join("\n")}\n${files.get("box.log")?.toString()}`).toBe(0);
    recording = recordingOf(files.get("recording.raw"));
    seen = JSON.parse(String(files.get("seen.json"))) as Seen;
  });

  test(`gives the recorder the master at ${TARGET_LUFS} LUFS within 0.1 LU, its true peak at most 0.05 dB over ${CEILING_DBTP} dBTP`, () => {
    expect(Math.abs((measureProgramme(recording).integratedLufs ?? 0) - TARGET_LUFS)).toBeLessThan(0.1);
    expect(Math.max(idealTruePeakDb(recording.left), idealTruePeakDb(recording.right))).toBeLessThan(CEILING_DBTP + 0.05);
  });

  test("gives the sound that the same chain makes of the programme in a file, to the frame where the box says", () => {
    const { latency } = seen.atEnd;
    expect(latency).toMatchObject({ deviceFrames: DEVICE_FRAMES, chainFrames: offline.chainFrames });
    const master = masterAsRecorded(recording, offline);
    // What is left is dither, which is other noise in each: TPDF of 24 bits is LSB / 2 (LSB = 2^-23), -144.5 dB, 3 dB more for the
    // two and some for its shape.
    expect(residualDb(recording, master, DEVICE_FRAMES)).toBeLessThan(-120);
    for (const wrong of [DEVICE_FRAMES - 1, DEVICE_FRAMES + 1]) expect(residualDb(recording, master, wrong)).toBeGreaterThan(-60);
  });

  test("measures that delay to the frame by an impulse through a cable, which has one of its own", () => {
    expect(seen.latency).toMatchObject({ loopFrames: DEVICE_FRAMES + CABLE_FRAMES, chainFrames: offline.chainFrames });
  });

  test(`loses no sound in ${SECONDS - 1} s after the first second, and leaves no garbage in the thread of sound`, () => {
    expect(seen.lates).toBe(0);
    expect(seen.atEnd.faults).toEqual(seen.afterFirstSecond.faults);
    expect(seen.atEnd.restarts).toBe(seen.afterFirstSecond.restarts);
    expect(seen.atEnd).toMatchObject({ reopens: 0, collections: 0, shedding: "none", refused: {}, isRelayHeld: true });
    expect(Object.values(seen.atEnd.faults).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
  });

  test("leaves half of the processor to others than its sound, and a third at rest while the code of the ears is still compiled", () => {
    const { passed, idle, ofProcess, ofSound } = seen.spent;
    const frames = (passed * RATE) / 1e9;
    const stage = "virtual box";
    expectGate({ stage, what: "load of a block, p99", measured: seen.atEnd.load.p99Percent, unit: "%", must: 50, stretch: 25 });
    expectGate({ stage, what: "thread of sound, instructions a frame", measured: ofSound / frames, unit: "", must: 10_000, stretch: 5000 });
    expectGate({ stage, what: "whole process, of 1000 MIPS", measured: (100 * ofProcess) / passed, unit: "%", must: 65, stretch: 50 });
    expectGate({ stage, what: "processor at rest", measured: (100 * idle) / passed, unit: "%", must: 33, atLeast: true });
  });

  test("serves the page and its meters beside the sound: the loudness of the recording within 0.1 LU", () => {
    expect(seen.page).toMatchObject({ status: 200, title: "Lacquer" });
    expect(Math.abs((seen.page.snapshot.integratedLufs ?? 0) - (measureProgramme(recording).integratedLufs ?? NaN))).toBeLessThan(0.1);
  });
});
