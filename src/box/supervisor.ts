import type { ChildProcess } from "node:child_process";

/** Input that cannot be used: starting the process again would end the same way. */
const BAD_INPUT = 2;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** A process that ran so long was sound when it began, so the next wait is short again. */
const SOUND_MS = 10_000;
/** The box stops within 2 s; what has not ended by then hangs. */
const STOP_MS = 3000;

export interface SupervisedProcess {
  /** For people: "the box". */
  readonly name: string;
  readonly spawn: () => ChildProcess;
  /** Takes a sentence for people. */
  readonly say: (sentence: string) => void;
  /** Waiting times as a share of their usual length, for tests. */
  readonly haste?: number;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Keeps one process running: starts it again after a crash, a quarter of a second later and then ever more slowly. */
export class Supervisor {
  readonly #process: SupervisedProcess;
  /** Settles when the process has ended for good: by itself with 0, for input that cannot be used, or as it was told. */
  readonly ended: Promise<Ending>;
  #resolveEnded: (ending: Ending) => void = () => undefined;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #waitMs = FIRST_WAIT_MS;

  constructor(process: SupervisedProcess) {
    this.#process = process;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Starts the process. */
  start(): void {
    const startedMs = performance.now();
    const child = this.#process.spawn();
    this.#child = child;
    // An error instead of an exit is a process that could not be started at all.
    child.once("error", (error) => this.#over({ code: 1, signal: null }, startedMs, error.message));
    child.once("exit", (code, signal) => this.#over({ code, signal }, startedMs, signal ?? `exit code ${code}`));
  }

  /** Tells the process to end, by a signal that it may name as the reason, and makes it end when it does not. Settles when it has. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (!this.#isStopping) {
      this.#isStopping = true;
      clearTimeout(this.#timer);
      if (this.#child === undefined) this.#resolveEnded({ code: 0, signal: null });
      this.#child?.kill(signal);
      const late = setTimeout(() => this.#kill(), STOP_MS);
      void this.ended.then(() => clearTimeout(late));
    }
    await this.ended;
  }

  #kill(): void {
    this.#process.say(`${this.#process.name} did not end within ${STOP_MS / 1000} s and is ended by force.`);
    this.#child?.kill("SIGKILL");
  }

  #over(ending: Ending, startedMs: number, reason: string): void {
    if (this.#child === undefined) return;
    this.#child = undefined;
    if (this.#isStopping || ending.code === 0 || ending.code === BAD_INPUT) {
      this.#resolveEnded(ending);
      return;
    }
    if (performance.now() - startedMs > SOUND_MS) this.#waitMs = FIRST_WAIT_MS;
    const waitMs = this.#waitMs * (this.#process.haste ?? 1);
    this.#waitMs = Math.min(LONGEST_WAIT_MS, 2 * this.#waitMs);
    this.#process.say(`${this.#process.name} ended unexpectedly (${reason}); it is started again.`);
    this.#timer = setTimeout(() => this.start(), waitMs);
  }
}
