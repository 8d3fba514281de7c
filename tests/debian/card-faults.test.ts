import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SOURCE_SINE } from "../support/faulty-card.js";
import { FaultyBox } from "../support/faulty-box.js";
import { healthWhen } from "../support/running-box.js";
import { type Hole, NO_CLICK_RATIO, SAME_DELAY_FRAMES, SETTLED_FRAMES } from "../support/sine-recording.js";

const EIO = 5;
const ENODEV = 19;
const ETIMEDOUT = 110;
const BACK_AFTER_XRUN_FRAMES = 0.05 * 48000;
const BACK_AFTER_LOSS_FRAMES = 3 * 48000;
const SOUND_MS = 700;
/** A machine that is busy with other work is late now and then; what is asserted is what the box can do. */
const ON_BUSY_MACHINE = { retry: 2 };

let faulty: FaultyBox;
beforeEach(() => {
  faulty = new FaultyBox({ source: SOURCE_SINE });
});
afterEach(() => faulty.remove());

describe("the box on a sound card whose clock is that of the machine", () => {
  it("F01, F02: has music back within 50 ms of an xrun, without a click, as loud and as late as before", ON_BUSY_MACHINE, async () => {
    const { card } = faulty;
    await faulty.startSound();
    const XRUNS = 10;
    for (let n = 0; n < XRUNS; n++) {
      card.set(n % 2 === 0 ? { captureXruns: 1 } : { playbackXruns: 1 });
      await setTimeout(SOUND_MS);
    }
    const { faults } = (await faulty.link.command("status", {})).audio;
    expect(faults.overrun).toBeGreaterThanOrEqual(XRUNS / 2);
    expect(faults.underrun).toBeGreaterThanOrEqual(XRUNS / 2);
    const recording = await faulty.recorded();
    const holes = recording.holes();
    const lengths = holes.map(({ from, to }) => to - from).sort((a, b) => a - b);
    console.log(`holes of ${lengths.map((frames) => (frames / 48).toFixed(0)).join(", ")} ms at full level`);
    expect(holes.length).toBeGreaterThanOrEqual(XRUNS);
    // A machine that is busy with other work makes holes of its own, and longer ones; the virtual card below makes none.
    expect(lengths[XRUNS >> 1]).toBeLessThanOrEqual(BACK_AFTER_XRUN_FRAMES);
    for (const hole of holes) expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
    // Where the sound went on for long enough to tell.
    const delays = holes.map(({ to }) => recording.delayFrames(to + SETTLED_FRAMES)).filter(Number.isFinite);
    expect(delays.length).toBeGreaterThanOrEqual(XRUNS / 2);
    for (const delay of delays) expect(Math.abs(delay - delays[0]!)).toBeLessThan(SAME_DELAY_FRAMES);
  });

  it("F03: keeps quiet in an xrun storm of 4 s, lets go of the relay, and sounds again after it", async () => {
    const { card } = faulty;
    const box = await faulty.startSound();
    const lines = box.output.split("\n").length;
    const before = faulty.processorMs;
    card.set({ captureXruns: -1 });
    await setTimeout(4000);
    const { audio } = await faulty.link.command("status", {});
    expect(audio.isRelayHeld).toBe(false);
    expect(faulty.processorMs - before).toBeLessThan(2000);
    expect(box.output.split("\n").length - lines).toBeLessThanOrEqual(6);
    card.set({ captureXruns: 0 });
    // A machine that is busy with other work may make an xrun of its own at any moment.
    await healthWhen(faulty.link, ({ isRelayHeld, state }) => isRelayHeld && state === "running");
  });

  it.each([["F04, F05", "captureError", ENODEV], ["F06", "playbackError", EIO], ["F06", "playbackError", ETIMEDOUT]] as const)(
    "%s: waits without spinning after %s %i for as long as the card is gone, and has music back within 3 s of its return", ON_BUSY_MACHINE,
    async (_, word, error) => {
      const { card } = faulty;
      await faulty.startSound();
      card.set({ [word]: error, [`${word}Count`]: -1, openError: ENODEV });
      const waiting = await healthWhen(faulty.link, ({ state }) => state === "waiting");
      expect(waiting.detail).not.toBe("");
      expect(waiting.isRelayHeld).toBe(false);
      const [opens, busyMs] = [card.get("opens"), faulty.processorMs];
      await setTimeout(4000);
      expect(card.get("opens") - opens).toBeLessThanOrEqual(10);
      expect(faulty.processorMs - busyMs).toBeLessThan(1000);
      card.set({ [word]: 0, openError: 0 });
      const back = faulty.cardFrame;
      await faulty.soundsAfter(back);
      const { reopens } = (await faulty.link.command("status", {})).audio;
      // A machine that is busy with other work may starve a start, and the device is opened once more.
      expect(reopens).toBeGreaterThanOrEqual(1);
      const recording = await faulty.recorded();
      const hole = recording.holes().find(({ to }) => to > back)!;
      console.log(`music ${((hole.to - back) / 48).toFixed(0)} ms after the return of the card`);
      expect(hole.to - back).toBeLessThanOrEqual(BACK_AFTER_LOSS_FRAMES);
      expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
    });

  it("F08: finds out that the clock stands still, and has music back when it goes", async () => {
    const { card } = faulty;
    await faulty.startSound();
    card.set({ isStopped: 1 });
    await healthWhen(faulty.link, ({ faults: { stalled } }) => stalled > 0);
    card.set({ isStopped: 0 });
    await faulty.sounds();
    const recording = await faulty.recorded();
    const holes = recording.holes();
    expect(holes.length).toBeGreaterThan(0);
    for (const hole of holes) expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
  });

  it("F08: ends and starts anew when the card's driver never returns", async () => {
    const { card } = faulty;
    const box = await faulty.startSound({ script: "start" });
    card.set({ blockMs: 3_600_000 });
    await faulty.link.closed;
    card.set({ blockMs: 0 });
    await faulty.isReplaced();
    expect(box.output).toContain("does not answer");
  });

  it("F10: refuses a card of another rate, says so, and waits for a better one", async () => {
    const { card } = faulty;
    card.set({ offeredRateHz: 44100 });
    await faulty.start();
    const { detail } = await healthWhen(faulty.link, ({ state }) => state === "waiting");
    expect(detail).toContain("44100 Hz");
    card.set({ offeredRateHz: 0 });
    await faulty.sounds();
  });

  it("F11: finds out within 14 s that the card's clock is 0.5 % fast, and says so", ON_BUSY_MACHINE, async () => {
    faulty.card.set({ rateErrorPpm: 5000 });
    // Each xrun of a machine that is busy with other work begins the 10 s anew.
    await faulty.startSound({ periodFrames: 512, periods: 4 });
    const health = await healthWhen(faulty.link, ({ faults: { wrongClock }, detail }) => wrongClock > 0 && detail !== "", 14);
    expect(Math.abs(health.measuredRateHz! / 48240 - 1)).toBeLessThan(0.001);
    expect(health.detail).toContain("rate");
  });
});

