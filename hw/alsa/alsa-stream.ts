import type { AudioRequest } from "../../src/hal/audio.js";
import type { Clock } from "../../src/hal/clock.js";
import { DEAD, EAGAIN, EINTR, SHORT, STALLED, STATE_SUSPENDED, STREAM_CAPTURE } from "./alsa-constants.js";
import type { OpenPcm } from "./hw-params.js";
import type { Libasound, PcmHandle } from "./libasound.js";

/** Shortest time after which a period that does not come means that the clock stands still, and the same in periods. */
const STALL_MS = 20;
const STALL_PERIODS = 8;
const RESUME_TRIES = 100;

/** What a stream was set to. */
export interface StreamFigures {
  readonly sampleRateHz: number;
  readonly periodFrames: number;
  readonly bufferFrames: number;
  /** Bytes of one frame, all channels of the card. */
  readonly frameBytes: number;
}

/**
 * One direction of an open device. Nothing here waits without a limit or leaves garbage: negative answers are errors of
 * the library, or STALLED, SHORT and DEAD.
 */
export class AlsaStream {
  readonly figures: StreamFigures;
  /** STREAM_CAPTURE or STREAM_PLAYBACK. */
  readonly stream: number;
  readonly handle: PcmHandle;
  readonly #lib: Libasound;
  readonly #clock: Clock;
  readonly #limitMs: number;
  /** Frames moved as `countFrom` counts; a double in memory, because a field would be boxed. */
  readonly #moved = new Float64Array(1);
  /** Begin and end of a wait. */
  readonly #times = new Float64Array(2);
  readonly #never = new Int32Array(new SharedArrayBuffer(4));

  constructor(lib: Libasound, clock: Clock, pcm: OpenPcm, request: AudioRequest, frameBytes: number) {
    const { sampleRateHz, periodFrames, periods } = request;
    this.#lib = lib;
    this.#clock = clock;
    this.handle = pcm.handle;
    this.stream = pcm.stream;
    this.figures = { sampleRateHz, periodFrames, bufferFrames: periods * periodFrames, frameBytes };
    this.#limitMs = Math.max(STALL_MS, Math.ceil((STALL_PERIODS * 1000 * periodFrames) / sampleRateHz));
  }

  /**
   * Moves exactly `frames` frames; `places[n]` is where those from the n-th on lie. A device that moves fewer is asked
   * again for the rest.
   */
  move(places: readonly Uint8Array[], frames: number): number {
    let done = 0;
    let empty = 0;
    while (done < frames) {
      const ready = this.#await(frames - done);
      if (ready < 0) return ready === STALLED && done > 0 ? SHORT : ready;
      const place = places[done] as Uint8Array;
      const answer = this.stream === STREAM_CAPTURE
        ? this.#lib.readi(this.handle, place, frames - done)
        : this.#lib.writei(this.handle, place, frames - done);
      if (answer > 0) {
        done += answer;
        empty = 0;
      } else if (answer === 0 || answer === EAGAIN) {
        // Frames were promised and none were taken: some drivers go on so for ever after a stop.
        if (++empty > this.#limitMs) return DEAD;
        this.pauseMs(1);
      } else if (answer !== EINTR) {
        return answer;
      }
    }
    (this.#moved[0] as number) += frames;
    return frames;
  }

  /**
   * Puts the frames captured or played up to this moment, by the device's own count, into `into[index]`.
   * @returns frames that can be moved now, or a negative error, and then `into` stays as it was.
   */
  position(into: Float64Array, index: number): number {
    const ready = this.#lib.avail(this.handle);
    if (ready < 0) return ready;
    const moved = this.#moved[0] as number;
    into[index] = this.stream === STREAM_CAPTURE ? moved + ready : moved - this.figures.bufferFrames + ready;
    return ready;
  }

  /** Says how many frames count as moved up to now. */
  countFrom(frames: number): void {
    this.#moved[0] = frames;
  }

  /** Makes the stream ready to start, empty. */
  prepare(): number {
    return this.#lib.prepare(this.handle);
  }

  start(): number {
    return this.#lib.start(this.handle);
  }

  /**
   * Stops at once; what is queued is lost. A stream that the system suspended is woken first, where that can be done:
   * else `prepare` brings it back.
   */
  drop(): number {
    if (this.#lib.state(this.handle) === STATE_SUSPENDED) this.#resume();
    return this.#lib.drop(this.handle);
  }

  close(): void {
    this.#lib.drop(this.handle);
    this.#lib.close(this.handle);
  }

  /** Waits until `frames` frames can be moved. */
  #await(frames: number): number {
    let ready = this.#lib.avail_update(this.handle);
    if (ready >= frames || ready < 0) return ready;
    this.#clock.read(this.#times, 0);
    for (;;) {
      const woken = this.#lib.wait(this.handle, this.#limitMs);
      if (woken < 0 && woken !== EINTR && woken !== EAGAIN) return woken;
      ready = this.#lib.avail_update(this.handle);
      if (ready >= frames || ready < 0) return ready;
      this.#clock.read(this.#times, 1);
      if ((this.#times[1] as number) - (this.#times[0] as number) >= this.#limitMs) return STALLED;
    }
  }

  #resume(): void {
    for (let tries = 0; tries < RESUME_TRIES && this.#lib.resume(this.handle) === EAGAIN; tries++) this.pauseMs(1);
  }

  /** Sleeps; the device goes on. */
  pauseMs(ms: number): void {
    Atomics.wait(this.#never, 0, 0, ms);
  }
}
