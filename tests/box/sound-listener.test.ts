import { describe, expect, it } from "vitest";
import { diagnosisCommands } from "../../src/box/diagnosis-commands.js";
import { SoundListener } from "../../src/box/sound-listener.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { Chain } from "../../src/engine/chain.js";
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
      meters.takeRecords((record) => listener.addRecord(record));
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

  it("refuse a remedy that lies with the mixer, and say what to do there", () => {
    const { commands, play } = bed();
    play(0, 9, 1);
    expect(() => commands.tryRemedy({ finding: "noise" }, "test")).toThrow("No control of the box helps here. Mute the channels");
  }, 120_000);
});
