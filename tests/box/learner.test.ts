import { beforeEach, describe, expect, it } from "vitest";
import { Learner } from "../../src/box/learner.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { Chain } from "../../src/engine/chain.js";
import { readMeterRecord } from "../../src/engine/meter-record.js";
import type { LearnState } from "../../src/protocol/levels.js";
import { expectGate } from "../support/gates.js";
import { RATE_HZ, song } from "../support/ride-bed.js";

const BLOCK = 480;
const SONG = song(20);
const DRIVE = "loudness.driveDb";

let store: ParameterStore;
let states: LearnState[];
let learner: Learner;
let chain: Chain;

beforeEach(() => {
  store = new ParameterStore({ targets: loadTargets(), nowMs: () => 0, onListenerError: (error) => { throw error; } });
  states = [];
  learner = new Learner({ store, targets: loadTargets(), onChange: (state) => states.push(state) });
  chain = new Chain({ sampleRateHz: RATE_HZ, maxFrames: BLOCK }, Object.entries({ "compressor.bypass": 1 }));
  store.onChange(({ state }) => {
    for (const [id, value] of Object.entries(state.values ?? {})) chain.set(id, value);
  });
});

/** Plays the song from its beginning, or silence, through the whole chain as the store has it. */
function play(seconds: number, lufs: number | null): void {
  for (let block = 0; block < 100 * seconds; block++) {
    const gain = lufs === null ? 0 : 10 ** (lufs / 20);
    for (let k = 0; k < 2 * BLOCK; k++) chain.io[k] = gain * SONG[(2 * BLOCK * block + k) % SONG.length]!;
    chain.process(BLOCK);
    chain.takeRecords((fields) => learner.add(readMeterRecord(fields)));
  }
}

/** What stop began is set in the next turn of the loop. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("learning the drive", () => {
  it.each([-24, -18, -11])("lands a chorus at %d LUFS on the target within 0.5 LU, as one change, and tells the cost before and after", async (lufs) => {
    learner.start("phone");
    play(20, lufs);
    await learner.stop();
    const { plan, phase } = learner.state;
    expect(phase).toBe("proving");
    expect(store.get(DRIVE)).toBe(plan!.driveDb);
    expect(store.state.sequence).toBe(1);
    play(20, lufs);
    const { measured } = learner.state;
    expectGate({ stage: "loudness", what: "learnt drive: measured loudness off the target of -14 LUFS", measured: Math.abs(measured!.integratedLufs! + 14), unit: "LU", must: 0.5 }, String(lufs));
    expect(Math.abs(measured!.meanLimitingDb - plan!.predicted.meanLimitingDb)).toBeLessThan(1);
    expect(Math.abs(measured!.maxLimitingDb - plan!.predicted.maxLimitingDb)).toBeLessThan(1.5);
    store.undo("phone");
    expect(store.get(DRIVE)).toBe(0);
  });

  it("ends by itself 3 s after the passage", async () => {
    learner.start("panel");
    play(12, -20);
    play(2, null);
    expect(learner.state.phase).toBe("listening");
    play(2, null);
    await settled();
    expect(learner.state.phase).toBe("proving");
    expect(learner.state.plan?.reason).toBe("landed");
    expect(store.get(DRIVE)).toBeGreaterThan(5);
  });

  it("stops short of a target that would cost more than 6 dB of limiting on average", async () => {
    learner.start("phone");
    store.set({ "limiter.ceilingDbtp": -12 }, "phone");
    play(12, -20);
    await learner.stop();
    expect(learner.state.plan?.reason).toBe("limiting");
    expect(learner.state.plan!.predicted.meanLimitingDb).toBeLessThan(6.2);
  });

  it("wants 5 s of sound, and a chain that is heard", async () => {
    learner.start("phone");
    play(3, -20);
    await expect(learner.stop()).rejects.toThrow("play 5 s at least");
    learner.cancel();
    await expect(learner.stop()).rejects.toThrow("start first");
    for (const id of ["chain.bypass", "loudness.bypass", "limiter.bypass", "loudness.ride"]) {
      store.set({ [id]: 1 }, "phone");
      expect(() => learner.start("phone"), id).toThrow(`switch ${id} off first`);
      store.set({ [id]: 0 }, "phone");
    }
    store.setTarget("none", "phone");
    expect(() => learner.start("phone")).toThrow("The target asks for no loudness");
  });

  it("proves nothing any more once another hand is on the drive", async () => {
    learner.start("phone");
    play(8, -20);
    await learner.stop();
    store.set({ [DRIVE]: 1 }, "knob");
    expect(learner.state).toMatchObject({ phase: "idle", measured: null });
  });

  it("hears a passage anew when a scene or a hand changes what goes into the drive, and not when the ceiling or the drive moves", () => {
    learner.start("phone");
    play(6, -20);
    store.set({ "limiter.ceilingDbtp": -2, [DRIVE]: 3 }, "phone");
    expect(learner.state).toMatchObject({ phase: "listening", heardS: 5 });
    store.set({ "eq.band2.gainDb": 3 }, "phone");
    expect(learner.state).toMatchObject({ phase: "listening", heardS: 0 });
  });

  it("gives up when the master is bypassed or the ride takes the lead, and refuses to end without a target", async () => {
    for (const id of ["chain.bypass", "loudness.ride"]) {
      learner.start("phone");
      play(6, -20);
      store.set({ [id]: 1 }, "phone");
      expect(learner.state.phase, id).toBe("idle");
      store.set({ [id]: 0 }, "phone");
    }
    learner.start("phone");
    play(6, -20);
    store.setTarget("none", "phone");
    await expect(learner.stop()).rejects.toThrow("The target asks for no loudness");
    expect(learner.state.phase).toBe("listening");
  });

  it("proves nothing any more once the sound is another, or another song begins", async () => {
    for (const change of [() => store.set({ "eq.band2.gainDb": store.get("eq.band2.gainDb") + 3 }, "phone"), () => learner.newSong()]) {
      learner.start("phone");
      play(8, -20);
      await learner.stop();
      expect(learner.state.phase).toBe("proving");
      change();
      expect(learner.state).toMatchObject({ phase: "idle", measured: null });
    }
  });

  it("tells the seconds that were heard once a second", () => {
    learner.start("phone");
    play(6, -20);
    expect(states.map(({ heardS }) => heardS)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
