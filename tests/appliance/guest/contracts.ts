import { appendFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Ads1115 } from "../../../hw/ads1115/ads1115.js";
import { AlsaAudio } from "../../../hw/alsa/alsa-audio.js";
import { EvdevButton, EvdevEncoder, systemInputDevices } from "../../../hw/gpio/evdev.js";
import { HEADER_LABELS, systemChips } from "../../../hw/gpio/chip-search.js";
import { LineEncoder } from "../../../hw/gpio/line-encoder.js";
import { loadI2cPackage, PackageBus } from "../../../hw/i2c/package-bus.js";
import { systemClock } from "../../../hw/linux/clock.js";
import { errnoOf } from "../../../hw/linux/errno.js";
import { GpioRelay } from "../../../hw/relay/gpio-relay.js";
import { NO_LINE, RelayLine } from "../../../hw/relay/relay-line.js";
import { Ssd1306 } from "../../../hw/ssd1306/ssd1306.js";
import { PCM_FORMATS } from "../../../src/hal/audio.js";
import { describeAudioDuplex } from "../../contracts/audio-duplex.js";
import { describeBypassRelay } from "../../contracts/bypass-relay.js";
import { describeButton } from "../../contracts/button.js";
import { describeClock } from "../../contracts/clock.js";
import { describeDisplay } from "../../contracts/display.js";
import { describeEncoder } from "../../contracts/encoder.js";
import { describeI2cBus } from "../../contracts/i2c-bus.js";
import { describeKnob } from "../../contracts/knob.js";
import { describeContactsAndLights, describeLineEncoders } from "../../contracts/lines.js";
import { ChargePump } from "../../support/charge-pump.js";
import { turnedBy, type Contacts } from "../../support/contacts.js";
import { HandTime } from "../../support/sim-time.js";
import { InputDeviceRig } from "./input-device.js";
import { kernelChipBed, kernelFiles, kernelOnoffBed, LineRig, sleep, startWatching, watcher } from "./kernel-lines.js";
import { panelBus } from "./panel-bus.js";
import { runTests } from "./vitest.js";

/** Runs the contract suites on the devices of this machine's kernel; a line of JSON for each test goes into /out/results. */

const RELAY_LINE = 25;
/** News of the kernel is told by then, whatever else this program has to do. */
const TOLD_MS = 50;
const ECHO_ADDRESS = 0x50;
const REL_X = 0;
const BTN_0 = 0x100;
const ERRORS = { noAnswer: "EREMOTEIO", stuck: "ETIMEDOUT", busy: "EBUSY", denied: "EPERM", other: "EIO", missing: "ENOENT" } as const;
const pause = new Int32Array(new SharedArrayBuffer(4));
const nowMs = (): number => performance.now();

new LineRig().rest();
panelBus.set("khz", 400);

describeContactsAndLights("the character device of the kernel", kernelChipBed);
describeLineEncoders("the character device of the kernel", kernelChipBed);
describeContactsAndLights("onoff on the sysfs of the kernel", kernelOnoffBed);

describe("Encoder: the character device of the kernel, at speed", () => {
  it("counts 480 detents each way, 20 turns in a second, though every contact bounces 4 times", async () => {
    const { lines, hands } = kernelChipBed();
    const [a, b] = [5, 6];
    let sum = 0;
    const encoder = new LineEncoder(lines, { lines: [a, b], stepsPerDetent: 4 });
    await encoder.open({ turned: (detents) => (sum += detents), failed: () => undefined });
    let state: Contacts = { a: false, b: false };
    for (const detents of [480, -480]) {
      sum = 0;
      const startMs = nowMs();
      turnedBy(state, 4 * detents).forEach((next, n) => {
        const [line, isClosed] = next.a === state.a ? [b, next.b] : [a, next.a];
        for (let bounce = 0; bounce <= 4; bounce++) void hands.contact(line, isClosed === (bounce % 2 === 0));
        state = next;
        Atomics.wait(pause, 0, 0, Math.max(0, startMs + (1000 * (n + 1)) / (4 * 480) - nowMs()));
      });
      await sleep(TOLD_MS);
      expect(sum).toBe(detents);
    }
    await encoder.close();
    await hands.dispose?.();
  });
});

describeEncoder("an input device of the kernel", async () => {
  const rig = new InputDeviceRig("rotary@5", REL_X, BTN_0);
  return {
    encoder: new EvdevEncoder({ device: "rotary@5", code: REL_X, files: kernelFiles(), watcher, devices: systemInputDevices }),
    turn: async (detents) => {
      for (let n = 0; n < Math.abs(detents); n++) rig.turn(Math.sign(detents));
      await sleep(TOLD_MS);
    },
    wiggle: async () => rig.press(true),
    unplug: async () => {
      rig.unplug();
      await sleep(TOLD_MS);
    },
    replug: async () => rig.plug(),
    dispose: async () => rig.unplug(),
  };
});

