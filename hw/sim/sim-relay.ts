import { RELAY_HOLD_MS, type BypassRelay } from "../../src/hal/bypass-relay.js";
import type { Clock } from "../../src/hal/clock.js";

const LAST_BEAT_MS = 0;
const NOW_MS = 0;

/**
 * A bypass relay without hardware. Its last beat lies in shared memory, so that any thread that builds a relay upon the
 * same buffer, with the same clock, sees whether it is held.
 */
export class SimRelay implements BypassRelay {
  readonly isWired = false;
  readonly buffer: SharedArrayBuffer;
  readonly #clock: Clock;
  readonly #beat: Float64Array;
  readonly #now = new Float64Array(1);

  constructor(clock: Clock, buffer: SharedArrayBuffer = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#clock = clock;
    this.#beat = new Float64Array(buffer);
  }

  beat(): void {
    this.#clock.read(this.#beat, LAST_BEAT_MS);
  }

  release(): void {
    this.#beat[LAST_BEAT_MS] = 0;
  }

  /** Whether the master is heard, and not the bare input. */
  get isHeld(): boolean {
    this.#clock.read(this.#now, NOW_MS);
    const beatMs = this.#beat[LAST_BEAT_MS] as number;
    return beatMs > 0 && (this.#now[NOW_MS] as number) - beatMs < RELAY_HOLD_MS;
  }
}
