import { CLOCK_MONOTONIC, EV_KEY, EV_REL, EV_SYN, EVIOCGKEY, EVIOCSCLOCKID, KEY_BYTES, writeInputEvent } from "../../hw/gpio/evdev-abi.js";
import type { InputDevice } from "../../hw/gpio/evdev.js";
import type { DeviceFiles } from "../../hw/linux/device-files.js";
import { errnoOf } from "../../hw/linux/errno.js";
import type { FdListener, FdWatcher } from "../../hw/linux/fd-watcher.js";

/** Input devices of the kernel: an encoder of the overlay rotary-encoder, and two keys of gpio-key. Events arrive at once. */
export class FakeInputKernel implements DeviceFiles, FdWatcher {
  readonly devices: readonly InputDevice[] = [
    { path: "/dev/input/event0", name: "rotary@5" }, { path: "/dev/input/event1", name: "button@11" }, { path: "/dev/input/event2", name: "button@1b" },
  ];
  readonly #files = new Map<number, { readonly path: string; isMonotonic: boolean; listener?: FdListener }>();
  readonly #down = new Map<string, Set<number>>();
  readonly #refusals = new Map<string, string>();
  #errno = 0;
  #lastFd = 20;
  #nowMs = 5000;

  get openFiles(): number {
    return this.#files.size;
  }

  /** Refuses to open a device, until told undefined. */
  refuse(path: string, code: string | undefined): void {
    if (code === undefined) this.#refusals.delete(path);
    else this.#refusals.set(path, code);
  }

  /** Takes a device away. */
  unplug(path: string): void {
    this.refuse(path, "ENODEV");
    for (const file of this.#files.values()) if (file.path === path) file.listener?.ended("ENODEV");
  }

  turn(path: string, axis: number, value: number): void {
    this.emit(path, EV_REL, axis, value);
  }

  key(path: string, code: number, value: number): void {
    const down = this.#down.get(path) ?? new Set();
    this.#down.set(path, down);
    if (value === 0) down.delete(code);
    else down.add(code);
    this.emit(path, EV_KEY, code, value);
  }

  /** One event with the report that ends it. */
  emit(path: string, type: number, code: number, value: number): void {
    this.#nowMs += 1;
    const events = [{ type, code, value }, { type: EV_SYN, code: 0, value: 0 }].map((event) => writeInputEvent({ timeMs: this.#nowMs, ...event }));
    for (const file of this.#files.values()) {
      if (file.path === path && file.isMonotonic) file.listener?.data(Uint8Array.from(events.flatMap((event) => [...event])));
    }
  }

  open(path: string): number {
    const refusal = this.#refusals.get(path);
    if (refusal !== undefined) return this.#refused(refusal);
    this.#files.set(++this.#lastFd, { path, isMonotonic: false });
    return this.#lastFd;
  }

  close(fd: number): number {
    return this.#files.delete(fd) ? 0 : this.#refused("EBADF");
  }

  ioctl(fd: number, request: number, argument: Uint8Array): number {
    const file = this.#files.get(fd);
    if (file === undefined) return this.#refused("EBADF");
    if (request === EVIOCGKEY && argument.byteLength === KEY_BYTES) {
      for (const code of this.#down.get(file.path) ?? []) argument[code >> 3] = (argument[code >> 3] as number) | (1 << (code & 7));
      return KEY_BYTES;
    }
    if (request !== EVIOCSCLOCKID || argument.byteLength !== 4 || argument[0] !== CLOCK_MONOTONIC) return this.#refused("EINVAL");
    file.isMonotonic = true;
    return 0;
  }

  errno(): number {
    return this.#errno;
  }

  watch(fd: number, listener: FdListener): () => Promise<void> {
    const file = this.#files.get(fd);
    if (file === undefined) throw new Error(`File ${fd} is not open.`);
    file.listener = listener;
    return async () => void this.close(fd);
  }

  async end(): Promise<void> {
    // No thread to end.
  }

  #refused(code: string): number {
    this.#errno = errnoOf(code);
    return -1;
  }
}
