import { Dynamics } from "./dynamics";
import { Glide } from "./glide";
import {
  COMPRESSOR_DYNAMICS,
  COMPRESSOR_SIDECHAIN_HIGHPASS_HZ,
  CONTROL_FRAMES,
  READOUT_COMPRESSOR_REDUCTION_DB,
} from "./layout";
import { flush } from "./math";
import { allocate, param, readoutPeak } from "./memory";
import { Stage } from "./stage";

const GLIDE_MS: f64 = 20.0;

/**
 * Whole-band compressor. It listens through a second-order Butterworth high-pass (a trapezoidal state-variable
 * filter, whose coefficients step once a control period while its frequency glides).
 */
export class Compressor extends Stage {
  private dynamics: Dynamics = new Dynamics(COMPRESSOR_DYNAMICS);
  private highpass: Glide = new Glide();
  private radiansPerHz: f64 = 0;
  private warped: f64 = 0;
  private s1: v128 = f64x2.splat(0.0);
  private s2: v128 = f64x2.splat(0.0);
  private heard: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.radiansPerHz = Math.PI / sampleRateHz;
    this.highpass.prepare(sampleRateHz, GLIDE_MS);
    this.dynamics.prepare(sampleRateHz);
    this.heard = allocate(CONTROL_FRAMES * 16);
  }

  reset(): void {
    this.highpass.reset();
    this.dynamics.reset();
    this.s1 = f64x2.splat(0.0);
    this.s2 = f64x2.splat(0.0);
  }

  control(): void {
    readoutPeak(READOUT_COMPRESSOR_REDUCTION_DB, this.dynamics.takeReductionDb());
    if (this.highpass.next(Math.log2(param(COMPRESSOR_SIDECHAIN_HIGHPASS_HZ)))) {
      this.warped = Math.tan(this.radiansPerHz * Math.pow(2.0, this.highpass.value));
    }
    this.s1 = flush(this.s1);
    this.s2 = flush(this.s2);
    this.dynamics.control(true);
  }

  run(io: usize, frames: i32): void {
    this.listen(io, frames);
    this.dynamics.run(io, this.heard, frames);
  }

  /** High-pass of the frames, into `heard`. */
  private listen(io: usize, frames: i32): void {
    const g = this.warped;
    const twice = 2.0 / (1.0 + g * (g + Math.SQRT2));
    const c0 = f64x2.splat(twice - 1.0);
    const c1 = f64x2.splat(twice * g);
    const c2 = f64x2.splat(twice * g * g);
    const c3 = f64x2.splat(1.0 - twice * g * g);
    const gain = f64x2.splat(0.5 * twice);
    const damping = f64x2.splat(Math.SQRT2 + g);
    let s1 = this.s1;
    let s2 = this.s2;
    let to = this.heard;
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      const x = v128.load(io);
      const e = f64x2.sub(x, s2);
      // High-pass of the trapezoidal filter: (x - (k + g) s1 - s2) / (1 + g (g + k)).
      v128.store(to, f64x2.mul(gain, f64x2.sub(e, f64x2.mul(damping, s1))));
      const next1 = f64x2.add(f64x2.mul(c0, s1), f64x2.mul(c1, e));
      s2 = f64x2.add(f64x2.add(f64x2.mul(c3, s2), f64x2.mul(c2, x)), f64x2.mul(c1, s1));
      s1 = next1;
      to += 16;
    }
    this.s1 = s1;
    this.s2 = s2;
  }
}