describeButton("an input device of the kernel", async () => {
  const rig = new InputDeviceRig("button@11", REL_X, BTN_0);
  return {
    button: new EvdevButton({ device: "button@11", code: BTN_0, files: kernelFiles(), watcher, devices: systemInputDevices }),
    move: async (isPressed, ms) => {
      rig.press(isPressed);
      await sleep(ms);
    },
    unplug: async () => {
      rig.unplug();
      await sleep(TOLD_MS);
    },
    replug: async () => rig.plug(),
    dispose: async () => rig.unplug(),
  };
});

describeI2cBus("i2c-bus on the kernel's bus", async () => ({
  bus: new PackageBus({ busNumber: 1, load: loadI2cPackage }),
  address: ECHO_ADDRESS,
  fail: async (kind) => panelBus.set("failing", kind === undefined ? 0 : errnoOf(ERRORS[kind])),
  dispose: async () => panelBus.set("failing", 0),
}));

describeKnob("ads1115 on the kernel's bus", () => {
  const bus = new PackageBus({ busNumber: 1, load: loadI2cPackage });
  const adc = new Ads1115({ bus, address: 0x48, chip: "ads1115", nowMs, later: (ms, run) => void setTimeout(run, ms) });
  panelBus.set("converter", 1);
  return {
    knobs: [0, 1, 2, 3].map((channel) => adc.knob(channel)),
    turn: (index, position) => panelBus.turn(index as 0 | 1 | 2 | 3, position),
    plug: (isPlugged) => panelBus.set("converter", Number(isPlugged)),
    pass: async (ms) => await sleep(ms),
  };
});

describeDisplay("ssd1306 on the kernel's bus", () => {
  const time = new HandTime();
  const bus = new PackageBus({ busNumber: 1, load: loadI2cPackage });
  const plug = (isPlugged: boolean): void => panelBus.set("display", Number(isPlugged));
  plug(false);
  plug(true);
  return {
    display: new Ssd1306({ bus, address: 0x3c, chip: "ssd1306", nowMs: () => time.nowMs() }),
    seen: () => panelBus.seen(),
    plug,
    pass: (ms) => time.pass(ms),
  };
});

describeBypassRelay("a line of the kernel with a charge pump", async () => {
  const rig = new LineRig();
  // The pin of the relay is pulled down at power-on.
  rig.contact(RELAY_LINE, true);
  const file = new Int32Array(new SharedArrayBuffer(4)).fill(NO_LINE);
  const line = new RelayLine({ files: kernelFiles(), labels: HEADER_LABELS, chips: systemChips, line: RELAY_LINE, file });
  await line.open();
  const reader = rig.reader(RELAY_LINE);
  const pump = new ChargePump(reader.isHigh);
  return {
    relay: new GpioRelay(kernelFiles(), file), isHeld: () => pump.isCoilHeld, pass: (ms) => pump.pass(ms),
    dispose: async () => {
      reader.end();
      await line.close();
    },
  };
});

describeClock("of this kernel", () => ({ clock: systemClock(), pass: (ms) => void Atomics.wait(pause, 0, 0, ms) }));

for (const [name, hasMonitor] of [["", false], [", with a monitor output", true]] as const) {
  describeAudioDuplex(`AlsaAudio on the kernel's loop card, 64 x 3${name}`, () => {
    const device = "hw:CARD=sndrpihifiberry,DEV=0";
    const request = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: PCM_FORMATS, wantsMonitor: hasMonitor };
    const together = { impossible: "the streams of this card stop together, and capture is read first" };
    const never = { impossible: "the loop card never does" };
    return {
      device: new AlsaAudio({ captureDevice: device, playbackDevice: device }, systemClock()),
      request,
      hasMonitor,
      refused: { ...request, sampleRateHz: 1_000_000 },
      causes: { overrun: { begin: () => void Atomics.wait(pause, 0, 0, 50) }, underrun: together, suspended: never, stalled: never, disconnected: never },
    };
  });
}

// Node ends where nothing but the thread of a watcher is waited for.
setInterval(() => undefined, 1000);
await startWatching();
await runTests((result) => appendFileSync("/out/results", `${JSON.stringify(result)}\n`));
// The watchers' threads may still be on their way out.
process.exit(0);
