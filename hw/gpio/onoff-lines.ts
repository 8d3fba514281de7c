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
export type OnoffPackage = { readonly Gpio: new (number: number, direction: string, edge: string, options: { readonly debounceTimeout: number }) => OnoffGpio };

export interface OnoffLinesOptions {
  /** Labels by which the chip is known. */
  readonly labels: readonly string[];
  /** Loads the package; throws where it is not installed. */
  readonly load: () => OnoffPackage;
  /** /sys/class/gpio by default. */
  readonly folder?: string;
  /** Monotonic time: sysfs tells none. */
  readonly nowMs: () => number;
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

  constructor(options: OnoffLinesOptions) {
    this.#options = options;
  }

  async take(request: LineRequest, listener: LineListener): Promise<HeldLines> {
    const { folder = "/sys/class/gpio", labels, load, nowMs } = this.#options;
    const { base, count } = sysfsBase(folder, labels);
    const numbers = request.lines.map((line) => {
      if (typeof line === "number" && line < count) return base + line;
      throw new LineError("missing", `onoff knows lines by their number, 0 to ${count - 1}; there is no "${line}".`);
    });
    const { Gpio } = loaded(load);
    const held: OnoffGpio[] = [];
    try {
      // Both levels of an output that is not active yet: "low" and "high" set the level together with the direction.
      const idle = request.isActiveLow ? "high" : "low";
      for (const number of numbers) {
        held.push(request.direction === "in"
          ? new Gpio(number, "in", "both", { debounceTimeout: request.debounceMs })
          : new Gpio(number, idle, "none", { debounceTimeout: 0 }));
      }
    } catch (error) {
      for (const gpio of held) gpio.unexport();
      throw lineFailure(lineNames(request.lines), (error as NodeJS.ErrnoException).code ?? String(error));
    }
    return new OnoffHeldLines(held, request, listener, nowMs);
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

class OnoffHeldLines implements HeldLines {
  readonly #gpios: readonly OnoffGpio[];
  readonly #request: LineRequest;
  #isClosed = false;

  constructor(gpios: readonly OnoffGpio[], request: LineRequest, listener: LineListener, nowMs: () => number) {
    this.#gpios = gpios;
    this.#request = request;
    if (request.direction === "out") return;
    gpios.forEach((gpio, index) => gpio.watch((error, value) => {
      if (this.#isClosed) return;
      if (error) listener.failed(lineFailure(lineNames(request.lines), (error as NodeJS.ErrnoException).code ?? String(error)));
      else listener.edge(index, (value === 1) !== request.isActiveLow, nowMs());
    }));
  }

  isActive(index: number): boolean {
    return this.#try(index, (gpio) => (gpio.readSync() === 1) !== this.#request.isActiveLow);
  }

  set(index: number, isActive: boolean): void {
    this.#try(index, (gpio) => gpio.writeSync(isActive === this.#request.isActiveLow ? 0 : 1));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const gpio of this.#gpios) gpio.unexport();
  }

  #try<Result>(index: number, use: (gpio: OnoffGpio) => Result): Result {
    try {
      return use(this.#gpios[index] as OnoffGpio);
    } catch (error) {
      throw lineFailure(lineNames(this.#request.lines), (error as NodeJS.ErrnoException).code ?? String(error));
    }
  }
}
