import { describe, expect, it } from "vitest";
import { diagnosisCommands } from "../../src/box/diagnosis-commands.js";
import { SoundListener } from "../../src/box/sound-listener.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import { TapReader } from "../../src/engine/tap-reader.js";
import type { AudioHealth } from "../../src/hal/audio-health.js";
import type { Finding } from "../../src/protocol/diagnosis.js";
import { song } from "../support/song.js";
import { TapMemory } from "../support/tap-memory.js";

const RATE = 48_000;
const TICK = 800;
const format = { sampleRateHz: RATE } as AudioHealth["format"];

/** A listener on a box whose output is its input, and which plays a song with its right side 6 dB down. */
function bed() {
  const store = new ParameterStore({
    targets: loadTargets(), nowMs: () => 0, onListenerError: (error) => { throw error; },
  });
  const tap = new TapMemory(65_536);
  const told: (readonly Finding[])[] = [];
  const listener = new SoundListener({
    sound: () => ({ createTapReader: () => new TapReader(tap.memory), health: () => ({ format }) }),
    values: () => store.state.values, targetLufs: () => null, references: () => [], isMixHeard: () => true, onFindings: (findings) => told.push(findings),
  });
  store.onChange(({ state }) => state.values && listener.changed());
  const meters = new Chain({ sampleRateHz: RATE, maxFrames: TICK, stages: [] }, [["chain.levelMatch", 0]]);
  const { left, right } = song(12, RATE);
  /** Plays from one second to another; the right channel at a gain. */
  const play = (fromS: number, toS: number, rightGain: number): void => {
    for (let at = fromS * RATE; at < toS * RATE; at += TICK) {
      const sample = (n: number, side: number): number => (side === 0 ? left : right)[n % left.length]! * (side === 0 ? 1 : rightGain);
      tap.write(TICK, (n, field) => sample(n, field % 2));
      for (let n = 0; n < TICK; n++) for (const side of [0, 1]) meters.io[2 * n + side] = sample(at + n, side);
      meters.process(TICK);
      meters.takeRecords((fields) => listener.addRecord(readMeterRecord(fields)));
      listener.tick();
    }
  };
  return { store, listener, told, play, commands: diagnosisCommands(listener, store) };
}

describe("the ears of the box", () => {
  it("tell of a right side 6 dB down within 27 s, once, and take the remedy as one change that undo takes back", async () => {
    const { store, told, play, commands } = bed();
    play(0, 0.1, 0.5);
    await expect(async () => commands.tryRemedy({ finding: "lopsided" }, "test")).rejects.toThrow("Too little was heard yet");
    play(0.1, 27.1, 0.5);
    const news = told.filter((findings) => findings.some(({ id }) => id === "lopsided"));
    expect(news.length).toBeGreaterThanOrEqual(1);
    const { findings } = await commands.diagnosis({}, "test");
    expect(findings.map(({ id }) => id)).toEqual(told.at(-1)!.map(({ id }) => id));
    const before = store.state.values;
    const { values } = await commands.tryRemedy({ finding: "lopsided" }, "test");
    // Half of the gain of the left side: both are equal then.
    expect(values["imager.balancePercent"]).toBeCloseTo(50, -0.5);
    expect(store.state.sequence).toBe(1);
    store.undo("test");
    expect(store.state.values).toEqual(before);
  }, 120_000);

  it("take a remedy once for each hearing: the second touch turns nothing, one after an undo does", () => {
    const { store, commands, play } = bed();
    play(0, 9, 0.5);
    const taken = (): Finding["remedy"]["values"] => {
      void commands.tryRemedy({ finding: "lopsided" }, "test");
      return store.state.values;
    };
    const once = taken();
    expect(taken).toThrow("It is set already; play 6 seconds, so that the box hears what it does.");
    expect(store.state.values).toBe(once);
    store.undo("test");
    expect(taken()).toEqual(once);
    play(9, 18, 0.5);
    // Heard anew, still as quiet in this bed, whose chain does nothing.
    expect(taken()["imager.balancePercent"]).toBeGreaterThan(once["imager.balancePercent"]!);
  }, 120_000);

  it("let a remedy be heard that is taken in the bypass, which ends with it; one undo takes both back", async () => {
    const { store, commands, play } = bed();
    store.set({ "chain.bypass": 1 }, "test");
    play(0, 9, 0.5);
    const { values: before, sequence } = store.state;
    const { values } = await commands.tryRemedy({ finding: "lopsided" }, "test");
    expect(values["chain.bypass"]).toBe(0);
    expect([store.get("chain.bypass"), store.state.sequence]).toEqual([0, sequence + 1]);
    store.undo("test");
    expect(store.state.values).toEqual(before);
    store.redo("test");
    // Heard again without what was set, it is the same fault, and needs no more than before.
    store.set({ "chain.bypass": 1 }, "test");
    play(9, 18, 0.5);
    const again = await commands.tryRemedy({ finding: "lopsided" }, "test");
    expect(Math.abs(again.values["imager.balancePercent"]! - values["imager.balancePercent"]!)).toBeLessThanOrEqual(1);
    // On the same hearing there is nothing to add to it.
    store.set({ "chain.bypass": 1 }, "test");
    expect(await commands.tryRemedy({ finding: "lopsided" }, "test")).toEqual({ values: { "chain.bypass": 0 }, loudnessChangeDb: 0 });
  }, 120_000);

  it("refuse a remedy in the hard bypass, in which nothing of it would be heard, and say so", () => {
    const { store, commands, play } = bed();
    play(0, 9, 0.5);
    store.setHardBypass(true, "test");
    const before = store.state.values;
    expect(() => commands.tryRemedy({ finding: "lopsided" }, "test"))
      .toThrow("The bare input is wired to the output, so nothing of it would be heard; end the hard bypass first.");
    expect(store.state.values).toBe(before);
  }, 120_000);

  it("turn nothing for a fault that is not there, which would be turned the wrong way", () => {
    const { store, commands, play } = bed();
    play(0, 9, 1);
    const before = store.state.values;
    expect(() => commands.tryRemedy({ finding: "tooQuiet" }, "test")).toThrow("The box does not hear that fault.");
    expect(store.state.values).toBe(before);
  }, 120_000);

  it("forget the song before at a mark: nothing stands, and 6 s must be heard", () => {
    const { listener, told, commands, play } = bed();
    play(0, 27.1, 0.5);
    expect(told.at(-1)!.map(({ id }) => id)).toContain("lopsided");
    listener.newSong();
    expect([listener.findings, told.at(-1), listener.heardS]).toEqual([[], [], 0]);
    expect(() => commands.tryRemedy({ finding: "lopsided" }, "test")).toThrow("Too little was heard yet");
    play(0, 12.1, 1);
    expect(listener.findings.map(({ id }) => id)).not.toContain("lopsided");
  }, 120_000);

  it("refuse a remedy that lies with the mixer, and say what to do there", () => {
    const { commands, play } = bed();
    play(0, 9, 1);
    expect(() => commands.tryRemedy({ finding: "noise" }, "test")).toThrow("No control of the box helps here. Mute the channels");
  }, 120_000);
});
