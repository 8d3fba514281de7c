import { describe, expect, it } from "vitest";
import { FaultPort } from "../../hw/sim/fault-port.js";
import { SimAudio } from "../../hw/sim/sim-audio.js";
import { AudioLoop } from "../../src/engine/audio-loop.js";
import { chainMemory } from "../../src/engine/chain.js";
import { ControlBlock, GATE, STOP } from "../../src/engine/control-block.js";
import { DeviceChain } from "../../src/engine/device-chain.js";
import { ManualTime } from "../support/manual-time.js";
import { RecordedRelay } from "../support/recorded-chain.js";
import { whiteNoise } from "../support/signals.js";

const RATE = 48000;
const PERIOD = 64;
const PERIODS = 3;
const FRAMES = 48000;
const FAULT_FRAME = 28_800;
/** Sound is to be back after an xrun within 50 ms. */
const BACK_FRAMES = 2400;
/** Every stage off but the limiter, which is far from its ceiling: what comes in goes out, delayed. */
const STRAIGHT = [
  ["input.dcBlock", 0], ["filters.bypass", 1], ["eq.bypass", 1], ["compressor.bypass", 1], ["multiband.bypass", 1], ["imager.bypass", 1],
  ["saturation.bypass", 1], ["loudness.bypass", 1], ["dither.bypass", 1],
] as const;
/** 24 bits of single precision. */
const EXACT = 1e-7;

interface Played {
  /** What the mixer would have sent at each frame of the device's time since its start. */
  readonly sent: Float64Array;
  /** What the recorder heard at each. */
  readonly heard: Float64Array;
  readonly chainFrames: number;
}

/** A second of noise through the real loop and chain on the simulated card, in made-up time, with a fault in the middle. */
function play(breakDevice: (faults: FaultPort) => void): Played {
  const sent = whiteNoise(2 * FRAMES, -30, 3);
  const heard: number[] = [];
  const time = new ManualTime();
  const faults = new FaultPort();
  const control = new ControlBlock();
  control.words[GATE] = 1;
  let startMs: number | undefined;
  let isBroken = false;
  const device = new SimAudio({
    clock: time, sleeper: time, faults,
    mixer: {
      prepare: () => undefined,
      render: (target, frames) => {
        startMs ??= time.nowMs - (1000 * frames) / RATE;
        // The period that has just come in whole.
        const first = Math.round(((time.nowMs - startMs) * RATE) / 1000) - frames;
        for (let k = 0; k < frames; k++) target[2 * k] = target[2 * k + 1] = sent[first + k] as number;
        if (first >= FAULT_FRAME && !isBroken) {
          isBroken = true;
          breakDevice(faults);
        }
        if (first >= FRAMES) control.words[STOP] = 1;
      },
    },
    recorder: {
      open: () => false,
      close: () => undefined,
      put: (period) => {
        const samples = new Float32Array(period.buffer, period.byteOffset, period.byteLength / 4);
        for (let k = 0; k < samples.length; k += 2) heard.push(samples[k] as number);
      },
      rest: (frames) => heard.push(...new Array<number>(frames).fill(0)),
    },
  });
  let chain: DeviceChain | undefined;
  new AudioLoop({
    device, control, clock: time, relay: new RecordedRelay(false), realTime: { raisePriority: () => undefined, lockMemory: () => undefined },
    request: { sampleRateHz: RATE, periodFrames: PERIOD, periods: PERIODS, formats: ["FLOAT_LE"] },
    createChain: (format) => (chain = new DeviceChain(format, { memory: chainMemory(), tapFrames: 0, values: STRAIGHT })),
  }).run();
  return { sent, heard: Float64Array.from(heard), chainFrames: chain?.latencyFrames ?? 0 };
}

/** Gain of what is heard over what was sent so many frames before; null where that was too small to tell. */
function gains({ sent, heard, chainFrames }: Played): (number | null)[] {
  const delay = PERIODS * PERIOD + chainFrames;
  return Array.from(heard, (sample, frame) => {
    const source = sent[frame - delay] ?? 0;
    if (Math.abs(source) < 1e-3) return null;
    return Math.abs(sample) < EXACT ? 0 : sample / source;
  });
}

describe("the sound that the recorder hears around a fault", () => {
  for (const [id, what, breakDevice] of [
    ["F01", "an overrun", (faults) => faults.overrun()],
    ["F02", "an underrun", (faults) => faults.underrun()],
    ["F03", "three overruns in a row", (faults) => faults.overrun(3)],
    ["F07", "a suspension", (faults) => faults.suspend()],
    ["F09", "a short read", (faults) => faults.shortRead()],
    ["F09", "a short write", (faults) => faults.shortWrite()],
  ] as const satisfies readonly (readonly [string, string, (faults: FaultPort) => void])[]) {
    it(`is what came in, sample for sample and ${PERIODS * PERIOD} frames and the chain's delay late, before and 50 ms after ${what} (${id})`, () => {
      const played = play(breakDevice);
      const gain = gains(played);
      const isExact = (value: number | null): boolean => value === null || Math.abs(value - 1) < 1e-3;
      const lastGood = gain.findIndex((value, frame) => frame > FAULT_FRAME - 2 * PERIOD && !isExact(value)) - 1;
      const backAt = gain.reduce<number>((last, value, frame) => (isExact(value) ? last : frame), 0) + 1;
      const rampMs = 400;
      // Good from the end of the first ramp up to the fault, and to the end after it.
      expect(gain.slice((rampMs + 10) * 48, lastGood + 1).every(isExact)).toBe(true);
      expect(lastGood).toBeGreaterThan(FAULT_FRAME - PERIOD);
      expect(backAt - lastGood).toBeLessThan(BACK_FRAMES);
      expect(gain.length - backAt).toBeGreaterThan(FRAMES - FAULT_FRAME - 2 * BACK_FRAMES);
    });

    it(`is silent after ${what} (${id}), and rises over 20 ms without a step; nothing of before is heard again`, () => {
      const gain = gains(play(breakDevice));
      const faultAt = gain.findIndex((value, frame) => frame > FAULT_FRAME - 2 * PERIOD && value === 0);
      const riseAt = gain.findIndex((value, frame) => frame > faultAt && value !== null && value > 0);
      expect(gain.slice(faultAt, riseAt).every((value) => value === null || value === 0)).toBe(true);
      const rise = gain.slice(riseAt, riseAt + 960).filter((value) => value !== null);
      // Old sound, or sound late by another time, would give any gain: of another sign, or over 1.
      expect(Math.min(...rise)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...rise)).toBeLessThan(1.001);
      expect(rise[0]).toBeLessThan(0.01);
      for (let k = 1; k < rise.length; k++) {
        const step = (rise[k] as number) - (rise[k - 1] as number);
        // 960 frames of a smoother step: 1.875 / 960 a frame at its steepest, and up to some frames lie between two readings.
        expect(step).toBeGreaterThan(-1e-3);
        expect(step).toBeLessThan(0.05);
      }
    });
  }
});
