import type { ParameterStore } from "../control/parameter-store.js";
import { Bindings } from "../control/panel/bindings.js";
import { Picture } from "../control/panel/picture.js";
import { drawView, type PanelView } from "../control/panel/views.js";
import type { Control, PanelAction, PanelDevices, PanelLight } from "../hal/panel.js";
import { findParameter } from "../params/table.js";
import { AttendedDevice } from "./attended-device.js";
import type { Notices } from "./notices.js";
import { PanelViewer, type PanelSources } from "./panel-view.js";

export interface PanelOptions {
  readonly controls: readonly Control[];
  readonly devices: PanelDevices;
  readonly store: ParameterStore;
  readonly notices: Notices;
  readonly sources: Omit<PanelSources, "bindings">;
  /** What each action does; it answers with lines for the display. */
  readonly actions: Readonly<Record<PanelAction, () => Promise<readonly string[]>>>;
  /** Monotonic time of the system, as the devices tell it. */
  readonly nowMs: () => number;
}

/** A light of the panel, and what it was told last. */
interface PanelLamp {
  readonly control: Control;
  readonly device: AttendedDevice;
  readonly set: (isLit: boolean) => void;
  isLit: boolean | undefined;
}

/** 20 pictures a second. */
const FRAME_MS = 50;
/** An edge that was late is heard within so long: a contact must have rested for 8 ms of it. */
const LATE_EDGE_MS = 15;
/** What was done is shown for so long. */
const MESSAGE_MS = 2000;
/** A light shows reductions from here on. */
const SEEN_REDUCTION_DB = 0.5;

/**
 * The front panel: hands every turn and press to the bindings, and shows the box on the display and the lights. A device
 * that fails rests, is told of and tried again once a second; nothing here is ever waited for by the sound.
 */
export class Panel {
  readonly #options: PanelOptions;
  readonly #bindings: Bindings;
  readonly #viewer: PanelViewer;
  readonly #attended: AttendedDevice[] = [];
  readonly #lights: PanelLamp[] = [];
  readonly #picture = new Picture();
  readonly #timers: NodeJS.Timeout[] = [];
  #display: AttendedDevice | undefined;
  #isShowing = false;
  #due: NodeJS.Timeout | undefined;
  #message: { readonly lines: readonly string[]; readonly untilMs: number } | undefined;

