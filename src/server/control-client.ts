import { ControlLink, type BoxEvent } from "./control-link.js";

/** Waits between two tries to reach the box. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1600;

export interface ControlClientOptions {
  /** Paths at which the control socket of the box may be; they are tried in turn. */
  readonly paths: readonly string[];
  /** What this client is called in the events that it causes: 1 to 16 small letters. */
  readonly source: string;
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
  #tries = 0;
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
    const { paths, source, onUp, onDown, onEvent } = this.#options;
    const link = new ControlLink({ path: paths[this.#tries % paths.length] ?? "", source });
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
    // Each of the paths has its own sentence; the first is the one that people know.
    if (isUp) onDown(reason);
    else if (this.#tries % paths.length === 0 && reason !== this.#lastReason) onDown(this.#lastReason = reason);
    if (!isUp) this.#tries++;
    this.#timer = setTimeout(() => this.start(), this.#waitMs);
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
  }
}
