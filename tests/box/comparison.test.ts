import { beforeAll, describe, expect, it } from "vitest";
import type { PlayableTrack } from "../../src/box/reference-preparer.js";
import { loudestAboveDb } from "../support/measure.js";
import { ComparingBox, prepared } from "../support/comparing-box.js";
import { dual, type StereoSignal } from "../support/run-chain.js";
import { sine, whiteNoise } from "../support/signals.js";
import { temporaryFolder } from "../support/temp-folder.js";

const RATE = 48_000;
const place = temporaryFolder();
const tone = (freqHz: number, seconds: number, levelDbfs = -20): StereoSignal => dual(sine(seconds * RATE, RATE, { freqHz, levelDbfs }));
let track: PlayableTrack;
let other: PlayableTrack;

beforeAll(async () => {
  track = await prepared(place.path, tone(500, 20));
  other = await prepared(place.path, tone(700, 18));
});

function boxWithTracks(options: ConstructorParameters<typeof ComparingBox>[1] = {}): ComparingBox {
  return new ComparingBox(new Map([["a", track], ["b", other]]), options);
}

/** Frequency of a tone, by its crossings of zero upward over half a second from a place on, to 10 Hz. */
function pitchHz({ left }: StereoSignal, fromS: number): number {
  const piece = left.slice(fromS * RATE, (fromS + 0.5) * RATE);
  return 10 * Math.round(piece.filter((x, n) => n > 0 && piece[n - 1]! < 0 && x >= 0).length / 5);
}

/** Level of the last half second, dBFS by AES17. */
function level({ left }: StereoSignal): number {
  const piece = left.slice(-RATE / 2);
  return 10 * Math.log10((2 * piece.reduce((sum, x) => sum + x * x, 0)) / piece.length);
}

describe("comparing", () => {
  it("is refused unarmed with what to do, and no reference is heard", () => {
    const box = boxWithTracks();
    expect(() => box.compared.compare(undefined, "phone")).toThrow("References are not armed, because the recorder hears what you hear; arm them first.");
    expect(pitchHz(box.play(tone(1000, 1)), 0.4)).toBe(1000);
    expect(box.compared.compare(false, "phone")).toBe(false);
  });

  it("switches to the reference and back, at each call, and tells it", () => {
    const box = boxWithTracks();
    const told: string[] = [];
    box.compared.onChange(({ isArmed, heard }) => told.push(`${isArmed ? "armed" : "not armed"}, ${heard}`));
    box.compared.arm("cli");
    const heard = box.play(tone(1000, 6), (seconds) => {
      if (seconds === 2 || seconds === 4) box.compared.compare(undefined, "phone");
    });
    expect([1, 3, 5].map((seconds) => pitchHz(heard, seconds))).toEqual([1000, 500, 1000]);
    box.compared.end("it is enough");
    expect([...new Set(told)]).toEqual(["armed, mix", "armed, reference", "not armed, mix"]);
    expect(box.told.map(({ sentence }) => sentence)).toContain("References are armed: the recorder hears what you hear.");
  });

  it("goes on where a track was left, also after another one was heard", () => {
    const box = boxWithTracks();
    box.compared.choose({ loop: "whole" });
    box.compared.arm("cli");
    const places: number[] = [];
    const heard = box.play(tone(1000, 10), (seconds) => {
      if (seconds === 1) box.compared.compare(true, "phone");
      if (seconds === 4) box.compared.choose({ reference: "b" });
      if (seconds === 6) box.compared.choose({ reference: "a" });
      if (seconds === 5.5 || seconds === 8) places.push(box.compared.state.placeS);
    });
    expect([3, 5, 7].map((seconds) => pitchHz(heard, seconds))).toEqual([500, 700, 500]);
    // 1.5 s of the one; 3 s of the other before it was left and 2 s after. The ring is filled anew within 0.2 s of each order.
    expect(places[0]).toBeGreaterThan(1.2);
    expect(places[0]).toBeLessThan(1.55);
    expect(places[1]).toBeGreaterThan(4.7);
    expect(places[1]).toBeLessThan(5.1);
  });

  it("goes round in its passage without a click: nothing over -80 dBFS beside the tone from 2 kHz on", () => {
    const box = boxWithTracks();
    box.compared.choose({ fromS: 3.0007, toS: 4.5 });
    box.compared.arm("cli");
    let last = 0;
    let rounds = 0;
    const heard = box.play(tone(500, 8), (seconds) => {
      if (seconds === 1) box.compared.compare(true, "phone");
      const { placeS } = box.compared.state;
      if (placeS < last) rounds++;
      last = placeS;
      if (seconds > 1) expect(placeS >= 3 && placeS < 4.5, `at ${seconds} s`).toBe(true);
    });
    expect(rounds).toBe(4);
    expect(loudestAboveDb(heard.left.slice(RATE), RATE, 2000)).toBeLessThan(-80);
  });

  it("refuses a passage that is none, and a track that is not ready, and stays as it was", () => {
    const box = boxWithTracks();
    for (const [fromS, toS] of [[5, 5.5], [19.5, 40], [9, 3]] as const) {
      expect(() => box.compared.choose({ reference: "a", fromS, toS }), `${fromS} to ${toS}`).toThrow("it must lie in the track and last 1 s at least.");
    }
    expect(() => box.compared.choose({ reference: "nobody" })).toThrow("There is no such reference track, or it is not ready yet.");
    expect(() => box.compared.choose({ loop: "passage" })).toThrow("it must lie in the track");
    expect(box.compared.state).toMatchObject({ reference: null, loop: "loudest", passage: null });
  });

  it("turns the mix down, and no peak of the reference over -1 dBTP, where the reference cannot be made so loud", () => {
    const box = boxWithTracks();
    box.compared.arm("cli");
    // White noise of this level is louder than the tone at -1 dBFS can be.
    box.play(dual(whiteNoise(5 * RATE, -3, 3)), (seconds) => {
      if (seconds === 4) box.compared.compare(true, "phone");
    });
    const { referenceDb, mixDb } = box.compared.state;
    expect(referenceDb).toBeCloseTo(19, 1);
    expect(mixDb).toBeLessThan(-1);
    box.compared.end("it is enough");
    expect(box.compared.state).toMatchObject({ referenceDb: 0, mixDb: 0 });
  });
});

