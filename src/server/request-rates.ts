import { addressKey } from "./address-key.js";
import { RateLimit } from "./rate-limit.js";

/** Addresses that are remembered; of more the one that was silent longest is forgotten. */
const MAX_ADDRESSES = 1000;
/** Requests of one address: a page with all its files is ten. */
const REQUEST_RATE = { perSecond: 50, burst: 200 };

/** How fast each address asks. */
export class RequestRates {
  readonly #rates = new Map<string, RateLimit>();

  /** Counts a request. Returns whether it may be answered. */
  take(address: string, nowMs: number): boolean {
    const key = addressKey(address);
    const rate = this.#rates.get(key) ?? new RateLimit(REQUEST_RATE, nowMs);
    this.#rates.delete(key);
    this.#rates.set(key, rate);
    if (this.#rates.size > MAX_ADDRESSES) this.#rates.delete(this.#rates.keys().next().value ?? "");
    return rate.tryTake(nowMs);
  }
}
