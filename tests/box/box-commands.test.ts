import { beforeEach, describe, expect, it } from "vitest";
import { boxCommands, commandsAfter } from "../../src/box/box-commands.js";
import { Pairing } from "../../src/box/pairing.js";
import { PhoneBook } from "../../src/box/phone-book.js";
import { Learner } from "../../src/box/learner.js";
import { LiveMeters } from "../../src/box/live-meters.js";
import { Preview } from "../../src/box/preview.js";
import { OwnPresets } from "../../src/config/own-presets.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import { LatencyError } from "../../src/engine/latency-probe.js";
import { seededBytes } from "../support/handshakes.js";
import { noReferences } from "../support/no-references.js";
import type { BoxCommands } from "../../src/server/box-commands.js";
import { PARAMETERS } from "../../src/params/table.js";

let store: ParameterStore;
let commands: BoxCommands;
let meters: LiveMeters;
/** What was asked of the sound. */
let told: string[];

beforeEach(() => {
  const targets = loadTargets();
  store = new ParameterStore({ targets, nowMs: () => 0, onListenerError: (error) => { throw error; } });
  const unused = (): never => { throw new Error("not asked for"); };
  meters = new LiveMeters();
  told = [];
  commands = boxCommands({
    store, targets, presets: new OwnPresets("/nowhere"), references: noReferences(), onPresets: unused, meters, listener: { findings: [], finding: () => null, heard: undefined, heardS: 0, newSong: () => undefined },
    learner: new Learner({ store, targets, onChange: () => undefined }), onSong: () => told.push("song kept"),
    preview: new Preview({
      open: () => null, song: () => meters.figures, obstacle: () => undefined, hasMonitorOutput: () => false, notices: { stand: unused, settle: unused }, sampleRateHz: 48_000, nowMs: () => 0,
      onChange: unused,
    }), status: unused, take: unused,
    measureLatency: () => {
      told.push(meters.figures.isPaused ? "measured while the meters paused" : "measured while the meters ran");
      return Promise.reject(new LatencyError("No impulse came back."));
    },
    restoreStages: (ids) => told.push(`restore ${ids.length === PARAMETERS.length ? "all" : ids.join(" ")}`),
    resetHealth: () => told.push("reset health"), logs: unused,
    phones: {
      phones: new PhoneBook({ file: "/nowhere/phones.json", now: () => new Date(0), random: seededBytes(1) }),
      pairing: new Pairing({ nowMs: () => 0, random: seededBytes(2), pagePort: () => null }), notices: { tell: unused }, isSimulated: false, button: () => null,
    },
  });
});

describe("set", () => {
  it("is one change, and answers with what the store holds then", async () => {
    const { values } = await commands.set({ values: { "compressor.ratio": 4, "eq.band5.freqHz": 3500 } }, "cli");
    expect(values).toEqual({ "compressor.ratio": 4, "eq.band5.freqHz": 3500 });
    expect(store.state.sequence).toBe(1);
    await commands.undo({}, "cli");
    for (const id of ["compressor.ratio", "eq.band5.freqHz"]) expect(store.get(id), id).toBe(PARAMETERS.find((row) => row.id === id)?.default);
  });
});

describe("get", () => {
  it("answers with every parameter of the table, or those that are asked for", async () => {
    const all = await commands.get({}, "cli");
    expect(Object.keys(all.values).sort()).toEqual(PARAMETERS.map((row) => row.id).sort());
    expect(await commands.get({ ids: ["compressor.ratio"] }, "cli")).toEqual({ values: { "compressor.ratio": 2 } });
  });
});

describe("the others", () => {
  it("try stages that failed again, also where the value is what it was", async () => {
    await commands.set({ values: { "eq.band1.gainDb": 0 } }, "cli");
    await commands.reset({ ids: ["saturation.driveDb"] }, "cli");
    await commands.reset({}, "cli");
    expect(told).toEqual(["restore eq.band1.gainDb", "restore saturation.driveDb", "restore all"]);
  });

  it("keep the impulse of the latency out of the meters, which go on as they were", async () => {
    await expect(commands.latency({}, "cli")).rejects.toThrow("No impulse came back");
    expect(meters.figures.isPaused).toBe(false);
    await commands.controlMeters({ action: "pause" }, "phone");
    await expect(commands.latency({}, "cli")).rejects.toThrow("No impulse came back");
    expect(meters.figures.isPaused).toBe(true);
    expect(told).toEqual(["measured while the meters paused", "measured while the meters paused"]);
  });

  it("forget the largest load with the maxima of the meters", async () => {
    await commands.controlMeters({ action: "reset" }, "phone");
    expect(told).toEqual(["reset health"]);
  });

  it("toggle the bypass without a word, and set it with one", async () => {
    expect(await commands.bypass({}, "phone")).toEqual({ on: true });
    expect(await commands.bypass({}, "phone")).toEqual({ on: false });
    expect(await commands.bypass({ on: false }, "phone")).toEqual({ on: false });
  });

  it("apply a preset by its name, whatever its spelling", async () => {
    await commands.applyPreset({ preset: "Vocal Presence" }, "phone");
    expect(store.state).toMatchObject({ preset: "vocal-presence", isPresetEdited: false });
    expect(() => commands.applyPreset({ preset: "glu" }, "phone")).toThrow("Did you mean \"glue\"?");
  });

  it("choose a target by an alias and set the ceiling to its own", async () => {
    expect(await commands.setTarget({ target: "broadcast" }, "phone")).toEqual({ target: "ebu-r128" });
    expect(store.get("limiter.ceilingDbtp")).toBe(-1);
  });

  it("store and recall a scene, and refuse an empty one", async () => {
    await commands.set({ values: { "compressor.ratio": 3 } }, "knob");
    await commands.storeScene({ scene: "B" }, "knob");
    await commands.reset({}, "knob");
    const { values } = await commands.recallScene({ scene: "B" }, "knob");
    expect(values["compressor.ratio"]).toBe(3);
    expect(() => commands.recallScene({ scene: "C" }, "knob")).toThrow("Scene C is empty");
  });

  it("list the targets, as the phone shows them", async () => {
    const { targets } = await commands.listTargets({}, "phone");
    expect(targets).toContainEqual({ id: "ebu-r128", name: "EBU R 128 broadcast", loudnessLufs: -23, ceilingDbtp: -1 });
  });

  it("wait until the box has started", async () => {
    let start: () => void = () => undefined;
    const later = commandsAfter(new Promise((resolve) => (start = resolve)), commands);
    const answer = later.bypass({ on: true }, "phone");
    expect(store.get("chain.bypass")).toBe(0);
    start();
    expect(await answer).toEqual({ on: true });
  });

  it("say that there is nothing to undo or redo", () => {
    expect(() => commands.undo({}, "cli")).toThrow("There is nothing to undo.");
    expect(() => commands.redo({}, "cli")).toThrow("There is nothing to redo.");
  });
});
