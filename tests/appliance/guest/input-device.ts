import { closeSync, constants, openSync, writeSync } from "node:fs";
import { EV_KEY, EV_REL, EV_SYN, writeInputEvent } from "../../../hw/gpio/evdev-abi.js";
import { findLibrary } from "../../../hw/linux/koffi.js";
import { kernelFiles } from "./kernel-lines.js";

/** Requests of include/uapi/linux/uinput.h. */
const UI_DEV_CREATE = 0x5501;
const UI_DEV_DESTROY = 0x5502;
const UI_DEV_SETUP = 0x405c5503;
const UI_SET_EVBIT = 0x40045564;
const UI_SET_KEYBIT = 0x40045565;
const UI_SET_RELBIT = 0x40045566;

/** `struct uinput_setup`: four 16-bit words, a name, and a 32-bit word. */
const SETUP_BYTES = 92;
const NAME_AT = 8;

/** An input device of the kernel that a test moves (uinput). */
export class InputDeviceRig {
  readonly #name: string;
  readonly #axis: number;
  readonly #key: number;
  #fd = -1;

  constructor(name: string, axis: number, key: number) {
    this.#name = name;
    this.#axis = axis;
    this.#key = key;
    this.plug();
  }

  /** Makes the device. */
  plug(): void {
    const set = findLibrary("libc.so.6")?.func<(fd: number, request: number, value: number) => number>("int ioctl(int fd, unsigned long request, long value)");
    if (set === undefined) throw new Error("koffi cannot be loaded here.");
    this.#fd = openSync("/dev/uinput", constants.O_WRONLY | constants.O_NONBLOCK);
    const setup = new Uint8Array(SETUP_BYTES);
    new TextEncoder().encodeInto(this.#name, setup.subarray(NAME_AT));
    const answers = [
      set(this.#fd, UI_SET_EVBIT, EV_KEY), set(this.#fd, UI_SET_EVBIT, EV_REL),
      set(this.#fd, UI_SET_KEYBIT, this.#key), set(this.#fd, UI_SET_RELBIT, this.#axis),
      kernelFiles().ioctl(this.#fd, UI_DEV_SETUP, setup), set(this.#fd, UI_DEV_CREATE, 0),
    ];
    if (answers.some((answer) => answer < 0)) throw new Error(`uinput refuses the device: ${answers.join(", ")}`);
  }

  /** Takes it away. */
  unplug(): void {
    if (this.#fd < 0) return;
    kernelFiles().ioctl(this.#fd, UI_DEV_DESTROY, new Uint8Array(1));
    closeSync(this.#fd);
    this.#fd = -1;
  }

  turn(detents: number): void {
    this.#emit(EV_REL, this.#axis, detents);
  }

  press(isPressed: boolean): void {
    this.#emit(EV_KEY, this.#key, Number(isPressed));
  }

  #emit(type: number, code: number, value: number): void {
    const events = [{ type, code, value }, { type: EV_SYN, code: 0, value: 0 }];
    writeSync(this.#fd, Uint8Array.from(events.flatMap((event) => [...writeInputEvent({ timeMs: 0, ...event })])));
  }
}
