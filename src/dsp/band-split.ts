import { Glide } from "./glide";
import { CONTROL_FRAMES } from "./layout";
import { flush } from "./math";
import { allocate } from "./memory";

const GLIDE_MS: f64 = 20.0;
/** Damping of a second-order Butterworth section, 1/Q. */
const DAMPING: f64 = Math.SQRT2;
// Layout of the coefficients of one frame: three numbers, each in both lanes, for each crossover.
const COEFFICIENT_BYTES: usize = 48;
const FRAME_BYTES: usize = 3 * COEFFICIENT_BYTES;
// Layout of the state: three splits (two filters, and a place to hand the upper band over), two all-passes.
const HIGH: usize = 64;
const SPLIT_BYTES: usize = 80;
const ALLPASS_BYTES: usize = 32;
const STATE_BYTES: usize = 3 * SPLIT_BYTES + 2 * ALLPASS_BYTES;
const BAND_BYTES: usize = CONTROL_FRAMES * 16;

/**
 * Splits a stereo signal ([L, R] or [M, S] lanes) into three or four bands with Linkwitz-Riley crossovers of
 * 24 dB/oct. The bands are in phase: their sum is the input through three second-order all-passes, flat in
 * magnitude. Adds no latency.
 *
 * The tree splits at crossover 2; each half passes the all-pass of the crossover it does not meet, then its own
 * split (S. H. Linkwitz, "Active Crossover Networks for Noncoincident Drivers", JAES 24, 1976; J. A. D'Appolito,
 * "Active Realization of Multiway All-Pass Crossover Systems", JAES 35, 1987). The filters are trapezoidal
 * state-variable filters (V. Zavalishin, "The Art of VA Filter Design"), stable while their frequencies glide.
 */
export class BandSplit {
  private frequency1: Glide = new Glide();
  private frequency2: Glide = new Glide();
  private frequency3: Glide = new Glide();
  /** Share of band 4 that is played by band 3. */
  private merged: Glide = new Glide();
  private share: f64 = 0;
  private radiansPerHz: f64 = 0;
  /** Coefficients of each frame of the control period, or of all of them where `stride` is 0. */
  private coefficients: usize = 0;
  private stride: usize = 0;
  private next: usize = 0;
  private state: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.radiansPerHz = Math.PI / sampleRateHz;
    this.frequency1.prepare(sampleRateHz, GLIDE_MS);
    this.frequency2.prepare(sampleRateHz, GLIDE_MS);
    this.frequency3.prepare(sampleRateHz, GLIDE_MS);
    this.merged.prepare(sampleRateHz);
    this.coefficients = allocate(<usize>CONTROL_FRAMES * FRAME_BYTES);
    this.state = allocate(STATE_BYTES);
  }

  reset(): void {
    this.frequency1.reset();
    this.frequency2.reset();
    this.frequency3.reset();
    this.merged.reset();
    memory.fill(this.state, 0, STATE_BYTES);
  }

  /**
   * Begins a control period. Frequencies glide to the targets in octaves; one that comes closer than an octave
   * to the one below is raised.
   * @param bandCount 3 or 4; with 3, band 3 holds all above crossover 2 and band 4 is silent
   */
  control(crossover1Hz: f64, crossover2Hz: f64, crossover3Hz: f64, bandCount: i32): void {
    const target1 = Math.log2(crossover1Hz);
    const target2 = Math.max(Math.log2(crossover2Hz), target1 + 1.0);
    const target3 = Math.max(Math.log2(crossover3Hz), target2 + 1.0);
    const moved1 = this.frequency1.next(target1);
    const moved2 = this.frequency2.next(target2);
    const moved3 = this.frequency3.next(target3);
    this.merged.next(bandCount == 3 ? 1.0 : 0.0);
    this.share = this.merged.start;
    if (moved1 || moved2 || moved3 || this.stride != 0) this.design();
    this.next = this.coefficients;
    for (let p = this.state; p < this.state + STATE_BYTES; p += 16) v128.store(p, flush(v128.load(p)));
  }

  private design(): void {
    const moving = this.frequency1.moving || this.frequency2.moving || this.frequency3.moving;
    this.stride = moving ? FRAME_BYTES : 0;
    this.designCrossover(this.coefficients, this.frequency1);
    this.designCrossover(this.coefficients + COEFFICIENT_BYTES, this.frequency2);
    this.designCrossover(this.coefficients + 2 * COEFFICIENT_BYTES, this.frequency3);
  }

  private designCrossover(to: usize, octaves: Glide): void {
    let warped = Math.tan(this.radiansPerHz * Math.pow(2.0, octaves.start));
    const end = Math.tan(this.radiansPerHz * Math.pow(2.0, octaves.value));
    const slope = (end - warped) / CONTROL_FRAMES;
    const frames = this.stride != 0 ? CONTROL_FRAMES : 1;
    for (let i = 0; i < frames; i++) {
      const twice = 2.0 / (1.0 + warped * (warped + DAMPING));
      v128.store(to, f64x2.splat(twice - 1.0));
      v128.store(to, f64x2.splat(twice * warped), 16);
      v128.store(to, f64x2.splat(twice * warped * warped), 32);
      warped += slope;
      to += FRAME_BYTES;
    }
  }

  /**
   * Splits the frames at `io`, which stay as they are.
   * @param out where band b = 0..3, lowest first, is written at `out + b * CONTROL_FRAMES * 16`
   */
  run(io: usize, frames: i32, out: usize): void {
    const upper = this.state;
    const lower = upper + SPLIT_BYTES;
    const middle = lower + SPLIT_BYTES;
    const lowerPhase = middle + SPLIT_BYTES;
    const upperPhase = lowerPhase + ALLPASS_BYTES;
    const stride = this.stride;
    const slope = f64x2.splat(this.merged.slope);
    let share = f64x2.splat(this.share);
    let crossover1 = this.next;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const crossover2 = crossover1 + COEFFICIENT_BYTES;
      const crossover3 = crossover2 + COEFFICIENT_BYTES;
      const low = split(middle, crossover2, v128.load(p));
      const high = v128.load(middle, HIGH);
      const band1 = split(lower, crossover1, allpass(lowerPhase, crossover3, low));
      const band3 = split(upper, crossover3, allpass(upperPhase, crossover1, high));
      const band4 = v128.load(upper, HIGH);
      const moved = f64x2.mul(share, band4);
      v128.store(out, band1);
      v128.store(out, v128.load(lower, HIGH), BAND_BYTES);
      v128.store(out, f64x2.add(band3, moved), 2 * BAND_BYTES);
      v128.store(out, f64x2.sub(band4, moved), 3 * BAND_BYTES);
      share = f64x2.add(share, slope);
      crossover1 += stride;
      out += 16;
    }
    this.next = crossover1;
    this.share = f64x2.extract_lane(share, 0);
  }
}

