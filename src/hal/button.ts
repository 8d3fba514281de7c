import type { LineError } from "./digital.js";

/** Hears of a button. Neither call may throw. */
export interface PressListener {
  /**
   * It was pressed or let go, in turn and free of bounce. Of one that is held down while it is opened the release is told.
   * @param timeMs - monotonic time of the change, as `Clock` counts it
   */
  changed(isPressed: boolean, timeMs: number): void;

  /** The button works no more; close it, and open it again later. One that was pressed counts as let go. */
  failed(error: LineError): void;
}

/** A switch that is pressed by hand or foot. Life: `open` → presses → `close`, and again. */
export interface Button {
  /**
   * Takes its line. Answers whether the button is held down already.
   * @throws LineError when it cannot be had; it is closed then, and may be opened again.
   */
  open(listener: PressListener): Promise<boolean>;

  /** Gives the line back; may be called twice. No press is told from the call on. */
  close(): Promise<void>;
}
