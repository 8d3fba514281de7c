import { describe, expect, it } from "vitest";
import { pairButton, panelActions } from "../../src/box/panel-actions.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { LINE_LETTERS } from "../../src/control/panel/picture.js";
import type { Button } from "../../src/hal/button.js";
import { CommandFailure } from "../../src/protocol/command-failure.js";
import { fakeCommands } from "../support/fake-box.js";
import { NOTHING_COMPARED } from "../support/references.js";

const { controls } = loadBoxConfig(undefined).config;
const BUTTON: Button = { open: () => Promise.resolve(false), close: () => Promise.resolve() };

it("names the button that opens the box to a phone, and how long it is held", () => {
  expect(pairButton(controls, { buttons: new Map([["bypass", BUTTON], ["target", BUTTON]]) })).toEqual({ name: "target", holdS: 3 });
  const clicked = controls.map((control) => (control.name === "compare" ? { ...control, action: "pair" as const } : control));
  expect(pairButton(clicked, { buttons: new Map([["compare", BUTTON]]) })).toEqual({ name: "compare", holdS: 0 });
});

it("names none where the panel has no such button", () => {
  expect(pairButton(controls, { buttons: new Map() })).toBeNull();
  expect(pairButton(controls, { buttons: new Map([["bypass", BUTTON]]) })).toBeNull();
});

describe("the buttons for references", () => {
  function actionsOf(isArmed: boolean): { readonly actions: ReturnType<typeof panelActions>; readonly calls: unknown[] } {
    const calls: unknown[] = [];
    const commands = {
      ...fakeCommands(calls), comparison: () => ({ ...NOTHING_COMPARED, isArmed }),
      compareReference: () => {
        if (!isArmed) throw new CommandFailure("notNow", "References are not armed.");
        return { on: true };
      },
    };
    const unused = (): never => { throw new Error("not asked for"); };
    return { calls, actions: panelActions({ commands, store: { get state() { return unused(); }, get isHardBypassed() { return unused(); } }, powerOff: unused }) };
  }

  it("switch what is heard, and say which", async () => {
    expect(await actionsOf(true).actions.reference()).toEqual(["Reference"]);
    await expect(actionsOf(false).actions.reference()).rejects.toThrow("References are not armed.");
  });

  it("arm them with a warning that fits the display, and disarm them", async () => {
    for (const isArmed of [false, true]) {
      const { actions, calls } = actionsOf(isArmed);
      const lines = await actions.armReferences();
      expect(calls).toEqual([["armReferences", { on: !isArmed }, "knob"]]);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(LINE_LETTERS);
      expect(lines.join(" ")).toMatch(isArmed ? /not armed any more/ : /the recorder hears what you hear/);
    }
  });
});
