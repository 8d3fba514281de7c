import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { AudioError, type AudioRequest, faultCode, PCM_FORMATS, type SoundBlock } from "../../src/hal/audio.js";
import { FaultyCard } from "../support/faulty-card.js";
import { heardCounts, type HeardCount } from "../support/heard-counts.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S32_LE"] };
const DELAY_FRAMES = REQUEST.periods * REQUEST.periodFrames;
/** 50 ms at 48 kHz. */
const BACK_WITHIN_FRAMES = 2400;
const EIO = 5;
const ENODEV = 19;
const ETIMEDOUT = 110;
const ROUNDS = 50;

describe("the ALSA driver on a card with faults", () => {
  let card: FaultyCard;
  let audio: AlsaAudio;
  let block: SoundBlock;
  beforeEach(() => {
    card = new FaultyCard();
    process.env["ALSA_CONFIG_PATH"] = card.configPath;
    card.set({ isVirtual: 1 });
    audio = new AlsaAudio({ captureDevice: "faulty", playbackDevice: "faulty" }, systemClock());
    const bytes = 8 * REQUEST.periodFrames;
    block = { buffer: new SharedArrayBuffer(bytes), address: 0, bytes };
  });
  afterEach(() => {
    audio.close();
    card.remove();
  });

  /** Passes sound on until a fault or the last round; returns the fault, or 0. */
  function pass(rounds: number): number {
    for (let round = 0; round < rounds; round++) {
      const read = audio.read();
      if (read < 0) return read;
      const written = audio.write();
      if (written < 0) return written;
    }
    return 0;
  }

  function begin(): void {
    audio.open(REQUEST);
    expect(audio.start(block), audio.detail).toBe(0);
    expect(pass(ROUNDS)).toBe(0);
  }

  /** What the recorder got: every frame at most once, in order, both channels whole, and DELAY_FRAMES late. */
  function recorded(): readonly HeardCount[] {
    audio.close();
    const heard = heardCounts(card.recording());
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.filter(({ right, count }) => right !== -count)).toEqual([]);
    expect(heard.filter(({ count }, n) => n > 0 && count <= heard[n - 1]!.count)).toEqual([]);
    expect(new Set(heard.map(({ place, count }) => place - count))).toEqual(new Set([DELAY_FRAMES]));
    return heard;
  }

  /** The longest hole in what the recorder got. */
  function longestGapFrames(heard: readonly HeardCount[]): number {
    return Math.max(...heard.slice(1).map(({ place }, n) => place - heard[n]!.place - 1));
  }

  it("delays by 192 frames at 64 x 3 without a hole", () => {
    begin();
    expect(longestGapFrames(recorded())).toBe(0);
  });

  it.each([[1, 37], [1, -37], [64, 64], [64, -64], [64, 50], [16, -100]])(
    "delays by 192 frames on a card that tells its position each %i frames, when playback starts %i frames late", (tickFrames, oddFrames) => {
      card.set({ tickFrames, oddFrames });
      begin();
      card.set({ oddFrames: 0, captureXruns: 1 });
      expect(pass(ROUNDS)).toBe(faultCode("overrun"));
      card.set({ oddFrames: -oddFrames });
      expect(audio.start(block)).toBe(0);
      expect(pass(ROUNDS)).toBe(0);
      recorded();
    });

  it.each([
    ["F01", "overrun", { captureXruns: 1 }], ["F02", "underrun", { playbackXruns: 1 }],
    ["F07", "suspended", { captureSuspends: 1 }], ["F07", "suspended", { playbackSuspends: 1 }],
  ] as const)("%s: has sound back within 50 ms of one %s (%o), with both streams started anew and the delay as before", (_, fault, words) => {
    begin();
    card.set(words);
    expect(pass(ROUNDS)).toBe(faultCode(fault));
    expect(audio.state).toBe("faulted");
    expect(audio.start(block), audio.detail).toBe(0);
    expect(pass(ROUNDS)).toBe(0);
    expect([card.get("captureStarts"), card.get("playbackStarts")]).toEqual([2, 2]);
    expect(longestGapFrames(recorded())).toBeLessThanOrEqual(BACK_WITHIN_FRAMES);
  });

  it("F03: meets 30 xruns in a row, and is whole after the last", () => {
    begin();
    for (let n = 0; n < 30; n++) {
      card.set(n % 2 === 0 ? { captureXruns: 1 } : { playbackXruns: 1 });
      expect(pass(ROUNDS)).toBe(faultCode(n % 2 === 0 ? "overrun" : "underrun"));
      expect(audio.start(block)).toBe(0);
    }
    expect(pass(ROUNDS)).toBe(0);
    recorded();
  });

  it.each([[EIO, "playbackError"], [ETIMEDOUT, "playbackError"], [ENODEV, "captureError"], [EIO, "captureError"]] as const)(
    "F04, F06: says disconnected after error %i of %s, and flows again once the device was closed and opened", (error, word) => {
      begin();
      card.set({ [word]: error, [`${word}Count`]: -1 });
      expect(pass(ROUNDS)).toBe(faultCode("disconnected"));
      expect(audio.detail).toMatch(word === "playbackError" ? /^playback: / : /^capture: /);
      card.set({ [word]: 0 });
      audio.close();
      audio.open(REQUEST);
      expect(audio.start(block)).toBe(0);
      expect(pass(ROUNDS)).toBe(0);
      recorded();
    });

  it("F08: says stalled when the clock stands still, once 20 ms or 8 periods have passed, and not before", () => {
    begin();
    card.set({ isStopped: 1 });
    const times = new Float64Array(2);
    const clock = systemClock();
    clock.read(times, 0);
    expect(pass(ROUNDS)).toBe(faultCode("stalled"));
    clock.read(times, 1);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(20);
    expect(audio.start(block), "the clock still stands").toBe(faultCode("stalled"));
    card.set({ isStopped: 0 });
    expect(audio.start(block)).toBe(0);
    expect(pass(ROUNDS)).toBe(0);
    recorded();
  });

  it.each([[1, 63], [7, 64], [63, 1], [64, 5]])("F09: loses and shifts nothing when a transfer moves %i frames in and %i out at most", (captureMostFrames, playbackMostFrames) => {
    card.set({ captureMostFrames, playbackMostFrames });
    begin();
    expect(longestGapFrames(recorded())).toBe(0);
  });

  it.each([
    [{ offeredRateHz: 44100 }, /48000 Hz.*44100 Hz/], [{ offeredPeriodFrames: 128 }, /64 frames.*128 to 256 frames/],
    [{ offeredFormat: 2 }, /S32_LE.*S16_LE/],
  ])("F10: refuses a device that offers only %o, and says so", (words, sentence) => {
    card.set(words);
    let error: unknown;
    try {
      audio.open(REQUEST);
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
        audio.open(REQUEST);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(AudioError);
      expect((error as AudioError).kind).toBe(kind);
      expect((error as AudioError).message).toMatch(/faulty cannot be opened: .+\. .+\.$/);
    });

  it("says missing for a PCM that nobody has configured", () => {
    const unknown = new AlsaAudio({ captureDevice: "nowhere", playbackDevice: "nowhere" }, systemClock());
    expect(() => unknown.open(REQUEST)).toThrow(/nowhere cannot be opened/);
  });

  it.each(PCM_FORMATS)("opens with %s where that is the one format offered", (format) => {
    const numbers = { S16_LE: 2, S24_LE: 6, S32_LE: 10, FLOAT_LE: 14, S24_3LE: 32 };
    card.set({ offeredFormat: numbers[format] });
    expect(audio.open({ ...REQUEST, formats: PCM_FORMATS }).format).toBe(format);
    expect(audio.start(block)).toBe(0);
    expect(pass(ROUNDS)).toBe(0);
  });
});
