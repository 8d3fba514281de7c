import { GCProfiler, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects the garbage of the calling thread at once. Takes milliseconds: only while no sound flows. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/**
 * Counts the garbage collections of the calling thread. V8 itself takes them down, so the count is true although the
 * thread never returns to its event loop, where the observers of `node:perf_hooks` are served.
 */
export class CollectionCounter {
  #profiler: GCProfiler | undefined;

  /** Begins to count. */
  start(): void {
    this.#profiler = new GCProfiler();
    this.#profiler.start();
  }

  /** Collections since `start`. Leaves 2 kB of garbage behind; ends the counting. */
  stop(): number {
    const count = this.#profiler?.stop().statistics.length ?? 0;
    this.#profiler = undefined;
    return count;
  }
}
