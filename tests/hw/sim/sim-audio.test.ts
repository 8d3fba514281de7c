import { beforeEach, describe, expect, it } from "vitest";
import { FaultPort } from "../../../hw/sim/fault-port.js";
import { Generator } from "../../../hw/sim/generators.js";
import type { MixerSource } from "../../../hw/sim/mixer-source.js";
import { SimAudio } from "../../../hw/sim/sim-audio.js";
import {
  type AudioError, BYTES_PER_SAMPLE, type AudioRequest, faultOf, PCM_FORMATS, POSITION_CAPTURED, POSITION_FIELDS, POSITION_PLAYED,
  POSITION_QUEUED, type SoundBlock,
} from "../../../src/hal/audio.js";
import { ManualTime } from "../../support/manual-time.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: PCM_FORMATS };
const PERIOD_MS = 64 / 48;

/** Counts frames: the left channel says which frame it is, so that every loss and repetition shows. */
class Ruler implements MixerSource {
  frame = 0;
  prepare(): void {
    this.frame = 0;
  }
  render(target: Float64Array, frames: number): void {
    for (let i = 0; i < frames; i++) {
      target[2 * i] = this.frame++ / 2 ** 20;
      target[2 * i + 1] = -0.5;
    }
  }
}

function block(bytes = 1024 * 8): SoundBlock {
  return { buffer: new SharedArrayBuffer(bytes + 64), address: 64, bytes };
}

let time: ManualTime;
let faults: FaultPort;
let device: SimAudio;
let sound: SoundBlock;
let samples: Float32Array;

function openWith(options: Partial<ConstructorParameters<typeof SimAudio>[0]> = {}, request: Partial<AudioRequest> = {}): void {
  device = new SimAudio({ clock: time, sleeper: time, mixer: new Ruler(), faults, ...options });
  device.open({ ...REQUEST, ...request });
  expect(device.start(sound)).toBe(0);
}

function loop(periods: number): void {
  for (let n = 0; n < periods; n++) {
    expect(device.read()).toBe(64);
    expect(device.write()).toBe(64);
  }
}

beforeEach(() => {
  time = new ManualTime();
  faults = new FaultPort();
  sound = block();
  samples = new Float32Array(sound.buffer, sound.address, 2048);
});

describe("the clock of the simulated board", () => {
  it("hands over 7500 periods in 10 s, to the frame", () => {
    openWith();
    const from = time.nowMs;
    loop(7500);
    expect(time.nowMs - from).toBeCloseTo(10_000, 4);
  });

  it("keeps 3 periods of delay: 192 frames queued at the start, 128 when a period was read, 192 when it was written", () => {
    openWith();
    const at = new Float64Array(POSITION_FIELDS);
    device.positions(at);
    expect([at[POSITION_CAPTURED], at[POSITION_PLAYED], at[POSITION_QUEUED]]).toEqual([0, 0, 192]);
    device.read();
    device.positions(at);
    expect([at[POSITION_CAPTURED], at[POSITION_PLAYED], at[POSITION_QUEUED]]).toEqual([64, 64, 128]);
    device.write();
    device.positions(at);
    expect(at[POSITION_QUEUED]).toBe(192);
  });

  it.each([2, 3, 4])("answers a write %i periods after the start with an underrun, and just before it with a period", (periods) => {
    for (const [lateMs, expected] of [[-0.01, "none"], [0.01, "underrun"]] as const) {
      openWith({}, { periods });
      device.read();
      time.nowMs += PERIOD_MS * (periods - 1) + lateMs;
      const answer = device.write();
      expect(answer < 0 ? faultOf(answer) : "none").toBe(expected);
    }
  });

  it("answers a read that comes when the capture buffer is full with an overrun", () => {
    openWith();
    loop(1);
    time.nowMs += 3 * PERIOD_MS + 0.01;
    expect(faultOf(device.read())).toBe("overrun");
    expect(device.state).toBe("faulted");
    expect(device.start(sound)).toBe(0);
    loop(3);
  });

  it("runs 0.5 % fast when its clock is told so: 2010 periods in the time of 2000", () => {
    openWith();
    faults.drift(0.5);
    loop(1);
    const from = time.nowMs;
    loop(2010);
    expect(time.nowMs - from).toBeCloseTo(2000 * PERIOD_MS, 3);
  });

  it("survives a stall of 15 ms without loss, and reports one of 100 ms after 20 ms", () => {
    openWith();
    loop(10);
    const from = time.nowMs;
    faults.stall(15);
    loop(10);
    expect(time.nowMs - from).toBeCloseTo(10 * PERIOD_MS + 15, 4);
    faults.stall(100);
    const stalledAt = time.nowMs;
    expect(faultOf(device.read())).toBe("stalled");
    expect(time.nowMs - stalledAt).toBeCloseTo(20, 4);
  });

  it("moves sound as fast as it is asked for when it is not paced", () => {
    openWith({ isPaced: false });
    const from = time.nowMs;
    loop(1000);
    expect(time.nowMs).toBe(from);
    const at = new Float64Array(POSITION_FIELDS);
    device.positions(at);
    expect([at[POSITION_CAPTURED], at[POSITION_QUEUED]]).toEqual([64_000, 192]);
  });
});

