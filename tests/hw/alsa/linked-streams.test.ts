import { beforeEach, describe, expect, it } from "vitest";
import { AlsaAudio } from "../../../hw/alsa/alsa-audio.js";
import { faultCode, type AudioRequest } from "../../../src/hal/audio.js";
import type { Clock } from "../../../src/hal/clock.js";
import { FakeLibasound } from "../../support/fake-libasound.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 2, formats: ["S32_LE"] };
const EINVAL = 22;
const BUFFER_FRAMES = REQUEST.periods * REQUEST.periodFrames;
const ROUTINE = ["drop c", "drop p", "unlink", "prepare c", "prepare p", "link", "start c"];

/** A millisecond passes with each reading. */
function steppedClock(): Clock {
  let ms = 0;
  return {
    read(into, index) {
      into[index] = ms++;
    },
  };
}

describe("AlsaAudio on a card that links its streams", () => {
  const block = { buffer: new SharedArrayBuffer(512), address: 0, bytes: 512 };
  let card: FakeLibasound;
  let audio: AlsaAudio;
  beforeEach(() => {
    card = new FakeLibasound();
    audio = new AlsaAudio({ captureDevice: "card", playbackDevice: "card" }, steppedClock(), () => card.library());
  });

  function pass(rounds: number): number {
    for (let round = 0; round < rounds; round++) {
      const read = audio.read();
      if (read < 0) return read;
      const written = audio.write();
      if (written < 0) return written;
    }
    return 0;
  }

  it("says that it is linked, and starts both by one trigger with 128 frames of silence queued", () => {
    expect(audio.open(REQUEST).isLinked).toBe(true);
    card.calls.length = 0;
    expect(audio.start(block)).toBe(0);
    expect(card.calls).toEqual(ROUTINE);
    expect(card.queuedFrames).toBe(BUFFER_FRAMES);
    expect(pass(10)).toBe(0);
    expect(card.queuedFrames).toBe(BUFFER_FRAMES);
  });

  it("goes through the same routine after an xrun, with the same 128 frames queued", () => {
    audio.open(REQUEST);
    audio.start(block);
    pass(10);
    card.break("xrun");
    expect(audio.read()).toBe(faultCode("overrun"));
    card.calls.length = 0;
    expect(audio.start(block)).toBe(0);
    expect(card.calls).toEqual(ROUTINE);
    expect(pass(10)).toBe(0);
    expect(card.queuedFrames).toBe(BUFFER_FRAMES);
  });

  it("asks a suspended card to resume until it no longer says again", () => {
    audio.open(REQUEST);
    audio.start(block);
    card.break("suspended");
    card.resumeRefusals = 3;
    expect(audio.read()).toBe(faultCode("suspended"));
    card.calls.length = 0;
    expect(audio.start(block)).toBe(0);
    expect(card.calls).toEqual([...Array<string>(4).fill("resume c"), ...ROUTINE]);
    expect(card.queuedFrames).toBe(BUFFER_FRAMES);
  });

  it("gives up asking a card that says again for ever, and prepares it", () => {
    audio.open(REQUEST);
    audio.start(block);
    card.break("suspended");
    card.resumeRefusals = Infinity;
    audio.read();
    expect(audio.start(block)).toBe(0);
    expect(pass(10)).toBe(0);
  });

  it("says disconnected when the card takes nothing although it has room, as some do after a stop", () => {
    audio.open(REQUEST);
    card.isDead = true;
    expect(audio.start(block)).toBe(faultCode("disconnected"));
    expect(audio.detail).toContain("moves nothing");
  });

  it("asks the library once for the words of an error that comes a hundred times, for each direction", () => {
    const asked: number[] = [];
    let broken: "read" | "write" | undefined;
    const library = card.library();
    const failing = new AlsaAudio({ captureDevice: "card", playbackDevice: "card" }, steppedClock(), () => ({
      ...library,
      readi: (...call) => (broken === "read" ? -EINVAL : library.readi(...call)),
      writei: (...call) => (broken === "write" ? -EINVAL : library.writei(...call)),
      strerror: (code) => {
        asked.push(code);
        return "Invalid argument";
      },
    }));
    failing.open(REQUEST);
    const details = new Set<string>();
    for (let time = 0; time < 200; time++) {
      broken = undefined;
      failing.start(block);
      broken = time < 100 ? "read" : "write";
      const answers = [failing.read(), broken === "write" ? failing.write() : 0];
      expect(answers).toContain(faultCode("other"));
      details.add(failing.detail);
    }
    expect([...details]).toEqual(["capture: Invalid argument", "playback: Invalid argument"]);
    expect(asked).toEqual([-EINVAL, -EINVAL]);
  });

  it("refuses a card that takes 48000 Hz and runs at 44100", () => {
    card.rateLie = 44100;
    expect(() => audio.open(REQUEST)).toThrow(/48000 Hz.*runs with S32_LE, 44100 Hz/);
  });

  it("refuses a sound block that a period does not fit in", () => {
    audio.open(REQUEST);
    expect(() => audio.start({ ...block, bytes: 511 })).toThrow(RangeError);
  });
});
