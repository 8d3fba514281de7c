import type { Notices } from "./notices.js";

/** How often a device is tried that does not work. */
const RETRY_MS = 1000;

export interface AttendedOptions {
  /** What it is, for people: "The encoder threshold". */
  readonly name: string;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly notices: Pick<Notices, "stand" | "settle">;
}

/** Keeps a device of the panel open: what fails is told and tried again once a second, and nothing else knows of it. */
export class AttendedDevice {
  readonly #options: AttendedOptions;
  #retry: NodeJS.Timeout | undefined;
  #isUp = false;
  #isStopped = false;
  #hasFailed = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: AttendedOptions) {
    this.#options = options;
  }

  /** Whether it works. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Opens it, now or when it can be had. */
  start(): void {
    this.#turn = this.#turn.then(() => this.#open());
  }

  /** It works no more: it is closed, and tried again in a second. */
  failed(error: unknown): void {
    const { name, notices } = this.#options;
    if (this.#isStopped || (!this.#isUp && this.#retry !== undefined)) return;
    this.#isUp = false;
    this.#hasFailed = true;
    notices.stand(`control ${name}`, "warning", `${name} does not work: ${error instanceof Error ? error.message : String(error)}`, "panel");
    this.#turn = this.#turn.then(() => this.#options.close()).catch(() => undefined);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.start();
    }, RETRY_MS).unref();
  }

  /** Closes it for good; what was wrong with it is nobody's any more. */
  async stop(): Promise<void> {
    const { name, notices } = this.#options;
    notices.settle(`control ${name}`);
    this.#isStopped = true;
    this.#isUp = false;
    clearTimeout(this.#retry);
    await this.#turn;
    await this.#options.close().catch(() => undefined);
  }

  async #open(): Promise<void> {
    if (this.#isStopped) return;
    const { name, notices, open } = this.#options;
    try {
      await open();
      this.#isUp = true;
      if (this.#hasFailed) notices.settle(`control ${name}`, `${name} works again.`, "panel");
      this.#hasFailed = false;
    } catch (error) {
      this.failed(error);
    }
  }
}
