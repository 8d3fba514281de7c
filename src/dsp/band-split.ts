import { Glide } from "./glide";
import { CONTROL_FRAMES } from "./layout";
import { flush } from "./math";
import { allocate } from "./memory";

const GLIDE_MS: f64 = 20.0;
/** Damping of a second-order Butterworth section, 1/Q. */
const DAMPING: f64 = Math.SQRT2;
// Coefficients of one frame: four numbers, each in both lanes, for each crossover.
const COEFFICIENT_BYTES: usize = 64;
const FRAME_BYTES: usize = 3 * COEFFICIENT_BYTES;
// State: the split at crossover 2 (two filters), and two branches (an all-pass, then a split).
const FILTER_BYTES: usize = 32;
const TRUNK_BYTES: usize = 2 * FILTER_BYTES;
const BRANCH_BYTES: usize = 3 * FILTER_BYTES;
const STATE_BYTES: usize = TRUNK_BYTES + 2 * BRANCH_BYTES;
/** Bytes from one band of the output to the next. */
export const BAND_BYTES: usize = CONTROL_FRAMES * 16;

/**
 * Splits a stereo signal ([L, R] or [M, S] lanes) into three or four bands with Linkwitz-Riley crossovers of
 * 24 dB/oct. The bands are in phase: their sum is the input through three second-order all-passes, flat in
 * magnitude. Adds no latency.
 *
 * The tree splits at crossover 2; each half passes the all-pass of the crossover it does not meet, then its own
 * split (S. H. Linkwitz, "Active Crossover Networks for Noncoincident Drivers", JAES 24, 1976; J. A. D'Appolito,
 * "Active Realization of Multiway All-Pass Crossover Systems", JAES 35, 1987). The filters are trapezoidal
 * state-variable filters (V. Zavalishin, "The Art of VA Filter Design"), stable while their frequencies glide. The
 * upper band of a split is the all-pass of its first filter less the lower band: (s^4 + 1) / D^2, the sum of
 * both, equals that all-pass. Each pass holds few filters in series, so that the processor overlaps frames.
 */
