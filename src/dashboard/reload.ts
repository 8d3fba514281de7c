import type { TextStore } from "./keys.js";

const RELOADED = "lacquer.reloaded";

/** Loads the page anew, once until it has been live again: a page that is of the wrong release even then would load itself for ever. */
export class Reload {
  readonly #store: TextStore;
  readonly #load: () => void;

  /** @param store - must outlive the loading */
  constructor(store: TextStore, load: () => void) {
    this.#store = store;
    this.#load = load;
  }

  /** Loads the page, unless that was done already. */
  now(): void {
    try {
      if (this.#store.getItem(RELOADED) !== null) return;
      this.#store.setItem(RELOADED, "1");
      // Where nothing is kept, nothing would end it.
      if (this.#store.getItem(RELOADED) !== null) this.#load();
    } catch {
      // A page that is out of date is better than one that blinks.
    }
  }

  /** The page is live: it may be loaded anew when the next release comes. */
  done(): void {
    try {
      this.#store.removeItem(RELOADED);
    } catch {
      // Nothing was kept.
    }
  }
}
