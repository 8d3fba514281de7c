import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { devicesOn } from "../../hw/boards/panel.js";
import { SimBus } from "../../hw/sim/sim-bus.js";
import { SimLines, systemTime } from "../../hw/sim/sim-lines.js";
import { Ssd1306Chip } from "../../hw/sim/ssd1306-chip.js";
import { LiveMeters } from "../../src/box/live-meters.js";
import { Notices } from "../../src/box/notices.js";
import { Panel } from "../../src/box/panel.js";
import { loadBoxConfig } from "../../src/config/box-config.js";
import { loadTargets } from "../../src/config/targets.js";
import { ParameterStore } from "../../src/control/parameter-store.js";
import type { Button, PressListener } from "../../src/hal/button.js";
import type { I2cBus } from "../../src/hal/i2c-bus.js";
import { PANEL_ACTIONS, type PanelAction } from "../../src/hal/panel.js";
import type { MeterSnapshot } from "../../src/protocol/meter-snapshot.js";
import { readText } from "../support/read-picture.js";
import { randomUniform } from "../support/signals.js";

const { config: { controls, panel: settings } } = loadBoxConfig(undefined);
const [THRESHOLD_A] = controls.find(({ name }) => name === "threshold")!.pins as [number, number];
const [BYPASS] = controls.find(({ name }) => name === "bypass")!.pins as [number];
/** I2C sends each byte with an acknowledge, and an address before each transfer. */
const BITS_A_BYTE = 9;
const BUS_HZ = 400_000;

/** A bus that counts what goes over it, and takes the time that a bus of 400 kHz takes. */
class CountedBus implements I2cBus {
  bytes = 0;
  readonly #bus: SimBus;
  readonly #isTimed: boolean;

  constructor(bus: SimBus, isTimed: boolean) {
    this.#bus = bus;
    this.#isTimed = isTimed;
  }