export class BandSplit {
  // The crossovers asked for, in Hz, and in octaves as they are kept apart.
  private asked1: f64 = 0;
  private asked2: f64 = 0;
  private asked3: f64 = 0;
  private target1: f64 = 0;
  private target2: f64 = 0;
  private target3: f64 = 0;
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
    if (crossover1Hz != this.asked1 || crossover2Hz != this.asked2 || crossover3Hz != this.asked3) {
      this.asked1 = crossover1Hz;
      this.asked2 = crossover2Hz;
      this.asked3 = crossover3Hz;
      this.target1 = Math.log2(crossover1Hz);
      this.target2 = Math.max(Math.log2(crossover2Hz), this.target1 + 1.0);
      this.target3 = Math.max(Math.log2(crossover3Hz), this.target2 + 1.0);
    }
    const moved1 = this.frequency1.next(this.target1);
    const moved2 = this.frequency2.next(this.target2);
    const moved3 = this.frequency3.next(this.target3);
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
      const low = twice * warped * warped;
      v128.store(to, f64x2.splat(twice - 1.0));
      v128.store(to, f64x2.splat(twice * warped), 16);
      v128.store(to, f64x2.splat(low), 32);
      v128.store(to, f64x2.splat(1.0 - low), 48);
      warped += slope;
      to += FRAME_BYTES;
    }
  }

  /**
   * Splits the frames at `io`, which stay as they are.
   * @param out where band b = 0..3, lowest first, is written at `out + b * CONTROL_FRAMES * 16`
   */
  run(io: usize, frames: i32, out: usize): void {
    const crossover1 = this.next;
    const crossover2 = crossover1 + COEFFICIENT_BYTES;
    const crossover3 = crossover2 + COEFFICIENT_BYTES;
    const upperHalf = out + 2 * BAND_BYTES;
    this.splitTrunk(io, frames, out, crossover2);
    const lowBranch = this.state + TRUNK_BYTES;
    this.splitBranch(out, frames, lowBranch, crossover3, crossover1);
    this.splitBranch(upperHalf, frames, lowBranch + BRANCH_BYTES, crossover1, crossover3);
    if (this.share != 0.0 || this.merged.moving) this.merge(upperHalf, frames);
    this.next = crossover1 + <usize>frames * this.stride;
  }

  /** Splits at crossover 2: the lower half to band 1's place, the upper half to band 3's. */
  private splitTrunk(io: usize, frames: i32, out: usize, c: usize): void {
    const state = this.state;
    const stride = this.stride;
    const damping = f64x2.splat(DAMPING);
    const quarter = f64x2.splat(0.25);
    let s1 = v128.load(state);
    let s2 = v128.load(state, 16);
    let t1 = v128.load(state, 32);
    let t2 = v128.load(state, 48);
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      const x = v128.load(io);
      const n1 = nextBand(s1, s2, x, c);
      const n2 = nextLow(s1, s2, x, c);
      const both = f64x2.sub(x, f64x2.mul(damping, f64x2.add(s1, n1)));
      // Old plus new state is twice the low-pass; the second filter takes it so, and its sum is four times.
      const y = f64x2.add(s2, n2);
      const m1 = nextBand(t1, t2, y, c);
      const m2 = nextLow(t1, t2, y, c);
      const low = f64x2.mul(quarter, f64x2.add(t2, m2));
      v128.store(out, low);
      v128.store(out, f64x2.sub(both, low), 2 * BAND_BYTES);
      s1 = n1;
      s2 = n2;
      t1 = m1;
      t2 = m2;
      c += stride;
      out += 16;
    }
    v128.store(state, s1);
    v128.store(state, s2, 16);
    v128.store(state, t1, 32);
    v128.store(state, t2, 48);
  }

  /** Takes a half in place through the all-pass of coefficients `a`, and splits it with `c` into two bands. */
  private splitBranch(io: usize, frames: i32, state: usize, a: usize, c: usize): void {
    const stride = this.stride;
    const damping = f64x2.splat(DAMPING);
    const quarter = f64x2.splat(0.25);
    let p1 = v128.load(state);
    let p2 = v128.load(state, 16);
    let s1 = v128.load(state, 32);
    let s2 = v128.load(state, 48);
    let t1 = v128.load(state, 64);
    let t2 = v128.load(state, 80);
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      const half = v128.load(io);
      const q1 = nextBand(p1, p2, half, a);
      const q2 = nextLow(p1, p2, half, a);
      const x = f64x2.sub(half, f64x2.mul(damping, f64x2.add(p1, q1)));
      const n1 = nextBand(s1, s2, x, c);
      const n2 = nextLow(s1, s2, x, c);
      const both = f64x2.sub(x, f64x2.mul(damping, f64x2.add(s1, n1)));
      const y = f64x2.add(s2, n2);
      const m1 = nextBand(t1, t2, y, c);
      const m2 = nextLow(t1, t2, y, c);
      const low = f64x2.mul(quarter, f64x2.add(t2, m2));
      v128.store(io, low);
      v128.store(io, f64x2.sub(both, low), BAND_BYTES);
      p1 = q1;
      p2 = q2;
      s1 = n1;
      s2 = n2;
      t1 = m1;
      t2 = m2;
      a += stride;
      c += stride;
    }
    v128.store(state, p1);
    v128.store(state, p2, 16);
    v128.store(state, s1, 32);
    v128.store(state, s2, 48);
    v128.store(state, t1, 64);
    v128.store(state, t2, 80);
  }

  /** Moves the merged share of band 4 to band 3. */
  private merge(band3: usize, frames: i32): void {
    const slope = f64x2.splat(this.merged.slope);
    let share = f64x2.splat(this.share);
    const end = band3 + (<usize>frames << 4);
    for (; band3 < end; band3 += 16) {
      const band4 = v128.load(band3, BAND_BYTES);
      const moved = f64x2.mul(share, band4);
      v128.store(band3, f64x2.add(v128.load(band3), moved));
      v128.store(band3, f64x2.sub(band4, moved), BAND_BYTES);
      share = f64x2.add(share, slope);
    }
    this.share = f64x2.extract_lane(share, 0);
  }
}

/** Next state of a filter's first integrator (old plus new: twice the band-pass); `c` as `designCrossover` wrote it. */
// @ts-ignore: decorator
@inline
function nextBand(s1: v128, s2: v128, x: v128, c: usize): v128 {
  return f64x2.add(f64x2.mul(v128.load(c), s1), f64x2.mul(v128.load(c, 16), f64x2.sub(x, s2)));
}

/** Next state of the second integrator (old plus new: twice the low-pass). */
// @ts-ignore: decorator
@inline
function nextLow(s1: v128, s2: v128, x: v128, c: usize): v128 {
  const known = f64x2.add(f64x2.mul(v128.load(c, 48), s2), f64x2.mul(v128.load(c, 32), x));
  return f64x2.add(known, f64x2.mul(v128.load(c, 16), s1));
}
