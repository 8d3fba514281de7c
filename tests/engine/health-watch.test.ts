import { describe, expect, it } from "vitest";
import { ControlBlock, HEARTBEAT, STATE } from "../../src/engine/control-block.js";
import { HealthWatch, TICKS_PER_SECOND } from "../../src/engine/health-watch.js";
import { SOUND_STATES, type SoundState } from "../../src/hal/audio-health.js";

const HANGS = "The audio thread does not answer.";

/** A thread in a state, with or without a heartbeat, and how long it takes until it is said to hang: in s, or null within `patienceS`. */
function watched(): { set(state: SoundState): void; hangsAfterS(patienceS: number, beats?: boolean): number | null } {
  const control = new ControlBlock();
  const watch = new HealthWatch(control);
  return {
    set: (state) => void Atomics.store(control.words, STATE, SOUND_STATES.indexOf(state)),
    hangsAfterS: (patienceS, beats = false) => {
      for (let tick = 1; tick <= patienceS * TICKS_PER_SECOND; tick++) {
        if (beats) Atomics.add(control.words, HEARTBEAT, 1);
        if (watch.tick(null) === HANGS) return tick / TICKS_PER_SECOND;
      }
      return null;
    },
  };
}

describe("the watch on the audio thread's heartbeat", () => {
  it.each([["running", 2], ["recovering", 2], ["waiting", 15], ["starting", 60]] as const)("says that a thread hangs that is silent while %s, after %d s", (state, seconds) => {
    const thread = watched();
    thread.set(state);
    const afterS = thread.hangsAfterS(100);
    expect(afterS).toBeGreaterThan(seconds);
    expect(afterS).toBeLessThanOrEqual(seconds + 0.3);
  });

  it("says nothing of a thread whose heart beats", () => {
    const thread = watched();
    thread.set("running");
    expect(thread.hangsAfterS(100, true)).toBeNull();
  });

  it("gives a thread that took 10 s to start its whole 2 s once it runs", () => {
    const thread = watched();
    expect(thread.hangsAfterS(10)).toBeNull();
    thread.set("running");
    expect(thread.hangsAfterS(1.9)).toBeNull();
    expect(thread.hangsAfterS(10)).not.toBeNull();
  });
});
