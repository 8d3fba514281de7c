import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import type { ControlLink } from "../../src/server/control-link.js";
import { JackBed } from "../support/jack-bed.js";
import { healthWhen, RunningBox } from "../support/running-box.js";

const WINDOWS = 3;
const WINDOW_MS = 1000;
const SETTLE_MS = 500;
/** A machine that is busy with other work makes xruns; a window with a restart tells nothing. */
const TRIES = 60;

interface Measured {
  readonly readings: readonly number[];
  readonly doubtful: number;
  readonly audio: AudioHealth;
}

/** What is measured in windows without a restart in them or shortly before. */
async function measure(bed: JackBed, link: ControlLink): Promise<Measured> {
  const health = async (): Promise<AudioHealth> => (await link.command("status", {})).audio;
  const readings: number[] = [];
  let doubtful = 0;
  let audio = await health();
  for (let attempt = 0, windows = 0; windows < WINDOWS; attempt++) {
    if (attempt === TRIES) throw new Error(`Not ${WINDOWS} windows of ${WINDOW_MS} ms without a restart in ${TRIES}.`);
    const { restarts } = await health();
    await setTimeout(SETTLE_MS);
    bed.readings.length = 0;
    bed.doubtful = 0;
    await setTimeout(WINDOW_MS);
    const window = { readings: [...bed.readings], doubtful: bed.doubtful };
    audio = await health();
    if (audio.restarts !== restarts || audio.state !== "running") continue;
    readings.push(...window.readings);
    doubtful += window.doubtful;
    windows++;
  }
  return { readings, doubtful, audio };
}

describe("the box between the output and the input of a sound server without hardware", () => {
  // The filters of the multiband compressor turn the phases by which jack_iodelay finds a delay; they delay nothing.
  it.each([
    ["the default chain", 64, 2, {}], ["the default chain", 64, 3, {}], ["the default chain", 128, 3, {}],
    ["saturation, which looks ahead", 64, 3, { "saturation.bypass": "off" }],
  ])("delays %s at 48 kHz, %i frames x %i, by the playback buffer and the chain's own delay, to the frame at each reading", async (_, periodFrames, periods, values) => {
    const bed = await JackBed.start(periodFrames);
    const { box, link } = await RunningBox.start({ device: "bed", periodFrames, periods, values, environment: bed.environment });
    try {
      await healthWhen(link, ({ state, framesOut }) => state === "running" && framesOut > 48000);
      const { readings, doubtful, audio } = await measure(bed, link);
      const frames = audio.latency.deviceFrames + audio.latency.chainFrames;
      console.log(`${periodFrames} x ${periods}: ${readings.length} readings from ${Math.min(...readings)} to ${Math.max(...readings)} frames, ${doubtful} doubtful; `
        + `the box says ${frames}; load p99 ${audio.load.p99Percent} %; ${audio.restarts} restarts`);
      expect(audio.latency.deviceFrames).toBe(periods * periodFrames);
      // Some readings a second.
      expect(readings.length).toBeGreaterThanOrEqual((WINDOWS * WINDOW_MS) / 1000);
      expect(new Set(readings.map(Math.round))).toEqual(new Set([frames]));
      expect(doubtful).toBe(0);
      if (periodFrames * periods <= 192) expect((1000 * frames) / 48000).toBeLessThan(6);
      expect(audio.collections).toBe(0);
      link.close();
      expect(await box.stop()).toBe(0);
    } finally {
      await box.stop();
      await bed.stop();
    }
  });

  it("waits while the server is gone, says so, and ends well when it is told to", async () => {
    const bed = await JackBed.start(64);
    const { box, link } = await RunningBox.start({ device: "bed", periodFrames: 64, periods: 3, environment: bed.environment });
    try {
      await healthWhen(link, ({ state }) => state === "running");
      await bed.breakDown();
      const { detail } = await healthWhen(link, ({ state }) => state === "waiting");
      expect(detail).not.toBe("");
      link.close();
      expect(await box.stop()).toBe(0);
    } finally {
      await box.stop();
      await bed.stop();
    }
  });
});
