/** So long after the last beat, at most, the relay has let go, ms. */
export const RELAY_HOLD_MS = 100;

/**
 * The relay that wires the input to the output when nobody holds it. It is held by a heartbeat alone: `beat` is called by
 * the sound's loop while frames advance and the output is sane, and 100 ms without a beat at the latest the sound passes
 * unprocessed, whatever became of the program. `beat` allocates nothing.
 */
export interface BypassRelay {
  /** Whether there are contacts that somebody hears; without, nothing has to wait for them. */
  readonly isWired: boolean;

  beat(): void;

  /** Lets go at once. */
  release(): void;
}
