import { readdirSync, readFileSync } from "node:fs";
import type { Button, PressListener } from "../../src/hal/button.js";
import { LineError } from "../../src/hal/digital.js";
import type { Encoder, TurnListener } from "../../src/hal/encoder.js";
import { O_CLOEXEC, O_RDONLY, type DeviceFiles } from "../linux/device-files.js";
import type { FdWatcher } from "../linux/fd-watcher.js";
import { CLOCK_MONOTONIC, EV_KEY, EV_REL, EV_SYN, EVIOCGKEY, EVIOCSCLOCKID, KEY_BYTES, readInputEvents, SYN_DROPPED, type InputEvent } from "./evdev-abi.js";
import { lineError, lineFailure } from "./line-errors.js";

export interface InputDeviceOptions {
  /** Name of the input device as the kernel has it: "rotary@5" of the overlay rotary-encoder, "button@11" of gpio-key. */
  readonly device: string;
  /** Which axis of it, or key: REL_X is 0, the keycode is that of the overlay. */
  readonly code: number;
  readonly files: DeviceFiles;
  readonly watcher: FdWatcher;
  /** The event devices of the system by default. */
  readonly devices: () => readonly InputDevice[];
}

export interface InputDevice {
  readonly path: string;
  readonly name: string;
}

/** The event devices of this machine, by what the kernel calls them. */
export function systemInputDevices(): InputDevice[] {
  const folder = "/sys/class/input";
  try {
    return readdirSync(folder).filter((name) => /^event\d+$/.test(name))
      .map((name) => ({ path: `/dev/input/${name}`, name: readFileSync(`${folder}/${name}/device/name`, "utf8").trim() }));
  } catch {
    return [];
  }
}

/** An input device that is open. */
interface WatchedDevice {
  readonly close: () => Promise<void>;
  /** Whether its key was down at the time. */
  readonly isDown: boolean;
}

/** Opens the device and hands on its events. */
function watchDevice(options: InputDeviceOptions, onEvent: (event: InputEvent) => void, onFailed: (error: LineError) => void): WatchedDevice {
  const { code, device, devices, files, watcher } = options;
  const what = `input device "${device}"`;
  const there = devices();
  const found = there.find(({ name }) => name === device);
  if (found === undefined) {
    const known = there.map(({ name }) => `"${name}"`).join(", ");
    throw new LineError("missing", `There is no ${what}; ${known === "" ? "there are none" : `there are ${known}`}. See the overlays in config.txt.`);
  }
  const fd = files.open(found.path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw lineError(files.errno(), what, "open");
  // By default the times are those of the day, which can be set.
  if (files.ioctl(fd, EVIOCSCLOCKID, Uint8Array.of(CLOCK_MONOTONIC, 0, 0, 0)) < 0) {
    const error = lineError(files.errno(), what, "request");
    files.close(fd);
    throw error;
  }
  const isDown = isKeyDown(files, fd, code);
  const close = watcher.watch(fd, {
    data: (bytes) => readInputEvents(bytes).forEach(onEvent),
    ended: (reason) => onFailed(lineFailure(what, reason)),
  });
  return { close, isDown };
}

/** Whether a key of the device is down; false for an axis. */
function isKeyDown(files: DeviceFiles, fd: number, code: number): boolean {
  const keys = new Uint8Array(KEY_BYTES);
  return files.ioctl(fd, EVIOCGKEY, keys) >= 0 && (((keys[code >> 3] ?? 0) >> (code & 7)) & 1) === 1;
}

/** A rotary encoder that the kernel decodes: dtoverlay=rotary-encoder with relative_axis=1. */
export class EvdevEncoder implements Encoder {
  readonly #options: InputDeviceOptions;
  #close: (() => Promise<void>) | undefined;

  constructor(options: InputDeviceOptions) {
    this.#options = options;
  }

  async open(listener: TurnListener): Promise<void> {
    await this.close();
    this.#close = watchDevice(this.#options, ({ type, code, value, timeMs }) => {
      if (type === EV_REL && code === this.#options.code && value !== 0) listener.turned(value, timeMs);
    }, (error) => listener.failed(error)).close;
  }

  async close(): Promise<void> {
    const close = this.#close;
    this.#close = undefined;
    await close?.();
  }
}

/** A push button that the kernel debounces: dtoverlay=gpio-key. */
export class EvdevButton implements Button {
  readonly #options: InputDeviceOptions;
  #close: (() => Promise<void>) | undefined;

  constructor(options: InputDeviceOptions) {
    this.#options = options;
  }

  async open(listener: PressListener): Promise<boolean> {
    await this.close();
    let isPressed = false;
    const change = (to: boolean, timeMs: number): void => {
      if (to === isPressed) return;
      isPressed = to;
      listener.changed(to, timeMs);
    };
    const { close, isDown } = watchDevice(this.#options, ({ type, code, value, timeMs }) => {
      // 2 is the kernel's own repetition of a key that is held.
      if (type === EV_KEY && code === this.#options.code && value !== 2) change(value === 1, timeMs);
      // A release may be among what was lost; a press that was lost is over by the time it could be told.
      else if (type === EV_SYN && code === SYN_DROPPED) change(false, timeMs);
    }, (error) => listener.failed(error));
    this.#close = close;
    isPressed = isDown;
    return isDown;
  }

  async close(): Promise<void> {
    const close = this.#close;
    this.#close = undefined;
    await close?.();
  }
}
