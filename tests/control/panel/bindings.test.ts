import { describe, expect, it } from "vitest";
import { Bindings } from "../../../src/control/panel/bindings.js";
import { ParameterStore } from "../../../src/control/parameter-store.js";
import type { Control, PanelAction } from "../../../src/hal/panel.js";
import { findParameter } from "../../../src/params/table.js";

const PLAIN: Control = {
  name: "x", kind: "encoder", pins: [], inputDevice: null, code: null, stepsPerDetent: 4, channel: null, ends: null, parameter: null, taper: null,
  action: null, doubleClick: null, holds: [], light: null,
};
const CONTROLS: readonly Control[] = [
  { ...PLAIN, name: "threshold", parameter: "compressor.thresholdDb" },
  { ...PLAIN, name: "highpass", parameter: "filters.highpassHz" },
  { ...PLAIN, name: "evenly", parameter: "filters.highpassHz", taper: "linear" },
  { ...PLAIN, name: "polarity", parameter: "input.polarity" },
  { ...PLAIN, name: "drive", kind: "knob", channel: 0, parameter: "loudness.driveDb" },
  { ...PLAIN, name: "makeup", kind: "knob", channel: 1, ends: [0.02, 0.75], parameter: "compressor.makeupDb" },
  { ...PLAIN, name: "mono", kind: "button", parameter: "input.mono" },
  { ...PLAIN, name: "song", kind: "button", action: "newSong", holds: [{ afterS: 5, action: "shutdown" }] },
  { ...PLAIN, name: "target", kind: "button", action: "nextTarget", holds: [{ afterS: 3, action: "pair" }, { afterS: 10, action: "forgetPhones" }] },
];

function bed(): { bindings: Bindings; store: ParameterStore; acts: PanelAction[]; stuck: string[] } {
  const store = new ParameterStore({ targets: [{ id: "spotify", ceilingDbtp: -1, loudnessLufs: -14 }], nowMs: () => 0, onListenerError: (error) => { throw error; } });
  const acts: PanelAction[] = [];
  const stuck: string[] = [];
  const bindings = new Bindings({ controls: CONTROLS, store, act: (action) => acts.push(action), onStuck: (name, isStuck) => stuck.push(`${name} ${isStuck}`) });
  return { bindings, store, acts, stuck };
}

/** Readings of a knob that stands at `position` of its travel, until they have settled. */
function stand(bindings: Bindings, position: number, timeMs: number): void {
  for (let n = 0; n < 60; n++) bindings.read("drive", 0.008 + position * (0.797 - 0.008), timeMs + 10 * n);
}

