import { expect, it } from "vitest";
import { pairButton } from "../../src/box/panel-actions.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import type { Button } from "../../src/hal/button.js";

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
