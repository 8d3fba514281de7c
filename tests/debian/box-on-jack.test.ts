import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { JackBed } from "../support/jack-bed.js";
import { healthWhen, RunningBox } from "../support/running-box.js";

const SECONDS = 6;

describe("the box between the output and the input of a sound server without hardware", () => {
  // The filters of the multiband compressor turn the phases by which jack_iodelay finds a delay; they delay nothing.
  it.each([
    ["the default chain", {}], ["saturation, which looks ahead", { "saturation.bypass": "off" }],
  ])("delays at 48 kHz, 64 frames x 3, by the playback buffer and the chain's own delay, to the frame, and under 6 ms: %s", async (_, values) => {
    const bed = await JackBed.start(64);
    const { box, link } = await RunningBox.start({ device: "bed", periodFrames: 64, periods: 3, values, environment: bed.environment });
    try {
      await healthWhen(link, ({ state, framesOut }) => state === "running" && framesOut > 48000);
      bed.readings.length = 0;
      await setTimeout(1000 * SECONDS);
      const { audio } = await link.command("status", { count: true });
      const frames = audio.latency.deviceFrames + audio.latency.chainFrames;
      const median = [...bed.readings].sort((a, b) => a - b)[bed.readings.length >> 1] ?? NaN;
      console.log(`${bed.readings.length} readings, median ${median} frames; the box says ${frames}; load p99 ${audio.load.p99Percent} %; ${audio.restarts} restarts`);
      expect(audio.latency.deviceFrames).toBe(192);
      expect(Math.round(median)).toBe(frames);
      expect((1000 * frames) / 48000).toBeLessThan(6);
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