describe("Bindings", () => {
  it("turns a parameter by its step, one a detent when turned slowly, and names itself as the source", () => {
    const { bindings, store } = bed();
    const sources: string[] = [];
    store.onChange(({ source }) => sources.push(source));
    bindings.turned("threshold", 1, 1000);
    bindings.turned("threshold", -1, 2000);
    bindings.turned("threshold", -1, 3000);
    expect(store.get("compressor.thresholdDb")).toBe(-18.5);
    expect(new Set(sources)).toEqual(new Set(["knob"]));
  });

  it("reaches further by quick turns: over 20 dB with 12 detents of a fiftieth of a second", () => {
    const { bindings, store } = bed();
    for (let n = 0; n < 12; n++) bindings.turned("threshold", -1, 1000 + 20 * n);
    expect(store.get("compressor.thresholdDb")).toBeLessThan(-38);
  });

  it("turns along the parameter's taper, or along that of the control", () => {
    const { bindings, store } = bed();
    store.set({ "filters.highpassHz": 100 }, "cli");
    bindings.turned("highpass", 1, 1000);
    expect(store.get("filters.highpassHz")).toBeGreaterThan(102);
    store.set({ "filters.highpassHz": 100 }, "cli");
    bindings.turned("evenly", 1, 1000);
    expect(store.get("filters.highpassHz")).toBe(101);
  });

  it("goes through the names of a choice one by one, however quick", () => {
    const { bindings, store } = bed();
    for (let n = 0; n < 2; n++) bindings.turned("polarity", 1, 1000 + n);
    expect(store.get("input.polarity")).toBe(2);
  });

  it("lets a knob take its value over where it meets it, and lose it when a phone moves the value", () => {
    const { bindings, store } = bed();
    store.set({ "loudness.driveDb": 6 }, "phone:a");
    const span = { low: 0, high: 0 };
    stand(bindings, 0.9, 0);
    expect(store.get("loudness.driveDb")).toBe(6);
    stand(bindings, 0.7, 1000);
    const before = store.get("loudness.driveDb");
    stand(bindings, 0, 2000);
    span.low = store.get("loudness.driveDb");
    stand(bindings, 1, 3000);
    span.high = store.get("loudness.driveDb");
    expect(span.low).toBeLessThanOrEqual(before);
    expect(span.high).toBeGreaterThan(span.low);
    store.set({ "loudness.driveDb": span.low + 1 }, "phone:a");
    stand(bindings, 0.95, 4000);
    expect(store.get("loudness.driveDb")).toBe(span.low + 1);
    expect(bindings.shownAt(4700)).toMatchObject({ label: "Drive" });
    expect(bindings.shownAt(4600)?.knobPosition).toBeCloseTo(0.95, 1);
  });

  it.each([
    ["undo", (store: ParameterStore) => void store.undo("knob")],
    ["a scene", (store: ParameterStore) => store.recallScene("A", "knob")],
    ["an encoder", (store: ParameterStore) => store.set({ "loudness.driveDb": 3 }, "knob")],
  ])("lets a knob lose its value when %s of the same panel moves it by more than a fiftieth of the travel", (_, move) => {
    const { bindings, store } = bed();
    store.storeScene("A", "cli");
    const home = store.get("loudness.driveDb");
    stand(bindings, 0, 0);
    stand(bindings, 0.9, 1000);
    expect(store.get("loudness.driveDb")).toBeGreaterThan(home + 6);
    move(store);
    const moved = store.get("loudness.driveDb");
    stand(bindings, 0.95, 2000);
    expect(store.get("loudness.driveDb")).toBe(moved);
  });

  it("does not jump to where a knob was turned while its converter did not answer", () => {
    const { bindings, store } = bed();
    stand(bindings, 0, 0);
    stand(bindings, 0.3, 1000);
    const before = store.get("loudness.driveDb");
    bindings.lost("drive");
    stand(bindings, 0.9, 2000);
    expect(store.get("loudness.driveDb")).toBe(before);
    // It is taken over again where it meets the value.
    stand(bindings, 0.2, 3000);
    expect(store.get("loudness.driveDb")).toBeLessThan(before);
  });

  it("does not move a value by where a knob stood when the box was switched on", () => {
    const { bindings, store } = bed();
    const before = store.get("loudness.driveDb");
    stand(bindings, 0.6, 0);
    expect(store.get("loudness.driveDb")).toBe(before);
    expect(bindings.shownAt(100)).toBeNull();
  });

  it("reaches both ends with a knob that reads what its calibration says there, also after it was lost", () => {
    const { bindings, store } = bed();
    const { min, max } = findParameter("compressor.makeupDb")!;
    const turn = (reading: number): number => {
      for (let n = 0; n < 60; n++) bindings.read("makeup", reading, 10 * n);
      return store.get("compressor.makeupDb");
    };
    for (let n = 0; n < 2; n++) {
      turn(0.4);
      expect([turn(0.02), turn(0.75), turn(0.02)]).toEqual([min, max, min]);
      bindings.lost("makeup");
    }
  });

  it("shows the value that was turned for 1.5 s, as it is written everywhere", () => {
    const { bindings } = bed();
    bindings.turned("threshold", 1, 1000);
    expect(bindings.shownAt(2499)).toEqual({ label: "Threshold", text: "-17.5 dB", position: expect.closeTo((60 - 17.5) / 60, 5) as number, knobPosition: null });
    expect(bindings.shownAt(2500)).toBeNull();
  });

  it("switches a parameter by a click, and back", () => {
    const { bindings, store } = bed();
    const click = (ms: number): void => {
      bindings.pressed("mono", true, ms);
      bindings.pressed("mono", false, ms + 50);
    };
    click(0);
    expect(store.get("input.mono")).toBe(1);
    click(1000);
    expect(store.get("input.mono")).toBe(0);
  });

  it("acts on clicks, and on the longest hold as soon as it is reached", () => {
    const { bindings, acts } = bed();
    bindings.pressed("song", true, 0);
    bindings.pressed("song", false, 100);
    expect(acts).toEqual(["newSong"]);
    bindings.pressed("song", true, 1000);
    expect(bindings.due).toBe(6000);
    bindings.pass(6000);
    expect(acts).toEqual(["newSong", "shutdown"]);
    bindings.pressed("song", false, 7000);
    expect(acts).toEqual(["newSong", "shutdown"]);
  });

  it("counts down to what holding on does, and names what letting go does instead", () => {
    const { bindings, acts } = bed();
    bindings.pressed("target", true, 1000);
    expect(bindings.hintAt(1300)).toBeNull();
    expect(bindings.hintAt(1500)).toEqual(["let go:", "NOTHING", "hold on for 3 s:", "PAIR A PHONE"]);
    expect(bindings.hintAt(4000)).toEqual(["let go:", "PAIR A PHONE", "hold on for 7 s:", "FORGET PHONES"]);
    expect(bindings.hintAt(10_500)?.[2]).toBe("hold on for 1 s:");
    bindings.pressed("target", false, 10_900);
    expect(bindings.hintAt(10_900)).toBeNull();
    expect(acts).toEqual(["pair"]);
    bindings.pressed("target", true, 20_000);
    bindings.pass(30_000);
    expect(bindings.hintAt(30_000)).toBeNull();
    expect(acts).toEqual(["pair", "forgetPhones"]);
  });

  it("does nothing by a button that went away while it was held, and tells one that is stuck", () => {
    const { bindings, acts, stuck } = bed();
    bindings.pressed("song", true, 0);
    bindings.pass(3000);
    bindings.lost("song");
    expect(bindings.due).toBeUndefined();
    bindings.pressed("mono", true, 10_000);
    bindings.pass(40_000);
    expect(stuck.at(-1)).toBe("mono true");
    bindings.pressed("mono", false, 50_000);
    expect(stuck.at(-1)).toBe("mono false");
    expect(acts).toEqual([]);
  });

  it("tells a button stuck that was held before anybody looked for 30 s, and does nothing by it", () => {
    const { bindings, acts, stuck } = bed();
    bindings.held("song", 0);
    expect(bindings.hintAt(4000)).toBeNull();
    bindings.pass(29_999);
    expect(stuck).toEqual([]);
    bindings.pass(30_000);
    expect(stuck).toEqual(["song true"]);
    bindings.pressed("song", false, 40_000);
    expect([stuck.at(-1), acts]).toEqual(["song false", []]);
    bindings.pressed("song", true, 41_000);
    bindings.pressed("song", false, 41_100);
    expect(acts).toEqual(["newSong"]);
  });

  it("calls a button stuck no more that is gone", () => {
    const { bindings, stuck } = bed();
    bindings.pressed("mono", true, 0);
    bindings.pass(30_000);
    bindings.lost("mono");
    expect(stuck).toEqual(["mono true", "mono false"]);
  });
});
