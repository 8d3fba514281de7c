import {
  ATTRIBUTE, ATTRIBUTE_DEBOUNCE, CHIP_INFO, EVENT_FALLING, EVENT_RISING, GPIO_GET_CHIPINFO, GPIO_V2_GET_LINE, GPIO_V2_GET_LINEINFO,
  GPIO_V2_LINE_GET_VALUES, GPIO_V2_LINE_SET_VALUES, LINE_ACTIVE_LOW, LINE_BIAS_DISABLED, LINE_EDGE_FALLING, LINE_EDGE_RISING, LINE_EVENT,
  LINE_INFO, LINE_INPUT, LINE_OUTPUT, LINE_PULL_DOWN, LINE_PULL_UP, LINE_REQUEST, LINE_USED, LINE_VALUES, MOST_LINES, nameAt,
} from "../../hw/gpio/gpio-abi.js";
import type { DeviceFiles } from "../../hw/linux/device-files.js";
import { errnoOf } from "../../hw/linux/errno.js";
import type { FdListener, FdWatcher } from "../../hw/linux/fd-watcher.js";
import type { HandTime } from "./sim-time.js";

interface FakeChip {
  readonly label: string;
  readonly lines: number;
}

interface HeldRequest {
  readonly chip: FakeChip;
  readonly offsets: readonly number[];
  readonly flags: bigint;
  readonly debounceUs: number;
  readonly queueLength: number;
  readonly told: boolean[];
  readonly waiting: ((() => void) | undefined)[];
  queue: Uint8Array[];
  count: number;
  listener?: FdListener;
}

const EDGES = LINE_EDGE_RISING | LINE_EDGE_FALLING;
const BIASES = LINE_PULL_UP | LINE_PULL_DOWN | LINE_BIAS_DISABLED;
const KNOWN_FLAGS = LINE_ACTIVE_LOW | LINE_INPUT | LINE_OUTPUT | EDGES | BIASES;
const DEFAULT_QUEUE = 16;

class Refusal extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/**
 * The GPIO character device as drivers/gpio/gpiolib-cdev.c has it, strict: it refuses what the kernel refuses, keeps events
 * in a queue that drops the oldest, and numbers them. The header of a Raspberry Pi is the second of its two chips. It is
 * both the system's calls and what watches their files: events arrive when somebody calls `deliver`.
 */
export class FakeGpioKernel implements DeviceFiles, FdWatcher {
  readonly chips: ReadonlyMap<string, FakeChip> = new Map([
    ["/dev/gpiochip0", { label: "raspberrypi-exp-gpio", lines: 8 }], ["/dev/gpiochip4", { label: "pinctrl-rp1", lines: 54 }],
  ]);
  readonly refusals = new Map<number, "EBUSY" | "EPERM">();
  /** Lines that somebody else holds, and by what name. */
  readonly strangers = new Map<number, string>();
  /** What pulls lines, up or not: an output goes there when it is given back. */
  readonly pullsUp = new Map<number, boolean>();
  isUnplugged = false;
  /** Files that are open. */
  readonly files = new Map<number, { readonly chip: FakeChip } | HeldRequest>();
  readonly #time: HandTime;
  readonly #high = new Map<number, boolean>();
  #errno = 0;
  #lastFd = 10;

  constructor(time: HandTime) {
    this.#time = time;
  }

  /** Sets the level of a line from outside. */
  drive(line: number, isHigh: boolean): void {
    if (this.isHigh(line) === isHigh) return;
    this.#high.set(line, isHigh);
    for (const file of this.files.values()) {
      if ("offsets" in file && (file.flags & EDGES) !== 0n && file.offsets.includes(line)) this.#changed(file, file.offsets.indexOf(line));
    }
  }

  isHigh(line: number): boolean {
    return this.#high.get(line) ?? true;
  }

  /** Hands what is queued to those who watch. */
  deliver(): void {
    for (const file of this.files.values()) {
      if (!("offsets" in file) || file.listener === undefined) continue;
      const { queue, listener } = file;
      file.queue = [];
      if (queue.length > 0) listener.data(Uint8Array.from(queue.flatMap((event) => [...event])));
      if (this.isUnplugged) listener.ended("ENODEV");
    }
  }

