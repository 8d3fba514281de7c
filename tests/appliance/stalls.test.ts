import { beforeAll, describe, expect, test } from "vitest";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import { sine } from "../support/signals.js";
import { LIGHT_CHAIN } from "./support/light-chain.js";
import { runTask, whyNoMachine } from "./support/machine.js";
import { recordingOf, wireOf } from "./support/wire.js";

const RATE = 48000;
const SECONDS = 6;
const FREQ_HZ = 997;
const LEVEL_DBFS = -24;
/** The playback buffer of 64 frames x 4 lasts 5.3 ms. */
const WITHIN_MS = 3;
const BEYOND_MS = 8;
const TIMES = 3;
const MS_FRAMES = RATE / 1000;
/** The first second has the start of the mixer in it. */
const FIRST_FRAMES = RATE;

/** Runs of milliseconds whose loudest sample is below a tenth of the tone, as frames and how many. */
function gaps(channel: Float64Array): { readonly from: number; readonly ms: number }[] {
  const found: { from: number; ms: number }[] = [];
  const limit = 10 ** (LEVEL_DBFS / 20) / 10;
  for (let n = FIRST_FRAMES; n + MS_FRAMES <= channel.length; n += MS_FRAMES) {
    if (channel.subarray(n, n + MS_FRAMES).some((x) => Math.abs(x) > limit)) continue;
    const last = found.at(-1);
    if (last !== undefined && last.from + last.ms * MS_FRAMES === n) last.ms++;
    else found.push({ from: n, ms: 1 });
  }
  return found;
}

/** Phase of the tone in a tenth of a second from `from` on, against that of the programme, in rad. */
function phaseRad(channel: Float64Array, from: number): number {
  let [re, im] = [0, 0];
  for (let n = from; n < from + RATE / 10; n++) {
    re += channel[n]! * Math.sin((2 * Math.PI * FREQ_HZ * n) / RATE);
    im += channel[n]! * Math.cos((2 * Math.PI * FREQ_HZ * n) / RATE);
  }
  return Math.atan2(im, re);
}

describe.skipIf(whyNoMachine(100) !== undefined)("the box on an arm64 whose processor is held up", () => {
  let left: Float64Array;
  let seen: { readonly lates: number; readonly healths: readonly [AudioHealth, AudioHealth, AudioHealth] };

  beforeAll(async () => {
    const tone = sine(SECONDS * RATE, RATE, { freqHz: FREQ_HZ, levelDbfs: LEVEL_DBFS });
    const { exitCode, lines, files } = await runTask({
      script: `node $GUEST/held-up-programme.js ${SECONDS} ${WITHIN_MS} ${BEYOND_MS}`,
      files: { "/etc/lacquer/lacquer.json": JSON.stringify({ version: 1, audio: { periods: 4 }, start: { values: LIGHT_CHAIN } }), "/root/programme.raw": wireOf({ left: tone, right: tone }) },
    });
    expect(exitCode, `${lines.join("\n")}\n${files.get("box.log")?.toString()}`).toBe(0);
    left = recordingOf(files.get("recording.raw")).left;
    seen = JSON.parse(String(files.get("seen.json"))) as typeof seen;
    expect(seen.lates).toBe(0);
  });

  test(`loses nothing by ${TIMES} times ${WITHIN_MS} ms, which its buffer of 5.3 ms lasts over`, () => {
    const [before, within] = seen.healths;
    expect(within.faults).toEqual(before.faults);
    expect(within.restarts).toBe(before.restarts);
  });

  test(`tells of each of ${TIMES} times ${BEYOND_MS} ms as one xrun and one restart`, () => {
    const [, within, beyond] = seen.healths;
    const xruns = ({ faults }: AudioHealth): number => faults.overrun + faults.underrun;
    expect(xruns(beyond) - xruns(within)).toBe(TIMES);
    expect(beyond.restarts - within.restarts).toBe(TIMES);
    expect(beyond).toMatchObject({ state: "running", reopens: 0 });
  });

  test("is silent for at most 50 ms for each xrun, at no other time, and has its delay again after each", () => {
    const silences = gaps(left);
    expect(silences).toHaveLength(TIMES);
    for (const { ms } of silences) expect(ms).toBeLessThanOrEqual(50);
    const before = phaseRad(left, FIRST_FRAMES);
    // A frame more or less would turn the phase by 0.13 rad.
    for (const { from, ms } of silences) expect(Math.abs(phaseRad(left, from + (ms + 200) * MS_FRAMES) - before)).toBeLessThan(0.01);
  });
});
