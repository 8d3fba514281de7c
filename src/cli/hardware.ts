import type { Board } from "../hal/board.js";
import type { LineUse } from "../hal/digital.js";

/** What commands know of the hardware; the composition root hands it in. */
export interface Hardware {
  readonly boards: readonly Board[];
  /** Who holds which lines of the header; empty where there is none, or where it may not be looked at. */
  readonly lineUses: () => readonly LineUse[];
}

/** No hardware is known. */
export const NO_HARDWARE: Hardware = { boards: [], lineUses: () => [] };
