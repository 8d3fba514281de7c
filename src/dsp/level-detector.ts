import { Glide } from "./glide";
import { flush, onePole } from "./math";

/**
 * Power of a stereo signal, sample by sample, for a gain computer: the square itself (peak), or its running mean
 * (RMS) from two equal one-poles in series. The mean counts twice, so that a sine reads the same in both.
 */
export class LevelDetector {
  private sampleRateHz: f64 = 0;
  private meanShare: Glide = new Glide();
  private share: f64 = 0;
  private windowMs: f64 = 0;
  private pole: f64 = 0;
  private first: v128 = f64x2.splat(0.0);
  private mean: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.meanShare.prepare(sampleRateHz);
  }

  reset(): void {
    this.meanShare.reset();
    this.first = f64x2.splat(0.0);
    this.mean = f64x2.splat(0.0);
  }

  /**
   * Begins a control period.
   * @param rms whether the mean is read; a change cross-fades
   * @param windowMs delay of the mean: both time constants together
   */
  control(rms: bool, windowMs: f64): void {
    this.meanShare.next(rms ? 1.0 : 0.0);
    this.share = this.meanShare.start;
    if (windowMs != this.windowMs) {
      this.windowMs = windowMs;
      this.pole = onePole(windowMs * 0.5, this.sampleRateHz);
    }
    this.first = flush(this.first);
    this.mean = flush(this.mean);
  }

  /**
   * Writes the power of the frames at `io`.
   * @param out gets two f64 a frame, or if `linked` the larger of the channels alone, one f64 a frame
   */
  run(io: usize, frames: i32, out: usize, linked: bool): void {
    const pole = f64x2.splat(this.pole);
    const input = f64x2.splat(1.0 - this.pole);
    const two = f64x2.splat(2.0);
    const slope = f64x2.splat(this.meanShare.slope);
    let share = f64x2.splat(this.share);
    let first = this.first;
    let mean = this.mean;
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      const x = v128.load(io);
      const square = f64x2.mul(x, x);
      first = f64x2.add(f64x2.mul(pole, first), f64x2.mul(input, square));
      mean = f64x2.add(f64x2.mul(pole, mean), f64x2.mul(input, first));
      const power = f64x2.add(square, f64x2.mul(share, f64x2.sub(f64x2.mul(two, mean), square)));
      share = f64x2.add(share, slope);
      if (linked) {
        v128.store64_lane(out, f64x2.pmax(power, v128.shuffle<f64>(power, power, 1, 0)), 0);
        out += 8;
      } else {
        v128.store(out, power);
        out += 16;
      }
    }
    this.share = f64x2.extract_lane(share, 0);
    this.first = first;
    this.mean = mean;
  }
}