describe("the patch cable", () => {
  it.each([[16, 2], [64, 3], [128, 4], [1024, 2]])("delays by periods times frames, %i x %i, to the frame", (periodFrames, periods) => {
    faults.patch(true);
    openWith({}, { periodFrames, periods });
    let sentAt = -1;
    let cameAt = -1;
    for (let n = 0; n < 3 * periods; n++) {
      device.read();
      const at = samples.subarray(0, 2 * periodFrames).indexOf(0.75);
      if (at >= 0) cameAt = n * periodFrames + (at >> 1);
      samples.fill(0);
      if (n === 1) {
        samples[2 * 5] = 0.75;
        sentAt = n * periodFrames + 5;
      }
      device.write();
    }
    expect(cameAt - sentAt).toBe(periods * periodFrames);
  });
});

describe("the faults of the board", () => {
  it.each([
    ["overrun", "read", (port: FaultPort) => port.overrun()],
    ["suspended", "read", (port: FaultPort) => port.suspend()],
    ["shortTransfer", "read", (port: FaultPort) => port.shortRead()],
    ["underrun", "write", (port: FaultPort) => port.underrun()],
    ["shortTransfer", "write", (port: FaultPort) => port.shortWrite()],
  ] as const)("meets one %s in a %s and goes on after a start, with silence queued", (fault, call, cause) => {
    openWith();
    loop(5);
    cause(new FaultPort(faults.buffer));
    if (call === "write") device.read();
    expect(faultOf(device[call]())).toBe(fault);
    expect(device.state).toBe("faulted");
    expect(device.detail).not.toBe("");
    expect(device.start(sound)).toBe(0);
    const at = new Float64Array(POSITION_FIELDS);
    device.positions(at);
    expect(at[POSITION_QUEUED]).toBe(192);
    loop(5);
  });

  it("plays no sound of before a fault: the cable brings 3 periods of silence after a start", () => {
    faults.patch(true);
    openWith();
    for (let n = 0; n < 10; n++) {
      device.read();
      samples.fill(0.5);
      device.write();
    }
    faults.overrun();
    device.read();
    device.start(sound);
    for (let n = 0; n < 3; n++) {
      device.read();
      expect(samples.subarray(0, 128).every((x) => x === 0)).toBe(true);
      samples.fill(0.25);
      device.write();
    }
    device.read();
    expect(samples.subarray(0, 128).every((x) => x === 0.25)).toBe(true);
  });

  it("is disconnected while unplugged, missing when opened, and back when plugged in", () => {
    openWith();
    loop(2);
    faults.unplug();
    expect(faultOf(device.read())).toBe("disconnected");
    expect(faultOf(device.start(sound))).toBe("disconnected");
    device.close();
    expect(() => device.open(REQUEST)).toThrow(expect.objectContaining({ kind: "missing" } satisfies Partial<AudioError>));
    faults.replug();
    device.open(REQUEST);
    expect(device.start(sound)).toBe(0);
    loop(5);
  });

  it.each([["nan", NaN], ["infinity", Infinity], ["minusInfinity", -Infinity]] as const)("sends %s in 7 frames, once", (kind, value) => {
    openWith();
    faults.breakInput(kind, 7);
    device.read();
    expect([...samples.subarray(0, 128)].filter((x) => Object.is(x, value)).length).toBe(14);
    device.write();
    device.read();
    expect(samples.subarray(0, 128).every(Number.isFinite)).toBe(true);
  });

  it("adds a constant of 0.25 until told 0", () => {
    openWith({ mixer: new Generator({ signal: "silence" }) });
    faults.dc(0.25);
    loop(3);
    expect(samples.subarray(0, 128).every((x) => x === 0.25)).toBe(true);
    faults.dc(0);
    device.read();
    expect(samples.subarray(0, 128).every((x) => x === 0)).toBe(true);
  });
});

