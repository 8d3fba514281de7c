import { describe, expect, it } from "vitest";
import { GATE_CLOSE, GATE_OPEN, GATE_SHUT } from "../../src/dsp/layout.js";
import { BlockLoop } from "../../src/engine/block-loop.js";
import {
  BYPASS, BYPASS_DEAD, BYPASS_WANTED, COLLECTION_COUNTS, COLLECTIONS, COMMAND_COUNT, COMMAND_RESET, COMMAND_RESTART, COMMANDS, ControlBlock, FAULTS, FRAMES_IN, FRAMES_OUT, GATE, HEARTBEAT, RELAY_HELD,
  RESTARTS, STOP, TEXT_DETAIL,
} from "../../src/engine/control-block.js";
import { AUDIO_FAULTS, type AudioFault } from "../../src/hal/audio.js";
import { ManualTime } from "../support/manual-time.js";
import { RecordedChain, RecordedRelay } from "../support/recorded-chain.js";
import { ScriptedDuplex, type Script } from "../support/scripted-duplex.js";

const RATE = 48000;
const PERIOD = 48;
/** The periods of a run last 1 ms each. */
const RUN_PERIODS = 400;
const REQUEST = { sampleRateHz: RATE, periodFrames: PERIOD, periods: 3, formats: ["S32_LE"] } as const;

interface Run {
  readonly device: ScriptedDuplex;
  readonly chain: RecordedChain;
  readonly relay: RecordedRelay;
  readonly control: ControlBlock;
  readonly faults: (fault: AudioFault) => number;
}

/** Runs the loop on a scripted device until it ends by itself, or has read so many periods. */
function run(script: Script, beforeRead: (period: number, control: ControlBlock, time: ManualTime) => void = () => undefined, periods = RUN_PERIODS, relay = new RecordedRelay(false)): Run {
  const control = new ControlBlock();
  const { words } = control;
  const time = new ManualTime();
  words[GATE] = 1;
  const device = new ScriptedDuplex({
    ...script,
    read: (call) => {
      beforeRead(call, control, time);
      if (call >= periods) words[STOP] = 1;
      return script.read?.(call);
    },
  });
  const chain = new RecordedChain();
  device.open(REQUEST);
  new BlockLoop({ device, chain, relay, clock: time, control, sampleRateHz: RATE, periodFrames: PERIOD }).run();
  return { device, chain, relay, control, faults: (fault) => words[FAULTS + AUDIO_FAULTS.indexOf(fault)] as number };
}

const starts = (device: ScriptedDuplex): number => device.calls.filter((call) => call === "start").length;
const once = (fault: AudioFault, at: number) => (call: number): AudioFault | undefined => (call === at ? fault : undefined);

