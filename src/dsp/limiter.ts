import { BoxCascade } from "./box-cascade";
import { DelayLine } from "./delay-line";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  LIMITER_CEILING_DBTP,
  LIMITER_LINK_PERCENT,
  LIMITER_RELEASE_MS,
  READOUT_LIMITER_LOSS,
  READOUT_LIMITER_REDUCTION_DB,
} from "./layout";
import { dbToLinear, linearToDb, onePole } from "./math";
import { allocate, param, readoutCount, readoutPeak } from "./memory";
import { PeakDetector } from "./peak-detector";
import { Stage } from "./stage";

/** 40 frames at 48 kHz: with the detector 64 frames. */
const LOOKAHEAD_MS: f64 = 40.0 / 48.0;
/** Longer than half a period of 30 Hz, so that the gain does not follow the waveform of the bass. */
const HOLD_MS: f64 = 17.0;
/** How far below the ceiling the detected peaks are held: covers what detector and gain motion leave. */
const MARGIN_DB: f64 = 0.1;
/** The same at 44.1 kHz, where sound up to 20.5 kHz comes nearer to half the rate and the detector reads it less well. */
const CLOSE_MARGIN_DB: f64 = 0.15;
const CLOSE_RATE_HZ: f64 = 46000.0;
// Programme dependence: a slow envelope learns sustained reduction and gives half of it back slowly.
const SLOW_ATTACK_MS: f64 = 500.0;
const SLOW_RELEASE_FACTOR: f64 = 8.0;
const SLOW_SHARE: f64 = 0.5;
/** Reduction below which the gain counts as one. */
const SETTLED: f64 = 1e-8;

/**
 * True-peak limiter with look-ahead. Per frame: the gain that would bring the detected peak to the ceiling; its
 * minimum over a hold time; instant fall and programme-dependent exponential rise; three box averages that together
 * are as long as the look-ahead. An average of values that are all at most the needed gain is at most the needed
 * gain when the peak arrives (Hamalainen, "Smoothing of the control signal without clipped output in digital
 * peak limiters", DAFx-02), so no output peak passes the ceiling but for the detector's error, which the margin covers.
 *
 * Latency: look-ahead of 0.833 ms plus 24 frames of detector (64 frames at 48 kHz).
 */
