/** What the operating system grants a thread that must not be late. Each call answers undefined, or why it was refused. */
export interface RealTime {
  /** Gives the calling thread alone a real-time priority; threads that it makes later do not inherit it. */
  raisePriority(): string | undefined;

  /** Keeps `buffer` in memory. Never the whole process: V8 gives pages back in a way that locked pages refuse. */
  lockMemory(buffer: SharedArrayBuffer): string | undefined;
}