describe("the wire", () => {
  /** Frame 1000 of the ruler: 1000 / 2^20 left, -0.5 right, in steps of each format. */
  it.each([
    ["S32_LE", [0x00, 0x40, 0x1f, 0x00, 0x00, 0x00, 0x00, 0xc0]],
    ["S24_LE", [0x40, 0x1f, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xff]],
    ["S24_3LE", [0x40, 0x1f, 0x00, 0x00, 0x00, 0xc0]],
    ["S16_LE", [0x1f, 0x00, 0x00, 0xc0]],
    ["FLOAT_LE", [0x00, 0x00, 0x7a, 0x3a, 0x00, 0x00, 0x00, 0xbf]],
  ] as const)("carries a known frame in %s", (format, expected) => {
    openWith({ format });
    loop(16);
    const bytesPerFrame = 2 * BYTES_PER_SAMPLE[format];
    const frame = new Uint8Array(sound.buffer, sound.address + (1000 - 15 * 64) * bytesPerFrame, bytesPerFrame);
    expect([...frame]).toEqual([...expected]);
  });

  it("refuses what it does not offer, and a second opening", () => {
    const refusal = (request: Partial<AudioRequest>): string => {
      try {
        new SimAudio({ clock: time, mixer: new Ruler() }).open({ ...REQUEST, ...request });
      } catch (error) {
        return (error as AudioError).kind;
      }
      return "none";
    };
    expect(refusal({ formats: ["S32_LE"] })).toBe("unsupported");
    expect(refusal({ periodFrames: 8 })).toBe("unsupported");
    expect(refusal({ periods: 5 })).toBe("unsupported");
    expect(refusal({ sampleRateHz: 22050 })).toBe("unsupported");
    openWith();
    expect(() => device.open(REQUEST)).toThrow(expect.objectContaining({ kind: "busy" }));
  });
});

describe("the monitor output of the simulated board", () => {
  function recordBoth(wantsMonitor: boolean): { readonly hasMonitor: boolean; readonly recorded: readonly number[]; readonly heard: readonly number[] } {
    const [recorded, heard]: [number[], number[]] = [[], []];
    const into = (list: number[]) => ({
      open: () => false, close: () => undefined, rest: () => undefined,
      put: (period: Uint8Array) => list.push(...new Float32Array(period.buffer, period.byteOffset, period.byteLength / 4)),
    });
    device = new SimAudio({ clock: time, sleeper: time, mixer: new Ruler(), faults, recorder: into(recorded), monitor: into(heard) });
    const { hasMonitor } = device.open({ ...REQUEST, wantsMonitor });
    expect(device.start({ ...sound, monitorAddress: sound.address + 512 })).toBe(0);
    for (let n = 0; n < 20; n++) {
      expect(device.read()).toBe(64);
      samples.fill(0.25, 0, 128);
      samples.fill(-0.75, 128, 256);
      expect(device.write()).toBe(64);
    }
    device.close();
    return { hasMonitor, recorded, heard };
  }

  it("plays the period of the monitor beside that of the recorder, frame by frame, where it was wanted", () => {
    const { hasMonitor, recorded, heard } = recordBoth(true);
    expect(hasMonitor).toBe(true);
    expect(recorded).toHaveLength(2 * 64 * 20);
    // Three periods of silence are in the buffer at the start.
    expect(recorded).toEqual(recorded.map((_, k) => (k < 384 ? 0 : 0.25)));
    expect(heard).toEqual(recorded.map((_, k) => (k < 384 ? 0 : -0.75)));
  });

  it("is not there where it was not wanted", () => {
    const { hasMonitor, recorded, heard } = recordBoth(false);
    expect(hasMonitor).toBe(false);
    expect(recorded).toHaveLength(2 * 64 * 20);
    expect(heard).toEqual([]);
  });
});

describe("the relay in front of the recorder", () => {
  it("lets the recorder hear each period of the mixer bit by bit while it is not held, in the place of the one that was played", () => {
    const relay = { isHeld: false };
    const heard: number[] = [];
    openWith({
      relay,
      recorder: {
        open: () => false,
        close: () => undefined,
        rest: () => undefined,
        put: (period) => heard.push(...new Float32Array(period.buffer, period.byteOffset, period.byteLength / 4)),
      },
    });
    for (let n = 0; n < 60; n++) {
      relay.isHeld = n >= 20 && n < 40;
      expect(device.read()).toBe(64);
      samples.fill(0.25, 0, 128);
      expect(device.write()).toBe(64);
    }
    device.close();
    expect(heard).toHaveLength(2 * 60 * 64);
    heard.forEach((sample, k) => {
      const [frame, period] = [k >> 1, Math.floor(k / 128)];
      const input = k % 2 === 0 ? frame / 2 ** 20 : -0.5;
      expect(sample).toBe(period >= 20 && period < 40 ? 0.25 : input);
    });
  });
});