export class Limiter extends Stage {
  private ceiling: Glide = new Glide();
  private link: Glide = new Glide();
  private detector: PeakDetector = new PeakDetector();
  private smoothing: BoxCascade = new BoxCascade();
  private sampleRateHz: f64 = 0;
  private marginDb: f64 = MARGIN_DB;
  private delay: DelayLine = new DelayLine();
  /** One minus the gain of each frame of this run. */
  private reductions: usize = 0;
  // The lowest gain of each of the last control periods: together the hold.
  private minima: usize = 0;
  private minimaCount: i32 = 0;
  private minimaHead: i32 = 0;
  private heldMinimum: v128 = f64x2.splat(1.0);
  private periodMinimum: v128 = f64x2.splat(1.0);
  private previousPeak: v128 = f64x2.splat(0.0);
  private envelope: v128 = f64x2.splat(1.0);
  private slow: v128 = f64x2.splat(1.0);
  private rise: f64 = 0;
  private slowFall: f64 = 0;
  private slowRise: f64 = 0;
  private threshold: f64 = 1;
  private thresholdSlope: f64 = 0;
  private linkShare: f64 = 1;
  private lowestGain: f64 = 1;
  /** Sum of the reductions since the last control period. */
  private lost: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.marginDb = sampleRateHz < CLOSE_RATE_HZ ? CLOSE_MARGIN_DB : MARGIN_DB;
    this.ceiling.prepare(sampleRateHz);
    this.link.prepare(sampleRateHz);
    this.detector.prepare();
    const lookahead = <i32>Math.round(LOOKAHEAD_MS * 0.001 * sampleRateHz);
    this.latencyFrames = lookahead + PeakDetector.DELAY;
    this.delay.prepare(this.latencyFrames);
    this.smoothing.prepare(lookahead);
    this.reductions = allocate(CONTROL_FRAMES * 16);
    const hold = <f64>(lookahead + 2) + HOLD_MS * 0.001 * sampleRateHz;
    this.minimaCount = <i32>Math.ceil(hold / CONTROL_FRAMES);
    this.minima = allocate(<usize>this.minimaCount << 4);
    this.slowFall = 1.0 - onePole(SLOW_ATTACK_MS, sampleRateHz);
  }

  reset(): void {
    this.ceiling.reset();
    this.link.reset();
    this.detector.reset();
    this.smoothing.reset();
    this.delay.reset();
    for (let i = 0; i < this.minimaCount; i++) v128.store(this.minima + (<usize>i << 4), f64x2.splat(1.0));
    this.heldMinimum = f64x2.splat(1.0);
    this.periodMinimum = f64x2.splat(1.0);
    this.previousPeak = f64x2.splat(0.0);
    this.envelope = f64x2.splat(1.0);
    this.slow = f64x2.splat(1.0);
    this.lowestGain = 1;
    this.lost = f64x2.splat(0.0);
  }

  control(): void {
    this.ceiling.next(param(LIMITER_CEILING_DBTP));
    this.link.next(param(LIMITER_LINK_PERCENT) * 0.01);
    this.threshold = dbToLinear(this.ceiling.start - this.marginDb);
    this.thresholdSlope = (dbToLinear(this.ceiling.value - this.marginDb) - this.threshold) / CONTROL_FRAMES;
    this.linkShare = this.link.value;
    const releaseMs = param(LIMITER_RELEASE_MS);
    this.rise = 1.0 - onePole(releaseMs, this.sampleRateHz);
    this.slowRise = 1.0 - onePole(releaseMs * SLOW_RELEASE_FACTOR, this.sampleRateHz);
    this.smoothing.control();
    this.endPeriod();
    if (this.lowestGain < 1.0) readoutPeak(READOUT_LIMITER_REDUCTION_DB, -linearToDb(this.lowestGain));
    this.lowestGain = 1;
    // By periods, so that the blocks that sound comes in do not change the sum.
    readoutCount(READOUT_LIMITER_LOSS, 0.5 * (f64x2.extract_lane(this.lost, 0) + f64x2.extract_lane(this.lost, 1)));
    this.lost = f64x2.splat(0.0);
  }

  /** Stores the minimum of the period that has ended and finds that of all periods in the hold. */
  private endPeriod(): void {
    v128.store(this.minima + (<usize>this.minimaHead << 4), this.periodMinimum);
    this.minimaHead = this.minimaHead + 1 == this.minimaCount ? 0 : this.minimaHead + 1;
    let held = f64x2.splat(1.0);
    const end = this.minima + (<usize>this.minimaCount << 4);
    for (let p = this.minima; p < end; p += 16) held = f64x2.pmin(held, v128.load(p));
    this.heldMinimum = held;
    this.periodMinimum = f64x2.splat(1.0);
  }

  run(io: usize, frames: i32): void {
    this.reduce(io, frames);
    this.smoothing.run(this.reductions, frames);
    const one = f64x2.splat(1.0);
    const bytes = <usize>frames << 4;
    this.delay.push(io, frames);
    const delayed = this.delay.read(frames, this.latencyFrames);
    let deepest = f64x2.splat(0.0);
    let lost = this.lost;
    for (let i: usize = 0; i < bytes; i += 16) {
      const reduction = v128.load(this.reductions + i);
      deepest = f64x2.pmax(deepest, reduction);
      lost = f64x2.add(lost, reduction);
      v128.store(io + i, f64x2.mul(f64x2.sub(one, reduction), v128.load(delayed + i)));
    }
    const lowest = 1.0 - Math.max(f64x2.extract_lane(deepest, 0), f64x2.extract_lane(deepest, 1));
    if (lowest < this.lowestGain) this.lowestGain = lowest;
    this.lost = lost;
  }

  /** Writes the reduction, one minus the held and released gain, that each incoming frame asks for. */
  private reduce(io: usize, frames: i32): void {
    const lowest = Math.min(this.threshold, this.threshold + this.thresholdSlope * <f64>frames);
    const loud = this.detector.run(io, frames, <f32>(lowest * 0.999999));
    const readings = this.detector.readings;
    const reductions = this.reductions;
    const one = f64x2.splat(1.0);
    const settled = f64x2.splat(1.0 - SETTLED);
    const slowShare = f64x2.splat(SLOW_SHARE);
    const linkShare = f64x2.splat(this.linkShare);
    const rise = f64x2.splat(this.rise);
    const slowFall = f64x2.splat(this.slowFall);
    const slowRise = f64x2.splat(this.slowRise);
    const limitSlope = f64x2.splat(this.thresholdSlope);
    let limit = f64x2.splat(this.threshold);
    let previous = this.previousPeak;
    const held = this.heldMinimum;
    let minimum = this.periodMinimum;
    let envelope = this.envelope;
    let slow = this.slow;
    for (let i: usize = 0; i < <usize>frames; i++) {
      if (loud) {
        const peak = f64x2.promote_low_f32x4(v128.load64_zero(readings + (i << 3)));
        const both = f64x2.pmax(peak, previous);
        previous = peak;
        const alone = f64x2.div(limit, f64x2.pmax(both, limit));
        const linked = f64x2.pmin(alone, v128.shuffle<f64>(alone, alone, 1, 0));
        const needed = f64x2.add(alone, f64x2.mul(linkShare, f64x2.sub(linked, alone)));
        minimum = f64x2.pmin(minimum, needed);
      }
      limit = f64x2.add(limit, limitSlope);
      const floor = f64x2.pmin(minimum, held);
      const slowChange = f64x2.sub(floor, slow);
      const step = v128.bitselect(slowFall, slowRise, f64x2.lt(floor, slow));
      slow = f64x2.add(slow, f64x2.mul(step, slowChange));
      const target = f64x2.pmin(floor, f64x2.sub(one, f64x2.mul(slowShare, f64x2.sub(one, slow))));
      envelope = f64x2.pmin(target, f64x2.add(envelope, f64x2.mul(rise, f64x2.sub(target, envelope))));
      envelope = v128.bitselect(one, envelope, f64x2.gt(envelope, settled));
      v128.store(reductions + (i << 4), f64x2.sub(one, envelope));
    }
    if (!loud) previous = f64x2.splat(0.0);
    this.threshold = f64x2.extract_lane(limit, 0);
    this.previousPeak = previous;
    this.periodMinimum = minimum;
    this.envelope = envelope;
    this.slow = slow;
  }
}