describe("comparing on a monitor output", () => {
  const hasMonitorOutput = (): boolean => true;

  it("needs no arming: the first comparison is heard, and nobody is warned of the recorder", () => {
    const box = boxWithTracks({ hasMonitorOutput });
    const heard = box.play(tone(1000, 4), (seconds) => {
      if (seconds === 2) expect(box.compared.compare(undefined, "phone")).toBe(true);
    });
    expect([1, 3].map((seconds) => pitchHz(heard, seconds))).toEqual([1000, 500]);
    expect(box.compared.state).toMatchObject({ hasMonitorOutput: true, isArmed: true, secondsLeft: null, heard: "reference" });
    expect(box.notices.standing).toEqual([]);
  });

  it("lasts for hours without the phone that began it, through songs and takes, until somebody or an obstacle ends it", () => {
    const box = boxWithTracks({ hasMonitorOutput });
    box.compared.compare(true, "phone:Anna");
    box.isHere = false;
    box.wait(2 * 3600);
    box.compared.freeRecorder("a song begins");
    expect(box.compared.state).toMatchObject({ isArmed: true, heard: "reference" });
    box.obstacle = "no sound flows";
    box.wait(0.1);
    expect(box.compared.state).toMatchObject({ isArmed: false, heard: "mix" });
    expect(() => box.compared.compare(true, "phone:Anna")).toThrow("No reference can be heard: no sound flows.");
  });

  it("says by arming that the recorder keeps the mix", () => {
    const box = boxWithTracks({ hasMonitorOutput });
    expect(box.compared.arm("cli")).toMatch(/the recorder keeps the mix/);
    expect(boxWithTracks().compared.arm("cli")).toMatch(/the recorder hears what you hear/);
  });
});

