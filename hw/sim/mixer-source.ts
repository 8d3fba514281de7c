/** What sounds at the input of the simulated board. */
export interface MixerSource {
  /**
   * Sets the rate and begins anew.
   * @throws AudioError when the source cannot play at this rate.
   */
  prepare(sampleRateHz: number): void;

  /**
   * Fills the front of `target` with the next frames, interleaved stereo, full scale 1. Called in the sound's loop:
   * allocates nothing.
   */
  render(target: Float64Array, frames: number): void;
}
