/**
 * Whoever started the box and watches it, such as systemd. Without one every call does nothing, and nothing fails:
 * the box runs the same by hand.
 */
export interface ServiceManager {
  /** Says that sound flows, or that the box does all it can without a device. */
  ready(): void;

  /** One line about the state of the box, for the person who asks the manager. */
  status(sentence: string): void;

  /** Feeds the watchdog; to be called only while frames advance. */
  feedWatchdog(): void;

  /** Says that the box ends because it was asked to. */
  stopping(): void;

  /** Milliseconds without food after which the manager ends the box; undefined when it does not watch. */
  readonly watchdogMs: number | undefined;
}
