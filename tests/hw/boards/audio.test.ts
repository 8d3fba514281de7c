import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { createAudio, type AudioDescription, type MixerDescription } from "../../../hw/boards/audio.js";
import { FaultPort } from "../../../hw/sim/fault-port.js";
import { faultOf, PCM_FORMATS, type AudioRequest } from "../../../src/hal/audio.js";
import { ManualTime } from "../../support/manual-time.js";
import { rmsDb } from "../../support/measure.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: PCM_FORMATS };

/** Root mean square of a second at the input of the described board, as fast as it goes. */
function levelDb(mixer: MixerDescription): number {
  const description = structuredClone({ driver: "sim", mixer, isPaced: false } satisfies AudioDescription);
  const device = createAudio(description, new ManualTime());
  device.open(REQUEST);
  const block = { buffer: new SharedArrayBuffer(512), address: 0, bytes: 512 };
  device.start(block);
  const sound = new Float64Array(750 * 128);
  for (let n = 0; n < 750; n++) {
    device.read();
    sound.set(new Float32Array(block.buffer), n * 128);
    device.write();
  }
  return rmsDb(sound);
}

it("makes each mixer of the simulated board from plain values, at its level within 0.5 dB", () => {
  const samples = new SharedArrayBuffer(16);
  new Float32Array(samples).fill(0.5);
  expect(levelDb({ kind: "generator", options: { signal: "silence" } })).toBeLessThan(-1000);
  // A sine's root mean square is 3.01 dB under its peak.
  expect(levelDb({ kind: "generator", options: { signal: "sine", levelDb: -20 } })).toBeCloseTo(-23.01, 1);
  expect(Math.abs(levelDb({ kind: "generator", options: { signal: "pink", levelDb: -20 } }) + 20)).toBeLessThan(0.5);
  expect(levelDb({ kind: "sound", sound: { samples, sampleRateHz: 48000, name: "a constant" } })).toBeCloseTo(-6.02, 2);
  expect(levelDb({ kind: "programme" })).toBeGreaterThan(-50);
});

it("leaves the fault port in the hands of the one who described the board", () => {
  const faults = new FaultPort();
  const device = createAudio({ driver: "sim", isPaced: false, faults: faults.buffer }, new ManualTime());
  device.open(REQUEST);
  device.start({ buffer: new SharedArrayBuffer(512), address: 0, bytes: 512 });
  faults.unplug();
  expect(faultOf(device.read())).toBe("disconnected");
});

it("loads no native code for a board that needs none", () => {
  const script = `
    const { createAudio } = await import(${JSON.stringify(resolve("dist/hw/boards/audio.js"))});
    const clock = { read: (into, index) => { into[index] = performance.now(); } };
    for (const driver of ["sim", "alsa", "stream"]) createAudio({ driver }, clock);
    console.log(JSON.stringify(process.report.getReport().sharedObjects.filter((path) => /\\.node$|asound/.test(path))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual([]);
});
