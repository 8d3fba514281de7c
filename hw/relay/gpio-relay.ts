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
 * that a line that rests, high or low, lets go within RELAY_HOLD_MS, as does one whose process is gone.
 */
export class GpioRelay implements BypassRelay {
  readonly isWired = true;
  readonly #files: DeviceFiles;
  readonly #fd: number;
  readonly #high = levelOf(true);
  readonly #low = levelOf(false);
  #isHigh = false;

  /** @param fd - the file of a request for one line, an output that is low */
  constructor(files: DeviceFiles, fd: number) {
    this.#files = files;
    this.#fd = fd;
  }

  beat(): void {
    this.#isHigh = !this.#isHigh;
    // A line that is gone lets the relay go, which is all that can be done.
    this.#files.ioctl(this.#fd, GPIO_V2_LINE_SET_VALUES, this.#isHigh ? this.#high : this.#low);
  }

  release(): void {
    this.#isHigh = false;
    this.#files.ioctl(this.#fd, GPIO_V2_LINE_SET_VALUES, this.#low);
  }
}
