import type { Control, PanelAction } from "../../hal/panel.js";
import type { Parameter } from "../../params/parameter.js";
import { findParameter } from "../../params/table.js";
import { formatValue, positionOf, valueAt } from "../../params/values.js";
import { turnedValue } from "../knob-steps.js";
import type { ParameterStore } from "../parameter-store.js";
import type { StoreChange } from "../store-change.js";
import { Acceleration } from "./acceleration.js";
import { Gestures, type Gesture, type PendingHold } from "./gestures.js";
import { KnobFilter, USUAL_CALIBRATION, type KnobCalibration } from "./knob-filter.js";
import { TakeOver } from "./take-over.js";
import type { TurnedValue } from "./views.js";

/** Who changes a value by the panel. */
export const PANEL_SOURCE = "knob";
/** A value is shown for so long after it was turned. */
const SHOWN_MS = 1500;

export interface BindingOptions {
  readonly controls: readonly Control[];
  readonly store: Pick<ParameterStore, "get" | "set" | "onChange">;
  /** Does what a button asks for. */
  readonly act: (action: PanelAction) => void;
  /** Hears that a button seems to be stuck, and that it came loose. */
  readonly onStuck: (name: string, isStuck: boolean) => void;
}

interface KnobState {
  readonly row: Parameter;
  readonly calibration: KnobCalibration;
  readonly filter: KnobFilter;
  readonly takeOver: TakeOver;
}

interface Shown {
  readonly row: Parameter;
  readonly knob: TakeOver | undefined;
  readonly knobPosition: number | null;
  readonly untilMs: number;
}

/** What each action is called on the display while a button is held. */
const ACTION_NAMES: Readonly<Partial<Record<PanelAction, string>>> = {
  hardBypass: "HARD BYPASS", pair: "PAIR A PHONE", shutdown: "SHUT DOWN", forgetPhones: "FORGET PHONES", resetMeters: "RESET METERS", newSong: "NEW SONG",
  reference: "REFERENCE", armReferences: "ARM REFERENCES",
};

/**
 * Makes values and actions of what hands do at the panel: encoders turn by the parameter's taper, faster turns further;
 * knobs take their value over softly; buttons click and are held. Time is handed in; `due` and `pass` are those of the
 * buttons.
 */
export class Bindings {
  readonly #options: BindingOptions;
  readonly #turners = new Map<string, { readonly row: Parameter; readonly acceleration: Acceleration }>();
  readonly #knobs = new Map<string, KnobState>();
  readonly #buttons = new Map<string, { readonly control: Control; readonly gestures: Gestures }>();
  readonly #end: () => void;
  #shown: Shown | undefined;
  /** The knob whose value is being set. */
  #moving: string | undefined;

  constructor(options: BindingOptions) {
    this.#options = options;
    for (const control of options.controls) this.#add(control);
    this.#end = options.store.onChange((change) => this.#changed(change));
  }

  /** Listens to the store no more. */
  stop(): void {
    this.#end();
  }

  /** An encoder was turned. */
  turned(name: string, detents: number, timeMs: number): void {
    const turner = this.#turners.get(name);
    if (turner === undefined) return;
    const { row, acceleration } = turner;
    // A choice goes one on with each detent, however quick: nobody can aim at more.
    const steps = row.kind === "number" ? acceleration.steps(detents, timeMs) : detents;
    this.#set(row, turnedValue(row, this.#options.store.get(row.id), steps));
    this.#shown = { row, knob: undefined, knobPosition: null, untilMs: timeMs + SHOWN_MS };
  }

