import { describe, expect, it } from "vitest";
import {
  READOUT_GATE_GAIN, READOUT_INPUT_PEAK, RECORD_FIELDS, RECORD_INPUT, RECORD_IS_SHED, RECORD_READOUTS, RECORD_RING, TAP_MEAN_SQUARE,
} from "../../src/dsp/layout.js";
import type { ChainMemory } from "../../src/engine/chain-memory.js";
import {
  BYPASS, COMMAND_RESET, COMMAND_RESTART, COMMANDS, ControlBlock, FAULTS, FRAMES_IN, FRAMES_OUT, HEARTBEAT, PATIENCE_MS, POSITIONS_VERSION,
  STATE,
} from "../../src/engine/control-block.js";
import { HealthWatch, TICKS_PER_SECOND } from "../../src/engine/health-watch.js";
import { AUDIO_FAULTS, POSITION_CAPTURED, POSITION_TIME_MS } from "../../src/hal/audio.js";
import { SOUND_STATES, type SoundState } from "../../src/hal/audio-health.js";
import { TapMemory } from "../support/tap-memory.js";

const HANGS = "The audio thread does not answer.";

/** A thread in a state, with or without a heartbeat, and how long it takes until it is said to hang: in s, or null within `patienceS`. */
function watched(): { set(state: SoundState): void; hangsAfterS(patienceS: number, beats?: boolean): number | null } {
  const control = new ControlBlock();
  const watch = new HealthWatch(control, () => false);
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

  it.each(["recovering", "waiting"] as const)("bears a driver that says it may take 30 s, while %s and not while running: the watchdog is fed for 30 s, and then no more", (state) => {
    const control = new ControlBlock();
    const watch = new HealthWatch(control, () => false);
    control.words[PATIENCE_MS] = 30_000;
    Atomics.store(control.words, STATE, SOUND_STATES.indexOf(state));
    const ticks = (seconds: number): (string | undefined)[] => Array.from({ length: seconds * TICKS_PER_SECOND }, () => watch.tick(null));
    expect(ticks(30).every((reason) => reason === undefined)).toBe(true);
    expect(watch.isAlive()).toBe(true);
    expect(ticks(1)).toContain(HANGS);
    expect(watch.isAlive()).toBe(false);
    Atomics.store(control.words, STATE, SOUND_STATES.indexOf("running"));
    expect(ticks(2.2)).toContain(HANGS);
  });

  it("starves the watchdog while frames stand still in a thread that says it runs", () => {
    const control = new ControlBlock();
    const watch = new HealthWatch(control, () => false);
    Atomics.store(control.words, STATE, SOUND_STATES.indexOf("running"));
    for (const [index, frames, isAlive] of [[FRAMES_IN, 64, false], [FRAMES_OUT, 64, true], [FRAMES_OUT, 0, false]] as const) {
      Atomics.add(control.words, index, frames);
      Atomics.add(control.words, HEARTBEAT, 1);
      expect(watch.isAlive()).toBe(isAlive);
    }
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

describe("the watch on the clock and the output", () => {
  const FORMAT = { device: "test", sampleRateHz: 48000, periodFrames: 64, periods: 3, format: "S32_LE", isLinked: true, isPaced: true, hasMonitor: false } as const;

  function sound(): { control: ControlBlock; watch: HealthWatch; memory: ChainMemory; tick: () => string | undefined } {
    const control = new ControlBlock();
    const { memory } = new TapMemory(64);
    const watch = new HealthWatch(control, () => false);
    Atomics.store(control.words, STATE, SOUND_STATES.indexOf("running"));
    const tick = (): string | undefined => {
      Atomics.add(control.words, HEARTBEAT, 1);
      return watch.tick({ format: FORMAT, memory });
    };
    return { control, watch, memory, tick };
  }

  /** What the audio thread does once a second. */
  function position(control: ControlBlock, frames: number, timeMs: number): void {
    Atomics.add(control.words, POSITIONS_VERSION, 2);
    control.positions[POSITION_CAPTURED] = frames;
    control.positions[POSITION_TIME_MS] = timeMs;
  }

  it("flags a device that runs 0.5 % fast after 10 s (F11): one fault, one restart, and what to do", () => {
    const { control, watch, tick } = sound();
    for (let second = 0; second <= 30; second++) {
      position(control, 48240 * second, 5000 + 1000 * second);
      tick();
      expect(control.words[FAULTS + AUDIO_FAULTS.indexOf("wrongClock")]).toBe(second < 10 ? 0 : 1);
      expect(control.words[COMMANDS]).toBe(second < 10 ? 0 : COMMAND_RESTART);
    }
    expect(watch.health.measuredRateHz).toBeCloseTo(48240, 0);
    expect(watch.health.detail).toMatch(/^The device runs at 48240 Hz by the system's clock .*; check its clock/);
  });

  it("says nothing of a clock that is right, or of a device that keeps no time", () => {
    const right = sound();
    for (let second = 0; second <= 20; second++) {
      position(right.control, 48000 * second, 1000 * second);
      right.tick();
    }
    expect(right.watch.health).toMatchObject({ measuredRateHz: 48000, detail: "" });
    const unpaced = sound();
    for (let second = 0; second <= 20; second++) {
      position(unpaced.control, 480_000 * second, 1000 * second);
      unpaced.watch.tick({ format: { ...FORMAT, isPaced: false }, memory: unpaced.memory });
    }
    expect(unpaced.watch.health.measuredRateHz).toBeNull();
  });

  it("sees a dead output by the peaks of the periods while the meters are shed, and clears the stages after 0.5 s", () => {
    const { control, memory, tick } = sound();
    const { addresses, buffer } = memory;
    const records = new Float64Array(buffer, addresses.records, RECORD_RING * RECORD_FIELDS);
    for (let bin = 0; bin < 60; bin++) {
      records[bin * RECORD_FIELDS + RECORD_IS_SHED] = 1;
      records[bin * RECORD_FIELDS + RECORD_READOUTS + READOUT_GATE_GAIN] = 1;
      records[bin * RECORD_FIELDS + RECORD_READOUTS + READOUT_INPUT_PEAK] = 0.1;
    }
    for (const [bins, commands] of [[49, 0], [50, COMMAND_RESET]] as const) {
      Atomics.store(new Int32Array(buffer, addresses.recordCount, 1), 0, bins);
      tick();
      expect(control.words[COMMANDS]).toBe(commands);
    }
  });

  it("tries everything against a dead output (F18): clears, starts again, lets the relay go, and wants the thread to end after 6.5 s", () => {
    const { control, watch, memory, tick } = sound();
    const { addresses, buffer } = memory;
    const records = new Float64Array(buffer, addresses.records, RECORD_RING * RECORD_FIELDS);
    const count = new Int32Array(buffer, addresses.recordCount, 1);
    const seen: string[] = [];
    let reason: string | undefined;
    for (let bin = 1; reason === undefined && bin <= 1000; bin++) {
      const at = ((bin - 1) % RECORD_RING) * RECORD_FIELDS;
      // -20 dBFS in, nothing out, under an open gate.
      records[at + RECORD_INPUT + TAP_MEAN_SQUARE] = 0.005;
      records[at + RECORD_READOUTS + READOUT_GATE_GAIN] = 1;
      Atomics.store(count, 0, bin);
      if (bin % 10 !== 0) continue;
      reason = tick();
      const commands = Atomics.exchange(control.words, COMMANDS, 0);
      if (commands !== 0) seen.push(`${bin} ${commands}`);
      if (control.words[BYPASS] === 1 && seen.at(-1) !== "bypass") seen.push("bypass");
      if (reason !== undefined) seen.push(`${bin} end`);
    }
    expect(seen).toEqual([`50 ${COMMAND_RESET}`, `100 ${COMMAND_RESTART}`, "bypass", "650 end"]);
    expect(reason).toMatch(/stays silent although the input lives/);
    expect(watch.health.isOutputDead).toBe(true);
  });
});
