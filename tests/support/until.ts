import { setTimeout } from "node:timers/promises";

/** Waits until `isDone`, looking each 5 ms. @throws Error when it is not within `seconds` */
export async function until(isDone: () => boolean, seconds = 15): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error(`Not within ${seconds} s: ${isDone.toString()}`);
    await setTimeout(5);
  }
}
