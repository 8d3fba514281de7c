import { describe, expect, it } from "vitest";
import { AudioLoop } from "../../src/engine/audio-loop.js";
import { ControlBlock, FRAMES_OUT, HEARTBEAT, PATIENCE_MS, REOPENS, STATE, STOP, TEXT_DETAIL, TEXT_LOCK_REFUSAL, TEXT_PRIORITY_REFUSAL } from "../../src/engine/control-block.js";
import { AudioError, type AudioFormat } from "../../src/hal/audio.js";
import { SOUND_STATES } from "../../src/hal/audio-health.js";
import { ManualTime } from "../support/manual-time.js";
import { RecordedChain, RecordedRelay } from "../support/recorded-chain.js";
import { ScriptedDuplex, type Script } from "../support/scripted-duplex.js";

const REQUEST = { sampleRateHz: 48000, periodFrames: 48, periods: 3, formats: ["S32_LE"] } as const;
const MISSING = new AudioError("missing", "There is no device scripted: plug it in.");

interface Life {
  readonly device: ScriptedDuplex;
  readonly control: ControlBlock;
  readonly relay: RecordedRelay;
  /** Calls of the device, of the real-time rights and of the making of the chain, in their order. */
  readonly order: readonly string[];
  /** Milliseconds at which the device was opened. */
  readonly openMs: readonly number[];
  /** State and detail that the box could see when the device was opened. */
  readonly seen: readonly { readonly state: string; readonly detail: string }[];
}

/** Lives through a script: it sets STOP itself, from `open` or `read`. */
function live(script: (words: Int32Array) => Script): Life {
  const control = new ControlBlock();
  const { words } = control;
  const openMs: number[] = [];
  const seen: { state: string; detail: string }[] = [];
  const order: string[] = [];
  const steps = script(words);
  const device = new ScriptedDuplex({
    ...steps,
    open: (call) => {
      order.push("open");
      openMs.push(performance.now());
      seen.push({ state: SOUND_STATES[words[STATE] as number] as string, detail: control.text(TEXT_DETAIL) });
      return steps.open?.(call);
    },
    start: (call) => {
      order.push("start");
      return steps.start?.(call);
    },
  });
  const relay = new RecordedRelay();
  new AudioLoop({
    device, relay, control, request: REQUEST, clock: new ManualTime(),
    realTime: {
      raisePriority: () => void order.push("raise priority"),
      lockMemory: () => {
        order.push("lock memory");
        return "not today";
      },
    },
    createChain: () => {
      order.push("create chain");
      return new RecordedChain();
    },
  }).run();
  return { device, control, relay, order, openMs, seen };
}

const stopAt = (words: Int32Array, period: number) => (call: number): undefined => {
  if (call >= period) words[STOP] = 1;
};
const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, k) => time - (times[k] as number));

