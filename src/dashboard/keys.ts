import type { Credential } from "../protocol/handshake.js";
import { readKey } from "../protocol/pairing-key.js";

/** Where a page keeps a text between visits: the storage of the browser. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The storage of the browser, for ever or until the page is closed; one that keeps nothing where the browser has locked its own. */
export function browserStore(name: "localStorage" | "sessionStorage"): TextStore {
  try {
    return window[name];
  } catch {
    return { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  }
}

const STORED = "lacquer.phone";

interface Paired {
  readonly phone: string;
  readonly key: string;
}

function isPaired(value: unknown): value is Paired {
  return typeof value === "object" && value !== null && typeof (value as Paired).phone === "string" && typeof (value as Paired).key === "string";
}

/** What this phone can prove itself with: the key that it was given when it was paired, or that of the address it was opened by. */
export class Keys {
  readonly #store: TextStore;
  #urlKey: string | null = null;
  #paired: Paired | null = null;
  /** The key of the address is next, though this phone is paired: the box did not know it, or lets it look alone. */
  #isUrlTurn = false;

  constructor(store: TextStore) {
    this.#store = store;
    try {
      const stored: unknown = JSON.parse(store.getItem(STORED) ?? "null");
      if (isPaired(stored) && readKey(stored.key) !== undefined) this.#paired = { phone: stored.phone, key: stored.key };
    } catch {
      // A store that is locked, or holds something else, is a phone that was never paired.
    }
  }

  /** Takes the key of an address; answers whether what is behind its # was one. */
  takeFragment(hash: string): boolean {
    const text = hash.replace(/^#/, "");
    if (readKey(text) === undefined) return false;
    this.#urlKey = text;
    return true;
  }

  /** What to prove next; null when the phone must be paired first. */
  get credential(): Credential | null {
    if (this.#paired !== null && !this.#isUrlTurn) return { kind: "paired", ...this.#paired };
    return this.#urlKey === null ? null : { kind: "url", key: this.#urlKey };
  }

  /** Keeps the key of a phone that is paired now. */
  keep(phone: string, key: string): void {
    this.#paired = { phone, key };
    this.#urlKey = null;
    this.#isUrlTurn = false;
    try {
      this.#store.setItem(STORED, JSON.stringify(this.#paired));
    } catch {
      // It holds until the page is closed.
    }
  }

  /**
   * The box did not take the credential. Anybody on the way can say so, and a box that was set back as well: the key of a
   * phone that was paired is kept, and tried in turn with that of the address, which is tried once. Answers whether another is next.
   */
  refuse(): boolean {
    const hadUrlKey = this.#urlKey !== null;
    if (this.#paired === null || this.#isUrlTurn) this.#urlKey = null;
    this.#isUrlTurn = this.#paired !== null && this.#urlKey !== null;
    return hadUrlKey && this.credential !== null;
  }

  /** Takes the key of the address before that of the phone; answers whether there is one. */
  turnToUrl(): boolean {
    return (this.#isUrlTurn = this.#urlKey !== null);
  }

  /** The box has forgotten this phone: so does the phone. */
  forget(): void {
    this.#paired = null;
    this.#isUrlTurn = false;
    try {
      this.#store.removeItem(STORED);
    } catch {
      // Nothing was kept.
    }
  }
}
