import { describe, expect, it } from "vitest";
import { expectGate } from "../support/gates.js";
import { applause, drumLoop, pink, ride, song, spread, type Loop, type Passage } from "../support/ride-bed.js";

const SONG = song();
const PINK = pink();
const DRUMS = drumLoop();
const CEILING_DBTP = -1;
/** What the tests of the limiter allow the exact meter to read over the ceiling. */
const CEILING_TOLERANCE_DB = 0.1;

const play = (loop: Loop | null, seconds: number, lufs = 0): Passage => ({ loop, seconds, lufs });

describe("the ride over 60 s", () => {
  const loops = { "the song": SONG, "pink noise": PINK, "drums": DRUMS };
  // Drums of this crest cannot be at -14 LUFS without more limiting than the ride allows itself.
  const cases = [...[-35, -30, -25, -20, -15, -10].map((lufs) => ["the song", lufs, -14] as const),
    ["pink noise", -35, -14], ["pink noise", -10, -14], ["drums", -35, -20], ["drums", -10, -20]] as const;
  it.each(cases)(
    "lands %s at %d LUFS within 0.5 LU of %d LUFS, and keeps the ceiling", (name, lufs, targetLufs) => {
      const { integratedLufs, truePeakDbtp } = ride([play(loops[name], 60, lufs)], { "loudness.rideRangeDb": 24, "loudness.targetLufs": targetLufs });
      expectGate({ stage: "loudness", what: "ride: integrated loudness of the first 60 s, off the target", measured: Math.abs(integratedLufs[59]! - targetLufs), unit: "LU", must: 0.5 }, `${name} ${lufs}`);
      expectGate({ stage: "loudness", what: "ride: true peak over the ceiling", measured: truePeakDbtp - CEILING_DBTP, unit: "dB", must: CEILING_TOLERANCE_DB }, `${name} ${lufs}`);
    });

  it("never leaves its range: ±6 dB unless said, and says that it stands at its end", () => {
    const { gainsDb, states } = ride([play(SONG, 40, -30), play(SONG, 40, -4)]);
    expect(Math.max(...gainsDb)).toBeLessThanOrEqual(6);
    expect(Math.max(...gainsDb)).toBeGreaterThan(5.9);
    expect(Math.min(...gainsDb)).toBeGreaterThanOrEqual(-6);
    expect(states[3900]).toBe("bound");
  });
});

// The five programmes and tolerances: T-LV1.
describe("the ride over programmes that change", () => {
  const wide = { "loudness.rideRangeDb": 12 };
  const verses = Array.from({ length: 6 }, (_, k) => play(PINK, 30, k % 2 === 0 ? -23 : -17));
  const cases: Readonly<Record<string, readonly [passages: readonly Passage[], targetLufs: number]>> = {
    "an even -24": [[play(PINK, 180, -24)], -14],
    "sections at -26, -18, -22, -30, -16": [[-26, -18, -22, -30, -16].map((lufs) => play(SONG, 36, lufs)), -14],
    "a song, a gap of 8 s, and it again": [[play(SONG, 86, -22), play(null, 8), play(SONG, 86, -22)], -14],
    "verse and chorus 6 dB apart": [verses, -14],
    "an even -8 that is to come down to -16": [[play(PINK, 180, -8)], -16],
  };
  it.each(Object.keys(cases))("lands %s within 1 LU after 60 s, and within 0.5 LU over 3 min", (name) => {
    const [passages, targetLufs] = cases[name]!;
    const { integratedLufs, truePeakDbtp } = ride(passages, { ...wide, "loudness.targetLufs": targetLufs });
    expectGate({ stage: "loudness", what: "ride, changing programme: integrated loudness of 60 s, off the target", measured: Math.abs(integratedLufs[59]! - targetLufs), unit: "LU", must: 1 }, name);
    expectGate({ stage: "loudness", what: "ride, changing programme: integrated loudness of 3 min, off the target", measured: Math.abs(integratedLufs.at(-1)! - targetLufs), unit: "LU", must: 0.5 }, name);
    expect(truePeakDbtp).toBeLessThan(CEILING_DBTP + CEILING_TOLERANCE_DB);
  });
});

