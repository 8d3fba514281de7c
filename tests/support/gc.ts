import { PerformanceObserver } from "node:perf_hooks";

/** Number of garbage collections that `run` causes on this thread; the tests run with --expose-gc. */
export async function countGarbageCollections(run: () => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
  globalThis.gc?.();
  await settle();
  observer.observe({ entryTypes: ["gc"] });
  run();
  await settle();
  observer.disconnect();
  return count;
}
