import type { Button } from "./button.js";
import type { DigitalOutput } from "./digital.js";
import type { Display } from "./display.js";
import type { Encoder } from "./encoder.js";
import type { Knob } from "./knob.js";

/** What a button can do. */
export const PANEL_ACTIONS = [
  "bypass", "hardBypass", "compare", "undo", "redo", "take", "resetMeters", "newSong", "nextTarget", "reference", "armReferences", "pair", "forgetPhones", "shutdown",
  "nextScene", "previousScene", "section", "learn", "preview",
  "recallSceneA", "recallSceneB", "recallSceneC", "recallSceneD",
] as const;
export type PanelAction = (typeof PANEL_ACTIONS)[number];

/** What a light can show besides a parameter: clipped input, gain reduction, any bypass, a network that phones can use. */
export const PANEL_LIGHTS = ["clip", "gainReduction", "bypass", "network"] as const;
export type PanelLight = (typeof PANEL_LIGHTS)[number];

/** Kinds of controls, with the pins each takes: an encoder's two contacts; a knob hangs on the converter instead. */
export const PIN_COUNTS = { button: 1, encoder: 2, knob: 0, led: 1, relay: 1 } as const;
export type ControlKind = keyof typeof PIN_COUNTS;

/** Something that a button does once it is held for so long. */
export interface Hold {
  readonly afterS: number;
  readonly action: PanelAction;
}

/** A part of the front panel. */
export interface Control {
  readonly name: string;
  readonly kind: ControlKind;
  /** BCM numbers; empty for a knob, and for what the kernel reads by itself. */
  readonly pins: readonly number[];
  /** Input device of the kernel in place of pins, and the code of its axis or key. */
  readonly inputDevice: string | null;
  readonly code: number | null;
  /** Steps of an encoder between two rests; null for other kinds. */
  readonly stepsPerDetent: 1 | 2 | 4 | null;
  /** Input of the analog-to-digital converter, for a knob alone. */
  readonly channel: number | null;
  /** Readings of a knob at its two ends, 0 to 1; null for those of a supply of 3.3 V. */
  readonly ends: readonly [low: number, high: number] | null;
  /** Parameter that it moves or shows. */
  readonly parameter: string | null;
  /** How its travel maps to the value; null as the parameter has it. */
  readonly taper: "linear" | "log" | null;
  /** What a click does. */
  readonly action: PanelAction | null;
  readonly doubleClick: PanelAction | null;
  /** The longest last. */
  readonly holds: readonly Hold[];
  readonly light: PanelLight | null;
}

/** The devices of a front panel, by the names of its controls. */
export interface PanelDevices {
  readonly encoders: ReadonlyMap<string, Encoder>;
  readonly buttons: ReadonlyMap<string, Button>;
  readonly knobs: ReadonlyMap<string, Knob>;
  readonly lights: ReadonlyMap<string, DigitalOutput>;
  readonly display: Display | null;
  /** The line of the bypass relay; null without a relay. `open` takes it, and throws a LineError when it cannot be had. */
  readonly relay: { open(): Promise<void>; close(): Promise<void> } | null;
  /** What a person should know about them. */
  readonly lines: readonly string[];
  /** Lets go of what the devices share; to be called when all are closed. */
  end(): Promise<void>;
}
