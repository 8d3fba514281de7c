/** A full-duplex sound device: sound in from the mixer, sound out to the recorder, on one clock. */
export interface AudioDuplex {
  readonly sampleRateHz: number;
  /** Frames that `read` and `write` move at a time. */
  readonly periodFrames: number;

  /** Resolves when the next period is there, and has been put into the front of `target` (interleaved stereo, full scale 1.0). */
  read(target: Float64Array): Promise<void>;

  /** Hands over the period that is to be heard next, from the front of `source`. */
  write(source: Float64Array): void;

  /** Releases the device; a `read` that is under way resolves. */
  close(): void;
}
