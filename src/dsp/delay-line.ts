import { CONTROL_FRAMES } from "./layout";
import { allocate, copyFrames } from "./memory";

/** A ring of stereo frames, written and read in blocks of up to CONTROL_FRAMES. */
export class DelayLine {
  private buffer: usize = 0;
  /** The first CONTROL_FRAMES stand again behind the last, so that every block is contiguous. */
  private frames: i32 = 0;
  private head: i32 = 0;

  /** Holds delays up to `maxDelayFrames`. */
  prepare(maxDelayFrames: i32): void {
    this.frames = maxDelayFrames + CONTROL_FRAMES;
    this.buffer = allocate(<usize>(this.frames + CONTROL_FRAMES) << 4);
  }

  reset(): void {
    memory.fill(this.buffer, 0, <usize>(this.frames + CONTROL_FRAMES) << 4);
    this.head = 0;
  }

  /** Appends the frames at `io`. */
  push(io: usize, frames: i32): void {
    copyFrames(this.buffer + (<usize>this.head << 4), io, frames);
    const end = this.head + frames;
    if (end > this.frames) {
      // The block ran into the copy of the beginning.
      copyFrames(this.buffer, this.buffer + (<usize>this.frames << 4), end - this.frames);
    }
    if (this.head < CONTROL_FRAMES) {
      const copied = min(frames, CONTROL_FRAMES - this.head);
      copyFrames(this.buffer + (<usize>(this.frames + this.head) << 4), this.buffer + (<usize>this.head << 4), copied);
    }
    this.head = end >= this.frames ? end - this.frames : end;
  }

  /** Address of the last pushed `frames`, as they were `delayFrames` before. */
  read(frames: i32, delayFrames: i32): usize {
    let start = this.head - frames - delayFrames;
    if (start < 0) start += this.frames;
    return this.buffer + (<usize>start << 4);
  }
}
