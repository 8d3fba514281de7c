/**
 * Why a line of the GPIO cannot be used.
 *
 * - missing: there is no such chip or line, or no driver for it
 * - busy: somebody else holds the line
 * - denied: this user may not have it
 * - unsupported: the line or its driver does not offer what is asked for
 * - disconnected: the chip went away while the line was open
 * - other: any other error of the driver
 */
export type LineErrorKind = "missing" | "busy" | "denied" | "unsupported" | "disconnected" | "other";

/** A line that cannot be used. The message names the line, the reason and the remedy. */
export class LineError extends Error {
  override readonly name = "LineError";
  constructor(readonly kind: LineErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Hears of an input. Neither call may throw. */
export interface EdgeListener {
  /**
   * The input changed: to the state that it did not have before. Two edges that follow each other at once may be lost.
   * @param timeMs - monotonic time of the edge, as `Clock` counts it
   */
  edge(isActive: boolean, timeMs: number): void;

  /** The input works no more; close it, and open it again later. */
  failed(error: LineError): void;
}

/** One line that is listened to: a contact that is open or closed. Life: `open` → edges → `close`, and again. */
export interface DigitalInput {
  /**
   * Takes the line. The state at this time is no edge.
   * @throws LineError when it cannot be had; the input is closed then, and may be opened again.
   */
  open(listener: EdgeListener): Promise<void>;

  /** Whether the contact is closed now; false while the input is closed. */
  readonly isActive: boolean;

  /** Gives the line back; may be called twice. No edge is told from the call on. */
  close(): Promise<void>;
}

/** One line that is driven, such as a light. Life: `open` → `set` → `close`, and again. */
export interface DigitalOutput {
  /**
   * Takes the line, inactive.
   * @throws LineError when it cannot be had; the output is closed then, and may be opened again.
   */
  open(): Promise<void>;

  /** Drives the line. @throws LineError when it works no more, and "other" while it is closed */
  set(isActive: boolean): void;

  /** Makes the line inactive and gives it back; may be called twice. */
  close(): Promise<void>;
}

/** A line of the header that somebody holds. */
export interface LineUse {
  /** BCM number. */
  readonly pin: number;
  /** Who holds it, as it calls itself. */
  readonly holder: string;
}
