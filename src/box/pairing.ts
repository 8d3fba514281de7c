import { writeKey, KEY_BYTES } from "../protocol/pairing-key.js";
import type { PairingOffer, Role } from "../protocol/phones.js";

/** How long an offer stands. */
const OFFER_MS = 60_000;
const TRIES = 5;
/** After so many wrong codes within an hour no more codes are made: the key alone, which cannot be guessed, pairs a phone then. */
const TRIES_AN_HOUR = 10;
const HOUR_MS = 3_600_000;
const CODES = 100_000_000n;

export interface PairingOptions {
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
  /** Bytes that nobody can foresee. */
  readonly random: (count: number) => Uint8Array;
  /** Where the page is served. */
  readonly pagePort: () => number | null;
}

interface OpenOffer {
  readonly role: Role;
  readonly code: string | null;
  readonly key: string;
  /** Infinite for the offer that stands. */
  readonly endsAtMs: number;
  triesLeft: number;
}

/**
 * The doors that are open to new phones: one for a minute, opened by whoever has hands on the box, and on the simulated
 * board one that stands. Five wrong codes close the first, fewer where ten within the hour are reached before; a phone that comes in closes it too.
 */
export class Pairing {
  readonly #options: PairingOptions;
  readonly #wrongAtMs: number[] = [];
  #offer: OpenOffer | undefined;
  #standing: OpenOffer | undefined;

  constructor(options: PairingOptions) {
    this.#options = options;
  }

  /** Opens the door for a minute; one that was open already is closed. */
  start(role: Role): PairingOffer {
    const digits = this.#number() % CODES;
    const triesLeft = Math.min(TRIES, TRIES_AN_HOUR - this.#wrongOfHour());
    const code = triesLeft > 0 ? String(digits).padStart(8, "0") : null;
    this.#offer = { role, code, key: this.#key(), endsAtMs: this.#options.nowMs() + OFFER_MS, triesLeft: Math.max(0, triesLeft) };
    return this.#wire(this.#offer);
  }

  /** Opens the door that stands until the box ends: its key is for any number of phones, and it has no code. */
  stand(role: Role): PairingOffer {
    this.#standing ??= { role, code: null, key: this.#key(), endsAtMs: Infinity, triesLeft: TRIES };
    return this.#wire(this.#standing);
  }

  /** Closes the door that is open for a minute. */
  stop(): void {
    this.#offer = undefined;
  }

  /** The offers that hold now, the one with a code first. */
  get offers(): readonly PairingOffer[] {
    return this.#open().map((offer) => this.#wire(offer));
  }

  /** Counts a wrong code. Returns the tries that are left: with none the door is closed. */
  wrongTry(): number {
    const [offer] = this.#open();
    if (offer === undefined || offer.code === null) return 0;
    this.#wrongAtMs.push(this.#options.nowMs());
    offer.triesLeft--;
    if (offer.triesLeft === 0) this.stop();
    return offer.triesLeft;
  }

  /** The offer of which `secret` is the code or the key; undefined when there is none. */
  find(secret: string): PairingOffer | undefined {
    const offer = this.#open().find(({ code, key }) => secret === code || secret === key);
    return offer && this.#wire(offer);
  }

  /** A phone came in by `secret`: the door is closed, but for the one that stands. */
  close(secret: string): void {
    if (this.#offer !== undefined && (secret === this.#offer.code || secret === this.#offer.key)) this.stop();
  }

  #open(): OpenOffer[] {
    const nowMs = this.#options.nowMs();
    return [this.#offer, this.#standing].filter((offer): offer is OpenOffer => offer !== undefined && offer.endsAtMs > nowMs);
  }

  #wrongOfHour(): number {
    const sinceMs = this.#options.nowMs() - HOUR_MS;
    while (this.#wrongAtMs[0] !== undefined && this.#wrongAtMs[0] < sinceMs) this.#wrongAtMs.shift();
    return this.#wrongAtMs.length;
  }

  #key(): string {
    return writeKey(this.#options.random(KEY_BYTES));
  }

  /** 128 bits, of which a remainder favours no code by more than 2^-101. */
  #number(): bigint {
    return [...this.#options.random(16)].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  #wire({ role, code, key, endsAtMs, triesLeft }: OpenOffer): PairingOffer {
    const leftMs = endsAtMs - this.#options.nowMs();
    return { role, code, key, secondsLeft: leftMs === Infinity ? null : Math.max(0, leftMs / 1000), triesLeft, pagePort: this.#options.pagePort() };
  }
}
