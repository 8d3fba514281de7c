import { addressKey } from "./address-key.js";

/** Addresses that are remembered; of more the one that was silent longest is forgotten. */
const MAX_ADDRESSES = 1000;
const MINUTE_MS = 60_000;
/** Wrong proofs of an address within a minute, and handshakes that it may begin. */
const MAX_FAILURES = 10;
const MAX_BEGUN = 60;

interface Record {
  begunAtMs: number[];
  failedAtMs: number[];
}

/** Keeps those who guess, or ask without end, from costing the box its time: ten wrong proofs within a minute, and an address has to wait. */
export class FailureBook {
  readonly #records = new Map<string, Record>();
  readonly #nowMs: () => number;

  /** @param nowMs - monotonic time in milliseconds */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Counts a handshake that begins. Returns whether it may; one that may not does not count. */
  begin(address: string): boolean {
    const record = this.#record(address);
    if (record.begunAtMs.length >= MAX_BEGUN || record.failedAtMs.length >= MAX_FAILURES) return false;
    record.begunAtMs.push(this.#nowMs());
    return true;
  }

  /** Takes back the count of a handshake that was proved: phones that are paired may come as often as they must. */
  forgive(address: string): void {
    this.#record(address).begunAtMs.pop();
  }

  /** Counts a wrong proof. */
  fail(address: string): void {
    this.#record(address).failedAtMs.push(this.#nowMs());
  }

  /** What an address did within the last minute. */
  #record(ofAddress: string): Record {
    const address = addressKey(ofAddress);
    const sinceMs = this.#nowMs() - MINUTE_MS;
    const known = this.#records.get(address);
    const record: Record = {
      begunAtMs: (known?.begunAtMs ?? []).filter((atMs) => atMs > sinceMs).slice(-MAX_BEGUN),
      failedAtMs: (known?.failedAtMs ?? []).filter((atMs) => atMs > sinceMs).slice(-MAX_FAILURES),
    };
    this.#records.delete(address);
    this.#records.set(address, record);
    if (this.#records.size > MAX_ADDRESSES) this.#records.delete(this.#records.keys().next().value ?? "");
    return record;
  }
}
