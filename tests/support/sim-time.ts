import type { SimTime } from "../../hw/sim/sim-lines.js";

/** Time that moves when it is told to, and runs what was due on the way in its order. */
export class HandTime implements SimTime {
  #nowMs = 1000;
  readonly #due: { readonly atMs: number; readonly run: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  later(ms: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + ms, run };
    this.#due.push(entry);
    this.#due.sort((a, b) => a.atMs - b.atMs);
    return () => {
      const at = this.#due.indexOf(entry);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let [next] = this.#due; next !== undefined && next.atMs <= endMs; [next] = this.#due) {
      this.#nowMs = next.atMs;
      this.#due.shift();
      next.run();
    }
    this.#nowMs = endMs;
  }
}
