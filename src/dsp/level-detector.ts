import { Glide } from "./glide";
import { flush, onePole } from "./math";

const HIGHPASS_GLIDE_MS: f64 = 20.0;

/**
 * Power of a stereo signal, sample by sample, for a gain computer: the square itself (peak), or its running mean
 * (RMS) from two equal one-poles in series. The mean counts twice, so that a sine reads the same in both.
 *
 * If asked, it listens through a second-order Butterworth high-pass: a trapezoidal state-variable filter, whose
 * coefficients step once a control period while its frequency glides.
 */
export class LevelDetector {
  /** Largest power since it was last cleared, lane by lane. */
  largest: v128 = f64x2.splat(0.0);
  private sampleRateHz: f64 = 0;
  private meanShare: Glide = new Glide();
  private share: f64 = 0;
  private windowMs: f64 = 0;
  private pole: f64 = 0;
  private first: v128 = f64x2.splat(0.0);
  private mean: v128 = f64x2.splat(0.0);

  private filtering: bool = false;
  private highpassHz: f64 = 0;
  private target: f64 = 0;
  private highpass: Glide = new Glide();
  /** tan(pi f / fs) of the high-pass. */
  private warped: f64 = 0;
  private s1: v128 = f64x2.splat(0.0);
  private s2: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.highpass.prepare(sampleRateHz, HIGHPASS_GLIDE_MS);
    this.meanShare.prepare(sampleRateHz);
  }

  reset(): void {
    this.meanShare.reset();
    this.highpass.reset();
    this.s1 = f64x2.splat(0.0);
    this.s2 = f64x2.splat(0.0);
    this.first = f64x2.splat(0.0);
    this.mean = f64x2.splat(0.0);
    this.largest = f64x2.splat(0.0);
  }

  /** Moves the high-pass by one control period. Without a call there is none. */
  listenAbove(highpassHz: f64): void {
    this.filtering = true;
    if (highpassHz != this.highpassHz) {
      this.highpassHz = highpassHz;
      this.target = Math.log2(highpassHz);
    }
    if (this.highpass.next(this.target)) {
      this.warped = Math.tan((Math.PI * Math.pow(2.0, this.highpass.value)) / this.sampleRateHz);
    }
  }

  /**
   * Reads the parameters at the beginning of a control period; true while the detector changes.
   * @param rms whether the mean is read; a change cross-fades
   * @param windowMs delay of the mean: both time constants together
   */
  control(rms: bool, windowMs: f64): bool {
    this.meanShare.next(rms ? 1.0 : 0.0);
    this.share = this.meanShare.start;
    if (windowMs != this.windowMs) {
      this.windowMs = windowMs;
      this.pole = onePole(windowMs * 0.5, this.sampleRateHz);
    }
    return this.meanShare.moving;
  }

  /** Keeps the states sound; once a control period. */
  settle(): void {
    this.s1 = flush(this.s1);
    this.s2 = flush(this.s2);
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
    let largest = this.largest;
    const filtering = this.filtering;
    const g = this.warped;
    const a1 = 1.0 / (1.0 + g * (g + Math.SQRT2));
    const c0 = f64x2.splat(2.0 * a1 - 1.0);
    const c1 = f64x2.splat(2.0 * a1 * g);
    const c2 = f64x2.splat(2.0 * a1 * g * g);
    const c3 = f64x2.splat(1.0 - 2.0 * a1 * g * g);
    const pass = f64x2.splat(a1);
    const damping = f64x2.splat(Math.SQRT2 + g);
    let s1 = this.s1;
    let s2 = this.s2;
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      let x = v128.load(io);
      if (filtering) {
        const e = f64x2.sub(x, s2);
        const next1 = f64x2.add(f64x2.mul(c0, s1), f64x2.mul(c1, e));
        const next2 = f64x2.add(f64x2.add(f64x2.mul(c3, s2), f64x2.mul(c2, x)), f64x2.mul(c1, s1));
        // High-pass of the filter: (x - (k + g) s1 - s2) / (1 + g (g + k)).
        x = f64x2.mul(pass, f64x2.sub(e, f64x2.mul(damping, s1)));
        s1 = next1;
        s2 = next2;
      }
      const square = f64x2.mul(x, x);
      first = f64x2.add(f64x2.mul(pole, first), f64x2.mul(input, square));
      mean = f64x2.add(f64x2.mul(pole, mean), f64x2.mul(input, first));
      const power = f64x2.add(square, f64x2.mul(share, f64x2.sub(f64x2.mul(two, mean), square)));
      share = f64x2.add(share, slope);
      largest = f64x2.pmax(largest, power);
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
    this.largest = largest;
    this.s1 = s1;
    this.s2 = s2;
  }
}
