import { EqBand } from "./eq-band";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  EQ_BAND_ATTACK_MS,
  EQ_BAND_DYNAMIC,
  EQ_BAND_ON,
  EQ_BAND_RANGE_DB,
  EQ_BAND_RELEASE_MS,
  EQ_BAND_SLOTS,
  EQ_BAND_THRESHOLD_DB,
} from "./layout";
import { DB_PER_OCTAVE, dbToLinear, flush, log2x2, onePole } from "./math";
import { param, paramOn } from "./memory";

const LEVEL_MS: f64 = 10.0;
/** Half the width of the soft knee. */
const HALF_KNEE_DB: f64 = 3.0;
/** dB of movement a dB over the threshold: a ratio of 2:1. */
const SLOPE: f64 = 0.5;
/** Range below which the movement is not worth a division. */
const LEAST_RANGE_DB: f64 = 0.01;
/** Mean square (-90 dBFS) added to the programme, so that its noise floor moves nothing. */
const FLOOR: f64 = 1e-9;
/** Mean square that keeps the logarithm finite. */
const TINY: f64 = 1e-30;

/**
 * The dynamic part of a band: y = x + (V - 1) bp, bp a band-pass of gain 1 at the band's frequency and Q. The band
 * moves by V, nothing elsewhere does, and only V changes with the sound.
 *
 * V follows the level of bp against the level of the programme, both as mean squares of both channels over 10 ms, or
 * half a period of the band if that is longer. Over the threshold it moves 1 dB for 2 dB, with a knee of 6 dB, up to
 * the range; attack and release by the smooth decoupled detector, in dB (D. Giannoulis, M. Massberg, J. D. Reiss,
 * "Digital Dynamic Range Compressor Design", JAES 60 (2012), eq. 17). Being relative, it works alike at every
 * loudness. The detector steps once a control period and V runs linearly between.
 * With no range, or switched off, V is exactly 1.
 */
export class DynamicPart {
  /** Whether the band moves, or may still be moved. */
  active: bool = false;
  /** Size of the present movement, in dB. */
  movedDb: f64 = 0;
  private readonly slots: i32;
  private sampleRateHz: f64 = 48000;
  private readonly range: Glide = new Glide();
  private readonly threshold: Glide = new Glide();
  private attackMs: f64 = -1;
  private releaseMs: f64 = -1;
  private attack: f64 = 0;
  private release: f64 = 0;
  private levelPole: f64 = 0;
  private bandLevel: f64 = 0;
  private programmeLevel: f64 = 0;
  // Movement as a share of the range: held by the release, then smoothed by the attack.
  private held: f64 = 0;
  private moved: f64 = 0;
  /** V - 1 now, its change a frame, and where it ends. */
  private lift: f64 = 0;
  private liftSlope: f64 = 0;
  private toLift: f64 = 0;
  // bp[n] = g (u[n] - u[n-2]) - a1 bp[n-1] - a2 bp[n-2]: present coefficients, slopes, ends of the period.
  private g: v128 = f64x2.splat(0.0);
  private a1: v128 = f64x2.splat(0.0);
  private a2: v128 = f64x2.splat(0.0);
  private same: v128 = f64x2.splat(1.0);
  private other: v128 = f64x2.splat(0.0);
  private gSlope: v128 = f64x2.splat(0.0);
  private a1Slope: v128 = f64x2.splat(0.0);
  private a2Slope: v128 = f64x2.splat(0.0);
  private sameSlope: v128 = f64x2.splat(0.0);
  private otherSlope: v128 = f64x2.splat(0.0);
  private toG: f64 = 0;
  private toA1: f64 = 0;
  private toA2: f64 = 0;
  private u1: v128 = f64x2.splat(0.0);
  private u2: v128 = f64x2.splat(0.0);
  private bp1: v128 = f64x2.splat(0.0);
  private bp2: v128 = f64x2.splat(0.0);
  private squares: v128 = f64x2.splat(0.0);

