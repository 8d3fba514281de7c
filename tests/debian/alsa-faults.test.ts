import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { openLibasound } from "../../hw/alsa/libasound.js";
import { systemClock } from "../../hw/linux/clock.js";
import { AudioError, faultCode } from "../../src/hal/audio.js";
import { DriverOnCard, longestGapFrames } from "../support/driver-on-card.js";
import type { FaultyCard } from "../support/faulty-card.js";

/** 64 x 3. */
const DELAY_FRAMES = 192;
/** 50 ms at 48 kHz. */
const BACK_WITHIN_FRAMES = 2400;
const EIO = 5;
const ENODEV = 19;
const ETIMEDOUT = 110;

describe("the ALSA driver on a card with faults", () => {
  let driver: DriverOnCard;
  let card: FaultyCard;
  let audio: AlsaAudio;
  beforeEach(() => {
    driver = new DriverOnCard();
    ({ card, audio } = driver);
  });
  afterEach(() => driver.dispose());

  it("delays by 192 frames at 64 x 3 without a hole", () => {
    driver.begin();
    expect(longestGapFrames(driver.recorded())).toBe(0);
  });

  it.each([[1, 37], [1, -37], [64, 64], [64, -64], [64, 50], [16, -100]])(
    "delays by 192 frames on a card that tells its position each %i frames, when playback starts %i frames late", (tickFrames, oddFrames) => {
      card.set({ tickFrames, oddFrames });
      driver.begin();
      card.set({ oddFrames: 0, captureXruns: 1 });
      expect(driver.pass()).toBe(faultCode("overrun"));
      card.set({ oddFrames: -oddFrames });
      driver.goOn();
      driver.recorded();
    });

  it.each([
    ["F01", "overrun", { captureXruns: 1 }], ["F02", "underrun", { playbackXruns: 1 }],
    ["F07", "suspended", { captureSuspends: 1 }], ["F07", "suspended", { playbackSuspends: 1 }],
  ] as const)("%s: has sound back within 50 ms of one %s (%o), with both streams started anew and the delay as before", (_, fault, words) => {
    driver.begin();
    card.set(words);
    expect(driver.pass()).toBe(faultCode(fault));
    expect(audio.state).toBe("faulted");
    driver.goOn();
    expect([card.get("captureStarts"), card.get("playbackStarts")]).toEqual([2, 2]);
    expect(longestGapFrames(driver.recorded())).toBeLessThanOrEqual(BACK_WITHIN_FRAMES);
  });

  it("F02: does not let a card that ran dry for 10 ms play what is left in its ring once more", () => {
    driver.begin();
    card.set({ skipFrames: DELAY_FRAMES + 480 });
    expect(driver.pass(1)).toBe(faultCode("overrun"));
    driver.goOn();
    expect(card.get("isSilenced")).toBe(1);
    driver.recorded();
  });

  it("F03: meets 30 xruns in a row, and is whole after the last", () => {
    driver.begin();
    for (let n = 0; n < 30; n++) {
      card.set(n % 2 === 0 ? { captureXruns: 1 } : { playbackXruns: 1 });
      expect(driver.pass()).toBe(faultCode(n % 2 === 0 ? "overrun" : "underrun"));
      expect(audio.start(driver.block)).toBe(0);
    }
    expect(driver.pass()).toBe(0);
    driver.recorded();
  });

  it.each([[EIO, "playbackError"], [ETIMEDOUT, "playbackError"], [ENODEV, "captureError"], [EIO, "captureError"]] as const)(
    "F04, F06: says disconnected after error %i of %s, and flows again once the device was closed and opened", (error, word) => {
      driver.begin();
      card.set({ [word]: error, [`${word}Count`]: -1 });
      expect(driver.pass()).toBe(faultCode("disconnected"));
      expect(audio.detail).toMatch(word === "playbackError" ? /^playback: / : /^capture: /);
      card.set({ [word]: 0 });
      audio.close();
      audio.open(driver.request);
      driver.goOn();
      driver.recorded();
    });

  // The longer of 20 ms and 8 periods.
  it.each([[64, 20], [1024, 171]])("F08: gives a clock that stands still the time of 8 periods of %i frames, %i ms, and flows again when it goes", (periodFrames, limitMs) => {
    const waitsMs: number[] = [];
    const library = openLibasound();
    const wait = (pcm: bigint, timeoutMs: number): number => {
      waitsMs.push(timeoutMs);
      return library.wait(pcm, timeoutMs);
    };
    driver.dispose();
    driver = new DriverOnCard({ periodFrames }, () => ({ ...library, wait }));
    driver.begin();
    driver.card.set({ isStopped: 1 });
    waitsMs.length = 0;
    expect(driver.pass()).toBe(faultCode("stalled"));
    // A second wait where the first came back some microseconds early.
    expect(waitsMs.length).toBeLessThanOrEqual(2);
    expect(new Set(waitsMs)).toEqual(new Set([limitMs]));
    expect(driver.audio.start(driver.block), "the clock still stands").toBe(faultCode("stalled"));
    driver.card.set({ isStopped: 0 });
    driver.goOn();
    driver.recorded();
  });

  it.each([[1, 63], [7, 64], [63, 1], [64, 5]])("F09: loses and shifts nothing when a transfer moves %i frames in and %i out at most", (captureMostFrames, playbackMostFrames) => {
    card.set({ captureMostFrames, playbackMostFrames });
    driver.begin();
    expect(longestGapFrames(driver.recorded())).toBe(0);
  });

  it.each([
    [{ offeredRateHz: 44100 }, /48000 Hz.*44100 Hz/], [{ offeredPeriodFrames: 128 }, /64 frames.*128 to 256 frames/],
    [{ offeredFormat: 2 }, /S32_LE.*S16_LE/],
  ])("F10: refuses a device that offers only %o, and says so", (words, sentence) => {
    card.set(words);
    let error: unknown;
    try {
      audio.open(driver.request);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AudioError);
    expect((error as AudioError).kind).toBe("unsupported");
    expect((error as AudioError).message).toMatch(sentence);
    expect(audio.state).toBe("closed");
    expect(card.get("closes")).toBe(2);
  });

  it.each([[ENODEV, "missing"], [2, "missing"], [16, "busy"], [13, "denied"], [12, "other"]] as const)(
    "answers error %i of open as %s, names the device and a remedy", (openError, kind) => {
      card.set({ openError });
      let error: unknown;
      try {
        audio.open(driver.request);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(AudioError);
      expect((error as AudioError).kind).toBe(kind);
      expect((error as AudioError).message).toMatch(/faulty cannot be opened: .+\. .+\.$/);
    });

  it("says missing for a PCM that nobody has configured", () => {
    const unknown = new AlsaAudio({ captureDevice: "nowhere", playbackDevice: "nowhere" }, systemClock());
    expect(() => unknown.open(driver.request)).toThrow(/nowhere cannot be opened/);
  });
});
