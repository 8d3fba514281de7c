import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FaultPort } from "../../../hw/sim/fault-port.js";
import { Generator } from "../../../hw/sim/generators.js";
import { SimAudio } from "../../../hw/sim/sim-audio.js";
import { WavRecorder } from "../../../hw/sim/wav-recorder.js";
import { type AudioError, BYTES_PER_SAMPLE, type PcmFormat } from "../../../src/hal/audio.js";
import { ManualTime } from "../../support/manual-time.js";
import { temporaryFolder } from "../../support/temp-folder.js";
import { until } from "../../support/until.js";

const folder = temporaryFolder();
const PERIOD = 64;
const HEADER_BYTES = 44;

function record(path: string, format: PcmFormat, during: (device: SimAudio, wire: Uint8Array, time: ManualTime, faults: FaultPort) => void): void {
  const time = new ManualTime();
  const faults = new FaultPort();
  const recorder = new WavRecorder(path);
  const device = new SimAudio({ clock: time, sleeper: time, mixer: new Generator({ signal: "silence" }), recorder, format, faults });
  device.open({ sampleRateHz: 48000, periodFrames: PERIOD, periods: 3, formats: [format] });
  const bytes = 2 * BYTES_PER_SAMPLE[format] * PERIOD;
  const block = { buffer: new SharedArrayBuffer(bytes), address: 0, bytes };
  device.start(block);
  during(device, new Uint8Array(block.buffer), time, faults);
  device.close();
  expect(recorder.lostFrames).toBe(0);
}

/** Any bytes but 0, another pattern for each period. */
function pattern(wire: Uint8Array, period: number): void {
  for (let i = 0; i < wire.length; i++) wire[i] = 1 + ((i * 7 + period * 31) % 255);
}

it.each(["S32_LE", "S24_3LE", "S16_LE", "FLOAT_LE"] as const)("records in %s the 3 silent periods of the start and then each byte that was played", (format) => {
  const path = join(folder.path, `${format}.wav`);
  const written: number[] = [];
  record(path, format, (device, wire) => {
    for (let n = 0; n < 100; n++) {
      device.read();
      pattern(wire, n);
      // The last 3 periods are still in the playback buffer when the device is closed.
      if (n < 97) written.push(...wire);
      device.write();
    }
  });
  const file = readFileSync(path);
  const periodBytes = 2 * BYTES_PER_SAMPLE[format] * PERIOD;
  expect(file.readUInt32LE(40)).toBe(100 * periodBytes);
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect(file.readUInt16LE(20)).toBe(format === "FLOAT_LE" ? 3 : 1);
  expect(file.readUInt16LE(34)).toBe(8 * BYTES_PER_SAMPLE[format]);
  const sound = file.subarray(HEADER_BYTES);
  expect(sound.subarray(0, 3 * periodBytes).every((byte) => byte === 0)).toBe(true);
  expect(sound.subarray(3 * periodBytes).equals(Buffer.from(written))).toBe(true);
});

it("packs the 24 bits of S24_LE into 3 bytes", () => {
  const path = join(folder.path, "packed.wav");
  record(path, "S24_LE", (device, wire) => {
    for (let n = 0; n < 5; n++) {
      device.read();
      pattern(wire, 0);
      device.write();
    }
  });
  const file = readFileSync(path);
  expect(file.readUInt16LE(34)).toBe(24);
  const first = file.subarray(HEADER_BYTES + 3 * PERIOD * 6);
  expect([...first.subarray(0, 6)]).toEqual([0, 1, 2, 4, 5, 6].map((i) => 1 + i * 7));
});

function playTenPeriods(device: SimAudio, wire: Uint8Array, value: number): void {
  for (let n = 0; n < 10; n++) {
    device.read();
    wire.fill(value);
    device.write();
  }
}

it("records silence for the 50 ms between a fault and the start after it, and nothing of what was queued", () => {
  const path = join(folder.path, "gap.wav");
  record(path, "S16_LE", (device, wire, time, faults) => {
    playTenPeriods(device, wire, 1);
    faults.overrun();
    device.read();
    time.nowMs += 50;
    device.start({ buffer: wire.buffer as SharedArrayBuffer, address: 0, bytes: wire.length });
    playTenPeriods(device, wire, 2);
  });
  const file = readFileSync(path);
  const values = [...new Uint16Array(file.buffer, file.byteOffset + HEADER_BYTES, (file.length - HEADER_BYTES) >> 1)].filter((_, i) => i % 2 === 0);
  const frames = (from: number, value: number): number => {
    const end = values.slice(from).findIndex((x) => x !== value);
    return end < 0 ? values.length - from : end;
  };
  const silence = frames(0, 0);
  const before = frames(silence, 0x0101);
  const gap = frames(silence + before, 0);
  const after = frames(silence + before + gap, 0x0202);
  // Ten periods were read: 7 of the 10 written were played. Then 50 ms of nothing, to a frame, and the 3 silent periods of the start.
  expect([silence, before, after]).toEqual([3 * PERIOD, 7 * PERIOD, 7 * PERIOD]);
  expect(Math.abs(gap - (2400 + 3 * PERIOD))).toBeLessThanOrEqual(1);
});

