import { describe, expect, it } from "vitest";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { SCENE_NAMES, type StoreChange, type StoreState } from "../../src/control/store-change.js";
import { PARAMETERS } from "../../src/params/table.js";
import { randomUniform } from "../support/signals.js";

const TARGETS = [
  { id: "spotify", ceilingDbtp: -1, loudnessLufs: -14 }, { id: "loud", ceilingDbtp: -2, loudnessLufs: -9 }, { id: "cd", ceilingDbtp: -0.3, loudnessLufs: null },
];

interface Bench {
  readonly store: ParameterStore;
  readonly events: StoreChange[];
  readonly errors: unknown[];
  readonly clock: { ms: number };
}

function bench(): Bench {
  const clock = { ms: 0 };
  const errors: unknown[] = [];
  const store = new ParameterStore({ targets: TARGETS, nowMs: () => clock.ms, onListenerError: (error) => errors.push(error) });
  const events: StoreChange[] = [];
  store.onChange((change) => events.push(change));
  return { store, events, errors, clock };
}

/** What a client holds that was welcomed with `state` and heard `changes`. */
function replayed(state: StoreState, changes: readonly StoreChange[]): StoreState {
  return changes.reduce((held, { sequence, state: changed }) => (
    { ...held, ...changed, sequence, values: { ...held.values, ...changed.values } }), state);
}

function adjustments({ state }: ParameterStore): object {
  const { values, preset, isPresetEdited, target } = state;
  return { values, preset, isPresetEdited, target };
}

/** One random act of a user, with values on both sides of the ranges. */
function act(store: ParameterStore, random: () => number): void {
  const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const wild = (): number => (random() - 0.5) * 10 ** (random() * 6);
  const some = (): Record<string, number> => Object.fromEntries([1, 2, 3].map(() => [any(PARAMETERS).id, wild()]));
  const source = any(["knob", "phone", "cli"]);
  const scene = any(SCENE_NAMES);
  const acts: (() => void)[] = [
    () => store.set({ [any(PARAMETERS).id]: wild() }, source),
    () => store.set(some(), source),
    () => store.turn(any(PARAMETERS.slice(0, 5)).id, Math.round(wild() % 5), source),
    () => store.reset(random() < 0.5 ? undefined : [any(PARAMETERS).id], source),
    () => store.applyPreset(any(["warm", "glue"]), some(), source),
    () => store.setTarget(any(TARGETS).id, source),
    () => store.storeScene(scene, source),
    () => { if (store.state.scenes.includes(scene)) store.recallScene(scene, source); },
  ];
  any(acts)();
}