  async run(...[address, steps]: Parameters<I2cBus["run"]>): Promise<void> {
    const bytes = steps.reduce((sum, step) => sum + 1 + ("write" in step ? step.write : step.read).length, 0);
    if (this.#isTimed) await new Promise((resolve) => setTimeout(resolve, (1000 * BITS_A_BYTE * bytes) / BUS_HZ));
    await this.#bus.run(address, steps);
    this.bytes += bytes;
  }

  async close(): Promise<void> {
    await this.#bus.close();
  }
}

describe("the panel with faults", () => {
  const chip = new Ssd1306Chip();
  let lines: SimLines;
  let sim: SimBus;
  let bus: CountedBus;
  let notices: Notices;
  let store: ParameterStore;
  let done: PanelAction[];
  let pictures: number;
  let meters: () => MeterSnapshot;
  let panel: Panel;

  function start({ isTimed = false, buttons }: { readonly isTimed?: boolean; readonly buttons?: ReadonlyMap<string, Button> } = {}): void {
    bus = new CountedBus(sim, isTimed);
    const wired = devicesOn({ lines, bus, inputs: undefined, time: systemTime }, settings, controls);
    const devices = { ...wired, ...(buttons && { buttons }), relay: null, end: async () => await bus.close() };
    panel = new Panel({
      controls, devices, store, notices, nowMs: () => systemTime.nowMs(),
      actions: Object.fromEntries(PANEL_ACTIONS.map((action) => [action, async (): Promise<readonly string[]> => {
        done.push(action);
        return [];
      }])) as Record<PanelAction, () => Promise<readonly string[]>>,
      sources: {
        targets: loadTargets(), state: () => store.state, faults: () => notices.standing, isBare: () => false, offers: () => [], compared: () => "mix", page: () => ({ port: 80, address: "10.42.0.1" }),
        meters: () => {
          pictures++;
          return meters();
        },
      },
    });
    panel.start();
  }

  beforeEach(() => {
    vi.useFakeTimers();
    lines = new SimLines();
    sim = new SimBus();
    sim.plug(settings.displayAddress, chip);
    notices = new Notices({ log: () => undefined, nowMs: () => performance.now() });
    store = new ParameterStore({ targets: loadTargets(), nowMs: () => performance.now(), onListenerError: (error) => { throw error; } });
    done = [];
    pictures = 0;
    const window = new LiveMeters().openWindow();
    meters = () => window.take();
  });
  afterEach(async () => {
    // What waits for the bus at the end must have its time.
    await Promise.all([panel.stop(), vi.advanceTimersByTimeAsync(3000)]);
    vi.useRealTimers();
  });
  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  /** Meters that never stand still. */
  function live(seed: number): () => MeterSnapshot {
    const still = new LiveMeters().openWindow().take();
    const random = randomUniform(seed);
    return () => ({
      ...still, shortTermLufs: -20 + 8 * random(), integratedLufs: -16 + random(), output: { truePeakDbtp: [-12 * random(), -12 * random()], rmsDbfs: [-20, -20] },
      reductionDb: { ...still.reductionDb, compressor: 12 * random(), limiter: 6 * random() },
    });
  }

  it("draws 20 pictures a second of meters that never stand still, on a bus of 400 kHz that it fills by less than half", async () => {
    meters = live(1);
    start({ isTimed: true });
    await pass(1000);
    const [before, bytesBefore] = [pictures, bus.bytes];
    await pass(10_000);
    expect(pictures - before).toBe(200);
    const share = ((bus.bytes - bytesBefore) * BITS_A_BYTE) / (10 * BUS_HZ);
    expect(share).toBeLessThan(0.5);
    // A full picture each time would fill the bus by (1024 + 8 x 3 x 2) bytes x 9 bits x 20 / 400 kHz, 48 % and more.
    expect(share).toBeLessThan(0.4);
  });

  it("sends nothing of a picture that stands still but one page each quarter of a second", async () => {
    start();
    await pass(1000);
    const before = bus.bytes;
    await pass(10_000);
    // 40 pages in halves of 64 columns: 2 x (address, command byte, 3 commands; address, pixel byte, 64 pixels); and the settings each eighth time.
    expect(bus.bytes - before).toBeLessThanOrEqual(40 * 2 * 71 + 5 * 40);
    expect(bus.bytes - before).toBeGreaterThanOrEqual(40 * 128);
  });

  it("says that the bus is stuck, tries it once a second at most, and leaves the buttons to work; the display comes back by itself", async () => {
    start();
    await pass(1000);
    sim.fail("stuck");
    await pass(300);
    expect(notices.standing).toEqual([expect.stringMatching(/^The display does not work: .*does not let the bus go/)]);
    const before = sim.transfers;
    await pass(10_000);
    expect(sim.transfers - before).toBeLessThanOrEqual(11);
    lines.contact(BYPASS, true);
    await pass(50);
    lines.contact(BYPASS, false);
    await pass(50);
    expect(done).toEqual(["bypass"]);
    sim.fail(undefined);
    await pass(1500);
    expect(notices.standing).toEqual([]);
    expect(readText(chip.picture, 0)).toContain("Spotify");
  });

  it("names an encoder that chatters at 1 kHz, tries it once a second, changes its value by one step at most, and takes it back", async () => {
    start();
    await pass(100);
    const before = store.get("compressor.thresholdDb");
    let stood = 0;
    for (let n = 0; n < 5000; n++) {
      lines.contact(THRESHOLD_A, n % 2 === 0);
      await pass(1);
      if (notices.standing.some((sentence) => /^The encoder threshold does not work: There is chatter on lines GPIO5 and GPIO6/.test(sentence))) stood++;
    }
    // Half a second of edges, and a second of rest, in turn.
    expect(stood).toBeGreaterThan(2900);
    expect(Math.abs(store.get("compressor.thresholdDb") - before)).toBeLessThanOrEqual(0.5);
    await pass(2500);
    expect(notices.standing).toEqual([]);
    const rest = store.get("compressor.thresholdDb");
    for (const [pin, isClosed] of [[5, true], [6, true], [5, false], [6, false]] as const) lines.contact(pin, isClosed);
    expect(store.get("compressor.thresholdDb")).toBe(rest + 0.5);
  });

  it("names a button that is stuck when the box starts after half a minute, does nothing by it, and says when it came loose", async () => {
    lines.contact(BYPASS, true);
    start();
    await pass(29_000);
    expect(notices.standing).toEqual([]);
    await pass(31_000);
    expect(notices.standing).toEqual(["The button bypass has been pressed for half a minute; see that it is not stuck."]);
    lines.contact(BYPASS, false);
    await pass(100);
    expect([notices.standing, done]).toEqual([[], []]);
    lines.contact(BYPASS, true);
    await pass(100);
    lines.contact(BYPASS, false);
    await pass(100);
    expect(done).toEqual(["bypass"]);
  });

  it("names a button that is stuck for half a minute, does nothing by it but its hold, once, and says when it came loose", async () => {
    start();
    await pass(100);
    lines.contact(BYPASS, true);
    await pass(60_000);
    expect(notices.standing).toEqual(["The button bypass has been pressed for half a minute; see that it is not stuck."]);
    expect(done).toEqual(["hardBypass"]);
    lines.contact(BYPASS, false);
    await pass(100);
    expect([notices.standing, done]).toEqual([[], ["hardBypass"]]);
  });

  it("takes a click for a click whose release is heard only after its hold was due, for the thread was held up", async () => {
    let listener: PressListener | undefined;
    const open = async (given: PressListener): Promise<boolean> => {
      listener = given;
      return false;
    };
    start({ buttons: new Map([["bypass", { open, close: async () => undefined }]]) });
    await pass(100);
    const pressedMs = systemTime.nowMs();
    listener?.changed(true, pressedMs);
    await pass(400);
    listener?.changed(false, pressedMs + 100);
    await pass(100);
    expect(done).toEqual(["bypass"]);
    const heldMs = systemTime.nowMs();
    listener?.changed(true, heldMs);
    await pass(420);
    expect(done).toEqual(["bypass", "hardBypass"]);
  });
});
