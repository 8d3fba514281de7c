import type { SoundState } from "../hal/audio-health.js";

export interface WatchdogOptions {
  /** Time after which the system's watchdog ends a process that was not heard of; undefined when it has none. */
  readonly timeoutMs: number | undefined;
  /** Tells the system that all is well. */
  readonly feed: () => void;
  /** Frames that have left the box, and where the sound path stands. */
  readonly progress: () => { readonly framesOut: number; readonly state: SoundState; readonly isOutputDead: boolean };
}

/** Feedings in one time-out: one may be missed by a busy event loop. */
const FEEDINGS = 4;

/**
 * Feeds the system's watchdog while sound advances, and only then: not when the sound loop hangs, nor while the output is
 * dead under a living input. The timer runs on the event loop of the box, so a hung event loop starves it as well. While
 * the sound device is gone there are no frames, and a new process would find no device either: it is fed then.
 */
export class SoundWatchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;
  #framesOut = -1;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** Begins to feed, where the system has a watchdog. */
  start(): void {
    const { timeoutMs } = this.#options;
    if (timeoutMs !== undefined) this.#timer = setInterval(() => this.check(), timeoutMs / FEEDINGS);
  }

  /** Feeds if sound advanced since the last check. */
  check(): void {
    const { framesOut, state, isOutputDead } = this.#options.progress();
    const advanced = framesOut !== this.#framesOut && !isOutputDead;
    this.#framesOut = framesOut;
    if (advanced || state === "waiting") this.#options.feed();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
