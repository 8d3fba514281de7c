import { BandWidth } from "./band-width";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  IMAGER_BALANCE_PERCENT,
  IMAGER_MONO_BASS,
  IMAGER_MONO_BELOW_HZ,
  IMAGER_SAFETY,
  READOUT_IMAGER_SAFETY_PERCENT,
} from "./layout";
import { param, paramOn, readoutPeak } from "./memory";
import { MonoBass } from "./mono-bass";
import { Stage } from "./stage";
import { WidthSafety } from "./width-safety";

/**
 * Stereo image: width in bands (see `BandWidth`), mono bass (see `MonoBass`), balance, and a safety against negative
 * correlation (see `WidthSafety`). Width scales S = (L - R) / 2 alone, so the mono sum stays as it is.
 *
 * With equal widths and no mono bass it is a 2 x 2 matrix, which at 100 % and no balance gives the input to the last
 * bit. Adds no latency.
 */
export class Imager extends Stage {
  private bandWidth: BandWidth = new BandWidth();
  private monoBass: MonoBass = new MonoBass();
  private safety: WidthSafety = new WidthSafety();
  private balance: Glide = new Glide();
  // What carries over from frame to frame: the factor on S, the channel gains, the energies of [M, S], times 4.
  private width: f64 = 1;
  private widthSlope: f64 = 0;
  private gains: v128 = f64x2.splat(1.0);
  private gainSlopes: v128 = f64x2.splat(0.0);
  private energies: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.bandWidth.prepare(sampleRateHz);
    this.monoBass.prepare(sampleRateHz);
    this.safety.prepare(sampleRateHz);
    this.balance.prepare(sampleRateHz);
  }

  reset(): void {
    this.bandWidth.reset();
    this.monoBass.reset();
    this.safety.reset();
    this.balance.reset();
    this.energies = f64x2.splat(0.0);
  }

  control(): void {
    this.controlSafety();
    this.bandWidth.control();
    this.monoBass.control(paramOn(IMAGER_MONO_BASS), param(IMAGER_MONO_BELOW_HZ));
    this.balance.next(param(IMAGER_BALANCE_PERCENT) * 0.01);
    const ends = balanceGains(this.balance.value);
    this.gains = balanceGains(this.balance.start);
    this.gainSlopes = f64x2.mul(f64x2.sub(ends, this.gains), f64x2.splat(1.0 / CONTROL_FRAMES));
    // Where the widths are scaled on the way, the matrix has the safety's factor alone to add.
    this.width = this.safety.start;
    let end = this.safety.value;
    if (!this.isSplit) {
      this.width *= this.bandWidth.width.start;
      end *= this.bandWidth.width.value;
    }
    this.widthSlope = (end - this.width) / CONTROL_FRAMES;
  }

  /** Closes the energies of the last control period, measured with its widths but before the safety's factor. */
  private controlSafety(): void {
    const mid = f64x2.extract_lane(this.energies, 0) / (4.0 * CONTROL_FRAMES);
    const side = f64x2.extract_lane(this.energies, 1) / (4.0 * CONTROL_FRAMES);
    this.energies = f64x2.splat(0.0);
    const width = this.isSplit ? 1.0 : this.bandWidth.width.value;
    this.safety.next(paramOn(IMAGER_SAFETY), mid, side * width * width);
    readoutPeak(READOUT_IMAGER_SAFETY_PERCENT, 100.0 * (1.0 - this.safety.value));
  }

  private get isSplit(): bool {
    return this.bandWidth.isActive;
  }

  run(io: usize, frames: i32): void {
    if (!this.isSplit && !this.monoBass.isActive) {
      this.runMatrix(io, frames);
      return;
    }
    this.encode(io, frames);
    if (this.isSplit) this.bandWidth.run(io, frames);
    if (this.monoBass.isActive) this.monoBass.run(io, frames);
    this.decode(io, frames);
  }

  private runMatrix(io: usize, frames: i32): void {
    const half = f64x2.splat(0.5);
    const slope = f64x2.splat(0.5 * this.widthSlope);
    const gainSlopes = this.gainSlopes;
    // A channel keeps (1 + width) / 2 of itself and takes (1 - width) / 2 of the other: 1 and 0, exactly, at 100 %.
    let halfWidth = f64x2.splat(0.5 * this.width);
    let gains = this.gains;
    let energies = this.energies;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const sums = midSide(x);
      energies = f64x2.add(energies, f64x2.mul(sums, sums));
      const own = f64x2.mul(f64x2.add(half, halfWidth), x);
      const other = f64x2.mul(f64x2.sub(half, halfWidth), v128.shuffle<f64>(x, x, 1, 0));
      v128.store(p, f64x2.mul(gains, f64x2.add(own, other)));
      halfWidth = f64x2.add(halfWidth, slope);
      gains = f64x2.add(gains, gainSlopes);
    }
    this.width = 2.0 * f64x2.extract_lane(halfWidth, 0);
    this.gains = gains;
    this.energies = energies;
  }

  /** L, R to M, S. */
  private encode(io: usize, frames: i32): void {
    const half = f64x2.splat(0.5);
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) v128.store(p, f64x2.mul(half, midSide(v128.load(p))));
  }

  /** M, S to L, R, with the matrix's factor on S, and the balance. */
  private decode(io: usize, frames: i32): void {
    const slope = f64x2(0.0, this.widthSlope);
    const gainSlopes = this.gainSlopes;
    const four = f64x2.splat(4.0);
    let scale = f64x2(1.0, this.width);
    let gains = this.gains;
    let energies = this.energies;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      energies = f64x2.add(energies, f64x2.mul(four, f64x2.mul(x, x)));
      v128.store(p, f64x2.mul(gains, midSide(f64x2.mul(scale, x))));
      scale = f64x2.add(scale, slope);
      gains = f64x2.add(gains, gainSlopes);
    }
    this.width = f64x2.extract_lane(scale, 1);
    this.gains = gains;
    this.energies = energies;
  }
}

/** [a + b, a - b] of [a, b]: twice M and S of L and R, and L and R of M and S. */
// @ts-ignore: decorator
@inline
function midSide(x: v128): v128 {
  const second = v128.shuffle<f64>(x, x, 1, 1);
  const signed = v128.xor(second, i64x2(0, i64.MIN_VALUE));
  return f64x2.add(v128.shuffle<f64>(x, x, 0, 0), signed);
}

/** Gains of L and R for a balance of -1 (left alone) to 1 (right alone): one side is turned down. */
function balanceGains(balance: f64): v128 {
  return f64x2(Math.min(1.0, 1.0 - balance), Math.min(1.0, 1.0 + balance));
}