/**
 * Second-order all-pass x - 2k bp.
 * @param state two states
 * @param c its coefficients: 2 a1 - 1, 2 a2, 2 a3 of the filter
 */
// @ts-ignore: decorator
@inline
function allpass(state: usize, c: usize, x: v128): v128 {
  const s1 = v128.load(state);
  const s2 = v128.load(state, 16);
  const d2 = v128.load(c, 16);
  const e = f64x2.sub(x, s2);
  const n1 = f64x2.add(f64x2.mul(v128.load(c), s1), f64x2.mul(d2, e));
  const n2 = f64x2.add(s2, f64x2.add(f64x2.mul(d2, s1), f64x2.mul(v128.load(c, 32), e)));
  v128.store(state, n1);
  v128.store(state, n2, 16);
  return f64x2.sub(x, f64x2.mul(f64x2.splat(DAMPING), f64x2.add(s1, n1)));
}

/**
 * Returns the lower band and leaves the upper one at `state + HIGH`. The upper band is the all-pass of the first
 * filter less the lower band: (s^4 + 1) / D^2 is the sum of both and equals that all-pass.
 */
// @ts-ignore: decorator
@inline
function split(state: usize, c: usize, x: v128): v128 {
  const s2 = v128.load(state, 16);
  const both = allpass(state, c, x);
  // Each filter delivers its low-pass as the sum of its old and new state, which is twice the low-pass.
  const e1 = f64x2.add(s2, v128.load(state, 16));
  const t1 = v128.load(state, 32);
  const t2 = v128.load(state, 48);
  const d2 = v128.load(c, 16);
  const e = f64x2.sub(e1, t2);
  const n2 = f64x2.add(t2, f64x2.add(f64x2.mul(d2, t1), f64x2.mul(v128.load(c, 32), e)));
  v128.store(state, f64x2.add(f64x2.mul(v128.load(c), t1), f64x2.mul(d2, e)), 32);
  v128.store(state, n2, 48);
  const low = f64x2.mul(f64x2.splat(0.25), f64x2.add(t2, n2));
  v128.store(state, f64x2.sub(both, low), HIGH);
  return low;
}
