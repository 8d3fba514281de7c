import type { Board } from "../hal/board.js";
import type { LineUse } from "../hal/digital.js";
import { I2cError, type I2cBus } from "../hal/i2c-bus.js";

/** What commands know of the hardware; the composition root hands it in. */
export interface Hardware {
  readonly boards: readonly Board[];
  /** Who holds which lines of the header; empty where there is none, or where it may not be looked at. */
  readonly lineUses: () => readonly LineUse[];
  /** The I2C bus of a number, to be closed. */
  readonly i2cBus: (busNumber: number) => I2cBus;
}

/** No hardware is known. */
export const NO_HARDWARE: Hardware = {
  boards: [], lineUses: () => [],
  i2cBus: () => ({ run: async () => await Promise.reject(new I2cError("missing", "There is no I2C bus.")), close: async () => undefined }),
};
