import { describe, expect, it } from "vitest";
import { SoundWatchdog } from "../../src/box/watchdog.js";

describe("the watchdog", () => {
  it("is fed once for each check in which the sound lives, and starves in the others", () => {
    const lives = [true, true, false, false, true];
    let feedings = 0;
    const watchdog = new SoundWatchdog({ timeoutMs: undefined, feed: () => feedings++, isAlive: () => lives.shift() === true });
    const after = [1, 2, 3, 4, 5].map(() => {
      watchdog.check();
      return feedings;
    });
    expect(after).toEqual([1, 2, 2, 2, 3]);
  });

  it("is fed within a quarter of the system's time-out by itself, and no more after its end", async () => {
    let feedings = 0;
    const fed = new Promise<void>((resolve) => {
      const watchdog = new SoundWatchdog({ timeoutMs: 40, isAlive: () => true, feed: () => {
        feedings++;
        watchdog.stop();
        resolve();
      } });
      watchdog.start();
    });
    await fed;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(feedings).toBe(1);
  });
});
