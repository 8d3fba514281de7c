/** Monotonic time that can be read in the sound's loop: no value is returned, so nothing is allocated. */
export interface Clock {
  /** Puts the monotonic time in milliseconds, with the resolution of the system, into `into[index]`. */
  read(into: Float64Array, index: number): void;
}
