import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Generator } from "../../hw/sim/generators.js";
import { BoxOnSim } from "../support/box-on-sim.js";
import { rmsDb } from "../support/measure.js";
import { recordedFrames } from "../support/recorded-frames.js";
import { temporaryFolder } from "../support/temp-folder.js";

const RATE_HZ = 48000;
const MOST_S = 120;

const folder = temporaryFolder();
let box: BoxOnSim;
afterEach(() => box.stop());

/** The left channel of what the simulated mixer sends, frame by frame from its start. */
function sentNoise(): Float32Array {
  const mixer = new Generator({ signal: "pink" });
  mixer.prepare(RATE_HZ);
  const period = new Float64Array(2 * RATE_HZ);
  const sent = new Float32Array(MOST_S * RATE_HZ);
  for (let second = 0; second < MOST_S; second++) {
    mixer.render(period, RATE_HZ);
    for (let k = 0; k < RATE_HZ; k++) sent[second * RATE_HZ + k] = period[2 * k] as number;
  }
  return sent;
}

/** Records a second of the box, a second of its hard bypass, and a second of the box again: once without an interruption, which a very busy machine may cause. */
async function record(): Promise<{ readonly heard: Float32Array; readonly bareFrame: number }> {
  for (let attempt = 1; ; attempt++) {
    const file = join(folder.path, `${attempt}.wav`);
    box = new BoxOnSim(join(folder.path, `${attempt}`), { simulation: { mixer: "pink", recorder: file } });
    box.spawn("box");
    const { audio: first } = await box.untilSound();
    await box.until(({ audio }) => audio.framesOut > first.framesOut + 2 * RATE_HZ);
    expect(await box.lacquer("bypass", "hard", "on")).toMatchObject({ code: 0 });
    const { audio: bare } = await box.until(({ audio }) => !audio.isRelayHeld);
    await box.until(({ audio }) => audio.framesOut > bare.framesOut + RATE_HZ);
    expect(await box.lacquer("bypass", "hard", "off")).toMatchObject({ code: 0 });
    const { audio: back } = await box.until(({ audio }) => audio.isRelayHeld);
    const { audio: last } = await box.until(({ audio }) => audio.framesOut > back.framesOut + 3 * RATE_HZ);
    await box.stop();
    const left = recordedFrames(file).filter((_, k) => k % 2 === 0);
    if (last.restarts === first.restarts) return { heard: left, bareFrame: bare.framesOut + RATE_HZ / 2 };
    expect(attempt).toBeLessThan(3);
  }
}

it("lets the recorder hear the mixer bit by bit while a person bypasses the box, and the box as before afterwards, silent where the relay switches", async () => {
  const [{ heard, bareFrame }, sent] = [await record(), sentNoise()];
  const run = heard.subarray(bareFrame, bareFrame + 8);
  const offset = sent.findIndex((sample, k) => sample === run[0] && run.every((other, n) => other === sent[k + n])) - bareFrame;
  let from = bareFrame;
  while (heard[from - 1] === sent[from - 1 + offset]) from--;
  let to = bareFrame;
  while (heard[to] === sent[to + offset]) to++;
  // What was heard of a second and more, with what the recorder lags behind the count of frames.
  expect(to - from).toBeGreaterThan(0.9 * RATE_HZ);
  expect(heard.subarray(from - 48, from).every((sample) => sample === 0)).toBe(true);
  expect(heard.subarray(to, to + 0.1 * RATE_HZ).every((sample) => sample === 0)).toBe(true);
  const level = (first: number): number => rmsDb(Float64Array.from(heard.subarray(first, first + RATE_HZ)));
  // A second of noise is as loud as another within some tenths.
  expect(Math.abs(level(to + RATE_HZ) - level(from - 1.2 * RATE_HZ))).toBeLessThan(1);
}, 180_000);
