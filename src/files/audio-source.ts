/**
 * Sound that can be read from front to end any number of times. Reading is synchronous: the off-line commands have
 * nothing else to do meanwhile, and memory stays constant for files on disk.
 */
export interface AudioSource {
  /** 8000..192000. */
  readonly sampleRateHz: number;
  /** Channels of the file; `read` delivers stereo in any case. */
  readonly channels: 1 | 2;
  /** Exact length. */
  readonly frames: number;
  /** Container and coding in words for the user, as "WAV, 24-bit PCM". */
  readonly encoding: string;

  /**
   * Reads the next frames into the front of `target`.
   *
   * @param target - interleaved stereo, full scale 1.0 (an integer of b bits is divided by 2^(b-1)); mono is
   *   duplicated into both channels; a sample that is not a finite number is delivered as 0
   * @param frames - at most half the length of `target`
   * @returns the frames read: fewer than asked for only at the end, 0 when there are none left
   * @throws AudioFileError if the file fails while it is read
   */
  read(target: Float64Array, frames: number): number;

  /** Goes back to the first frame. */
  rewind(): void;

  /** Releases the file or the memory; the source cannot be read afterwards. Closing twice does no harm. */
  close(): void;
}
