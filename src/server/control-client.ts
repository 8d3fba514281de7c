import { ControlLink, type BoxEvent, type ControlLinkOptions } from "./control-link.js";

/** Waits between two tries to reach the box. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1600;

export interface ControlClientOptions extends ControlLinkOptions {
  /** The box is there; called again after each of its restarts, with a new link and its whole state. */
  readonly onUp: (link: ControlLink) => void;
  /** The box is not there, said once until it is: the reason, for people. */
  readonly onDown: (reason: string) => void;
  readonly onEvent: (event: BoxEvent) => void;
}

/** A connection to the box that outlives the box: it is made again, after 0.1 s at first and 1.6 s at most. */
export class ControlClient {
  readonly #options: ControlClientOptions;
  #link: ControlLink | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #lastReason: string | undefined;
  #isStopped = false;

  constructor(options: ControlClientOptions) {
    this.#options = options;
  }

  /** Begins to look for the box. */
  start(): void {
    void this.#live();
  }

  /** Ends the connection for good. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#link?.close();
  }

  /** One life of a connection, from the first try to its end. Never rejects. */
  async #live(): Promise<void> {
    const { path, source, onUp, onDown, onEvent } = this.#options;
    const link = new ControlLink({ path, source });
    this.#link = link;
    const isUp = await link.ready().then(() => true, () => false);
    if (isUp && !this.#isStopped) {
      this.#waitMs = FIRST_WAIT_MS;
      this.#lastReason = undefined;
      link.listen(onEvent);
      onUp(link);
    }
    const reason = await link.closed;
    if (this.#isStopped) return;
    if (reason !== this.#lastReason) onDown(reason);
    this.#lastReason = reason;
    this.#timer = setTimeout(() => this.start(), this.#waitMs);
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
  }
}
