import { O_CLOEXEC, O_RDWR, type DeviceFiles } from "../linux/device-files.js";
import type { FdWatcher } from "../linux/fd-watcher.js";
import { findChip, findLine } from "./chip-search.js";
import {
  GPIO_V2_GET_LINE, GPIO_V2_LINE_GET_VALUES, GPIO_V2_LINE_SET_VALUES, LINE_ACTIVE_LOW, LINE_BIAS_DISABLED, LINE_EDGE_FALLING, LINE_EDGE_RISING,
  LINE_INPUT, LINE_OUTPUT, LINE_PULL_DOWN, LINE_PULL_UP, LINE_REQUEST, LINE_VALUES, MOST_EVENTS, readLineEvents, writeLineRequest,
} from "./gpio-abi.js";
import { lineError, lineFailure } from "./line-errors.js";
import { lineNames, type HeldLines, type LineListener, type LineRequest, type Lines } from "./lines.js";

const PULLS = { up: LINE_PULL_UP, down: LINE_PULL_DOWN, none: LINE_BIAS_DISABLED } as const;
const CONSUMER = "lacquer";

export interface ChipLinesOptions {
  /** Labels by which the chip is known, one of which it has: its number changes from kernel to kernel. */
  readonly labels: readonly string[];
  readonly files: DeviceFiles;
  readonly watcher: FdWatcher;
  /** Paths of all GPIO chips; those of /dev by default. */
  readonly chips: () => readonly string[];
}

/** Lines by the GPIO character device of Linux, whose kernel queues every edge with its time. */
export class ChipLines implements Lines {
  readonly #options: ChipLinesOptions;

  constructor(options: ChipLinesOptions) {
    this.#options = options;
  }

  async take(request: LineRequest, listener: LineListener): Promise<HeldLines> {
    const { files, watcher } = this.#options;
    return new ChipHeldLines({ files, watcher, ...holdLines(this.#options, request), request, listener });
  }

  async end(): Promise<void> {
    await this.#options.watcher.end();
  }
}

/** Takes lines of the chip with one of the labels: the file that stands for them, and their places. @throws LineError */
export function holdLines(
  { files, labels, chips }: Omit<ChipLinesOptions, "watcher">, request: LineRequest,
): { readonly fd: number; readonly offsets: readonly number[] } {
  const path = findChip(files, chips(), labels, lineNames(request.lines));
  const chip = files.open(path, O_RDWR | O_CLOEXEC);
  if (chip < 0) throw lineError(files.errno(), path, "open");
  try {
    const offsets = request.lines.map((line) => findLine(files, chip, line));
    return { fd: hold(files, chip, request, offsets), offsets };
  } finally {
    files.close(chip);
  }
}

/** Asks the chip for the lines. Returns the file that stands for them. */
function hold(files: DeviceFiles, chip: number, request: LineRequest, offsets: readonly number[]): number {
  const isInput = request.direction === "in";
  const edges = LINE_INPUT | LINE_EDGE_RISING | LINE_EDGE_FALLING | PULLS[request.pull];
  const output = LINE_OUTPUT | (request.pull === "none" ? 0n : PULLS[request.pull]);
  const bytes = writeLineRequest({
    offsets, consumer: CONSUMER,
    flags: (isInput ? edges : output) | (request.isActiveLow ? LINE_ACTIVE_LOW : 0n),
    debounceUs: isInput ? Math.round(request.debounceMs * 1000) : 0,
    eventBufferSize: isInput ? MOST_EVENTS : 0,
  });
  if (files.ioctl(chip, GPIO_V2_GET_LINE, bytes) < 0) throw lineError(files.errno(), lineNames(request.lines), "request");
  return new DataView(bytes.buffer).getInt32(LINE_REQUEST.fd, true);
}

interface HeldParts {
  readonly files: DeviceFiles;
  readonly watcher: FdWatcher;
  readonly fd: number;
  readonly offsets: readonly number[];
  readonly request: LineRequest;
  readonly listener: LineListener;
}

class ChipHeldLines implements HeldLines {
  readonly #parts: HeldParts;
  readonly #values = new DataView(new ArrayBuffer(LINE_VALUES.bytes));
  readonly #close: () => Promise<void>;
  /** Number of the last event. */
  #last = 0;

  constructor(parts: HeldParts) {
    const { files, watcher, fd, request, listener } = parts;
    this.#parts = parts;
    this.#close = request.direction === "out" ? async () => void files.close(fd) : watcher.watch(fd, {
      data: (bytes) => this.#hear(bytes),
      ended: (reason) => listener.failed(lineFailure(lineNames(request.lines), reason)),
    });
  }

  isActive(index: number): boolean {
    this.#call(GPIO_V2_LINE_GET_VALUES, index, false);
    return (this.#values.getUint32(LINE_VALUES.bits, true) >>> index & 1) === 1;
  }

  set(index: number, isActive: boolean): void {
    this.#call(GPIO_V2_LINE_SET_VALUES, index, isActive);
  }

  async close(): Promise<void> {
    await this.#close();
  }

  #call(request: number, index: number, isActive: boolean): void {
    const { files, fd, request: { lines } } = this.#parts;
    this.#values.setBigUint64(LINE_VALUES.bits, isActive ? 1n << BigInt(index) : 0n, true);
    this.#values.setBigUint64(LINE_VALUES.mask, 1n << BigInt(index), true);
    if (files.ioctl(fd, request, new Uint8Array(this.#values.buffer)) < 0) throw lineError(files.errno(), lineNames(lines), "use");
  }

  /** Hands the events on; after a gap in their numbers, which a full queue leaves, only that edges were lost. */
  #hear(bytes: Uint8Array): void {
    const { offsets, listener } = this.#parts;
    let lostMs: number | undefined;
    for (const { timeMs, offset, isRising, number } of readLineEvents(bytes)) {
      if (number !== (this.#last + 1) >>> 0) lostMs = timeMs;
      this.#last = number;
      if (lostMs === undefined) listener.edge(offsets.indexOf(offset), isRising, timeMs);
      else lostMs = timeMs;
    }
    if (lostMs !== undefined) listener.lost(lostMs);
  }
}

