import type { AudioFormat } from "../../src/hal/audio.js";

/** What listens at the output of the simulated board. All but `open` and `close` are called in the sound's loop and allocate nothing. */
export interface RecorderSink {
  /**
   * Begins a recording, or goes on with the one that was closed before.
   * @returns whether it goes on: then `rest` is to tell of the time in between.
   */
  open(format: AudioFormat): boolean;

  /** Takes a period that was played, in the wire's format. */
  put(period: Uint8Array): void;

  /** Takes so many frames in which nothing was played. */
  rest(frames: number): void;

  close(): void;
}
