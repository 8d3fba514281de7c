import type { LineError } from "./digital.js";

/** Hears of a button. Neither call may throw. */
export interface PressListener {
  /**
   * It was pressed or let go, in turn and free of bounce. One that is held down while it is opened is told of when it is
   * let go and pressed again.
   * @param timeMs - monotonic time of the change, as `Clock` counts it
   */
  changed(isPressed: boolean, timeMs: number): void;

  /** The button works no more; close it, and open it again later. One that was pressed counts as let go. */
  failed(error: LineError): void;
}

/** A switch that is pressed by hand or foot. Life: `open` → presses → `close`, and again. */
export interface Button {
  /** Takes its line. @throws LineError when it cannot be had; it is closed then, and may be opened again. */
  open(listener: PressListener): Promise<void>;

  /** Gives the line back; may be called twice. No press is told from the call on. */
  close(): Promise<void>;
}
