import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "../../hw/linux/clock.js";
import { StreamAudio } from "../../hw/stream/stream-audio.js";
import { type AudioRequest } from "../../src/hal/audio.js";
import { JackBed } from "../support/jack-bed.js";

const PASS_THROUGH = fileURLToPath(new URL("../../dist/tests/bench/pass-through.js", import.meta.url));
const SECONDS = 10;
const TRIES = 5;
const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 1024, periods: 4, formats: ["S32_LE"] };

let bed: JackBed;

beforeEach(async () => {
  bed = await JackBed.start(64);
  // Set in place: threads are born with the environment of the process, not with an object that was put at process.env.
  for (const [name, value] of Object.entries(bed.environment)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await bed.stop();
});

/** Speaker needs a PCM named default, and does not open the sound server's own. */
function addDefault(): void {
  appendFileSync(join(bed.folder, "asoundrc"), 'pcm.default { type plug slave.pcm "bed" }\n');
}

it("passes sound through alsa-capture and speaker, 1024 frames x 4, in the playback buffer's 85 ms and at most 150 ms more", async () => {
  addDefault();
  const child = spawn(process.execPath, [PASS_THROUGH, "stream", "1024", "4", String(SECONDS)], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const delays = bed.readings.map((frames) => frames / 48).sort((a, b) => a - b);
  const medianMs = delays[Math.floor(delays.length / 2)] ?? NaN;
  console.log(`1024 x 4: ${delays.length} readings, ${delays[0]?.toFixed(1)} to ${delays.at(-1)?.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms; ${output}`);
  expect(medianMs).toBeGreaterThan((4 * 1024) / 48);
  expect(medianMs).toBeLessThan((4 * 1024) / 48 + 150);
});

it("answers with a fault when the sound server dies, and closes", async () => {
  addDefault();
  const device = new StreamAudio({}, systemClock());
  device.open(REQUEST);
  const block = { buffer: new SharedArrayBuffer(8192), address: 0, bytes: 8192 };
  let answer = -1;
  // On a machine that is busy with other work the child may not be up in time; the box starts it again as well.
  for (let attempt = 0; attempt < TRIES && answer < 0; attempt++) answer = device.start(block) < 0 ? -1 : device.read();
  expect(answer, device.detail).toBe(1024);
  await bed.breakDown();
  for (let n = 0; n < 100 && answer >= 0; n++) answer = device.read() < 0 ? -1 : device.write();
  expect(device.state).toBe("faulted");
  expect(device.start(block)).toBeLessThan(0);
  device.close();
  expect(() => device.open(REQUEST)).toThrow(expect.objectContaining({ name: "AudioError" }));
});

it("refuses to load speaker where there is no PCM named default, instead of dying of it", () => {
  const device = new StreamAudio({ captureDevice: "bed", playbackDevice: "bed" }, systemClock());
  expect(() => device.open(REQUEST)).toThrow(expect.objectContaining({ kind: "unsupported", message: expect.stringContaining("device named default") }));
});

it("refuses a format that the devices do not have, which alsa-capture would not notice", () => {
  addDefault();
  const device = new StreamAudio({ captureDevice: "bed" }, systemClock());
  expect(() => device.open({ ...REQUEST, formats: ["S16_LE"] })).toThrow(expect.objectContaining({ kind: "unsupported", message: expect.stringContaining("S16_LE") }));
});
