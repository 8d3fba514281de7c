import type { LineError } from "./digital.js";

/** Hears of an encoder. Neither call may throw. */
export interface TurnListener {
  /**
   * It was turned by so many detents: above 0 clockwise, a whole number, never 0.
   * @param timeMs - monotonic time of the last detent, as `Clock` counts it
   */
  turned(detents: number, timeMs: number): void;

  /** The encoder works no more; close it, and open it again later. */
  failed(error: LineError): void;
}

/**
 * A knob that turns without end, by detents. Contact bounce neither adds nor loses a detent. Life: `open` → turns →
 * `close`, and again.
 */
export interface Encoder {
  /** Takes its lines. @throws LineError when they cannot be had; it is closed then, and may be opened again. */
  open(listener: TurnListener): Promise<void>;

  /** Gives the lines back; may be called twice. No turn is told from the call on. */
  close(): Promise<void>;
}