  open(path: string): number {
    return this.#answer(() => {
      const chip = this.chips.get(path);
      if (chip === undefined || this.isUnplugged) throw new Refusal("ENOENT");
      return this.#file({ chip });
    });
  }

  close(fd: number): number {
    return this.#answer(() => {
      const file = this.files.get(fd);
      if (!this.files.delete(fd)) throw new Refusal("EBADF");
      if (file !== undefined && "offsets" in file && (file.flags & LINE_OUTPUT) !== 0n) {
        for (const line of file.offsets) this.#high.set(line, this.pullsUp.get(line) ?? this.isHigh(line));
      }
      return 0;
    });
  }

  ioctl(fd: number, request: number, argument: Uint8Array): number {
    return this.#answer(() => {
      const file = this.files.get(fd);
      if (file === undefined) throw new Refusal("EBADF");
      if (this.isUnplugged) throw new Refusal("ENODEV");
      return "offsets" in file ? this.#onLines(file, request, argument) : this.#onChip(file.chip, request, argument);
    });
  }

  errno(): number {
    return this.#errno;
  }

  watch(fd: number, listener: FdListener): () => Promise<void> {
    const file = this.files.get(fd);
    if (file === undefined || !("offsets" in file)) throw new Error(`File ${fd} cannot be watched.`);
    file.listener = listener;
    return async () => {
      delete file.listener;
      this.close(fd);
    };
  }

  async end(): Promise<void> {
    // No thread to end.
  }

  #answer(call: () => number): number {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#errno = errnoOf(error.code);
      return -1;
    }
  }

  #file(file: { readonly chip: FakeChip } | HeldRequest): number {
    this.files.set(++this.#lastFd, file);
    return this.#lastFd;
  }

  #onChip(chip: FakeChip, request: number, bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const text = (at: number, name: string): unknown => new TextEncoder().encodeInto(name, bytes.subarray(at, at + 31));
    if (request === GPIO_GET_CHIPINFO) {
      need(bytes.byteLength === CHIP_INFO.bytes, "EFAULT");
      text(CHIP_INFO.label, chip.label);
      view.setUint32(CHIP_INFO.lines, chip.lines, true);
      return 0;
    }
    if (request === GPIO_V2_GET_LINEINFO) {
      need(bytes.byteLength === LINE_INFO.bytes, "EFAULT");
      const offset = view.getUint32(LINE_INFO.offset, true);
      need(offset < chip.lines);
      text(LINE_INFO.name, `GPIO${offset}`);
      const ours = [...this.files.values()].find((file) => "offsets" in file && file.offsets.includes(offset));
      const holder = this.strangers.get(offset) ?? (ours === undefined ? undefined : "lacquer");
      if (holder !== undefined) text(LINE_INFO.consumer, holder);
      view.setBigUint64(LINE_INFO.flags, holder === undefined ? LINE_INPUT : LINE_USED | LINE_INPUT, true);
      return 0;
    }
    need(request === GPIO_V2_GET_LINE, "ENOTTY");
    view.setInt32(LINE_REQUEST.fd, this.#file(this.#request(chip, bytes)), true);
    return 0;
  }

  /** linereq_create(): what is not allowed is EINVAL, and a line that somebody has is EBUSY. */
  #request(chip: FakeChip, bytes: Uint8Array): HeldRequest {
    need(bytes.byteLength === LINE_REQUEST.bytes, "EFAULT");
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const count = view.getUint32(LINE_REQUEST.lineCount, true);
    need(count >= 1 && count <= MOST_LINES);
    for (let at = LINE_REQUEST.eventBufferSize + 4; at < LINE_REQUEST.fd; at++) need(bytes[at] === 0);
    need(nameAt(bytes, LINE_REQUEST.consumer) !== "");
    const offsets = Array.from({ length: count }, (_, index) => view.getUint32(LINE_REQUEST.offsets + 4 * index, true));
    const flags = view.getBigUint64(LINE_REQUEST.flags, true);
    checkFlags(flags);
    const debounceUs = debounceOf(view, count);
    need(debounceUs === 0 || (flags & LINE_INPUT) !== 0n);
    for (const offset of offsets) {
      need(offset < chip.lines);
      const refusal = this.refusals.get(offset);
      need(refusal === undefined, refusal);
      need(![...this.files.values()].some((file) => "offsets" in file && file.chip === chip && file.offsets.includes(offset)), "EBUSY");
      if ((flags & (LINE_PULL_UP | LINE_PULL_DOWN)) !== 0n) this.pullsUp.set(offset, (flags & LINE_PULL_UP) !== 0n);
      if ((flags & LINE_OUTPUT) !== 0n) this.#high.set(offset, (flags & LINE_ACTIVE_LOW) !== 0n);
    }
    const queueLength = view.getUint32(LINE_REQUEST.eventBufferSize, true) || count * DEFAULT_QUEUE;
    const isLow = (flags & LINE_ACTIVE_LOW) !== 0n;
    return { chip, offsets, flags, debounceUs, queueLength, told: offsets.map((line) => this.isHigh(line) !== isLow), waiting: [], queue: [], count: 0 };
  }

  #onLines(file: HeldRequest, request: number, bytes: Uint8Array): number {
    need(bytes.byteLength === LINE_VALUES.bytes, "EFAULT");
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const mask = view.getBigUint64(LINE_VALUES.mask, true);
    need(mask !== 0n && mask < 1n << BigInt(file.offsets.length));
    const isLow = (file.flags & LINE_ACTIVE_LOW) !== 0n;
    const lines = file.offsets.map((line, index) => ({ line, bit: 1n << BigInt(index) })).filter(({ bit }) => (mask & bit) !== 0n);
    if (request === GPIO_V2_LINE_GET_VALUES) {
      view.setBigUint64(LINE_VALUES.bits, lines.reduce((bits, { line, bit }) => (this.isHigh(line) === isLow ? bits : bits | bit), 0n), true);
      return 0;
    }
    need(request === GPIO_V2_LINE_SET_VALUES, "ENOTTY");
    need((file.flags & LINE_OUTPUT) !== 0n, "EPERM");
    const bits = view.getBigUint64(LINE_VALUES.bits, true);
    for (const { line, bit } of lines) this.#high.set(line, ((bits & bit) !== 0n) !== isLow);
    return 0;
  }

  #changed(file: HeldRequest, index: number): void {
    if (file.debounceUs === 0) return this.#event(file, index);
    file.waiting[index]?.();
    file.waiting[index] = this.#time.later(file.debounceUs / 1000, () => {
      if (this.#isActive(file, index) !== file.told[index]) this.#event(file, index);
    });
  }

  #isActive(file: HeldRequest, index: number): boolean {
    return this.isHigh(file.offsets[index] as number) !== ((file.flags & LINE_ACTIVE_LOW) !== 0n);
  }

  #event(file: HeldRequest, index: number): void {
    const isActive = this.#isActive(file, index);
    file.told[index] = isActive;
    const event = new Uint8Array(LINE_EVENT.bytes);
    const view = new DataView(event.buffer);
    view.setBigUint64(LINE_EVENT.timeNs, BigInt(Math.round(this.#time.nowMs() * 1e6)), true);
    view.setUint32(LINE_EVENT.id, isActive ? EVENT_RISING : EVENT_FALLING, true);
    view.setUint32(LINE_EVENT.offset, file.offsets[index] as number, true);
    view.setUint32(LINE_EVENT.number, ++file.count, true);
    file.queue.push(event);
    if (file.queue.length > file.queueLength) file.queue.shift();
  }
}

function need(isAllowed: boolean, code = "EINVAL"): void {
  if (!isAllowed) throw new Refusal(code);
}

/** gpio_v2_line_flags_validate() */
function checkFlags(flags: bigint): void {
  need((flags & ~KNOWN_FLAGS) === 0n);
  need((flags & LINE_INPUT) === 0n || (flags & LINE_OUTPUT) === 0n);
  need((flags & EDGES) === 0n || (flags & LINE_INPUT) !== 0n);
  const biases = [LINE_PULL_UP, LINE_PULL_DOWN, LINE_BIAS_DISABLED].filter((bias) => (flags & bias) !== 0n);
  need(biases.length <= 1);
  need(biases.length === 0 || (flags & (LINE_INPUT | LINE_OUTPUT)) !== 0n);
}

/** gpio_v2_line_config_validate(), for the one kind of attribute that is used. */
function debounceOf(view: DataView, lines: number): number {
  const attributes = view.getUint32(LINE_REQUEST.attributeCount, true);
  need(attributes <= 1);
  for (let at = LINE_REQUEST.attributeCount + 4; at < LINE_REQUEST.attributes; at++) need(view.getUint8(at) === 0);
  if (attributes === 0) return 0;
  need(view.getUint32(LINE_REQUEST.attributes + ATTRIBUTE.id, true) === ATTRIBUTE_DEBOUNCE);
  need(view.getUint32(LINE_REQUEST.attributes + ATTRIBUTE.id + 4, true) === 0);
  need(view.getBigUint64(LINE_REQUEST.attributes + ATTRIBUTE.mask, true) === (1n << BigInt(lines)) - 1n);
  return view.getUint32(LINE_REQUEST.attributes + ATTRIBUTE.value, true);
}
