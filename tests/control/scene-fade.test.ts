import { beforeEach, describe, expect, it } from "vitest";
import { ParameterStore } from "../../src/control/parameter-store.js";
import type { StoreChange } from "../../src/control/store-change.js";

const GAIN = "eq.band3.gainDb";
const FREQ = "eq.band3.freqHz";
const SWITCH = "compressor.bypass";

let store: ParameterStore;
let nowMs: number;
let events: StoreChange[];

beforeEach(() => {
  nowMs = 0;
  events = [];
  store = new ParameterStore({
    targets: [{ id: "spotify", ceilingDbtp: -1, loudnessLufs: -14 }], nowMs: () => nowMs, onListenerError: (error) => { throw error; },
  });
  store.set({ [GAIN]: -6, [FREQ]: 4000, [SWITCH]: 1 }, "cli");
  store.storeScene("A", "cli");
  store.set({ [GAIN]: 6, [FREQ]: 250, [SWITCH]: 0 }, "cli");
  store.storeScene("B", "cli");
  store.onChange((change) => events.push(change));
});

/** Lets time pass as the box does, and moves the scene on each 40 ms. */
function pass(ms: number): void {
  for (const end = nowMs + ms; nowMs < end;) {
    nowMs = Math.min(end, nowMs + 40);
    store.advance();
  }
}

const held = (): readonly number[] => [GAIN, FREQ, SWITCH].map((id) => store.get(id));

describe("a scene that fades in over 4 s", () => {
  beforeEach(() => store.recallScene("A", "phone", 4));

  it("moves dB evenly in dB and Hz evenly in octaves, and switches in the middle", () => {
    pass(1000);
    // A quarter of the way from 6 to -6 dB, and of the four octaves from 250 to 4000 Hz.
    expect(held()[0]).toBeCloseTo(3, 3);
    expect(held()[1]).toBeCloseTo(500, 1);
    expect(held()[2]).toBe(0);
    pass(960);
    expect(held()[2]).toBe(0);
    pass(40);
    expect(held()[0]).toBeCloseTo(0, 3);
    expect(held()[1]).toBeCloseTo(1000, 1);
    expect(held()[2]).toBe(1);
    pass(2000);
    expect(held()).toEqual([-6, 4000, 1]);
  });

  it("says where it goes at its beginning, and when it is there, and tells nothing after that", () => {
    expect(store.state.fadingTo).toBe("A");
    expect(events[0]).toMatchObject({ source: "phone", state: { fadingTo: "A" } });
    pass(4000);
    expect(store.state.fadingTo).toBeNull();
    expect(events.at(-1)!.state.fadingTo).toBeNull();
    const told = events.length;
    expect(told).toBeLessThanOrEqual(102);
    pass(1000);
    expect(events).toHaveLength(told);
  });

  it("is taken back by one undo, in the middle and at the end, and made again by one redo", () => {
    pass(1500);
    expect(store.undo("phone")).toBe(true);
    expect(held()).toEqual([6, 250, 0]);
    pass(4000);
    expect(held()).toEqual([6, 250, 0]);
    expect(store.state.fadingTo).toBeNull();
    expect(store.redo("phone")).toBe(true);
    expect(held()).toEqual([-6, 4000, 1]);
    expect(store.undo("phone")).toBe(true);
    expect(held()).toEqual([6, 250, 0]);
  });

  it("leaves a value to the hand that takes it in mid-way, from where it is, and moves the others on", () => {
    pass(1000);
    store.turn(GAIN, 1, "knob");
    expect(store.get(GAIN)).toBeCloseTo(3.1, 3);
    pass(3000);
    expect(held()).toEqual([store.get(GAIN), 4000, 1]);
    expect(store.get(GAIN)).toBeCloseTo(3.1, 3);
    store.undo("knob");
    store.undo("phone");
    expect(held()).toEqual([6, 250, 0]);
  });

  it("gives way to another recall in mid-way, which begins where it is", () => {
    pass(1000);
    store.recallScene("B", "phone", 2);
    pass(1000);
    expect(store.get(GAIN)).toBeCloseTo(4.5, 3);
    pass(1000);
    expect(held()).toEqual([6, 250, 0]);
    expect(store.state.fadingTo).toBeNull();
  });

  it("gives way to a preset, to a reset and to a recall at once", () => {
    for (const takeOver of [() => store.applyPreset("warm", {}, "phone"), () => store.reset(undefined, "phone"), () => store.recallScene("B", "phone", 0)]) {
      store.recallScene("A", "phone", 4);
      pass(1000);
      takeOver();
      const after = held();
      pass(4000);
      expect(held()).toEqual(after);
    }
  });

  it("is saved as where it ends", () => {
    pass(1000);
    expect(store.snapshot().values[GAIN]).toBe(-6);
  });
});

