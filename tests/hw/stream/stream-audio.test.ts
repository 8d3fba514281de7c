import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../hw/linux/clock.js";
import { StreamAudio } from "../../../hw/stream/stream-audio.js";
import type { ChildJob, StreamOptions } from "../../../hw/stream/stream-options.js";
import { type AudioRequest, BYTES_PER_SAMPLE, faultOf, POSITION_CAPTURED, POSITION_FIELDS, type SoundBlock } from "../../../src/hal/audio.js";
import { StandInStream } from "../../support/stand-in-stream.js";
import { until } from "../../support/until.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S24_LE", "S32_LE"] };
const PERIOD_BYTES = 64 * 8;

let stream: StandInStream;
let device: StreamAudio;
let block: SoundBlock;
/** The block: first the process that captured it, then the number of the period. */
let words: Int32Array;

/** Whether a process runs; one that only waits for its parent does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("the child process of the stream driver", () => {
  beforeEach(() => {
    stream = new StandInStream(REQUEST.periods);
    device = stream.device;
    block = { buffer: new SharedArrayBuffer(PERIOD_BYTES), address: 0, bytes: PERIOD_BYTES };
    words = new Int32Array(block.buffer);
  });
  afterEach(() => {
    stream.dispose();
  });

  function open(): void {
    device.open(REQUEST);
    expect(device.start(block), device.detail).toBe(0);
  }

  function loop(periods: number): void {
    for (let n = 0; n < periods; n++) {
      expect(device.read(), device.detail).toBe(64);
      expect(device.write(), device.detail).toBe(64);
    }
  }

  /** Serves the device until it answers with a fault. */
  function faultWithin(periods: number): string {
    for (let n = 0; n < periods; n++) {
      const read = device.read();
      if (read < 0) return faultOf(read);
      const written = device.write();
      if (written < 0) return faultOf(written);
    }
    return "none";
  }

  it.each([
    ["overrun", "overrun", /lost sound/],
    ["shortRead", "shortTransfer", /3 frames of 64/],
    ["readError", "other", /Input\/output error/],
    ["crash", "other", /SIGSEGV/],
    ["spin", "stalled", /no more sound/],
    ["speakerError", "other", /write\(\) failed/],
  ])("is killed at %s, told as %s, and a new one delivers sound of its own, none of before", (name, fault, reason) => {
    open();
    loop(10);
    const before = words[0]!;
    stream.order(name);
    expect(faultWithin(100)).toBe(fault);
    expect(device.detail).toMatch(reason);
    stream.takeBack(name);
    expect(device.start(block), device.detail).toBe(0);
    let last = -1;
    for (let n = 0; n < 20; n++) {
      expect(device.read()).toBe(64);
      expect(words[0]).not.toBe(before);
      if (n > 0) expect(words[1]).toBe(last + 1);
      last = words[1]!;
      device.write();
    }
    expect(() => process.kill(before, 0)).toThrow(/ESRCH/);
  });

  it("is told as disconnected when the device is gone, and opened again when it is back", () => {
    open();
    loop(5);
    stream.order("unplugged");
    expect(faultWithin(100)).toBe("disconnected");
    const child = words[0]!;
    device.close();
    expect(() => process.kill(child, 0)).toThrow(/ESRCH/);
    expect(() => device.open(REQUEST)).toThrow(/There is no sound device/);
    stream.takeBack("unplugged");
    open();
    loop(5);
  });

  it("is never started when loading the packages ends their process", () => {
    stream.order("abortAtLoad");
    expect(() => device.open(REQUEST)).toThrow(expect.objectContaining({ kind: "other", message: expect.stringMatching(/SIGABRT/) }));
    expect(device.state).toBe("closed");
  });

  it("is told as stalled when speaker takes nothing while sound comes in, before 200 KiB wait", () => {
    device.open(REQUEST);
    let fault = "";
    let periods = 0;
    // A machine that is busy for 60 ms loses sound that comes by its clock.
    for (let attempt = 0; attempt < 5 && fault !== "stalled"; attempt++) {
      stream.takeBack("full");
      stream.slowness = 10;
      expect(device.start(block), device.detail).toBe(0);
      stream.order("full");
      stream.slowness = 1000;
      for (periods = 0, fault = "none"; periods < 600 && fault === "none"; periods++) fault = faultWithin(1);
    }
    expect(fault).toBe("stalled");
    expect(device.detail).toMatch(/takes no more sound/);
    // The pipe and the standard input of the child hold 64 KiB each; then the 3 periods of the playback buffer wait.
    expect(periods * PERIOD_BYTES).toBeLessThan(200 * 1024);
  });

  it("ends when its parent is killed while speaker takes nothing", async () => {
    stream.order("full");
    const job: ChildJob = {
      ...StandInStream.packages as Required<StreamOptions>, captureDevice: "x", playbackDevice: "x", sampleRateHz: 48000, periodFrames: 64, format: "S32_LE",
    };
    const parent = spawn(process.execPath, [resolve("dist/tests/support/stream-parent.js"), JSON.stringify(job)], { stdio: ["ignore", "pipe", "inherit"] });
    const child = Number((await once(parent.stdout, "data"))[0]);
    const isFull = (): boolean => existsSync(join(stream.folder, "isFull"));
    await until(isFull);
    parent.kill("SIGKILL");
    await until(() => !isAlive(child));
  });

  it("answers a write that comes 3 periods late with an underrun", () => {
    open();
    loop(5);
    expect(device.read()).toBe(64);
    stream.order("rush");
    const positions = new Float64Array(POSITION_FIELDS);
    while (positions[POSITION_CAPTURED]! < (5 + 1 + 2) * 64) device.positions(positions);
    expect(faultOf(device.write())).toBe("underrun");
  });

  it.each(["S32_LE", "S24_3LE", "S16_LE", "FLOAT_LE"] as const)("hands speaker in %s the silence of the start and then each byte that was written", (format) => {
    device.open({ ...REQUEST, formats: [format] });
    const bytes = 2 * BYTES_PER_SAMPLE[format] * 64;
    const wire = new Uint8Array(block.buffer, 0, bytes);
    expect(device.start(block)).toBe(0);
    const written = Buffer.alloc(40 * bytes);
    for (let n = 0; n < 40; n++) {
      device.read();
      for (let i = 0; i < bytes; i++) wire[i] = 1 + ((i * 7 + n * 31) % 255);
      written.set(wire, n * bytes);
      device.write();
    }
    device.close();
    const played = readFileSync(join(stream.folder, "played.raw"));
    // A period that opens the device and 3 that fill the buffer. The stand-in captures in step with what is played: at most
    // those 3 are still on their way.
    expect(played.length).toBeGreaterThanOrEqual(41 * bytes);
    expect(played.subarray(0, 4 * bytes).every((byte) => byte === 0)).toBe(true);
    expect(played.subarray(4 * bytes).equals(written.subarray(0, played.length - 4 * bytes))).toBe(true);
  });

  it("is missing without its packages, and says how to get them; 24 bits in 4 bytes are unsupported", () => {
    const without = new StreamAudio({ ...StandInStream.packages, speakerPackage: "no-such-package" }, systemClock());
    expect(() => without.open(REQUEST)).toThrow(expect.objectContaining({ kind: "missing", message: expect.stringContaining("npm install no-such-package") }));
    expect(() => device.open({ ...REQUEST, formats: ["S24_LE"] })).toThrow(expect.objectContaining({ kind: "unsupported" }));
  });
});