describe("AudioLoop", () => {
  it("opens the device, makes the chain, locks its memory, raises its priority, and only then starts", () => {
    const { order, control, relay, device } = live((words) => ({ read: stopAt(words, 20) }));
    expect(order).toEqual(["open", "create chain", "lock memory", "raise priority", "start"]);
    expect(device.calls.at(-1)).toBe("close");
    expect(SOUND_STATES[control.words[STATE] as number]).toBe("stopped");
    expect(relay.releases).toBeGreaterThan(0);
    expect(control.text(TEXT_LOCK_REFUSAL)).toBe("not today");
    expect(control.text(TEXT_PRIORITY_REFUSAL)).toBe("");
  });

  it("publishes what the device was opened with, and where the chain lies", () => {
    const { control } = live((words) => ({ open: () => ({ device: "Card 7", format: "S24_3LE", isLinked: false }), read: stopAt(words, 1) }));
    expect(control.published()).toEqual({
      format: { device: "Card 7", sampleRateHz: 48000, periodFrames: 48, periods: 3, format: "S24_3LE", isLinked: false, isPaced: true, hasMonitor: false },
      addresses: new RecordedChain().addresses,
    });
  });

  it("waits for a device that is not there, longer each time (0.25 s, 0.5 s), says why, and lives (F04)", () => {
    const { openMs, seen, order, control } = live((words) => ({
      open: (call) => (call < 2 ? MISSING : undefined),
      read: stopAt(words, 3),
    }));
    const [first = 0, second = 0] = gaps(openMs);
    expect(first).toBeGreaterThanOrEqual(249);
    expect(second).toBeGreaterThanOrEqual(499);
    expect(seen[1]).toEqual({ state: "waiting", detail: MISSING.message });
    expect(order.filter((step) => step === "create chain")).toHaveLength(1);
    expect(control.words[HEARTBEAT]).toBeGreaterThanOrEqual(3);
    expect(control.words[REOPENS]).toBe(0);
  });

  it("closes a device that is gone, opens it again and starts it with the chain that it had (F05)", () => {
    const { device, order, control } = live((words) => ({
      read: (call) => (call === 100 ? "disconnected" : stopAt(words, 200)(call)),
    }));
    expect(order).toEqual(["open", "create chain", "lock memory", "raise priority", "start", "open", "start"]);
    expect(control.words[REOPENS]).toBe(1);
    expect(control.words[FRAMES_OUT]).toBe(200 * 48);
    expect(device.written).toEqual([...Array.from({ length: 100 }, (_, k) => k), ...Array.from({ length: 100 }, (_, k) => 101 + k)]);
  });

  it("says that it waits before it closes and opens, which a driver may take its time for, and runs once a period was moved", () => {
    const seen: string[] = [];
    const tell = (what: string, words: Int32Array): void => void seen.push(`${what} ${SOUND_STATES[words[STATE] as number]} ${words[HEARTBEAT]}`);
    const { control } = live((words) => ({
      open: () => void tell("open", words),
      start: () => void tell("start", words),
      read: (call) => {
        if (call === 0 || call === 2) tell("read", words);
        return call === 1 ? "disconnected" : stopAt(words, 3)(call);
      },
      close: () => tell("close", words),
    }));
    expect(control.words[PATIENCE_MS]).toBe(30_000);
    // The heart beats once before each start, after each period, and after each nap of the wait.
    expect(seen).toEqual([
      "open starting 0", "start starting 1", "read starting 1", "close waiting 2",
      "open waiting 3", "start waiting 4", "read waiting 4", "close waiting 6",
    ]);
  });

  it("closes and opens a device that does not start three times", () => {
    const { device } = live((words) => ({
      start: (call) => (call < 4 ? "other" : undefined),
      read: stopAt(words, 3),
    }));
    const firstRead = device.calls.indexOf("read");
    expect(device.calls.slice(0, firstRead)).toEqual(["open", "start", "start", "start", "start", "close", "open", "start"]);
  });

  for (const [what, change] of [
    ["another rate", { sampleRateHz: 44100 }], ["another period", { periodFrames: 64 }], ["another buffer", { periods: 2 }],
    ["another format", { format: "S16_LE" }],
  ] as const satisfies readonly (readonly [string, Partial<AudioFormat>])[]) {
    it(`refuses a device that comes back with ${what} (F10), says so, and takes it when it is as before`, () => {
      const { device, seen, order } = live((words) => ({
        open: (call) => (call === 1 ? change : undefined),
        read: (call) => (call === 10 ? "disconnected" : stopAt(words, 20)(call)),
      }));
      expect(order.filter((step) => step === "open" || step === "start")).toEqual(["open", "start", "open", "open", "start"]);
      expect(seen[2]?.detail).toMatch(/^scripted came back with .*; the box runs with 48000 Hz, 3 periods of 48 frames, S32_LE\. Give it back/);
      expect(device.calls.filter((call) => call === "close")).toHaveLength(3);
    });
  }

  it("throws on what no device may do, so that the thread ends and is missed (F21)", () => {
    expect(() => live(() => ({
      read: () => {
        throw new TypeError("broken driver");
      },
    }))).toThrow("broken driver");
  });

  it("ends within a nap when it is told to stop while it waits", () => {
    const { openMs } = live((words) => ({
      open: (call) => {
        if (call === 1) words[STOP] = 1;
        return MISSING;
      },
    }));
    expect(openMs).toHaveLength(2);
  });
});