it("goes on with the recording after a replug, with silence for the 2 s without the board", () => {
  const path = join(folder.path, "replug.wav");
  record(path, "S16_LE", (device, wire, time, faults) => {
    playTenPeriods(device, wire, 1);
    faults.unplug();
    expect(device.read()).toBeLessThan(0);
    device.close();
    time.nowMs += 2000;
    faults.replug();
    device.open({ sampleRateHz: 48000, periodFrames: PERIOD, periods: 3, formats: ["S16_LE"] });
    device.start({ buffer: wire.buffer as SharedArrayBuffer, address: 0, bytes: wire.length });
    playTenPeriods(device, wire, 2);
  });
  const file = readFileSync(path);
  expect(file.readUInt32LE(40)).toBe(file.length - HEADER_BYTES);
  const values = new Uint16Array(file.buffer, file.byteOffset + HEADER_BYTES, (file.length - HEADER_BYTES) >> 1).filter((_, i) => i % 2 === 0);
  const before = values.indexOf(0x0101);
  const after = values.indexOf(0x0202);
  const gap = values.lastIndexOf(0x0101) + 1;
  // 7 of the 10 periods written were played; then 2 s of nothing, to a frame, and the 3 silent periods of the start.
  expect([before, gap - before, values.length - after]).toEqual([3 * PERIOD, 7 * PERIOD, 7 * PERIOD]);
  expect(Math.abs(after - gap - (96_000 + 3 * PERIOD))).toBeLessThanOrEqual(1);
  expect(values.subarray(gap, after).every((value) => value === 0)).toBe(true);
});

it("writes to its own file alone when it is closed before the disk is done, and is busy until then", async () => {
  const path = join(folder.path, "slow.wav");
  const other = join(folder.path, "other");
  const recorder = new WavRecorder(path, 0);
  const format = { device: "x", sampleRateHz: 48000, periodFrames: PERIOD, periods: 3, format: "S16_LE", isLinked: true, isPaced: true, hasMonitor: false } as const;
  expect(recorder.open(format)).toBe(false);
  for (let n = 0; n < 100; n++) recorder.put(new Uint8Array(4 * PERIOD).fill(1 + n));
  recorder.close();
  // Takes the number of a file that was closed.
  const file = openSync(other, "w");
  expect(() => recorder.open(format)).toThrow(expect.objectContaining({ kind: "busy" }));
  const bytes = HEADER_BYTES + 100 * 4 * PERIOD;
  await until(() => readFileSync(path).length === bytes && readFileSync(path).readUInt32LE(40) === bytes - HEADER_BYTES);
  closeSync(file);
  expect(readFileSync(other).length).toBe(0);
});

it("leaves a valid file when its process is killed", async () => {
  const path = join(folder.path, "killed.wav");
  const script = `
    const { createAudio } = await import("${process.cwd()}/dist/hw/boards/audio.js");
    const { systemClock } = await import("${process.cwd()}/dist/hw/linux/clock.js");
    const device = createAudio({ driver: "sim", recorderPath: ${JSON.stringify(path)} }, systemClock());
    device.open({ sampleRateHz: 48000, periodFrames: 256, periods: 4, formats: ["FLOAT_LE"] });
    const block = { buffer: new SharedArrayBuffer(2048), address: 0, bytes: 2048 };
    device.start(block);
    // Ends by itself where nobody ends it.
    const end = performance.now() + 60_000;
    while (performance.now() < end) if (device.read() < 0 || device.write() < 0) device.start(block);`;
  const program = join(folder.path, "record.mjs");
  writeFileSync(program, script);
  const child = spawn(process.execPath, [program]);
  try {
    const size = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    await until(() => size() >= 200_000 || child.exitCode !== null, 60);
  } finally {
    child.kill("SIGKILL");
  }
  await once(child, "close");
  const file = readFileSync(path);
  expect(file.toString("latin1", 0, 4)).toBe("RIFF");
  expect(file.readUInt32LE(40)).toBeGreaterThan(0);
  expect(file.readUInt32LE(40)).toBeLessThanOrEqual(file.length - HEADER_BYTES);
});

it("refuses a path that cannot be written, by name", () => {
  const recorder = new WavRecorder(join(folder.path, "none/such.wav"));
  const format = { device: "x", sampleRateHz: 48000, periodFrames: 64, periods: 3, format: "S16_LE", isLinked: true, isPaced: true, hasMonitor: false } as const;
  expect(() => recorder.open(format)).toThrow(expect.objectContaining({ kind: "other", message: expect.stringContaining("none/such.wav") } satisfies Partial<AudioError>));
});
