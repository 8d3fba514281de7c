import { BAND_BYTES } from "./band-split";

/** Sum of four bands, each by a gain for either lane that moves linearly within a control period. */
export class BandMix {
  private gain1: v128 = f64x2.splat(1.0);
  private gain2: v128 = f64x2.splat(1.0);
  private gain3: v128 = f64x2.splat(1.0);
  private gain4: v128 = f64x2.splat(1.0);
  private slope1: v128 = f64x2.splat(0.0);
  private slope2: v128 = f64x2.splat(0.0);
  private slope3: v128 = f64x2.splat(0.0);
  private slope4: v128 = f64x2.splat(0.0);

  /** Sets the gain of band 0..3 at the beginning of a control period, and its step a frame. */
  set(band: i32, gain: v128, slope: v128): void {
    if (band == 0) {
      this.gain1 = gain;
      this.slope1 = slope;
    } else if (band == 1) {
      this.gain2 = gain;
      this.slope2 = slope;
    } else if (band == 2) {
      this.gain3 = gain;
      this.slope3 = slope;
    } else {
      this.gain4 = gain;
      this.slope4 = slope;
    }
  }

  /** Sums the bands at `bands` into `out`. */
  run(bands: usize, out: usize, frames: i32): void {
    const slope1 = this.slope1;
    const slope2 = this.slope2;
    const slope3 = this.slope3;
    const slope4 = this.slope4;
    let gain1 = this.gain1;
    let gain2 = this.gain2;
    let gain3 = this.gain3;
    let gain4 = this.gain4;
    const end = out + (<usize>frames << 4);
    for (; out < end; out += 16) {
      const low = f64x2.add(f64x2.mul(gain1, v128.load(bands)), f64x2.mul(gain2, v128.load(bands, BAND_BYTES)));
      const high = f64x2.add(
        f64x2.mul(gain3, v128.load(bands, 2 * BAND_BYTES)),
        f64x2.mul(gain4, v128.load(bands, 3 * BAND_BYTES)),
      );
      v128.store(out, f64x2.add(low, high));
      gain1 = f64x2.add(gain1, slope1);
      gain2 = f64x2.add(gain2, slope2);
      gain3 = f64x2.add(gain3, slope3);
      gain4 = f64x2.add(gain4, slope4);
      bands += 16;
    }
    this.gain1 = gain1;
    this.gain2 = gain2;
    this.gain3 = gain3;
    this.gain4 = gain4;
  }
}