describe("BlockLoop", () => {
  it("starts the streams once, and then reads and writes each period in turn, unchanged", () => {
    const { device, control } = run({}, undefined, 9);
    expect(device.calls).toEqual(["open", "start", ...Array.from({ length: 10 }, () => ["read", "write"]).flat()]);
    expect(device.written).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([control.words[FRAMES_IN], control.words[FRAMES_OUT], control.words[RESTARTS]]).toEqual([480, 480, 0]);
  });

  it("opens the gate over 400 ms when the contacts of the relay rest, 100 ms after it was held, and that after 100 ms of good sound", () => {
    const { chain } = run({}, undefined, RUN_PERIODS, new RecordedRelay(true));
    expect(chain.orders.filter((order) => order.startsWith("gate"))).toEqual([`gate ${GATE_SHUT} 0`, `gate ${GATE_OPEN} 400`, `gate ${GATE_SHUT} 0`]);
    const periods = chain.calls.indexOf(`gate ${GATE_OPEN} 400`) - 1;
    // The relay is looked at each 5 ms.
    expect(periods).toBeGreaterThanOrEqual(200);
    expect(periods).toBeLessThanOrEqual(207);
  });

  it("lets the sound out at once where the relay is not to be held", () => {
    const { chain, relay } = run({}, (_, { words }) => {
      words[BYPASS] = BYPASS_DEAD;
    }, RUN_PERIODS, new RecordedRelay(true));
    expect(relay.beats).toBe(0);
    expect(chain.calls.indexOf(`gate ${GATE_OPEN} 400`) - 1).toBe(4);
  });

  it("leaves a gate that is wanted closed from the start closed, not shut, as soon as sound could be heard: a probe's impulse may go out then", () => {
    const { chain } = run({}, (_, { words }) => {
      words[GATE] = 0;
    });
    const orders = chain.orders.filter((order) => order.startsWith("gate"));
    expect(orders.slice(0, 2).map((order) => order.split(" ")[1])).toEqual([String(GATE_SHUT), String(GATE_CLOSE)]);
    expect(orders).toHaveLength(3);
  });

  it("opens the gate 3 ms and a period after the first start, over 400 ms, where there is no relay", () => {
    const { chain } = run({});
    expect(chain.orders.filter((order) => order.startsWith("gate"))).toEqual([`gate ${GATE_SHUT} 0`, `gate ${GATE_OPEN} 400`, `gate ${GATE_SHUT} 0`]);
    expect(chain.calls.indexOf(`gate ${GATE_OPEN} 400`) - 1).toBe(4);
  });

  for (const [id, fault, side] of [
    ["F01", "overrun", "read"], ["F02", "underrun", "write"], ["F06", "other", "write"], ["F07", "suspended", "read"],
    ["F08", "stalled", "read"], ["F09", "shortTransfer", "read"], ["F09", "shortTransfer", "write"],
  ] as const) {
    it(`starts both streams again after one ${fault} in ${side} (${id}), gate shut and then open over 20 ms, and counts it once`, () => {
      const { device, chain, faults, control } = run({ [side]: once(fault, 200) });
      expect(starts(device)).toBe(2);
      expect(faults(fault)).toBe(1);
      expect(AUDIO_FAULTS.reduce((sum, kind) => sum + faults(kind), 0)).toBe(1);
      expect(control.words[RESTARTS]).toBe(1);
      const gates = chain.calls.map((call, k) => [call, k] as const).filter(([call]) => call.startsWith("gate"));
      expect(gates.map(([call]) => call)).toEqual([
        `gate ${GATE_SHUT} 0`, `gate ${GATE_OPEN} 400`, `gate ${GATE_SHUT} 0`, `gate ${GATE_SHUT} 0`, `gate ${GATE_OPEN} 20`, `gate ${GATE_SHUT} 0`,
      ]);
      expect(control.text(TEXT_DETAIL)).toBe("");
    });

    it(`writes no period of before ${fault} in ${side} after it, and none twice`, () => {
      const { device } = run({ [side]: once(fault, 200) });
      expect(device.written).toEqual(Array.from({ length: RUN_PERIODS + 1 }, (_, k) => k).filter((k) => k !== 200));
    });
  }

  it("takes a count of frames other than a period for a short transfer, and starts again", () => {
    const { device, faults } = run({ read: (call) => (call === 10 ? PERIOD - 1 : undefined) });
    expect([starts(device), faults("shortTransfer")]).toEqual([2, 1]);
    expect(device.written).not.toContain(10);
  });

  it("counts in frames only what was read and written whole", () => {
    const { control } = run({ read: once("overrun", 100), write: once("underrun", 200) });
    expect(control.words[FRAMES_IN]).toBe(RUN_PERIODS * PERIOD);
    expect(control.words[FRAMES_OUT]).toBe((RUN_PERIODS - 1) * PERIOD);
  });

  it("gives up after three starts that move no period (F03: overrun on every read), 4 faults counted and the relay let go", () => {
    const { device, faults, relay, control } = run({ read: (call) => (call >= 200 ? "overrun" : undefined) });
    expect([starts(device), faults("overrun")]).toEqual([4, 4]);
    expect(control.words[RELAY_HELD]).toBe(0);
    expect(relay.releases).toBeGreaterThan(0);
    expect(control.text(TEXT_DETAIL)).toBe("scripted overrun");
  });

  it("gives up after 20 starts without 50 ms of good sound, and lets the relay go after the third", () => {
    const released: number[] = [];
    const { device } = run({ read: (call) => (call >= 200 && call % 10 === 0 ? "overrun" : undefined) },
      (call, control) => {
        if (control.words[RELAY_HELD] === 0) released.push(call);
      });
    expect(starts(device)).toBe(21);
    expect(released.find((call) => call > 110)).toBe(221);
  });

  it("tries again when a start fails, counts each failure, and goes on when one succeeds", () => {
    const { device, faults, control } = run({ read: once("suspended", 50), start: (call) => (call === 1 || call === 2 ? "other" : undefined) });
    expect([starts(device), faults("suspended"), faults("other"), control.words[RESTARTS]]).toEqual([4, 1, 2, 1]);
    expect(device.written).toHaveLength(RUN_PERIODS);
  });

  it("ends without another start when the device is gone (F04)", () => {
    const { device, faults, chain } = run({ read: once("disconnected", 50) });
    expect([starts(device), faults("disconnected")]).toEqual([1, 1]);
    expect(device.calls.at(-1)).toBe("read");
    expect(chain.orders.at(-1)).toBe(`gate ${GATE_SHUT} 0`);
  });

  it("beats the relay each 5 ms once sound was good for 100 ms, and not before", () => {
    const { relay } = run({});
    expect(relay.beats).toBe(Math.floor((RUN_PERIODS + 1 - 100) / 5) + 1);
    expect(relay.releases).toBe(1);
  });

  it.each([[44100, 64], [44100, 1024], [48000, 1024], [192000, 16]])("holds the relay after no less than 100 ms, and no later than a beat and a period more, at %i Hz with periods of %i", (sampleRateHz, periodFrames) => {
    const control = new ControlBlock();
    const { words } = control;
    const periodMs = (1000 * periodFrames) / sampleRateHz;
    let heldMs = NaN;
    const device = new ScriptedDuplex({ read: (call) => {
      if (words[RELAY_HELD] === 1) heldMs = call * periodMs;
      if (heldMs > 0) words[STOP] = 1;
      return undefined;
    } });
    device.open({ ...REQUEST, sampleRateHz, periodFrames });
    new BlockLoop({ device, chain: new RecordedChain(), relay: new RecordedRelay(false), clock: new ManualTime(), control, sampleRateHz, periodFrames }).run();
    expect(heldMs).toBeGreaterThanOrEqual(100 - 1e-9);
    expect(heldMs).toBeLessThanOrEqual(100 + 5 + 2 * periodMs);
  });

  it("goes on beating through a single fault", () => {
    const { relay, control } = run({ read: once("overrun", 200) });
    expect(relay.beats).toBeGreaterThanOrEqual(Math.floor((RUN_PERIODS - 100) / 5));
    expect(control.words[RELAY_HELD]).toBe(0);
    expect(relay.releases).toBe(1);
  });

  /** Runs with a bypass from period 200 to period 300. Returns in which periods the relay was held, and when the gate was told what. */
  function bypassed(bypass: number): { readonly held: readonly number[]; readonly gates: readonly (readonly [call: string, period: number])[] } {
    const held: number[] = [];
    const { chain } = run({}, (call, { words }) => {
      if (call === 200) words[BYPASS] = bypass;
      if (call === 300) words[BYPASS] = 0;
      if (words[RELAY_HELD] === 1) held.push(call);
    }, 600);
    return { held, gates: gatesOf(chain) };
  }

  /** What the gate was told, and in which period, between the start and the end of 600 periods. */
  function gatesOf(chain: RecordedChain): readonly (readonly [call: string, period: number])[] {
    let period = -1;
    return chain.calls.flatMap((call) => {
      if (call === "period") period++;
      return call.startsWith("gate") && period > 10 && period < 600 ? [[call, period] as const] : [];
    });
  }

  it("lets the relay go within 5 ms when the output is dead, and takes it back, with the gate left open", () => {
    const { held, gates } = bypassed(BYPASS_DEAD);
    expect(held.filter((call) => call > 205 && call <= 300)).toEqual([]);
    expect(held).toContain(306);
    expect(gates).toEqual([]);
  });

  it("lets the relay go for a person when a fade of 20 ms and four periods were played, and opens the gate 100 ms after it was held again", () => {
    const { held, gates } = bypassed(BYPASS_WANTED);
    const fadePeriods = 20 + 1 + 4;
    expect(held.filter((call) => call > 110 && call <= 200 + fadePeriods)).toHaveLength(90 + fadePeriods);
    expect(held.filter((call) => call > 200 + fadePeriods + 5 && call <= 300)).toEqual([]);
    expect(held).toContain(306);
    expect(gates.map(([call]) => call)).toEqual([`gate ${GATE_CLOSE} 20`, `gate ${GATE_OPEN} 20`]);
    expect(gates[0]?.[1]).toBe(200);
    expect(gates[1]?.[1]).toBeGreaterThanOrEqual(306 + 100 - 7);
    expect(gates[1]?.[1]).toBeLessThanOrEqual(306 + 100);
  });

  it("takes a relay whose line comes while sound flows: after 100 ms more, under a closed gate that opens 100 ms after it was held", () => {
    const relay = new RecordedRelay(false);
    const held: number[] = [];
    const { chain } = run({}, (period, { words }) => {
      relay.isWired = period >= 200;
      if (words[RELAY_HELD] === 1) held.push(period);
    }, 600, relay);
    // It is looked at each 5 ms.
    expect(held.filter((period) => period > 206 && period <= 300)).toEqual([]);
    expect(held).toContain(311);
    const gates = gatesOf(chain);
    expect(gates.map(([call]) => call)).toEqual([`gate ${GATE_CLOSE} 100`, `gate ${GATE_OPEN} 20`]);
    expect(gates[0]?.[1]).toBeLessThanOrEqual(211);
    expect(gates[1]?.[1]).toBeGreaterThanOrEqual(400);
    expect(gates[1]?.[1]).toBeLessThanOrEqual(420);
  });

  it("closes the gate over 100 ms and opens it again as the box wants", () => {
    const { chain } = run({}, (call, { words }) => {
      if (call === 100) words[GATE] = 0;
      if (call === 200) words[GATE] = 1;
    });
    expect(chain.orders).toContain(`gate ${GATE_CLOSE} 100`);
    expect(chain.orders.lastIndexOf(`gate ${GATE_OPEN} 20`)).toBeGreaterThan(chain.orders.indexOf(`gate ${GATE_CLOSE} 100`));
  });

  it("keeps the gate closed after a fault while the box wants silence", () => {
    const { chain } = run({ read: once("overrun", 100) }, (_, { words }) => {
      words[GATE] = 0;
    });
    expect(chain.orders.filter((order) => order.startsWith(`gate ${GATE_OPEN}`))).toEqual([]);
  });

  it("clears the stages, and starts again without counting a fault, when it is told to", () => {
    const { chain, device, faults, control } = run({}, (call, { words }) => {
      if (call === 100) words[COMMANDS] = COMMAND_RESET;
      if (call === 200) words[COMMANDS] = COMMAND_RESTART;
    });
    expect(chain.orders.filter((order) => order === "reset stages")).toHaveLength(1);
    expect(starts(device)).toBe(2);
    expect(AUDIO_FAULTS.reduce((sum, kind) => sum + faults(kind), 0)).toBe(0);
    expect(control.words[COMMANDS]).toBe(0);
    expect(device.written).toHaveLength(RUN_PERIODS + 1);
    // The fade of 20 ms begins with the command, and the fullest buffer of 4 periods is played before the streams stop.
    const fade = chain.calls.indexOf(`gate ${GATE_CLOSE} 20`);
    const shut = chain.calls.indexOf(`gate ${GATE_SHUT} 0`, fade);
    expect(chain.calls.slice(fade + 1, shut).every((call) => call === "period")).toBe(true);
    expect(shut - fade - 1).toBeGreaterThanOrEqual(24);
    expect(chain.orders.slice(-2)).toEqual([`gate ${GATE_OPEN} 20`, `gate ${GATE_SHUT} 0`]);
  });

  it("passes over the frames of an outage: 500 ms of them between two periods are 24000, less the period itself", () => {
    const { chain } = run({ read: once("stalled", 200) }, (call, _, time) => {
      time.nowMs += call === 200 ? 500 : 1;
    });
    expect(chain.orders.filter((order) => order.startsWith("skip"))).toEqual([`skip ${500 * 48}`]);
  });

  it("brings the count of collections up to date when it is asked to, and counts what was collected while it ran", () => {
    const counts: number[] = [];
    run({}, (call, { words }) => {
      if (call === 100) globalThis.gc?.();
      if (call === 50 || call === 110) words[COMMANDS] = COMMAND_COUNT;
      if (call === 60 || call === 120) counts.push(words[COLLECTION_COUNTS] as number, words[COLLECTIONS] as number);
    });
    expect((counts[2] as number) - (counts[0] as number)).toBe(1);
    expect(counts[3] as number).toBeGreaterThan(counts[1] as number);
  });

  it("counts a heartbeat for each start and each period", () => {
    expect(run({}, undefined, 99).control.words[HEARTBEAT]).toBe(101);
  });

  it("counts frames on beyond 2^31 without a gap, modulo 2^32", () => {
    const { control } = run({}, (call, { words }) => {
      if (call === 0) words[FRAMES_IN] = 2 ** 31 - 10;
    }, 0);
    expect((control.words[FRAMES_IN] as number) >>> 0).toBe(2 ** 31 - 10 + PERIOD);
  });
});