describe("armed references", () => {
  it("end after 15 minutes", () => {
    const box = boxWithTracks();
    box.compared.arm("cli");
    box.wait(899);
    expect(box.compared.state).toMatchObject({ isArmed: true, secondsLeft: 1 });
    box.wait(1.1);
    expect(box.compared.state).toMatchObject({ isArmed: false, secondsLeft: null });
    expect(box.notices.standing).toEqual([]);
  });

  it("end 10 s after the phone that armed them has gone, not while it is away for less", () => {
    const box = boxWithTracks();
    box.compared.arm("phone:Anna");
    box.isHere = false;
    box.wait(9.9);
    box.isHere = true;
    box.wait(1);
    box.isHere = false;
    box.wait(10);
    expect(box.compared.state.isArmed).toBe(true);
    box.wait(0.2);
    expect(box.compared.state.isArmed).toBe(false);
  });

  it("end at once with what is in the way of them, with the mix at its own level", () => {
    const box = boxWithTracks();
    box.compared.arm("cli");
    const heard = box.play(tone(1000, 4), (seconds) => {
      if (seconds === 1) box.compared.compare(true, "phone");
      if (seconds === 2) box.obstacle = "the bare input is wired to the output";
    });
    expect([1.4, 2.2].map((seconds) => pitchHz(heard, seconds))).toEqual([500, 1000]);
    expect(() => box.compared.arm("cli")).toThrow("No reference can be heard: the bare input is wired to the output.");
    expect(box.compared.state).toMatchObject({ isArmed: false, heard: "mix", mixDb: 0 });
  });

  it("are heard no longer than 1.5 s once the box process does nothing more", () => {
    const box = boxWithTracks();
    box.compared.arm("cli");
    box.play(tone(1000, 3), (seconds) => {
      if (seconds === 2) box.compared.compare(true, "phone");
    });
    // From here on the sound goes on alone; what waits in the ring would last for longer.
    expect(box.sound.port.isReferenceHeard).toBe(true);
    for (let k = 0; k < 1.6 * RATE; k += 64) box.sound.chain.processPeriod(4, 64);
    expect(box.sound.port.isReferenceHeard).toBe(false);
  });

  it("leave no band alone behind: armed again, the recorder gets all of the mix", () => {
    const box = boxWithTracks();
    box.compared.arm("cli");
    box.compared.choose({ solo: "high" });
    expect(level(box.play(tone(200, 2)))).toBeLessThan(-60);
    box.compared.end("it is enough");
    expect(box.compared.state.solo).toBeNull();
    box.compared.arm("cli");
    // A tone at -20 dBFS (AES17).
    expect(level(box.play(tone(200, 2)))).toBeCloseTo(-20, 1);
  });

  it("change nothing of the mix by being armed: a band that was chosen before is heard from the first comparison on", () => {
    const box = boxWithTracks();
    box.compared.choose({ solo: "high" });
    box.compared.arm("cli");
    expect(level(box.play(tone(200, 2)))).toBeCloseTo(-20, 1);
    box.compared.compare(true, "phone");
    box.compared.compare(false, "phone");
    expect(level(box.play(tone(200, 2)))).toBeLessThan(-60);
  });

  it("end when the track that is heard is deleted, and choose the next one when they are armed again", () => {
    const box = boxWithTracks();
    box.compared.arm("cli");
    box.play(tone(1000, 1), (seconds) => {
      if (seconds === 0.5) box.compared.compare(true, "phone");
    });
    box.tracks.delete("a");
    box.compared.follow();
    expect(box.compared.state).toMatchObject({ isArmed: false, reference: null });
    box.compared.arm("cli");
    expect(box.compared.state.reference).toBe("b");
  });

  it("cannot be compared while no track is ready", () => {
    const box = new ComparingBox(new Map());
    box.compared.arm("cli");
    expect(() => box.compared.compare(true, "phone")).toThrow("No reference track is ready to be heard.");
  });

  it("take the first that is ready when none was at the time of arming, and when the chosen one was deleted since", () => {
    const box = new ComparingBox(new Map());
    box.compared.arm("cli");
    box.tracks.set("a", track);
    box.compared.follow();
    const heard = box.play(tone(1000, 2), (seconds) => {
      if (seconds === 1) box.compared.compare(true, "phone");
    });
    expect(pitchHz(heard, 1.4)).toBe(500);
    box.compared.compare(false, "phone");
    // It ends where the other does, and would be silent there.
    box.compared.choose({ fromS: 18, toS: 20 });
    box.tracks.set("b", other);
    box.tracks.delete("a");
    box.compared.follow();
    expect(box.compared.state).toMatchObject({ isArmed: true, reference: null });
    expect(pitchHz(box.play(tone(1000, 2), (seconds) => {
      if (seconds === 1) box.compared.compare(true, "phone");
    }), 1.4)).toBe(700);
  });
});

it("reminds once after the minutes of sound that were set, counted anew from each comparison, and never in silence", () => {
  let lufs: number | null = -14;
  const box = boxWithTracks({ reminderMinutes: 20, mixLufs: () => lufs });
  const reminders = (): number => box.told.filter(({ sentence }) => sentence.startsWith("20 minutes have passed")).length;
  box.wait(19 * 60);
  box.compared.arm("cli");
  box.compared.compare(true, "phone");
  box.wait(19 * 60);
  expect(reminders()).toBe(0);
  box.wait(61);
  expect(reminders()).toBe(1);
  lufs = null;
  box.wait(60 * 60);
  expect(reminders()).toBe(1);
  const often = boxWithTracks({ reminderMinutes: 1, mixLufs: () => -14 });
  often.wait(61);
  expect(often.told[0]!.sentence).toMatch(/^1 minute has passed /);
  const never = boxWithTracks({ reminderMinutes: 0, mixLufs: () => -14 });
  never.wait(60 * 60);
  expect(never.told).toEqual([]);
});