/** Its frames pass only while the box waits for them: a machine that is late makes no fault of its own. */
describe("the box on a sound card whose clock waits for it", () => {
  beforeEach(() => faulty.card.set({ isVirtual: 2 }));

  it.each([
    ["F01", "overrun", { captureXruns: 1 }], ["F02", "underrun", { playbackXruns: 1 }],
    ["F07", "suspended", { captureSuspends: 1 }], ["F07", "suspended", { playbackSuspends: 1 }],
  ] as const)("%s: counts one %s once, and makes one hole of 50 ms at most, as loud and as late after it as before: %o", async (_, fault, words) => {
    await faulty.startSound();
    await faulty.plays();
    faulty.card.set(words);
    await faulty.plays();
    const { faults: met, restarts, reopens } = (await faulty.link.command("status", {})).audio;
    expect(Object.entries(met).filter(([, count]) => count > 0)).toEqual([[fault, 1]]);
    expect([restarts, reopens]).toEqual([1, 0]);
    const recording = await faulty.recorded();
    const holes = recording.holes();
    expect(holes.length).toBe(1);
    const [hole] = holes as [Hole];
    expect(hole.to - hole.from).toBeLessThanOrEqual(BACK_AFTER_XRUN_FRAMES);
    expect(recording.returnStepRatio(hole)).toBeLessThan(NO_CLICK_RATIO);
    expect(recording.delayChangeFrames(hole)).toBeLessThan(SAME_DELAY_FRAMES);
  });

  it("F09: plays a card that moves 7 frames at most without a hole", async () => {
    faulty.card.set({ captureMostFrames: 7, playbackMostFrames: 7 });
    await faulty.startSound();
    const recording = await faulty.recorded();
    expect(recording.frames).toBeGreaterThan(48000 / 4);
    expect(recording.holes()).toEqual([]);
  });
});
