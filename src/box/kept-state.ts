import type { BoxConfig } from "../config/config-schema.js";
import { loadState, setStateAside, type StatePlace } from "../config/load-state.js";
import { StateStore } from "../config/state-store.js";
import type { ParameterStore } from "../control/parameter-store.js";
import type { Values } from "../protocol/messages.js";
import type { Notices } from "./notices.js";
import { beginAsConfigured, beginSafely } from "./start-state.js";

export interface KeptStateOptions {
  readonly config: Pick<BoxConfig, "start">;
  readonly boardValues: Values;
  readonly stateFolder: string;
  readonly targets: readonly string[];
  readonly store: ParameterStore;
  readonly notices: Notices;
}

const SAFE_MODE = "SAFE MODE: the box was started four times within a minute. Everything is at the factory's value, and the limiter alone works on the sound.";

/** The settings over restarts: brings the parameter store to where it was, and keeps what changes. */
export class KeptState {
  readonly #options: KeptStateOptions;
  #calibration: Readonly<Record<string, number>> = {};
  #saved: StateStore | undefined;

  constructor(options: KeptStateOptions) {
    this.#options = options;
  }

  /**
   * Loads what was saved, or begins as configured; in safe mode what was saved is set aside, as it may be what makes the
   * box fail. Every oddity becomes a notice; none keeps the sound away.
   */
  async load(isSafeMode: boolean): Promise<void> {
    const { config, boardValues, stateFolder, store, notices } = this.#options;
    const place: StatePlace = { folder: stateFolder, targets: this.#options.targets };
    const sentences = isSafeMode ? await setStateAside(place) : [];
    const loaded = await loadState(place);
    if (isSafeMode) {
      // Where the files could not get another name they are found again: their number counts for the next save, and nothing else.
      notices.stand("safe mode", "error", [SAFE_MODE, ...sentences].join(" "));
      beginSafely(store);
    } else {
      loaded.notices.forEach((sentence, n) => notices.stand(`saved state ${n}`, "warning", sentence));
      if (loaded.state !== null) store.restore(loaded.state, "box");
      else beginAsConfigured(store, config.start, boardValues);
      this.#calibration = loaded.state?.calibration ?? {};
    }
    this.#saved = new StateStore(place, loaded, () => ({ ...store.snapshot(), calibration: this.#calibration }));
  }

  /** Says that the settings have changed; they are saved soon. */
  touch(): void {
    this.#saved?.touch();
  }

  /** Tells of trouble with saving, and of its end; to be called now and then. */
  watch(): void {
    const trouble = this.#saved?.trouble;
    if (trouble === undefined) this.#options.notices.settle("saving", "The settings are saved again.");
    else this.#options.notices.stand("saving", "error", trouble);
  }

  /** Saves what is not on the disk yet. */
  async flush(): Promise<void> {
    await this.#saved?.flush();
  }
}
