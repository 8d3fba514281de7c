/**
 * One stage of the chain. The host calls `prepare` once, `control` every `CONTROL_FRAMES` frames counted from
 * `reset`, and between two of those `run` with blocks that together make up the period. A stage that keeps
 * its state from frame to frame alone therefore gives the same output for every block size.
 */
export abstract class Stage {
  /** Frames by which the output lags the input. Constant between two `control` calls. */
  latencyFrames: i32 = 0;

  /** Does all allocation and computes what depends on the sample rate (44100..192000 Hz). */
  abstract prepare(sampleRateHz: f64): void;

  /** Reads the targets from the parameter block and moves the glides by one control period. */
  abstract control(): void;

  /**
   * Processes 1..CONTROL_FRAMES frames in place.
   * @param io address of interleaved stereo f64, 16 bytes a frame, 16-byte aligned, full scale 1.0
   */
  abstract run(io: usize, frames: i32): void;

  /** Clears the signal state; the glides jump to their targets at the next `control`. */
  abstract reset(): void;
}
