import { describe, expect, it } from "vitest";
import { SoundWatchdog } from "../../src/box/watchdog.js";
import type { SoundState } from "../../src/hal/audio-health.js";

function fixture(): { watchdog: SoundWatchdog; fed: () => number; progress: { framesOut: number; state: SoundState; isOutputDead: boolean } } {
  let feedings = 0;
  const progress = { framesOut: 0, state: "running" as SoundState, isOutputDead: false };
  const watchdog = new SoundWatchdog({ timeoutMs: undefined, feed: () => feedings++, progress: () => progress });
  watchdog.check();
  feedings = 0;
  return { watchdog, fed: () => feedings, progress };
}

describe("the watchdog", () => {
  it("is fed once for each check in which frames advanced", () => {
    const { watchdog, fed, progress } = fixture();
    for (let n = 0; n < 5; n++) {
      progress.framesOut += 64;
      watchdog.check();
    }
    expect(fed()).toBe(5);
  });

  it("starves when the sound loop hangs", () => {
    const { watchdog, fed } = fixture();
    for (let n = 0; n < 5; n++) watchdog.check();
    expect(fed()).toBe(0);
  });

  it("starves while the output is dead under a living input, although frames advance", () => {
    const { watchdog, fed, progress } = fixture();
    progress.isOutputDead = true;
    for (let n = 0; n < 5; n++) {
      progress.framesOut += 64;
      watchdog.check();
    }
    expect(fed()).toBe(0);
  });

  it("is fed while the sound device is gone: a new process would find none either", () => {
    const { watchdog, fed, progress } = fixture();
    progress.state = "waiting";
    watchdog.check();
    expect(fed()).toBe(1);
  });

  it("is fed again after the frame counter wrapped round", () => {
    const { watchdog, fed, progress } = fixture();
    progress.framesOut = 2 ** 32 - 64;
    watchdog.check();
    progress.framesOut = 0;
    watchdog.check();
    expect(fed()).toBe(2);
  });
});
