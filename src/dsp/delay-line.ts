import { allocate } from "./memory";

/** A ring of stereo frames, read at a delay behind the newest. */
export class DelayLine {
  private buffer: usize = 0;
  private mask: i32 = 0;
  private head: i32 = 0;

  /** Holds delays up to `maxDelayFrames`. */
  prepare(maxDelayFrames: i32): void {
    let size = 1;
    while (size <= maxDelayFrames) size <<= 1;
    this.mask = size - 1;
    this.buffer = allocate(<usize>size << 4);
  }

  reset(): void {
    memory.fill(this.buffer, 0, <usize>(this.mask + 1) << 4);
    this.head = 0;
  }

  push(frame: v128): void {
    this.head = (this.head + 1) & this.mask;
    v128.store(this.buffer + (<usize>this.head << 4), frame);
  }

  /** The frame pushed `delayFrames` before the newest; 0 is the newest itself. */
  read(delayFrames: i32): v128 {
    return v128.load(this.buffer + (<usize>((this.head - delayFrames) & this.mask) << 4));
  }
}