  constructor(options: PanelOptions) {
    const { controls, store, notices } = options;
    this.#options = options;
    this.#bindings = new Bindings({
      controls, store,
      act: (action) => void this.#act(action),
      onStuck: (name, isStuck) => {
        if (isStuck) notices.stand(`stuck ${name}`, "warning", `The button ${name} has been pressed for half a minute; see that it is not stuck.`, "panel");
        else notices.settle(`stuck ${name}`, `The button ${name} came loose.`, "panel");
      },
    });
    this.#viewer = new PanelViewer({ ...options.sources, bindings: this.#bindings });
    for (const control of controls) this.#attend(control);
    this.#attendDisplay();
  }

  /** Opens every device that can be had, and begins to show. */
  start(): void {
    for (const line of this.#options.devices.lines) this.#options.notices.note(line);
    for (const device of this.#attended) device.start();
    if (this.#lights.length > 0 || this.#display !== undefined) this.#timers.push(setInterval(() => this.#show(), FRAME_MS));
  }

  /** Closes every device. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#due);
    this.#bindings.stop();
    await Promise.allSettled(this.#attended.map((device) => device.stop()));
    await this.#options.devices.end();
  }

  #attend(control: Control): void {
    const { name, kind } = control;
    const { encoders, buttons, knobs, lights } = this.#options.devices;
    const [encoder, button, knob, light] = [encoders.get(name), buttons.get(name), knobs.get(name), lights.get(name)];
    const bindings = this.#bindings;
    const gone = (failed: (error: unknown) => void) => (error: unknown): void => {
      bindings.lost(name);
      failed(error);
    };
    if (encoder !== undefined) {
      this.#keep(`The ${kind} ${name}`, encoder, (failed) => encoder.open({ turned: (detents, ms) => bindings.turned(name, detents, ms), failed }));
    } else if (knob !== undefined) {
      this.#keep(`The ${kind} ${name}`, knob, (failed) => knob.open({ read: (reading, ms) => bindings.read(name, reading, ms), failed: gone(failed) }));
    } else if (button !== undefined) {
      const changed = (isPressed: boolean, ms: number): void => {
        bindings.pressed(name, isPressed, ms);
        this.#wait();
      };
      this.#keep(`The ${kind} ${name}`, button, async (failed) => {
        if (!await button.open({ changed, failed: gone(failed) })) return;
        bindings.held(name, this.#options.nowMs());
        this.#wait();
      });
    } else if (light !== undefined) {
      const device = this.#keep(`The light ${name}`, light, () => light.open());
      this.#lights.push({ control, device, set: (isLit) => light.set(isLit), isLit: undefined });
    }
  }

  #attendDisplay(): void {
    const { display } = this.#options.devices;
    if (display !== null) this.#display = this.#keep("The display", display, () => display.open());
  }

  #keep(name: string, device: { close(): Promise<void> }, open: (failed: (error: unknown) => void) => Promise<void>): AttendedDevice {
    const attended: AttendedDevice = new AttendedDevice({
      name, notices: this.#options.notices, open: () => open((error) => attended.failed(error)), close: () => device.close(),
    });
    this.#attended.push(attended);
    return attended;
  }

  /**
   * Wakes the bindings when a button is due. Where the thread was held up until then, the edge of a button that was let go in
   * time is heard only now: it comes first, or a click would count as a hold.
   */
  #wait(): void {
    clearTimeout(this.#due);
    const { due } = this.#bindings;
    if (due === undefined) return;
    const pass = (): void => {
      this.#bindings.pass(this.#options.nowMs());
      this.#wait();
    };
    this.#due = setTimeout(() => {
      this.#due = setTimeout(pass, LATE_EDGE_MS);
    }, Math.max(0, Math.ceil(due - this.#options.nowMs())));
  }

  async #act(action: PanelAction): Promise<void> {
    const say = (lines: readonly string[]): void => {
      if (lines.length > 0) this.#message = { lines, untilMs: this.#options.nowMs() + MESSAGE_MS };
    };
    try {
      say(await this.#options.actions[action]());
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      this.#options.notices.tell(`action ${action}`, "warning", sentence, "panel");
      say(inLines(sentence));
    }
  }

  #show(): void {
    const nowMs = this.#options.nowMs();
    if (this.#message !== undefined && nowMs >= this.#message.untilMs) this.#message = undefined;
    const view = this.#viewer.viewAt(nowMs, this.#message?.lines ?? null);
    for (const light of this.#lights) this.#light(light, isLit(light.control, view, this.#viewer.hasClipped(nowMs), this.#options.store));
    void this.#draw(view);
  }

  #light(light: PanelLamp, isOn: boolean): void {
    if (!light.device.isUp) light.isLit = undefined;
    else if (light.isLit !== isOn) {
      try {
        light.set(isOn);
        light.isLit = isOn;
      } catch (error) {
        light.device.failed(error);
      }
    }
  }

  /** Shows the view, unless the display is still busy with the one before. */
  async #draw(view: PanelView): Promise<void> {
    const { display } = this.#options.devices;
    if (display === null || this.#isShowing || this.#display?.isUp !== true) return;
    this.#isShowing = true;
    drawView(this.#picture, view);
    try {
      await display.show(this.#picture.bytes);
    } catch (error) {
      this.#display.failed(error);
    } finally {
      this.#isShowing = false;
    }
  }
}

/** Whether a light is lit. */
function isLit({ light, parameter }: Control, view: PanelView, hasClipped: boolean, store: ParameterStore): boolean {
  const lights: Readonly<Record<PanelLight, boolean>> = {
    clip: hasClipped, gainReduction: view.gainReductionDb >= SEEN_REDUCTION_DB, bypass: view.heard !== "master", network: view.address !== null,
  };
  if (light !== null) return lights[light];
  return parameter !== null && store.get(parameter) > (findParameter(parameter)?.min ?? 0);
}

/** Breaks a sentence into lines of the display, as many as it shows. */
function inLines(sentence: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= 21) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.slice(0, 5);
}