  /** @param index number of the band, counted from 0 */
  constructor(index: i32) {
    this.slots = index * EQ_BAND_SLOTS;
  }

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.range.prepare(sampleRateHz);
    this.threshold.prepare(sampleRateHz);
  }

  reset(): void {
    this.range.reset();
    this.rest();
  }

  private rest(): void {
    this.active = false;
    this.movedDb = 0;
    this.bandLevel = 0;
    this.programmeLevel = 0;
    this.held = 0;
    this.moved = 0;
    this.toLift = 0;
    this.u1 = f64x2.splat(0.0);
    this.u2 = f64x2.splat(0.0);
    this.bp1 = f64x2.splat(0.0);
    this.bp2 = f64x2.splat(0.0);
    this.squares = f64x2.splat(0.0);
  }

  /** Whether the parameters ask for a band that moves. */
  get wanted(): bool {
    return paramOn(EQ_BAND_ON + this.slots) && paramOn(EQ_BAND_DYNAMIC + this.slots);
  }

  /**
   * Begins a control period.
   * @param programmeSum sum of the programme's squares over both channels in the last period
   */
  control(band: EqBand, programmeSum: f64): void {
    this.range.next(this.wanted ? param(EQ_BAND_RANGE_DB + this.slots) : 0.0);
    if (this.range.value == 0.0 && this.range.start == 0.0) {
      if (this.active) this.rest();
      return;
    }
    this.design(band, !this.active);
    if (!this.active) this.threshold.reset();
    this.active = true;
    this.threshold.next(param(EQ_BAND_THRESHOLD_DB + this.slots));
    this.setTimes(param(EQ_BAND_ATTACK_MS + this.slots), param(EQ_BAND_RELEASE_MS + this.slots));
    this.detect(programmeSum);
    this.u1 = flush(this.u1);
    this.u2 = flush(this.u2);
    this.bp1 = flush(this.bp1);
    this.bp2 = flush(this.bp2);
  }

  private setTimes(attackMs: f64, releaseMs: f64): void {
    if (attackMs == this.attackMs && releaseMs == this.releaseMs) return;
    this.attackMs = attackMs;
    this.releaseMs = releaseMs;
    this.attack = onePole(attackMs, this.sampleRateHz, CONTROL_FRAMES);
    // The attack follows the release and lengthens it by its own time.
    this.release = onePole(Math.max(releaseMs - attackMs, 1.0), this.sampleRateHz, CONTROL_FRAMES);
  }

  /** Moves V by what was heard in the last period. */
  private detect(programmeSum: f64): void {
    const bandSum = f64x2.extract_lane(this.squares, 0) + f64x2.extract_lane(this.squares, 1);
    this.squares = f64x2.splat(0.0);
    const bandPower = bandSum * (0.5 / CONTROL_FRAMES);
    const programmePower = programmeSum * (0.5 / CONTROL_FRAMES);
    this.bandLevel = bandPower + this.levelPole * (this.bandLevel - bandPower);
    this.programmeLevel = programmePower + this.levelPole * (this.programmeLevel - programmePower);
    const ratio = (this.bandLevel + TINY) / (this.programmeLevel + FLOOR);
    const levelDb = 0.5 * DB_PER_OCTAVE * f64x2.extract_lane(log2x2(f64x2.splat(ratio)), 0);
    const size = Math.max(Math.abs(this.range.value), LEAST_RANGE_DB);
    const wanted = Math.min(1.0, (SLOPE * bend(levelDb - this.threshold.value)) / size);
    this.held = Math.max(wanted, wanted + this.release * (this.held - wanted));
    this.moved = this.held + this.attack * (this.moved - this.held);
    const db = this.moved * this.range.value;
    this.movedDb = Math.abs(db);
    this.lift = this.toLift;
    this.toLift = db == 0.0 ? 0.0 : dbToLinear(db) - 1.0;
    this.liftSlope = (this.toLift - this.lift) / CONTROL_FRAMES;
  }

  /** Takes the coefficients of the period; `jumps` when the band was not heard before. */
  private design(band: EqBand, jumps: bool): void {
    const g = this.toG;
    const a1 = this.toA1;
    const a2 = this.toA2;
    if (jumps || band.freq.moving || band.q.moving) this.bandPass(band.freq.value, band.q.value);
    this.g = f64x2.splat(jumps ? this.toG : g);
    this.a1 = f64x2.splat(jumps ? this.toA1 : a1);
    this.a2 = f64x2.splat(jumps ? this.toA2 : a2);
    this.gSlope = f64x2.splat(jumps ? 0.0 : (this.toG - g) / CONTROL_FRAMES);
    this.a1Slope = f64x2.splat(jumps ? 0.0 : (this.toA1 - a1) / CONTROL_FRAMES);
    this.a2Slope = f64x2.splat(jumps ? 0.0 : (this.toA2 - a2) / CONTROL_FRAMES);
    this.same = f64x2.splat(band.same.start);
    this.other = f64x2.splat(band.other.start);
    this.sameSlope = f64x2.splat(band.same.slope);
    this.otherSlope = f64x2.splat(band.other.slope);
  }

  /** Designs the bilinear band-pass whose lower half-power edge lies where the analog one's does. */
  private bandPass(log2Freq: f64, log2Q: f64): void {
    const freqHz = Math.pow(2.0, log2Freq);
    const half = 0.5 / Math.pow(2.0, log2Q);
    const edgeHz = freqHz * (Math.sqrt(1.0 + half * half) - half);
    const centre = Math.tan((Math.PI * freqHz) / this.sampleRateHz);
    const edge = Math.tan((Math.PI * edgeHz) / this.sampleRateHz);
    // With 1/Q = centre/edge - edge/centre the power at the edge is 1/2.
    const width = centre * (centre / edge - edge / centre);
    const norm = 1.0 / (1.0 + width + centre * centre);
    this.toG = width * norm;
    this.toA1 = 2.0 * (centre * centre - 1.0) * norm;
    this.toA2 = (1.0 - width + centre * centre) * norm;
    this.levelPole = onePole(Math.max(LEVEL_MS, 500.0 / freqHz), this.sampleRateHz, CONTROL_FRAMES);
  }

  run(io: usize, frames: i32): void {
    const gSlope = this.gSlope;
    const a1Slope = this.a1Slope;
    const a2Slope = this.a2Slope;
    const sameSlope = this.sameSlope;
    const otherSlope = this.otherSlope;
    const liftSlope = f64x2.splat(this.liftSlope);
    let g = this.g;
    let a1 = this.a1;
    let a2 = this.a2;
    let same = this.same;
    let other = this.other;
    let lift = f64x2.splat(this.lift);
    let u1 = this.u1;
    let u2 = this.u2;
    let bp1 = this.bp1;
    let bp2 = this.bp2;
    let squares = this.squares;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      const u = f64x2.add(f64x2.mul(same, x), f64x2.mul(other, v128.shuffle<f64>(x, x, 1, 0)));
      const forward = f64x2.sub(f64x2.mul(g, f64x2.sub(u, u2)), f64x2.mul(a2, bp2));
      const bp = f64x2.sub(forward, f64x2.mul(a1, bp1));
      v128.store(p, f64x2.add(x, f64x2.mul(lift, bp)));
      squares = f64x2.add(squares, f64x2.mul(bp, bp));
      u2 = u1;
      u1 = u;
      bp2 = bp1;
      bp1 = bp;
      g = f64x2.add(g, gSlope);
      a1 = f64x2.add(a1, a1Slope);
      a2 = f64x2.add(a2, a2Slope);
      same = f64x2.add(same, sameSlope);
      other = f64x2.add(other, otherSlope);
      lift = f64x2.add(lift, liftSlope);
    }
    this.g = g;
    this.a1 = a1;
    this.a2 = a2;
    this.same = same;
    this.other = other;
    this.lift = f64x2.extract_lane(lift, 0);
    this.u1 = u1;
    this.u2 = u2;
    this.bp1 = bp1;
    this.bp2 = bp2;
    this.squares = squares;
  }
}

/** What lies over 0, with a quadratic knee of twice `HALF_KNEE_DB` around it. */
function bend(overDb: f64): f64 {
  if (overDb <= -HALF_KNEE_DB) return 0.0;
  if (overDb >= HALF_KNEE_DB) return overDb;
  return ((overDb + HALF_KNEE_DB) * (overDb + HALF_KNEE_DB)) / (4.0 * HALF_KNEE_DB);
}