describe("the parameter store", () => {
  it("keeps every value finite and in its range through 5000 random acts", () => {
    const { store } = bench();
    const random = randomUniform(1);
    for (let n = 0; n < 5000; n++) {
      act(store, random);
      if (n % 50 !== 0) continue;
      for (const row of PARAMETERS) {
        const value = store.get(row.id);
        const isHeld = value >= row.min && value <= row.max && (row.kind === "number" || Number.isInteger(value));
        if (!isHeld || Object.is(value, -0)) expect.fail(`${row.id} is ${value}`);
      }
    }
  });

  it("brings back by undo what was before each of 2000 random acts, and by redo what was after", () => {
    const { store, clock } = bench();
    const random = randomUniform(2);
    for (let n = 0; n < 2000; n++) {
      clock.ms += 5000;
      const before = adjustments(store);
      const { sequence } = store.state;
      act(store, random);
      const after = adjustments(store);
      if (JSON.stringify(after) === JSON.stringify(before)) continue;
      expect(store.state.sequence).toBe(sequence + 1);
      expect(store.undo("test")).toBe(true);
      expect(adjustments(store)).toEqual(before);
      expect(store.redo("test")).toBe(true);
      expect(adjustments(store)).toEqual(after);
    }
  });

  it("walks 100 steps back and forth through states that are the same both ways", () => {
    const { store, clock } = bench();
    const random = randomUniform(3);
    const states = [adjustments(store)];
    while (states.length < 301) {
      clock.ms += 5000;
      act(store, random);
      if (JSON.stringify(adjustments(store)) !== JSON.stringify(states.at(-1))) states.push(adjustments(store));
    }
    for (let n = 1; n <= 100; n++) {
      expect(store.undo("test")).toBe(true);
      expect(adjustments(store)).toEqual(states.at(-1 - n));
    }
    expect(store.undo("test")).toBe(false);
    expect(store.state.canUndo).toBe(false);
    for (let n = 99; n >= 0; n--) {
      expect(store.redo("test")).toBe(true);
      expect(adjustments(store)).toEqual(states.at(-1 - n));
    }
    expect(store.redo("test")).toBe(false);
  });

  it("numbers 5000 acts without a gap, and a copy that replays the events holds the same", () => {
    const { store, events, clock } = bench();
    const random = randomUniform(4);
    const start = store.state;
    for (let n = 0; n < 5000; n++) {
      clock.ms += random() * 1000;
      if (random() < 0.2) store.undo("phone");
      else if (random() < 0.1) store.redo("phone");
      else act(store, random);
    }
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => start.sequence + 1 + index));
    expect(replayed(start, events)).toEqual(store.state);
  });

  it("tells only what is different, with its source", () => {
    const { store, events } = bench();
    store.set({ "compressor.ratio": 4, "compressor.kneeDb": store.get("compressor.kneeDb") }, "phone");
    store.set({ "compressor.ratio": 4 }, "cli");
    expect(events).toEqual([{ sequence: 1, source: "phone", state: { values: { "compressor.ratio": 4 }, canUndo: true } }]);
  });

  it("moves values out of range to the end of the range, and whole numbers where only these mean something", () => {
    const { store } = bench();
    store.set({ "compressor.ratio": 900, "limiter.ceilingDbtp": -99, "chain.bypass": 0.8, "loudness.driveDb": -0 }, "cli");
    expect([store.get("compressor.ratio"), store.get("limiter.ceilingDbtp"), store.get("chain.bypass")]).toEqual([20, -12, 1]);
    expect(Object.is(store.get("loudness.driveDb"), 0)).toBe(true);
  });

  it.each([
    [{ "compressor.ratoi": 2 }, 'There is no parameter "compressor.ratoi". Did you mean "compressor.ratio"?'],
    [{ "compressor.ratio": NaN }, "compressor.ratio is NaN; give a finite number."],
    [{ "compressor.ratio": Infinity }, "compressor.ratio is Infinity; give a finite number."],
    [JSON.parse('{"__proto__": 3}') as Record<string, number>, 'There is no parameter "__proto__".'],
    [{ constructor: 3 } as unknown as Record<string, number>, 'There is no parameter "constructor".'],
    [{ "compressor.ratio": "4" } as unknown as Record<string, number>, "compressor.ratio is 4; give a finite number."],
  ])("refuses %o as a whole: %s", (bad, sentence) => {
    const { store, events } = bench();
    const before = store.state;
    expect(() => store.set({ "eq.band1.gainDb": 3, ...Object.fromEntries(Object.entries(bad)) }, "cli")).toThrow(new RangeError(sentence));
    expect(store.state).toEqual(before);
    expect(events).toEqual([]);
  });

  it("takes a fader's 50 moves, 20 ms apart, back in one step, and those of another hand or after a pause in their own", () => {
    const { store, clock } = bench();
    const move = (db: number, source = "phone"): void => {
      clock.ms += 20;
      store.set({ "eq.band1.gainDb": db }, source);
    };
    for (let n = 1; n <= 50; n++) move(n / 10);
    move(6, "knob");
    clock.ms += 1001;
    move(7, "knob");
    const heard = [7];
    while (store.undo("cli")) heard.push(store.get("eq.band1.gainDb"));
    expect(heard).toEqual([7, 6, 5, 0]);
  });

  it("takes a drag of a band's handle back in one step, whichever of its values each move sets", () => {
    const { store } = bench();
    store.set({ "eq.band1.gainDb": 1 }, "phone");
    store.set({ "eq.band1.freqHz": 90 }, "phone");
    store.set({ "eq.band1.freqHz": 95, "eq.band1.gainDb": 2 }, "phone");
    store.set({ "eq.band2.gainDb": 2 }, "phone");
    store.undo("phone");
    expect([store.get("eq.band1.freqHz"), store.get("eq.band1.gainDb")]).toEqual([95, 2]);
    store.undo("phone");
    expect(store.state.canUndo).toBe(false);
  });

  it("forgets a gesture that ends where it began", () => {
    const { store } = bench();
    store.set({ "eq.band1.gainDb": 3 }, "phone");
    store.set({ "eq.band1.gainDb": 0 }, "phone");
    expect(store.state.canUndo).toBe(false);
  });

  it("does not join what follows an undo to the step before it", () => {
    const { store } = bench();
    store.set({ "eq.band1.gainDb": 1 }, "phone");
    store.set({ "eq.band2.gainDb": 2 }, "phone");
    store.undo("phone");
    store.set({ "eq.band1.gainDb": 3 }, "phone");
    store.undo("phone");
    expect(store.get("eq.band1.gainDb")).toBe(1);
  });

  it("recalls a preset over the defaults, keeps what belongs to the place, and marks it when the sound is changed", () => {
    const { store } = bench();
    store.set({ "input.trimDb": 6, "eq.band3.gainDb": 4, "chain.bypass": 1 }, "cli");
    store.applyPreset("warm", { "saturation.driveDb": 5 }, "cli");
    expect([store.get("input.trimDb"), store.get("chain.bypass"), store.get("eq.band3.gainDb"), store.get("saturation.driveDb")]).toEqual([6, 1, 0, 5]);
    store.set({ "chain.bypass": 0, "input.trimDb": 3 }, "cli");
    expect(store.state).toMatchObject({ preset: "warm", isPresetEdited: false });
    store.set({ "eq.band3.gainDb": 1 }, "cli");
    expect(store.state.isPresetEdited).toBe(true);
    store.undo("cli");
    expect(store.state).toMatchObject({ preset: "warm", isPresetEdited: false });
  });

  it("sets the ceiling to the target's, and a preset may lower it but not lift it", () => {
    const { store } = bench();
    store.setTarget("loud", "cli");
    expect(store.get("limiter.ceilingDbtp")).toBe(-2);
    store.applyPreset("vinyl", { "limiter.ceilingDbtp": -3 }, "cli");
    expect(store.get("limiter.ceilingDbtp")).toBe(-3);
    store.applyPreset("hot", { "limiter.ceilingDbtp": 0 }, "cli");
    expect(store.get("limiter.ceilingDbtp")).toBe(-2);
    expect(() => store.setTarget("lout", "cli")).toThrow('There is no target "lout". Did you mean "loud"? There are spotify, loud, cd.');
  });

  it("keeps the target and its ceiling when everything, or the ceiling, is reset", () => {
    const { store } = bench();
    store.setTarget("loud", "cli");
    for (const ids of [undefined, ["limiter.ceilingDbtp"]]) {
      store.set({ "limiter.ceilingDbtp": -0.5 }, "cli");
      store.reset(ids, "cli");
      expect(store.state.target).toBe("loud");
      expect(store.get("limiter.ceilingDbtp")).toBe(-2);
    }
  });

  it("recalls a scene with its values, target and preset in one change, and refuses an empty one", () => {
    const { store, events } = bench();
    store.applyPreset("warm", { "saturation.driveDb": 5 }, "cli");
    store.storeScene("B", "cli");
    store.setTarget("cd", "cli");
    store.reset(undefined, "cli");
    const { sequence } = store.state;
    store.recallScene("B", "phone");
    expect(store.state).toMatchObject({ preset: "warm", target: "spotify", scenes: ["B"], sequence: sequence + 1 });
    expect(store.get("saturation.driveDb")).toBe(5);
    expect(events.at(-1)).toMatchObject({ source: "phone", state: { preset: "warm", target: "spotify" } });
    expect(() => store.recallScene("C", "phone")).toThrow("Scene C is empty; store it first.");
  });

  it("tells the other listeners when one throws, and each in the order of the numbers when one makes a change", () => {
    const { store, errors } = bench();
    const late: number[] = [];
    store.onChange(() => {
      throw new Error("broken");
    });
    store.onChange(({ state }) => {
      if (state.values?.["eq.band1.gainDb"] === 1) store.set({ "eq.band1.gainDb": 2 }, "box");
    });
    store.onChange(({ sequence }) => late.push(sequence));
    store.set({ "eq.band1.gainDb": 1 }, "phone");
    expect(late).toEqual([1, 2]);
    expect(errors).toEqual([new Error("broken"), new Error("broken")]);
  });

  it("comes back from its snapshot with all but the history, also after 1000 random acts", () => {
    const { store } = bench();
    const random = randomUniform(5);
    for (let n = 0; n < 1000; n++) act(store, random);
    const twin = bench().store;
    twin.restore(JSON.parse(JSON.stringify(store.snapshot())) as ReturnType<ParameterStore["snapshot"]>, "box");
    expect(twin.snapshot()).toEqual(store.snapshot());
    expect(twin.state).toMatchObject({ canUndo: false, canRedo: false, sequence: 1 });
  });

  it("starts from a snapshot with foreign ids, bad values and an unknown target", () => {
    const { store } = bench();
    const values = { "compressor.ratio": 99, "compressor.kneeDb": NaN, "old.gone": 3 };
    store.restore({ values, preset: "gone", isPresetEdited: true, target: "nowhere", scenes: {}, sceneNames: {}, sceneFadesS: {}, setList: { scenes: [], at: null, follows: "hand" } }, "box");
    expect([store.get("compressor.ratio"), store.get("compressor.kneeDb")]).toEqual([20, 6]);
    expect(store.state).toMatchObject({ target: "spotify", preset: "gone", isPresetEdited: true });
    expect(Object.keys(store.state.values)).toHaveLength(PARAMETERS.length);
  });
});
