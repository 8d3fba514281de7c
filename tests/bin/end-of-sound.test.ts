import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { BoxOnSim } from "../support/box-on-sim.js";
import { recordedFrames } from "../support/recorded-frames.js";
import { temporaryFolder } from "../support/temp-folder.js";

const RATE_HZ = 48000;
/** Longer than a turn of the sine, shorter than the fade. */
const WINDOW_FRAMES = RATE_HZ / 500;

const folder = temporaryFolder();
let box: BoxOnSim;
afterEach(() => box.stop());

/** Peak of each window of the left channel. */
function peaks(frames: Float32Array): number[] {
  const list: number[] = [];
  for (let at = 0; at + 2 * WINDOW_FRAMES <= frames.length; at += 2 * WINDOW_FRAMES) {
    let peak = 0;
    for (let i = 0; i < WINDOW_FRAMES; i++) peak = Math.max(peak, Math.abs(frames[at + 2 * i] as number));
    list.push(peak);
  }
  return list;
}

it.each(["SIGTERM", "SIGINT"] as const)("the recorder hears a fade that only falls, down to silence, when the box ends by %s, given twice", async (signal) => {
  const file = join(folder.path, `${signal}.wav`);
  box = new BoxOnSim(join(folder.path, signal), { simulation: { mixer: "sine", recorder: file } });
  box.spawn("box");
  const { audio: before } = await box.untilSound();
  await box.until(({ audio }) => audio.framesOut > before.framesOut + RATE_HZ);
  // An impatient second Ctrl-C comes while the box fades.
  setTimeout(() => box.child?.kill(signal), 30);
  expect(await box.stop(signal)).toMatchObject({ code: 0, signal: null });
  const list = peaks(recordedFrames(file));
  const level = Math.max(...list);
  const lastOver = (limit: number): number => list.reduce((last, peak, n) => (peak > limit ? n : last), -1);
  const [begin, end] = [lastOver(0.99 * level), lastOver(0)];
  expect(level).toBeGreaterThan(0.01);
  // The last sound is at the foot of the fade: whatever is cut off stops higher.
  expect(list[end]).toBeLessThan(0.1 * level);
  // 2 ms each.
  expect(end - begin).toBeGreaterThan(20);
  for (let n = begin + 1; n <= end; n++) expect(list[n], `window ${n - begin} of the fade`).toBeLessThanOrEqual(list[n - 1]!);
}, 60_000);
