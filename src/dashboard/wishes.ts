import { signal, type Signal } from "@preact/signals";
import type { Values } from "../protocol/messages.js";

/** Least time between two messages, so that a finger stays far below the 30 commands a second that a phone may give. */
const PACE_MS = 45;

/** Sends values to the box; resolves with its answer. */
export type SendValues = (values: Values) => Promise<unknown>;

/**
 * What a finger wants, on its way to the box: one message at a time, the newest value of each parameter wins, and what
 * was overtaken is never sent. A wish is shown beside the value of the box until the box has answered.
 */
export class Wishes {
  readonly #send: SendValues;
  readonly #onFailure: (failure: Error) => void;
  readonly #pending = new Map<string, number>();
  readonly #shown = new Map<string, Signal<number | null>>();
  #isBusy = false;

  constructor(send: SendValues, onFailure: (failure: Error) => void) {
    this.#send = send;
    this.#onFailure = onFailure;
  }

  /** What is wished for `id` and not answered yet; null when nothing is. */
  of(id: string): Signal<number | null> {
    let shown = this.#shown.get(id);
    if (shown === undefined) this.#shown.set(id, shown = signal<number | null>(null));
    return shown;
  }

  /** Wishes for values. */
  want(values: Values): void {
    for (const [id, value] of Object.entries(values)) {
      this.#pending.set(id, value);
      this.of(id).value = value;
    }
    if (!this.#isBusy) void this.#flush();
  }

  /** Forgets what was not sent: the connection broke. */
  clear(): void {
    this.#pending.clear();
    for (const shown of this.#shown.values()) shown.value = null;
  }

  async #flush(): Promise<void> {
    this.#isBusy = true;
    while (this.#pending.size > 0) {
      const values = Object.fromEntries(this.#pending);
      this.#pending.clear();
      const pace = new Promise<void>((resolve) => setTimeout(resolve, PACE_MS));
      try {
        await this.#send(values);
      } catch (failure) {
        this.#onFailure(failure as Error);
      }
      for (const id of Object.keys(values)) if (!this.#pending.has(id)) this.of(id).value = null;
      await pace;
    }
    this.#isBusy = false;
  }
}