  /** A knob was read. */
  read(name: string, reading: number, timeMs: number): void {
    const knob = this.#knobs.get(name);
    const position = knob?.filter.take(reading);
    if (knob === undefined || position === undefined) return;
    const { row, takeOver } = knob;
    const isFirst = takeOver.isNew;
    const follows = takeOver.moved(position, positionOf(row, this.#options.store.get(row.id)));
    // Where it stood when it was switched on is no turn.
    if (isFirst) return;
    this.#moving = name;
    if (follows) this.#set(row, valueAt(row, position));
    this.#moving = undefined;
    this.#shown = { row, knob: takeOver, knobPosition: position, untilMs: timeMs + SHOWN_MS };
  }

  /** A button was pressed or let go. */
  pressed(name: string, isPressed: boolean, timeMs: number): void {
    const button = this.#buttons.get(name);
    if (button === undefined) return;
    if (!isPressed) this.#options.onStuck(name, false);
    this.#hear(button, isPressed ? button.gestures.press(timeMs) : button.gestures.release(timeMs));
  }

  /** A button is held down since before it was opened. */
  held(name: string, timeMs: number): void {
    this.#buttons.get(name)?.gestures.held(timeMs);
  }

  /** A control is gone: what was begun with it never takes effect, and a knob may stand anywhere when it is back. */
  lost(name: string): void {
    const button = this.#buttons.get(name);
    button?.gestures.cancel();
    if (button !== undefined) this.#options.onStuck(name, false);
    const knob = this.#knobs.get(name);
    if (knob !== undefined) this.#knobs.set(name, newKnob(knob.row, knob.calibration));
  }

  /** Time at which `pass` is to be called; undefined when there is nothing to wait for. */
  get due(): number | undefined {
    const times = [...this.#buttons.values()].map(({ gestures }) => gestures.due).filter((due) => due !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Time has come to `timeMs`. */
  pass(timeMs: number): void {
    for (const button of this.#buttons.values()) this.#hear(button, button.gestures.pass(timeMs));
  }

  /** The value that was turned last, while it is to be shown. */
  shownAt(timeMs: number): TurnedValue | null {
    const shown = this.#shown;
    if (shown === undefined || timeMs >= shown.untilMs) return null;
    const { row, knob, knobPosition } = shown;
    const value = this.#options.store.get(row.id);
    return { label: row.label, text: formatValue(row, value), position: positionOf(row, value), knobPosition: knob?.hasIt === false ? knobPosition : null };
  }

  /** What letting go and holding on would do, and in how many seconds, while a button is held. */
  hintAt(timeMs: number): readonly string[] | null {
    for (const { control, gestures } of this.#buttons.values()) {
      const pending = gestures.holdAt(timeMs);
      if (pending !== undefined) return hintOf(control, pending);
    }
    return null;
  }

  #add(control: Control): void {
    const { name, kind, parameter, taper, ends } = control;
    const found = parameter === null ? undefined : findParameter(parameter);
    const row = found?.kind === "number" && taper !== null ? { ...found, taper } : found;
    if (kind === "encoder" && row !== undefined) this.#turners.set(name, { row, acceleration: new Acceleration() });
    if (kind === "knob" && row !== undefined) this.#knobs.set(name, newKnob(row, calibrationOf(ends)));
    if (kind !== "button") return;
    const holdsMs = control.holds.map(({ afterS }) => 1000 * afterS);
    this.#buttons.set(name, { control, gestures: new Gestures({ hasDoubleClick: control.doubleClick !== null, holdsMs }) });
  }

  #set(row: Parameter, value: number): void {
    this.#options.store.set({ [row.id]: value }, PANEL_SOURCE);
  }

  #hear({ control }: { readonly control: Control }, gestures: readonly Gesture[]): void {
    for (const gesture of gestures) {
      if (gesture.kind === "click") this.#click(control);
      else if (gesture.kind === "doubleClick" && control.doubleClick !== null) this.#options.act(control.doubleClick);
      else if (gesture.kind === "hold") this.#hold(control, gesture.index);
      else if (gesture.kind === "stuck") this.#options.onStuck(control.name, true);
    }
  }

  #hold({ holds }: Control, index: number): void {
    const hold = holds[index];
    if (hold !== undefined) this.#options.act(hold.action);
  }

  #click({ parameter, action }: Control): void {
    if (action !== null) return this.#options.act(action);
    const row = parameter === null ? undefined : findParameter(parameter);
    if (row === undefined) return;
    const value = this.#options.store.get(row.id);
    this.#set(row, value + 1 > row.max ? row.min : value + 1);
  }

  /** What anything else moved is taken from a knob: a phone, another control, a scene that a button recalled. */
  #changed({ state: { values } }: StoreChange): void {
    for (const [name, { row, takeOver }] of this.#knobs) {
      const value = values?.[row.id];
      if (value !== undefined && name !== this.#moving) takeOver.movedByOthers(positionOf(row, value));
    }
  }
}

function calibrationOf(ends: Control["ends"]): KnobCalibration {
  return ends === null ? USUAL_CALIBRATION : { low: ends[0], high: ends[1] };
}

function newKnob(row: Parameter, calibration: KnobCalibration): KnobState {
  return { row, calibration, filter: new KnobFilter(calibration), takeOver: new TakeOver() };
}

function hintOf({ holds }: Control, { reached, nextInMs }: PendingHold): readonly string[] {
  const name = (at: number): string => {
    const action = holds[at]?.action;
    return action === undefined ? "NOTHING" : ACTION_NAMES[action] ?? action.toUpperCase();
  };
  return ["let go:", name(reached - 1), `hold on for ${Math.ceil(nextInMs / 1000)} s:`, name(reached)];
}
