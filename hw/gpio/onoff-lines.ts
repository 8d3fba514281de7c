import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { LineError } from "../../src/hal/digital.js";
import { lineFailure } from "./line-errors.js";
import { lineNames, type HeldLines, type LineListener, type LineRequest, type Lines } from "./lines.js";

/** The part of the package `onoff` that is used. Declared here, because the package is optional. */
export interface OnoffGpio {
  readSync(): number;
  writeSync(value: 0 | 1): void;
  watch(listener: (error: Error | null | undefined, value: number) => void): void;
  unexport(): void;
}
export type OnoffPackage = { readonly Gpio: new (number: number, direction: string, edge: string) => OnoffGpio };

export interface OnoffLinesOptions {
  /** Labels by which the chip is known. */
  readonly labels: readonly string[];
  /** Loads the package; throws where it is not installed. */
  readonly load: () => OnoffPackage;
  /** /sys/class/gpio by default. */
  readonly folder?: string;
  /** Monotonic time: sysfs tells none. */
  readonly nowMs: () => number;
  /** Calls `run` in so many milliseconds, unless the answer is called before. */
  readonly later: (ms: number, run: () => void) => () => void;
}

const require = createRequire(import.meta.url);

/** Loads the optional package `onoff`. */
export function loadOnoff(): OnoffPackage {
  return require("onoff") as OnoffPackage;
}

/**
 * Number that sysfs gives to the first line of the chip with one of the labels: it differs from kernel to kernel.
 * @throws LineError "missing" where there is no such chip, or no sysfs of GPIO at all
 */
export function sysfsBase(folder: string, labels: readonly string[]): { readonly base: number; readonly count: number } {
  const read = (chip: string, name: string): string => readFileSync(`${folder}/${chip}/${name}`, "utf8").trim();
  let there: string[];
  try {
    const chips = readdirSync(folder).filter((name) => name.startsWith("gpiochip"));
    const found = chips.find((chip) => labels.includes(read(chip, "label")));
    if (found !== undefined) return { base: Number(read(found, "base")), count: Number(read(found, "ngpio")) };
    there = chips.map((chip) => read(chip, "label"));
  } catch (error) {
    throw new LineError("missing", `This kernel has no ${folder}; set "panel": { "gpio": "chip" } in the configuration.`, { cause: error });
  }
  throw new LineError("missing", `${folder} has no chip ${labels.join(" or ")}; there are ${there.join(", ") || "none"}.`);
}

/**
 * Lines by the package `onoff` and the older sysfs interface: for buttons and lights. Its edges have no queue: some of a
 * quick burst are not told, and the pull of a line is that of config.txt.
 */
export class OnoffLines implements Lines {
  readonly #options: OnoffLinesOptions;
  /** Numbers of the lines that are held: the package shares a line with whoever has it already. */
  readonly #taken = new Set<number>();

  constructor(options: OnoffLinesOptions) {
    this.#options = options;
  }

  async take(request: LineRequest, listener: LineListener): Promise<HeldLines> {
    const { folder = "/sys/class/gpio", labels, load } = this.#options;
    const { base, count } = sysfsBase(folder, labels);
    const numbers = request.lines.map((line) => {
      if (typeof line === "number" && line < count) return base + line;
      throw new LineError("missing", `onoff knows lines by their number, 0 to ${count - 1}; there is no "${line}".`);
    });
    const { Gpio } = loaded(load);
    if (numbers.some((number) => this.#taken.has(number))) throw lineFailure(lineNames(request.lines), "EBUSY");
    const held: OnoffGpio[] = [];
    try {
      // Both levels of an output that is not active yet: "low" and "high" set the level together with the direction.
      const idle = request.isActiveLow ? "high" : "low";
      for (const number of numbers) {
        held.push(request.direction === "in"
          ? new Gpio(number, "in", "both")
          : new Gpio(number, idle, "none"));
      }
    } catch (error) {
      for (const gpio of held) gpio.unexport();
      throw lineFailure(lineNames(request.lines), (error as NodeJS.ErrnoException).code ?? String(error));
    }
    for (const number of numbers) this.#taken.add(number);
    const free = (): void => numbers.forEach((number) => this.#taken.delete(number));
    return new OnoffHeldLines({ gpios: held, request, listener, free, options: this.#options });
  }

  async end(): Promise<void> {
    // Nothing is shared among lines.
  }
}

function loaded(load: () => OnoffPackage): OnoffPackage {
  try {
    return load();
  } catch (error) {
    throw new LineError("missing", "Lines cannot be used by onoff without the package: run `npm install onoff`.", { cause: error });
  }
}

interface HeldParts {
  readonly gpios: readonly OnoffGpio[];
  readonly request: LineRequest;
  readonly listener: LineListener;
  /** Says that the lines are free again. */
  readonly free: () => void;
  readonly options: Pick<OnoffLinesOptions, "nowMs" | "later">;
}

class OnoffHeldLines implements HeldLines {
  readonly #parts: HeldParts;
  /** End the wait of a line whose change is not told yet. */
  readonly #waiting: ((() => void) | undefined)[] = [];
  #isClosed = false;

  constructor(parts: HeldParts) {
    const { gpios, request, listener } = parts;
    this.#parts = parts;
    if (request.direction === "out") return;
    gpios.forEach((gpio, index) => gpio.watch((error, value) => {
      if (this.#isClosed) return;
      if (error) listener.failed(this.#failure(error));
      else this.#heard(index, value);
    }));
  }

  isActive(index: number): boolean {
    return this.#try(index, (gpio) => (gpio.readSync() === 1) !== this.#parts.request.isActiveLow);
  }

  set(index: number, isActive: boolean): void {
    this.#try(index, (gpio) => gpio.writeSync(isActive === this.#parts.request.isActiveLow ? 0 : 1));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#waiting) stop?.();
    for (const gpio of this.#parts.gpios) gpio.unexport();
    this.#parts.free();
  }

  /**
   * Tells an edge once the line rested for the time of the request. The package could do this by itself, but what it still
   * waits for when a line is given back then reads a file that is closed, and ends the process.
   */
  #heard(index: number, value: number): void {
    const { request: { debounceMs, isActiveLow }, listener, options: { nowMs, later } } = this.#parts;
    if (debounceMs === 0) return listener.edge(index, (value === 1) !== isActiveLow, nowMs());
    this.#waiting[index]?.();
    this.#waiting[index] = later(debounceMs, () => {
      try {
        listener.edge(index, this.isActive(index), nowMs());
      } catch (error) {
        listener.failed(error as LineError);
      }
    });
  }

  #failure(error: unknown): LineError {
    return lineFailure(lineNames(this.#parts.request.lines), (error as NodeJS.ErrnoException).code ?? String(error));
  }

  #try<Result>(index: number, use: (gpio: OnoffGpio) => Result): Result {
    try {
      return use(this.#parts.gpios[index] as OnoffGpio);
    } catch (error) {
      throw this.#failure(error);
    }
  }
}
