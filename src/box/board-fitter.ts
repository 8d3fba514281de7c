import { isDeepStrictEqual } from "node:util";
import { cardOf } from "../hal/board.js";
import type { SetMixer } from "../hal/mixer.js";
import type { Control, PanelDevices } from "../hal/panel.js";
import { AttendedDevice } from "./attended-device.js";
import type { FittedBoard } from "./fit-board.js";
import type { Notices } from "./notices.js";
import type { Panel } from "./panel.js";

export interface BoardFitterOptions {
  /** What the board makes of the configuration that carries the card of a device. */
  readonly fit: (device: string) => FittedBoard;
  /** The devices of these controls; nothing is opened yet. */
  readonly devices: (controls: readonly Control[]) => PanelDevices;
  readonly makePanel: (controls: readonly Control[], devices: PanelDevices) => Panel;
  readonly setMixer: SetMixer;
  readonly notices: Notices;
}

/** The panel on the pins of a board. */
interface Wired {
  readonly fitted: FittedBoard;
  readonly devices: PanelDevices;
  readonly panel: Panel;
  readonly relay: AttendedDevice | undefined;
}

/**
 * Keeps the box fitted to the board of its sound card. The mixer of a card is set once in the life of the process, before its
 * sound where the card is there at the start: what a person changes later by hand stays. The panel moves to the pins of a
 * card that comes later.
 */
export class BoardFitter {
  readonly #options: BoardFitterOptions;
  /** Cards whose mixer was set. */
  readonly #mixed = new Set<string>();
  #card: string | undefined;
  #wired: Wired;
  #isStarted = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param device - the sound device as it is known at the start */
  constructor(options: BoardFitterOptions, device: string) {
    this.#options = options;
    this.#card = cardOf(device);
    this.#wired = this.#wire(options.fit(device));
  }

  /** Id of the board. */
  get board(): string {
    return this.#wired.fitted.board;
  }

  /** The controls that are wired, and their devices. */
  get wired(): { readonly controls: readonly Control[]; readonly devices: PanelDevices } {
    return { controls: this.#wired.fitted.controls, devices: this.#wired.devices };
  }

  /** Whether the line of the relay is held; undefined without a relay. */
  get isRelayUp(): boolean | undefined {
    return this.#wired.relay?.isUp;
  }

  /** Takes the relay, tells what does not go with the board, and sets the mixer of a card that is there: all before sound begins. */
  prepare(): void {
    this.#wired.relay?.start();
    this.#apply(this.#wired.fitted);
  }

  #apply(fitted: FittedBoard): void {
    const { notices, setMixer } = this.#options;
    fitted.faults.forEach((fault, n) => notices.stand(`board ${n}`, "error", fault));
    const { mixer } = fitted;
    if (mixer === undefined || this.#mixed.has(mixer.name)) return;
    this.#mixed.add(mixer.name);
    setMixer(mixer.name, mixer.settings).forEach((sentence, n) => notices.stand(`mixer ${n}`, "warning", sentence));
  }

  /** Opens the panel. */
  start(): void {
    this.#isStarted = true;
    this.#wired.panel.start();
  }

  /** The sound runs on this device: fits the box to its board, if that is another one. */
  sees(device: string): void {
    const card = cardOf(device);
    if (!this.#isStarted || card === undefined || card === this.#card) return;
    this.#card = card;
    this.#turn = this.#turn.then(() => this.#refit(device));
  }

  /** Closes the panel. The relay is left to the sound, which lets it go after its fade. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    await this.#turn;
    await this.#wired.panel.stop();
  }

  #wire(fitted: FittedBoard): Wired {
    const { devices: make, makePanel, notices } = this.#options;
    const devices = make(fitted.controls);
    const { relay } = devices;
    return {
      fitted, devices, panel: makePanel(fitted.controls, devices),
      relay: relay === null ? undefined : new AttendedDevice({ name: "The bypass relay", open: () => relay.open(), close: () => relay.close(), notices }),
    };
  }

  async #refit(device: string): Promise<void> {
    if (!this.#isStarted) return;
    const { notices, fit } = this.#options;
    const before = this.#wired;
    before.fitted.faults.forEach((_, n) => notices.settle(`board ${n}`));
    const fitted = fit(device);
    if (isDeepStrictEqual(fitted.controls, before.fitted.controls)) {
      this.#wired = { ...before, fitted };
      return this.#apply(fitted);
    }
    await Promise.all([before.panel.stop(), before.relay?.stop()]);
    this.#wired = this.#wire(fitted);
    this.prepare();
    this.start();
  }
}
