import { expect, it } from "vitest";
import { SimAudio } from "../../hw/sim/sim-audio.js";
import { SimRelay } from "../../hw/sim/sim-relay.js";
import { AudioLoop } from "../../src/engine/audio-loop.js";
import { chainMemory } from "../../src/engine/chain.js";
import { BYPASS, BYPASS_WANTED, ControlBlock, GATE, STOP } from "../../src/engine/control-block.js";
import { DeviceChain } from "../../src/engine/device-chain.js";
import { ManualTime } from "../support/manual-time.js";
import { rmsDb } from "../support/measure.js";
import { sine } from "../support/signals.js";

const RATE = 48000;
const PERIOD = 64;
const PERIODS = 3;
const FRAMES = 96_000;
const ON_FRAME = 38_400;
const OFF_FRAME = 62_400;
const TONE = { freqHz: 997, levelDbfs: -12 };
/** The largest step from a frame to the next of the tone. */
const TONE_STEP = 10 ** (TONE.levelDbfs / 20) * 2 * Math.sin((Math.PI * TONE.freqHz) / RATE);

/** Two seconds of a tone through the real loop, chain and relay on the simulated card, in made-up time, bypassed by hand for the third half second. */
function play(): { readonly sent: Float64Array; readonly heard: Float64Array } {
  const sent = Float64Array.from(sine(FRAMES + RATE, RATE, TONE), Math.fround);
  const heard: number[] = [];
  const time = new ManualTime();
  const relay = new SimRelay(time);
  const control = new ControlBlock();
  control.words[GATE] = 1;
  let frame = 0;
  const device = new SimAudio({
    clock: time, sleeper: time, relay,
    mixer: {
      prepare: () => undefined,
      render: (target, frames) => {
        for (let k = 0; k < frames; k++, frame++) target[2 * k] = target[2 * k + 1] = sent[frame] as number;
        control.words[BYPASS] = frame >= ON_FRAME && frame < OFF_FRAME ? BYPASS_WANTED : 0;
        if (frame >= FRAMES) control.words[STOP] = 1;
      },
    },
    recorder: {
      open: () => false,
      close: () => undefined,
      rest: () => undefined,
      put: (period) => {
        const samples = new Float32Array(period.buffer, period.byteOffset, period.byteLength / 4);
        for (let k = 0; k < samples.length; k += 2) heard.push(samples[k] as number);
      },
    },
  });
  new AudioLoop({
    device, control, clock: time, relay, realTime: { raisePriority: () => undefined, lockMemory: () => undefined },
    request: { sampleRateHz: RATE, periodFrames: PERIOD, periods: PERIODS, formats: ["FLOAT_LE"] },
    createChain: (format) => new DeviceChain(format, { memory: chainMemory(), tapFrames: 0, values: [["dither.bypass", 1]] }),
  }).run();
  return { sent, heard: Float64Array.from(heard) };
}

const { sent, heard } = play();
const isBare = (frame: number): boolean => heard[frame] === sent[frame];
/** The bare stretch of the bypass, around its middle. */
const middle = (ON_FRAME + OFF_FRAME) / 2;
let bareFrom = middle;
while (isBare(bareFrom - 1)) bareFrom--;
let bareTo = middle;
while (isBare(bareTo)) bareTo++;
const largestStep = (from: number, to: number): number =>
  heard.slice(from, to).reduce((most, sample, k) => Math.max(most, Math.abs(sample - (heard[from + k - 1] as number))), 0);

it("passes the mixer's sound bit by bit from 35 ms after a person's bypass until 10 ms after its end", () => {
  expect(bareFrom).toBeLessThan(ON_FRAME + 0.035 * RATE);
  expect(bareTo).toBeGreaterThan(OFF_FRAME - PERIOD);
  expect(bareTo).toBeLessThan(OFF_FRAME + 0.01 * RATE);
});

it("has the box silent to the last bit where the relay switches, 1 ms before and 100 ms after", () => {
  // A relay cannot fade: what it switches to begins where it is, and only the box's own side can be silent.
  expect(heard.slice(bareFrom - 48, bareFrom).every((sample) => sample === 0)).toBe(true);
  expect(heard.slice(bareTo, bareTo + 0.1 * RATE).every((sample) => sample === 0)).toBe(true);
});

it("makes no step beside those of the relay that the tone itself does not make", () => {
  expect(largestStep(ON_FRAME - 4800, bareFrom)).toBeLessThan(1.01 * TONE_STEP);
  expect(largestStep(bareTo + 1, bareTo + 9600)).toBeLessThan(1.01 * TONE_STEP);
});

it("brings the level of before back within 0.02 dB", () => {
  const before = rmsDb(heard.slice(ON_FRAME - 4800, ON_FRAME));
  // Of windows that hold no whole number of turns.
  expect(Math.abs(rmsDb(heard.slice(bareTo + 9600, bareTo + 14_400)) - before)).toBeLessThan(0.02);
});
