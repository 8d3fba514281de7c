import { describe, expect, it } from "vitest";
import { applyChange } from "../../src/protocol/apply-change.js";
import { parseBoxMessage, readResult } from "../../src/protocol/box-messages.js";
import { PROTOCOL_VERSION } from "../../src/protocol/messages.js";
import { boxStatus, controlState } from "../support/fake-box.js";
import { NOTHING_COMPARED } from "../support/references.js";

function wire(message: object): string {
  return JSON.stringify(message);
}

describe("the reader of the box's messages", () => {
  it.each([
    { type: "welcome", protocol: PROTOCOL_VERSION, version: "1.2.3", state: controlState(), phone: null, references: [], comparison: NOTHING_COMPARED },
    { type: "phones", phones: [{ id: "p1", name: "Anna's phone", role: "view", pairedAt: "2026-01-01T00:00:00.000Z", lastSeen: null, isHere: true }] },
    { type: "presets", presets: [{ id: "own-1", name: "Mine", sentence: "Mine.", isOwn: true }] },
    { type: "change", sequence: 3, source: "knob", state: { values: { "compressor.ratio": 3 }, isPresetEdited: true } },
    { type: "change", sequence: 3, source: "cli", state: { preset: null, scenes: ["A", "C"] } },
    { type: "notice", level: "warning", subject: "sound", sentence: "The card went away.", times: 1 },
  ])("gives back a $type as it was sent", (message) => {
    expect(parseBoxMessage(wire(message))).toEqual(message);
  });

  it("says of a box of another protocol what to do, whatever else is in its welcome", () => {
    const message = { type: "welcome", protocol: PROTOCOL_VERSION + 1, version: "9.0.0", other: 1 };
    expect(() => parseBoxMessage(wire(message))).toThrow("The box (version 9.0.0) speaks protocol 4, this program protocol 3;"
      + " restart both after an update, so that they are of the same release.");
  });

  it.each([
    [{ type: "change", sequence: 1.5, source: "x", state: {} }, "sequence is 1.5"],
    [{ type: "change", sequence: 1, source: "x", state: { values: { "compressor.ratio": 99 } } }, "compressor.ratio is 99"],
    [{ type: "change", sequence: 1, source: "x", state: { gone: 1 } }, 'state has no "gone"'],
    [{ type: "welcome", protocol: PROTOCOL_VERSION, version: "1", state: { ...controlState(), values: { "compressor.ratio": 2 } } }, "state.values lacks"],
    [{ type: "gift" }, 'type is "gift"'],
    [[], "type is missing"],
  ])("refuses %o: %s", (message, sentence) => {
    expect(() => parseBoxMessage(wire(message))).toThrow(sentence);
  });

  it("reads the status with the rights that were granted, and with those that were refused", () => {
    const granted = boxStatus();
    expect(readResult("status", JSON.parse(wire(granted)))).toEqual(granted);
    const refused = { ...granted, audio: { ...granted.audio, refused: { priority: "No right to it.", memoryLock: undefined } } };
    expect(readResult("status", JSON.parse(wire(refused)))).toEqual(refused);
  });
});

describe("a client's copy of the state", () => {
  it("takes in the change that follows and refuses one that does not", () => {
    const state = controlState(4);
    const change = { type: "change", sequence: 5, source: "knob", state: { values: { "compressor.ratio": 3 }, canUndo: true } } as const;
    const next = applyChange(state, change)!;
    expect(next).toEqual({ ...state, sequence: 5, canUndo: true, values: { ...state.values, "compressor.ratio": 3 } });
    expect(applyChange(next, change)).toBeUndefined();
    expect(applyChange(state, { ...change, sequence: 6 })).toBeUndefined();
  });
});
