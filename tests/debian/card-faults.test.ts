import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AudioFault } from "../../src/hal/audio.js";
import type { ControlLink } from "../../src/server/control-link.js";
import { FaultyCard, SOURCE_SINE } from "../support/faulty-card.js";
import { healthWhen, RunningBox, type RunningBoxOptions } from "../support/running-box.js";
import { type Hole, SineRecording } from "../support/sine-recording.js";

const EIO = 5;
const ENODEV = 19;
const ETIMEDOUT = 110;
const SAMPLE_RATE_HZ = 48000;
const BACK_AFTER_XRUN_FRAMES = 0.05 * SAMPLE_RATE_HZ;
const BACK_AFTER_LOSS_FRAMES = 3 * SAMPLE_RATE_HZ;
/** Sound before and after each fault. */
const SOUND_MS = 700;
/** A ramp makes no step that the sine at its full level does not make. */
const NO_CLICK_RATIO = 1.1;
/** A delay that is off by a period of 64 frames shifts the sine by 16 frames. */
const SAME_DELAY_FRAMES = 0.5;
/** The compressor has caught up so long after a hole, and the phase is as before. */
const SETTLED_FRAMES = 9600;
/** The clock of the kernel ticks 100 times a second in /proc. */
const TICK_MS = 10;

describe("the box on a sound card with faults", () => {
  let card: FaultyCard;
  let box: RunningBox | undefined;
  let link: ControlLink;
  beforeEach(() => {
    card = new FaultyCard();
    card.set({ source: SOURCE_SINE });
  });
  afterEach(async () => {
    link.close();
    await box?.stop();
    card.remove();
  });

  async function start(options: Partial<RunningBoxOptions> = {}): Promise<RunningBox> {
    const started = await RunningBox.start({
      device: "faulty", periodFrames: 64, periods: 3, formats: ["S32_LE"],
      environment: { ...process.env, ALSA_CONFIG_PATH: card.configPath, ...options.environment }, ...options,
    });
    ({ box, link } = started);
    await sounds();
    return started.box;
  }

  /** Waits until sound flows, and lets it flow for a while. */
  async function sounds(): Promise<void> {
    await healthWhen(link, ({ state }) => state === "running");
    await setTimeout(SOUND_MS);
  }

  /** Waits until so much more sound was played, by its own count. */
  async function plays(): Promise<void> {
    const { framesOut } = (await link.command("status", {})).audio;
    const enough = framesOut + (SOUND_MS * SAMPLE_RATE_HZ) / 1000;
    await healthWhen(link, (health) => health.framesOut >= enough, 60);
  }

  /** Ends the box and gives what its recorder got. */
  async function recorded(): Promise<SineRecording> {
    link.close();
    await box?.stop();
    return new SineRecording(card.recording());
  }

  async function faults(fault: AudioFault): Promise<number> {
    return (await link.command("status", {})).audio.faults[fault];
  }

  function processorMs(pid: number): number {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
    return TICK_MS * (user + system);
  }

  it("F01, F02: has music back within 50 ms of an xrun, without a click, as loud and as late as before", async () => {
    await start();
    const XRUNS = 10;
    for (let n = 0; n < XRUNS; n++) {
      card.set(n % 2 === 0 ? { captureXruns: 1 } : { playbackXruns: 1 });
      await setTimeout(SOUND_MS);
    }
    expect(await faults("overrun")).toBeGreaterThanOrEqual(XRUNS / 2);
    expect(await faults("underrun")).toBeGreaterThanOrEqual(XRUNS / 2);
    const recording = await recorded();
    const holes = recording.holes();
    const lengths = holes.map(({ from, to }) => to - from).sort((a, b) => a - b);
    console.log(`holes of ${lengths.map((frames) => (frames / 48).toFixed(0)).join(", ")} ms at full level`);
    expect(holes.length).toBeGreaterThanOrEqual(XRUNS);
    // A machine that is busy with other work may make a hole of its own, or a longer one.
    expect(lengths[lengths.length >> 1]).toBeLessThanOrEqual(BACK_AFTER_XRUN_FRAMES);
    for (const hole of holes) expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
    const before = recording.delayFrames(holes[0]!.from - SETTLED_FRAMES);
    const delays = holes.map(({ to }) => recording.delayFrames(to + SETTLED_FRAMES)).filter(Number.isFinite);
    for (const delay of delays) expect(Math.abs(delay - before)).toBeLessThan(SAME_DELAY_FRAMES);
  });

  it.each([
    ["F01", "overrun", { captureXruns: 1 }], ["F02", "underrun", { playbackXruns: 1 }],
    ["F07", "suspended", { captureSuspends: 1 }], ["F07", "suspended", { playbackSuspends: 1 }],
  ] as const)("%s: counts one %s once, and makes one hole of 50 ms at most, as loud and as late after it as before: %o", async (_, fault, words) => {
    // A machine that is late makes no fault of its own.
    card.set({ isVirtual: 2 });
    await start();
    await plays();
    card.set(words);
    await plays();
    const { faults: met, restarts, reopens } = (await link.command("status", {})).audio;
    expect(Object.entries(met).filter(([, count]) => count > 0)).toEqual([[fault, 1]]);
    expect([restarts, reopens]).toEqual([1, 0]);
    const recording = await recorded();
    const holes = recording.holes();
    expect(holes.length).toBe(1);
    const [hole] = holes as [Hole];
    expect(hole.to - hole.from).toBeLessThanOrEqual(BACK_AFTER_XRUN_FRAMES);
    expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
    const [before, after] = [hole.from - SETTLED_FRAMES, hole.to + SETTLED_FRAMES].map((frame) => recording.delayFrames(frame));
    expect(Math.abs(after! - before!)).toBeLessThan(SAME_DELAY_FRAMES);
  });

  it("F03: keeps quiet in an xrun storm of 4 s, lets go of the relay, and sounds again after it", async () => {
    const { child, output } = await start();
    const lines = output.split("\n").length;
    const before = processorMs(child.pid!);
    card.set({ captureXruns: -1 });
    await setTimeout(4000);
    const { audio } = await link.command("status", {});
    expect(audio.isRelayHeld).toBe(false);
    expect(processorMs(child.pid!) - before).toBeLessThan(2000);
    expect(box!.output.split("\n").length - lines).toBeLessThanOrEqual(6);
    card.set({ captureXruns: 0 });
    await sounds();
    expect((await healthWhen(link, ({ isRelayHeld }) => isRelayHeld)).state).toBe("running");
  });

  it.each([["F04, F05", "captureError", ENODEV], ["F06", "playbackError", EIO], ["F06", "playbackError", ETIMEDOUT]] as const)(
    "%s: waits without spinning after %s %i for as long as the card is gone, and has music back within 3 s of its return", async (_, word, error) => {
      const { child } = await start();
      card.set({ [word]: error, [`${word}Count`]: -1, openError: ENODEV });
      const waiting = await healthWhen(link, ({ state }) => state === "waiting");
      expect(waiting.detail).not.toBe("");
      expect(waiting.isRelayHeld).toBe(false);
      const [opens, busyMs] = [card.get("opens"), processorMs(child.pid!)];
      await setTimeout(4000);
      expect(card.get("opens") - opens).toBeLessThanOrEqual(10);
      expect(processorMs(child.pid!) - busyMs).toBeLessThan(1000);
      card.set({ [word]: 0, openError: 0 });
      const back = card.frameAt(Number(process.hrtime.bigint()) / 1e6);
      await sounds();
      const { reopens } = (await link.command("status", {})).audio;
      expect(reopens).toBe(1);
      const recording = await recorded();
      const hole = recording.holes().find(({ to }) => to > back)!;
      console.log(`music ${((hole.to - back) / 48).toFixed(0)} ms after the return of the card`);
      expect(hole.to - back).toBeLessThanOrEqual(BACK_AFTER_LOSS_FRAMES);
      expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
    });

  it("F08: finds out that the clock stands still, and has music back when it goes", async () => {
    await start();
    card.set({ isStopped: 1 });
    await healthWhen(link, ({ faults: { stalled } }) => stalled > 0);
    card.set({ isStopped: 0 });
    await sounds();
    const recording = await recorded();
    const holes = recording.holes();
    expect(holes.length).toBeGreaterThan(0);
    for (const hole of holes) expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
  });

  it("F08: ends and starts anew when the card's driver never returns", async () => {
    await start({ script: "start" });
    card.set({ blockMs: 3_600_000 });
    await link.closed;
    card.set({ blockMs: 0 });
    link = await box!.link();
    await sounds();
    expect(box!.output).toContain("does not answer");
  });

  it("F09: plays a card that moves 7 frames at most without a hole", async () => {
    card.set({ isVirtual: 2, captureMostFrames: 7, playbackMostFrames: 7 });
    await start();
    expect((await recorded()).holes()).toEqual([]);
  });

  it("F10: refuses a card of another rate, says so, and waits for a better one", async () => {
    card.set({ offeredRateHz: 44100 });
    const started = await RunningBox.start({
      device: "faulty", periodFrames: 64, periods: 3, environment: { ...process.env, ALSA_CONFIG_PATH: card.configPath },
    });
    ({ box, link } = started);
    const { detail } = await healthWhen(link, ({ state }) => state === "waiting");
    expect(detail).toContain("44100 Hz");
    card.set({ offeredRateHz: 0 });
    await sounds();
  });

  it("F11: finds out within 14 s that the card's clock is 0.5 % fast, and says so", async () => {
    card.set({ rateErrorPpm: 5000 });
    // Each xrun of a machine that is busy with other work begins the 10 s anew.
    await start({ periodFrames: 512, periods: 4 });
    const health = await healthWhen(link, ({ faults: { wrongClock }, detail }) => wrongClock > 0 && detail !== "", 14);
    expect(Math.abs(health.measuredRateHz! / 48240 - 1)).toBeLessThan(0.001);
    expect(health.detail).toContain("rate");
  });

  it.each([50, 200, 1000])("F20: plays on without a hole while the main thread is held up for %i ms", async (stallMs) => {
    card.set({ isVirtual: 2 });
    const { child } = await start({
      nodeFlags: ["--import", new URL("../../dist/tests/support/stall-on-signal.js", import.meta.url).href],
      environment: { ...process.env, ALSA_CONFIG_PATH: card.configPath, STALL_MS: String(stallMs) },
    });
    child.kill("SIGUSR2");
    await setTimeout(stallMs + SOUND_MS);
    expect((await link.command("status", {})).audio.state).toBe("running");
    const recording = await recorded();
    expect(recording.frames).toBeGreaterThan(SAMPLE_RATE_HZ / 2);
    expect(recording.holes()).toEqual([]);
  });

  it.each(["SIGSEGV", "SIGKILL"] as const)("F21, F22: has music back within 3 s of %s to the box, with the setting that was made", async (signal) => {
    await start({ script: "start" });
    await link.command("set", { values: { "limiter.ceilingDbtp": -3 } });
    await setTimeout(3000);
    const killed = card.frameAt(Number(process.hrtime.bigint()) / 1e6);
    process.kill(box!.boxPid()!, signal);
    await link.closed;
    link = await box!.link();
    await sounds();
    expect((await link.command("get", { ids: ["limiter.ceilingDbtp"] })).values).toEqual({ "limiter.ceilingDbtp": -3 });
    const recording = await recorded();
    const hole = recording.holes().find(({ to }) => to > killed)!;
    console.log(`music ${((hole.to - killed) / 48).toFixed(0)} ms after ${signal}`);
    expect(hole.to - killed).toBeLessThanOrEqual(BACK_AFTER_LOSS_FRAMES);
    expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
  });

  it("F24: has music back, as late as before, after the box was stopped for 1 s", async () => {
    const { child } = await start();
    child.kill("SIGSTOP");
    await setTimeout(1000);
    child.kill("SIGCONT");
    await setTimeout(SOUND_MS);
    await sounds();
    const recording = await recorded();
    const hole = recording.holes().find(({ from, to }) => to - from > SAMPLE_RATE_HZ / 2)!;
    const [before, after] = [hole.from - SETTLED_FRAMES, hole.to + SETTLED_FRAMES].map((frame) => recording.delayFrames(frame));
    expect(Math.abs(after! - before!)).toBeLessThan(SAME_DELAY_FRAMES);
  });
});
