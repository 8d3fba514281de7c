import { beforeAll, describe, expect, it } from "vitest";
import { NEUTRAL_YARDSTICK } from "../../src/analysis/yardstick.js";
import type { SoundProfile } from "../../src/analysis/sound-profile.js";
import { mixCommands } from "../../src/box/mix-commands.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { bellFilter } from "../support/damages.js";
import { profileSignal } from "../support/profile-signal.js";
import { dual } from "../support/run-chain.js";
import { pinkNoise } from "../support/signals.js";

const RATE = 48_000;
const noise = { left: pinkNoise(12 * RATE, -20, 3), right: pinkNoise(12 * RATE, -20, 4) };
let mix: SoundProfile;
let reference: SoundProfile;
let silence: SoundProfile;
let blip: SoundProfile;

beforeAll(async () => {
  reference = await profileSignal(noise);
  mix = await profileSignal(bellFilter(300, 6, 1)(noise, RATE));
  silence = await profileSignal(dual(new Float64Array(12 * RATE)));
  blip = await profileSignal({ left: noise.left.slice(0, 6 * RATE), right: noise.right.slice(0, 6 * RATE) });
});

/** A box that heard a mix through an equaliser that lifts 1 kHz by 2 dB. */
function bed(output: SoundProfile, references: readonly SoundProfile[], bypass = 0) {
  const store = new ParameterStore({ targets: loadTargets(), nowMs: () => 0, onListenerError: (error) => { throw error; } });
  store.set({ "eq.band4.gainDb": 2, "chain.bypass": bypass }, "test");
  const { values } = store.state;
  const heard = { input: output, output, yardstick: NEUTRAL_YARDSTICK, values, targetLufs: null, limitingDb: 0, compressionDb: 0 };
  return { store, values, commands: mixCommands({ listener: { heard, heardS: output.seconds }, store, references: () => references }) };
}

describe("the match", () => {
  it("does not wipe the equaliser out where too little was heard to know anything, 6 s or silence", () => {
    for (const [output, references] of [[blip, [reference]], [silence, [reference]], [mix, [silence]], [mix, [blip]], [mix, []]] as const) {
      const { store, values, commands } = bed(output, references);
      for (const match of [commands.suggestMatch, commands.applyMatch]) expect(() => match({ amountPercent: 100 }, "test")).toThrow();
      expect(store.state.values).toBe(values);
    }
    expect(() => bed(blip, [reference]).commands.applyMatch({ amountPercent: 100 }, "test")).toThrow("play 9 seconds");
    expect(() => bed(mix, [silence]).commands.applyMatch({ amountPercent: 100 }, "test")).toThrow("No reference track has enough sound to match, 9 seconds");
  });

  it("of a mix that was heard in the bypass takes nothing for what the equaliser does, and ends the bypass", async () => {
    // The mix itself is the reference, so that what was heard bare needs nothing, and what went through 2 dB at 1 kHz needs them.
    const through = await bed(mix, [mix]).commands.suggestMatch({ amountPercent: 100 }, "test");
    expect(Math.max(...through.gainsDb)).toBeGreaterThan(1);
    const { store, commands } = bed(mix, [mix], 1);
    const { gainsDb } = await commands.suggestMatch({ amountPercent: 100 }, "test");
    expect(Math.max(...gainsDb.map(Math.abs))).toBeLessThan(0.1);
    const { values } = await commands.applyMatch({ amountPercent: 100 }, "test");
    expect([values["chain.bypass"], store.get("chain.bypass")]).toEqual([0, 0]);
  });

  it("and the comparison pass over references that are silent, or too short to match", async () => {
    const { gainsDb } = await bed(mix, [reference]).commands.suggestMatch({ amountPercent: 100 }, "test");
    const beside = bed(mix, [silence, reference, blip]);
    expect((await beside.commands.suggestMatch({ amountPercent: 100 }, "test")).gainsDb).toEqual(gainsDb);
    expect(Math.min(...gainsDb)).toBeLessThan(-4);
    const reading = await beside.commands.compareMix({}, "test");
    expect(reading.references).toBe(2);
    // 6 dB at 300 Hz against a middle that silence takes no part in.
    expect(reading.comparison!.balanceSentence).toMatch(/more around (251|316) Hz/);
  });
});