describe("the time of a scene", () => {
  it("is 0 unless it was set, goes with the scene, and the recall may have another", () => {
    expect(store.state.sceneFadesS).toEqual({ A: 0, B: 0, C: 0, D: 0 });
    store.recallScene("A", "cli");
    expect(held()).toEqual([-6, 4000, 1]);
    store.setSceneFade("B", 2, "cli");
    store.recallScene("B", "cli");
    pass(1000);
    expect(store.get(GAIN)).toBeCloseTo(0, 3);
    store.recallScene("A", "cli", 0);
    expect(held()).toEqual([-6, 4000, 1]);
    store.clearScene("B", "cli");
    expect(store.state.sceneFadesS.B).toBe(0);
  });

  it("is refused beyond 0 to 10 s, and for a scene that holds nothing", () => {
    expect(() => store.setSceneFade("A", 10.1, "cli")).toThrow("The cross-fade is 10.1 s; allowed 0 to 10 s.");
    expect(() => store.recallScene("A", "cli", -1)).toThrow("allowed 0 to 10 s");
    expect(() => store.setSceneFade("C", 1, "cli")).toThrow("Scene C is empty");
  });

  it("comes back with the saved state", () => {
    store.setSceneFade("B", 2, "cli");
    store.setSetList({ scenes: ["B", "A"], follows: "songs" }, "cli");
    store.stepSetList("next", "cli");
    store.restore(store.snapshot(), "box");
    expect(store.state.sceneFadesS.B).toBe(2);
    expect(store.state.setList).toEqual({ scenes: ["B", "A"], at: 0, follows: "songs" });
  });
});

describe("the set list", () => {
  it("steps forth and back through its scenes, and says where it ends", () => {
    store.setSetList({ scenes: ["A", "B", "A"] }, "phone");
    const places: (number | null)[] = [];
    for (const direction of ["next", "next", "next", "previous"] as const) {
      store.stepSetList(direction, "knob");
      places.push(store.state.setList.at, store.get(GAIN));
    }
    expect(places).toEqual([0, -6, 1, 6, 2, -6, 1, 6]);
    store.stepSetList("next", "knob");
    expect(() => store.stepSetList("next", "knob")).toThrow("The set list ends here.");
    expect(store.state.setList.at).toBe(2);
  });

  it("passes over a scene that was emptied, forth and back, so that the evening goes on", () => {
    store.setSetList({ scenes: ["A", "D", "D", "B", "D"] }, "phone");
    store.stepSetList("next", "knob");
    store.stepSetList("next", "knob");
    expect([store.state.setList.at, store.get(GAIN)]).toEqual([3, 6]);
    store.stepSetList("previous", "knob");
    expect([store.state.setList.at, store.get(GAIN)]).toEqual([0, -6]);
    expect(() => store.stepSetList("previous", "knob")).toThrow("The set list begins here.");
  });

  it("stays where it is where nothing but scenes without sound follow, and when it is empty", () => {
    expect(() => store.stepSetList("next", "knob")).toThrow("The set list is empty");
    store.setSetList({ scenes: ["A", "D"] }, "phone");
    store.stepSetList("next", "knob");
    expect(() => store.stepSetList("next", "knob")).toThrow("Scene D is empty");
    expect(store.state.setList.at).toBe(0);
  });

  it("has 64 scenes at most", () => {
    expect(() => store.setSetList({ scenes: Array.from({ length: 65 }, () => "A" as const) }, "phone")).toThrow("allowed 64");
  });
});
