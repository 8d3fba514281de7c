import type { AudioFormat } from "../../src/hal/audio.js";

/** What listens at the output of the simulated board. All but `open` and `close` are called in the sound's loop and allocate nothing. */
export interface RecorderSink {
  open(format: AudioFormat): void;

  /** Takes a period that was played, in the wire's format. */
  put(period: Uint8Array): void;

  /** Takes so many frames in which nothing was played. */
  rest(frames: number): void;

  close(): void;
}