describe("the gain of the ride", () => {
  it("moves no more than 0.5 dB on a steady drum loop once it has settled (20 s)", () => {
    const { gainsDb } = ride([play(DRUMS, 60, -18)]);
    expectGate({ stage: "loudness", what: "ride: movement on a steady drum loop after 20 s", measured: spread(gainsDb.slice(2000)), unit: "dB", must: 0.5 });
  });

  it("moves less than 0.1 dB in 10 s of silence, and in 30 s, whatever the song before it was on its way to", () => {
    for (const lufs of [-26, -17, -9]) {
      const { gainsDb, states } = ride([play(SONG, 8, lufs), play(null, 30)]);
      expectGate({ stage: "loudness", what: "ride: movement in 10 s of silence", measured: spread(gainsDb.slice(800, 1800)), unit: "dB", must: 0.1 }, String(lufs));
      expect(spread(gainsDb.slice(800))).toBeLessThan(0.1);
      expect(states[1500]).toBe("silence");
    }
  });

  it("moves less than 0.1 dB in 10 s of a hum 45 dB below the song", () => {
    const { gainsDb } = ride([play(SONG, 30, -20), play(PINK, 10, -65)]);
    expect(spread(gainsDb.slice(3000, 4000))).toBeLessThan(0.1);
  });

  it.each([150, 600, 2400])("moves less than 0.5 dB in 12 s of applause of %d claps a second, and stands still from 2 s on", (perSecond) => {
    const { gainsDb, states } = ride([play(SONG, 20, -20), play(null, 0.5), play(applause(perSecond, 1), 12, -28)]);
    expectGate({ stage: "loudness", what: "ride: movement in 12 s of applause", measured: spread(gainsDb.slice(2050)), unit: "dB", must: 0.5 }, String(perSecond));
    expect(spread(gainsDb.slice(2250))).toBeLessThan(0.1);
    expect(states.slice(2250).filter((state) => state === "applause").length).toBeGreaterThan(950);
  });

  it("takes no song for applause: riding, bound or limiting for 98 % of it", () => {
    const { states } = ride([play(SONG, 53, -20)]);
    expect(states.slice(100).filter((state) => state === "applause").length).toBeLessThan(106);
  });

  it("does not jump from song to song: after a gap it goes on from where it was, no faster than 3 dB/s", () => {
    const { gainsDb } = ride([play(SONG, 30, -18), play(null, 4), play(SONG, 30, -17)]);
    const steps = gainsDb.slice(1).map((db, k) => Math.abs(db - gainsDb[k]!));
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.0301);
    expect(spread(gainsDb.slice(2999, 3500))).toBeLessThan(0.1);
  });

  it("is within 3 dB of the target 8 s after a jump of 20 dB, with the limiter holding the ceiling all the while", () => {
    const { momentaryLufs, truePeakDbtp } = ride([play(PINK, 40, -30), play(PINK, 12, -10)], { "loudness.rideRangeDb": 24 });
    const after = momentaryLufs.slice(4800, 4900);
    expectGate({ stage: "loudness", what: "ride: off the target 8 s after a jump of 20 dB", measured: Math.abs(after.reduce((sum, lufs) => sum + lufs, 0) / 100 + 14), unit: "LU", must: 3 });
    expect(truePeakDbtp).toBeLessThan(CEILING_DBTP + CEILING_TOLERANCE_DB);
  });

  it("rises by no more than 1 dB in the pauses of a speech, up to 5 s long", () => {
    const speech = [2, 1, 3, 2, 4].flatMap((seconds, k) => [play(SONG, seconds, -18), play(null, [0.4, 1, 2, 5, 3][k]!)]);
    const { gainsDb } = ride([play(SONG, 20, -18), ...speech]);
    let at = 2000;
    for (const { loop, seconds } of speech) {
      if (loop === null) expect(Math.max(...gainsDb.slice(at, at + 100 * seconds)) - gainsDb[at]!).toBeLessThan(1);
      at += 100 * seconds;
    }
  });

  it("does not rise while the limiter reduces more than allowed, and says so; it rises once more is allowed", () => {
    const loud = { "loudness.targetLufs": -5, "loudness.driveDb": 9, "loudness.rideRangeDb": 12 };
    const held = ride([play(DRUMS, 20, -20)], { ...loud, "loudness.rideFreezeDb": 0.5 });
    expect(Math.max(...held.gainsDb.slice(1000)) - held.gainsDb[1000]!).toBeLessThan(0.1);
    expect(held.states.at(-1)).toBe("limiting");
    const free = ride([play(DRUMS, 20, -20)], { ...loud, "loudness.rideFreezeDb": 12 });
    expect(free.gainsDb.at(-1)! - held.gainsDb.at(-1)!).toBeGreaterThan(1);
  });

  it("stays at 0 dB unless it is switched on", () => {
    const { gainsDb, states } = ride([play(SONG, 10, -30)], { "loudness.ride": 0 });
    expect(spread(gainsDb)).toBe(0);
    expect(gainsDb[0]).toBe(0);
    expect(states.every((state) => state === "off")).toBe(true);
  });
});
