import type { BypassRelay } from "../../src/hal/bypass-relay.js";
import { GPIO_V2_LINE_SET_VALUES, LINE_VALUES } from "../gpio/gpio-abi.js";
import type { DeviceFiles } from "../linux/device-files.js";

/** What the line is set to: one line of the request, high or low. */
function levelOf(isHigh: boolean): Uint8Array {
  const values = new Uint8Array(LINE_VALUES.bytes);
  values[LINE_VALUES.bits] = isHigh ? 1 : 0;
  values[LINE_VALUES.mask] = 1;
  return values;
}

/**
 * The relay on a GPIO line. Each beat turns the level of the line: a charge pump feeds the coil from the edges alone, so
 * that a line that rests, high or low, lets go within RELAY_HOLD_MS, as does one whose process is gone. The line may come
 * later, and go.
 */
export class GpioRelay implements BypassRelay {
  readonly #files: DeviceFiles;
  readonly #line: Int32Array;
  readonly #high = levelOf(true);
  readonly #low = levelOf(false);
  #isHigh = false;

  /** @param line - one word in shared memory: the file of a request for one line, an output that is low, or NO_LINE */
  constructor(files: DeviceFiles, line: Int32Array) {
    this.#files = files;
    this.#line = line;
  }

  get isWired(): boolean {
    return Atomics.load(this.#line, 0) >= 0;
  }

  beat(): void {
    this.#isHigh = !this.#isHigh;
    this.#set(this.#isHigh ? this.#high : this.#low);
  }

  release(): void {
    this.#isHigh = false;
    this.#set(this.#low);
  }

  #set(level: Uint8Array): void {
    const file = Atomics.load(this.#line, 0);
    // A line that is gone lets the relay go, which is all that can be done.
    if (file >= 0) this.#files.ioctl(file, GPIO_V2_LINE_SET_VALUES, level);
  }
}
