export interface WatchdogOptions {
  /** Time after which the system ends a process that was not heard of; undefined when it does not watch. */
  readonly timeoutMs: number | undefined;
  /** Tells the system that all is well. */
  readonly feed: () => void;
  /** Whether sound advanced since the last call, or its thread lives and waits for a device. */
  readonly isAlive: () => boolean;
}

/** Feedings in one time-out: one may be missed by a busy event loop. */
const FEEDINGS = 4;

/**
 * Feeds the system's watchdog while the sound lives, and only then. The timer runs on the event loop of the box, so an
 * event loop that hangs starves it as well.
 */
export class SoundWatchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** Begins to feed, where the system watches. */
  start(): void {
    const { timeoutMs } = this.#options;
    if (timeoutMs !== undefined) this.#timer = setInterval(() => this.check(), timeoutMs / FEEDINGS);
  }

  /** Feeds if the sound lives. */
  check(): void {
    if (this.#options.isAlive()) this.#options.feed();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
