import type { Button } from "../../src/hal/button.js";
import { LineError } from "../../src/hal/digital.js";
import type { Encoder } from "../../src/hal/encoder.js";
import type { I2cBus } from "../../src/hal/i2c-bus.js";
import type { Control, PanelDevices } from "../../src/hal/panel.js";
import { Ads1115 } from "../ads1115/ads1115.js";
import type { AdcChip } from "../ads1115/ads1115-registers.js";
import { ChipLines } from "../gpio/chip-lines.js";
import { findChip, HEADER_LABELS, systemChips } from "../gpio/chip-search.js";
import { EvdevButton, EvdevEncoder, systemInputDevices } from "../gpio/evdev.js";
import { LineButton } from "../gpio/line-button.js";
import { LineEncoder } from "../gpio/line-encoder.js";
import { LineOutput } from "../gpio/line-output.js";
import type { Lines } from "../gpio/lines.js";
import { loadOnoff, OnoffLines } from "../gpio/onoff-lines.js";
import { loadI2cPackage, PackageBus } from "../i2c/package-bus.js";
import { systemFiles, type DeviceFiles } from "../linux/device-files.js";
import { PollWatcher, type FdWatcher } from "../linux/fd-watcher.js";
import { RelayLine } from "../relay/relay-line.js";
import { systemTime, type SimTime } from "../sim/sim-lines.js";
import { Ssd1306 } from "../ssd1306/ssd1306.js";
import type { DisplayChip } from "../ssd1306/ssd1306-commands.js";
import type { RelayDescription } from "./relay.js";

/** What the configuration says of the panel's chips. */
export interface PanelSettings {
  readonly gpio: "auto" | "chip" | "onoff" | "off";
  readonly i2cBus: number;
  readonly display: "none" | DisplayChip;
  readonly displayAddress: number;
  readonly converter: "none" | AdcChip;
  readonly converterAddress: number;
}

/** What the devices of a panel hang on. */
export interface PanelParts {
  readonly lines: Lines;
  readonly bus: I2cBus;
  /** The kernel's own input devices. */
  readonly inputs: { readonly files: DeviceFiles; readonly watcher: FdWatcher } | undefined;
  readonly time: SimTime;
}

const FIRST_AXIS = 0;
/** BTN_0, which the overlay gpio-key is given in hw/README.md. */
export const FIRST_KEY = 0x100;

const NOTHING: PanelDevices = {
  encoders: new Map(), buttons: new Map(), knobs: new Map(), lights: new Map(), display: null, relay: null, lines: [], end: async () => undefined,
};

/**
 * The panel of a real board. Nothing is opened yet. Where there is no GPIO of a Raspberry Pi "auto" touches nothing.
 * @param relayLine - where the audio thread finds the line of the relay
 */
export function createPanel(
  settings: PanelSettings, controls: readonly Control[], { relayLine }: Required<RelayDescription>, labels: readonly string[] = HEADER_LABELS,
): PanelDevices {
  if (settings.gpio === "off") return NOTHING;
  const files = systemFiles();
  if (settings.gpio === "auto" && !hasHeader(files, labels)) {
    return { ...NOTHING, lines: ["This machine has no pins of a Raspberry Pi: there is no front panel."] };
  }
  const watcher = new PollWatcher();
  const lines = settings.gpio === "onoff" || files === undefined
    ? new OnoffLines({ labels, load: loadOnoff, nowMs: () => systemTime.nowMs(), later: (ms, run) => systemTime.later(ms, run) })
    : new ChipLines({ labels, files, watcher, chips: systemChips });
  const bus = new PackageBus({ busNumber: settings.i2cBus, load: loadI2cPackage });
  const end = async (): Promise<void> => {
    await Promise.all([lines.end(), watcher.end(), bus.close()]);
  };
  const [pin] = controls.find(({ kind }) => kind === "relay")?.pins ?? [];
  const relay = pin === undefined ? null : files === undefined ? UNREACHED_RELAY
    : new RelayLine({ files, labels, chips: systemChips, line: pin, file: new Int32Array(relayLine) });
  return { ...devicesOn({ lines, bus, inputs: files && { files, watcher }, time: systemTime }, settings, controls), relay, end };
}

/** The relay where the audio thread has no way to it. */
const UNREACHED_RELAY: NonNullable<PanelDevices["relay"]> = {
  open: () => Promise.reject(new LineError("missing", "The relay cannot be reached without the package koffi: run `npm install koffi`.")),
  close: async () => undefined,
};

/** A control that the kernel reads, where there is no way to its device. */
const UNREACHED_INPUT = {
  open: (): Promise<never> => Promise.reject(new LineError("missing", "An input device of the kernel cannot be read here: that takes Linux and the package koffi (`npm install koffi`), and a board that is not simulated.")),
  close: (): Promise<void> => Promise.resolve(),
};

/** Whether the chip of the header is there; true where it may not be looked at, so that the controls say why. */
export function hasHeader(files: DeviceFiles | undefined, labels: readonly string[]): boolean {
  if (files === undefined) return systemChips().length > 0;
  try {
    return findChip(files, systemChips(), labels) !== "";
  } catch (error) {
    return (error as { readonly kind?: string }).kind === "denied";
  }
}

/** The devices of the controls on these lines and this bus. */
export function devicesOn(parts: PanelParts, settings: PanelSettings, controls: readonly Control[]): Omit<PanelDevices, "relay" | "end"> {
  const { lines, bus, time } = parts;
  const of = <Device>(kind: Control["kind"], make: (control: Control, pin: number) => Device): Map<string, Device> =>
    new Map(controls.filter((control) => control.kind === kind).map((control) => [control.name, make(control, control.pins[0] ?? NaN)]));
  const { converter, converterAddress, display, displayAddress } = settings;
  const nowMs = (): number => time.nowMs();
  const adc = converter === "none" ? undefined
    : new Ads1115({ bus, address: converterAddress, chip: converter, nowMs, later: (ms, run) => void time.later(ms, run) });
  const hasKnobs = controls.some(({ kind }) => kind === "knob");
  return {
    encoders: of("encoder", (control) => encoder(parts, control)),
    buttons: of<Button>("button", (control, pin) => inputOf(parts, control, FIRST_KEY, (options) => new EvdevButton(options)) 
      ?? new LineButton({ lines, line: pin, later: (ms, run) => time.later(ms, run) })),
    knobs: adc === undefined ? new Map() : of("knob", (control) => adc.knob(control.channel ?? NaN)),
    lights: of("led", (_, pin) => new LineOutput(lines, pin)),
    display: display === "none" ? null : new Ssd1306({ bus, address: displayAddress, chip: display, nowMs }),
    lines: hasKnobs && adc === undefined ? ["The knobs rest: no converter is configured (panel.converter)."] : [],
  };
}

function encoder(parts: PanelParts, control: Control): Encoder {
  const [a = NaN, b = NaN] = control.pins;
  return inputOf(parts, control, FIRST_AXIS, (options) => new EvdevEncoder(options))
    ?? new LineEncoder(parts.lines, { lines: [a, b], stepsPerDetent: control.stepsPerDetent ?? 4 });
}

/** The device that the kernel reads by itself, where the control names one. */
function inputOf<Device>(
  { inputs }: PanelParts, { inputDevice, code }: Control, usual: number,
  make: (options: ConstructorParameters<typeof EvdevButton>[0]) => Device,
): Device | typeof UNREACHED_INPUT | undefined {
  if (inputDevice === null) return undefined;
  return inputs === undefined ? UNREACHED_INPUT : make({ device: inputDevice, code: code ?? usual, ...inputs, devices: systemInputDevices });
}
