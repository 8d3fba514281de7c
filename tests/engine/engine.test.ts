import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { AudioDescription } from "../../hw/boards/audio.js";
import { FaultPort } from "../../hw/sim/fault-port.js";
import { Engine } from "../../src/engine/engine.js";
import { STATE } from "../../src/engine/control-block.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { SOUND_STATES } from "../../src/hal/audio-health.js";
import { until } from "../support/until.js";

const THREAD = new URL("../../dist/src/bin/audio-thread.js", import.meta.url);
const FAILING_STAGE = new URL("../../dist/tests/support/failing-stage-thread.js", import.meta.url);
/** Long enough for the busiest test machine. */
const PERIOD = 1024;
const PERIODS = 4;
const REQUEST = { sampleRateHz: 48000, periodFrames: PERIOD, periods: PERIODS, formats: ["FLOAT_LE"] } as const;

/** A thread that is no audio thread: runs `source` with `words`, the words of the control block. */
function oddThread(source: string): URL {
  const head = "import { workerData } from 'node:worker_threads'; const words = new Int32Array(workerData.control);";
  return new URL(`data:text/javascript,${encodeURIComponent(head + source)}`);
}

describe("Engine", () => {
  const faults = new FaultPort();
  let engine: Engine | undefined;

  async function start(device: Partial<AudioDescription> | { driver: "none" } = {}, threadUrl = THREAD): Promise<Engine> {
    const sim = { driver: "sim", mixer: { kind: "generator", options: { signal: "sine", levelDb: -18 } }, faults: faults.buffer, ...device };
    engine = await Engine.start({ threadUrl, device: sim, request: REQUEST, values: [["loudness.driveDb", 0]], tapSeconds: 2 });
    return engine;
  }

  afterEach(async () => {
    faults.replug();
    faults.patch(false);
    await engine?.stop();
    engine = undefined;
  });

  it("moves sound: frames advance, records come, and nothing is wrong", async () => {
    const box = await start();
    await until(() => box.health().framesOut > 48000);
    const { state, detail, format, latency, load, faults: met } = box.health();
    expect([state, detail, met.other, met.disconnected]).toEqual(["running", "", 0, 0]);
    expect(format).toMatchObject({ sampleRateHz: 48000, periodFrames: PERIOD, periods: PERIODS, format: "FLOAT_LE" });
    expect(latency.deviceFrames).toBe(PERIOD * PERIODS);
    expect(latency.totalMs).toBeCloseTo((PERIOD * PERIODS + latency.chainFrames) / 48, 9);
    expect(load.p99Percent).toBeGreaterThan(0);
    expect(box.isAlive()).toBe(true);
    let peak = 0;
    box.takeRecords((record) => {
      peak = Math.max(peak, ...readMeterRecord(record).input.samplePeaks);
    });
    // -18 dBFS is 0.126.
    expect(peak).toBeCloseTo(0.126, 3);
  });

  it("glides to values that are set, and refuses all of a set with a wrong one", async () => {
    const box = await start();
    let last = 0;
    const level = (): number => {
      box.takeRecords((record) => {
        last = readMeterRecord(record).input.samplePeaks[0];
      });
      return last;
    };
    await until(() => Math.abs(level() - 0.126) < 0.002);
    box.set([["input.trimDb", 6]]);
    await until(() => Math.abs(level() - 0.251) < 0.003);
    expect(() => box.set([["input.trimDb", 0], ["input.trimDb", NaN]])).toThrow(/input\.trimDb is NaN; allowed/);
    expect(() => box.set([["no.such", 0]])).toThrow("There is no parameter no.such.");
    await delay(200);
    expect(level()).toBeCloseTo(0.251, 2);
  });

  it(`measures ${PERIODS * PERIOD} frames, the playback buffer, through a cable from the output to the input, at 0 dB`, async () => {
    const box = await start();
    faults.patch(true);
    const { loopFrames, chainFrames, totalFrames, totalMs, returnDb } = await box.measureLatency();
    expect(loopFrames).toBe(PERIOD * PERIODS);
    expect(totalFrames).toBe(loopFrames + chainFrames);
    expect(totalMs).toBeCloseTo(totalFrames / 48, 9);
    expect(returnDb).toBeCloseTo(0, 3);
  });

  it("says what to do when no impulse comes back, or other sound does, and when it measures already", async () => {
    const box = await start({ mixer: { kind: "generator", options: { signal: "impulse", levelDb: -80 } } });
    await expect(box.measureLatency()).rejects.toThrow(/No impulse came back: connect a cable from the output to the input/);
    const noisy = box.measureLatency();
    await expect(box.measureLatency()).rejects.toThrow(/under way/);
    await noisy.catch(() => undefined);
  });

  it("waits for a device that is unplugged, sees it come back, and gives the chain what was set meanwhile", async () => {
    faults.unplug();
    const box = await start();
    expect(box.health()).toMatchObject({ state: "waiting", format: null, framesIn: 0 });
    expect(box.health().detail).toMatch(/unplugged/);
    await expect(box.measureLatency()).rejects.toThrow(/No sound flows/);
    expect(box.createTapReader()).toBeNull();
    box.set([["input.trimDb", 6]]);
    faults.replug();
    await until(() => box.health().state === "running");
    let peak = 0;
    await until(() => {
      box.takeRecords((record) => {
        peak = readMeterRecord(record).input.samplePeaks[0];
      });
      return Math.abs(peak - 0.251) < 0.003;
    });
  });

  it("takes the sound up again after the plug was pulled: one fault, one opening, the same latency", async () => {
    const box = await start();
    await until(() => box.health().framesOut > 10_000);
    faults.unplug();
    await until(() => box.health().state === "waiting");
    expect(box.health().faults.disconnected).toBe(1);
    expect(box.isAlive()).toBe(true);
    const before = box.health().framesOut;
    faults.replug();
    await until(() => box.health().framesOut > before + 10_000);
    expect(box.health().reopens).toBe(1);
    faults.patch(true);
    expect((await box.measureLatency()).loopFrames).toBe(PERIOD * PERIODS);
  });

  it("fades to silence and back, and stops without a death", async () => {
    const box = await start();
    let deaths = 0;
    box.on("death", () => deaths++);
    await until(() => box.health().framesOut > 48000);
    await box.fadeOut();
    const outputs: number[] = [];
    box.takeRecords(() => undefined);
    await until(() => {
      box.takeRecords((record) => outputs.push(readMeterRecord(record).output.samplePeaks[0]));
      return outputs.length > 10;
    });
    expect(Math.max(...outputs)).toBe(0);
    await box.stop();
    expect(box.health()).toMatchObject({ state: "stopped", isRelayHeld: false, collections: 0 });
    expect(box.isAlive()).toBe(false);
    expect(deaths).toBe(0);
  });

  it("takes a stage that failed back when one of its parameters is set or reset, and not for another's", async () => {
    const box = await start({}, FAILING_STAGE);
    await until(() => box.health().isolatedStages.length > 0);
    expect(box.health().isolatedStages).toEqual(["eq"]);
    box.set([["compressor.ratio", 3]]);
    await delay(100);
    expect(box.health().isolatedStages).toEqual(["eq"]);
    box.set([["eq.band1.gainDb", 1]]);
    await until(() => box.health().isolatedStages.length === 0);
    expect(box.health().stageFaults).toBe(3);
  });

  it("counts the collections when it is asked to, and finds none in a second of sound", async () => {
    const box = await start();
    await until(() => box.health().framesOut > 48000);
    await box.countCollections();
    expect(box.health().collections).toBe(0);
  });

  it("refuses to start with a wrong value, before it makes a thread", async () => {
    await expect(Engine.start({ threadUrl: THREAD, device: {}, request: REQUEST, values: [["input.trimDb", 1e9]], tapSeconds: 1 }))
      .rejects.toThrow(/input\.trimDb is 1000000000; allowed/);
  });

  it("rejects when the thread breaks at its start, with the reason", async () => {
    await expect(start({}, oddThread("throw new Error('no sound today');"))).rejects.toThrow("The audio thread broke: no sound today");
  });

  const RUNNING = `Atomics.store(words, ${STATE}, ${SOUND_STATES.indexOf("running")});`;

  it("tells of its death, once, when the thread breaks later (F21)", async () => {
    const box = await start({}, oddThread(`${RUNNING} setTimeout(() => { throw new Error("boom"); }, 200);`));
    const deaths: string[] = [];
    box.on("death", (reason) => deaths.push(reason));
    await until(() => deaths.length > 0);
    await delay(100);
    expect(deaths).toEqual(["The audio thread broke: boom"]);
    expect(box.isAlive()).toBe(false);
  });

  it("tells of its death when the thread hangs for 2 s (F08)", async () => {
    const box = await start({}, oddThread(`${RUNNING} setInterval(() => undefined, 1000);`));
    const deaths: string[] = [];
    box.on("death", (reason) => deaths.push(reason));
    expect(box.isAlive()).toBe(false);
    await until(() => deaths.length > 0);
    expect(deaths).toEqual(["The audio thread does not answer."]);
  });
});
