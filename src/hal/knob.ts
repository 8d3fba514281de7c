import type { I2cError } from "./i2c-bus.js";

/** How often a knob is read, Hz. */
export const KNOB_RATE_HZ = 100;

/** Hears of a knob. Neither call may throw. */
export interface KnobListener {
  /**
   * Where it stands: 0 at the left end of the converter's range, 1 at the right; as it was read, with its noise. Told at
   * KNOB_RATE_HZ; what a busy bus delays is made up for, up to about twice as fast, and lost where it is much.
   * @param timeMs - monotonic time of the reading, as `Clock` counts it
   */
  read(position: number, timeMs: number): void;

  /** The knob works no more; close it, and open it again later. */
  failed(error: I2cError): void;
}

/** A potentiometer. Life: `open` → readings → `close`, and again. */
export interface Knob {
  /** Begins to read it. @throws I2cError when its converter does not answer; it is closed then, and may be opened again. */
  open(listener: KnobListener): Promise<void>;

  /** Reads it no more; may be called twice. No reading is told from the call on. */
  close(): Promise<void>;
}
