import { AutoMakeup } from "./auto-makeup";
import { Ballistics } from "./ballistics";
import { GainCurve } from "./gain-curve";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  DYNAMICS_ATTACK_MS,
  DYNAMICS_AUTO_MAKEUP,
  DYNAMICS_AUTO_RELEASE,
  DYNAMICS_DETECTOR,
  DYNAMICS_KNEE_DB,
  DYNAMICS_LINK_PERCENT,
  DYNAMICS_MAKEUP_DB,
  DYNAMICS_MIX_PERCENT,
  DYNAMICS_RATIO,
  DYNAMICS_RELEASE_MS,
  DYNAMICS_THRESHOLD_DB,
} from "./layout";
import { LevelDetector } from "./level-detector";
import { DB_PER_OCTAVE, dbToLinear, exp2x2 } from "./math";
import { allocate, param, paramChoice, paramOn } from "./memory";

const AUTO_MAKEUP_GLIDE_MS: f64 = 50.0;
// The window of the RMS detector follows the knobs, so that its delay stays a small part of them.
const WINDOW_MIN_MS: f64 = 1.0;
const WINDOW_MAX_MS: f64 = 10.0;
const WINDOW_ATTACK_SHARE: f64 = 0.3;
const WINDOW_RELEASE_SHARE: f64 = 0.05;
// Mean delay of the RMS detector, in windows, when a step of 9 to 24 dB begins and ends.
const WINDOW_ATTACK_DELAY: f64 = 0.58;
const WINDOW_RELEASE_DELAY: f64 = 1.5;

/**
 * One stereo compressor: feed-forward in the log domain (D. Giannoulis, M. Massberg, J. D. Reiss, "Digital
 * Dynamic Range Compressor Design", JAES 60, 2012). Its parameters lie in the block from a base slot on, in the
 * order of DYNAMICS_*. Without reduction and makeup its gain is exactly 1. Adds no latency.
 */
export class Dynamics {
  private detector: LevelDetector = new LevelDetector();
  private curve: GainCurve = new GainCurve();
  private ballistics: Ballistics = new Ballistics();
  private autoMakeup: AutoMakeup = new AutoMakeup();
  private mix: Glide = new Glide();
  private makeup: Glide = new Glide();
  private restored: Glide = new Glide();
  private restoring: bool = false;
  private idle: bool = false;
  // Present values of the mix, of the makeup and of the automatic makeup (linear), and their steps a frame.
  private mixNow: f64 = 0;
  private makeupNow: f64 = 1;
  private makeupSlope: f64 = 0;
  private restoredNow: f64 = 1;
  private restoredSlope: f64 = 0;
  private levels: usize = 0;

  /** @param base slot of the first parameter */
  constructor(private readonly base: i32) {}

  prepare(sampleRateHz: f64): void {
    this.detector.prepare(sampleRateHz);
    this.curve.prepare(sampleRateHz);
    this.ballistics.prepare(sampleRateHz);
    this.autoMakeup.prepare(sampleRateHz);
    this.mix.prepare(sampleRateHz);
    this.makeup.prepare(sampleRateHz);
    this.restored.prepare(sampleRateHz, AUTO_MAKEUP_GLIDE_MS);
    this.levels = allocate(CONTROL_FRAMES * 16);
  }

  reset(): void {
    this.detector.reset();
    this.curve.reset();
    this.ballistics.reset();
    this.autoMakeup.reset();
    this.mix.reset();
    this.makeup.reset();
    this.restored.reset();
    this.restoring = false;
  }

  /** Largest reduction since the last call, in dB (0 or more). */
  takeReductionDb(): f64 {
    const largest = this.ballistics.largest;
    this.ballistics.largest = f64x2.splat(0.0);
    return DB_PER_OCTAVE * Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  }

  /** Begins a control period; when not `on` the sound passes unchanged, after a fade. */
  control(on: bool): void {
    const base = this.base;
    this.controlAutoMakeup(on && paramOn(base + DYNAMICS_AUTO_MAKEUP));
    this.mix.next(on ? param(base + DYNAMICS_MIX_PERCENT) * 0.01 : 0.0);
    this.makeup.next(param(base + DYNAMICS_MAKEUP_DB));
    this.mixNow = this.mix.start;
    this.makeupNow = dbToLinear(this.makeup.start);
    this.makeupSlope = slopeTo(this.makeup, this.makeupNow);
    this.restoredNow = dbToLinear(this.restored.start);
    this.restoredSlope = slopeTo(this.restored, this.restoredNow);
    this.idle = this.mix.value == 0.0 && !this.mix.moving && this.restored.value == 0.0 && !this.restored.moving;
    if (this.idle) this.ballistics.clear();
    this.controlGain();
  }

  private controlGain(): void {
    const base = this.base;
    const rms = paramChoice(base + DYNAMICS_DETECTOR) == 1;
    let attackMs = param(base + DYNAMICS_ATTACK_MS);
    let releaseMs = param(base + DYNAMICS_RELEASE_MS);
    const share = Math.min(WINDOW_ATTACK_SHARE * attackMs, WINDOW_RELEASE_SHARE * releaseMs);
    const windowMs = Math.max(WINDOW_MIN_MS, Math.min(WINDOW_MAX_MS, share));
    if (rms) {
      attackMs = Math.max(0.5 * attackMs, attackMs - WINDOW_ATTACK_DELAY * windowMs);
      releaseMs = Math.max(0.5 * releaseMs, releaseMs - WINDOW_RELEASE_DELAY * windowMs);
    }
    this.detector.control(rms, windowMs);
    this.curve.control(
      param(base + DYNAMICS_THRESHOLD_DB),
      param(base + DYNAMICS_RATIO),
      param(base + DYNAMICS_KNEE_DB),
    );
    const link = param(base + DYNAMICS_LINK_PERCENT) * 0.01;
    this.ballistics.control(attackMs, releaseMs, paramOn(base + DYNAMICS_AUTO_RELEASE), link);
  }

  private controlAutoMakeup(wanted: bool): void {
    if (wanted && !this.restoring) this.autoMakeup.reset();
    if (wanted) {
      const gain = exp2x2(f64x2.neg(this.ballistics.reduction));
      this.autoMakeup.control(mixed(gain, f64x2.splat(this.mix.value)));
    }
    this.restoring = wanted;
    this.restored.next(wanted ? this.autoMakeup.gainDb : 0.0);
  }

  /**
   * Compresses the frames at `io` in place.
   * @param listen address of the frames whose level counts; may be `io`
   */
  run(io: usize, listen: usize, frames: i32): void {
    if (this.idle) return;
    const linked = this.ballistics.linked;
    this.detector.run(listen, frames, this.levels, linked);
    this.curve.run(this.levels, frames, linked ? 1 : 2);
    this.ballistics.run(this.levels, frames);
    if (this.restoring) this.autoMakeup.run(io, frames);
    this.apply(io, frames, linked);
  }

  /** Multiplies the frames by the gains of the reductions, mixed and made up. */
  private apply(io: usize, frames: i32, linked: bool): void {
    let gains = this.levels;
    const gainsEnd = gains + (<usize>frames << (linked ? 3 : 4));
    for (let p = gains; p < gainsEnd; p += 16) v128.store(p, exp2x2(f64x2.neg(v128.load(p))));
    const mixSlope = f64x2.splat(this.mix.slope);
    const makeupSlope = f64x2.splat(this.makeupSlope);
    const restoredSlope = f64x2.splat(this.restoredSlope);
    let mix = f64x2.splat(this.mixNow);
    let makeup = f64x2.splat(this.makeupNow);
    let restored = f64x2.splat(this.restoredNow);
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      let gain: v128;
      if (linked) {
        gain = v128.load64_splat(gains);
        gains += 8;
      } else {
        gain = v128.load(gains);
        gains += 16;
      }
      const whole = f64x2.mul(restored, mixed(f64x2.mul(makeup, gain), mix));
      v128.store(io, f64x2.mul(whole, v128.load(io)));
      mix = f64x2.add(mix, mixSlope);
      makeup = f64x2.add(makeup, makeupSlope);
      restored = f64x2.add(restored, restoredSlope);
    }
    this.mixNow = f64x2.extract_lane(mix, 0);
    this.makeupNow = f64x2.extract_lane(makeup, 0);
    this.restoredNow = f64x2.extract_lane(restored, 0);
  }
}

/** The gain of a parallel mix: 1 + mix (gain - 1), which is exactly 1 where the gain is. */
// @ts-ignore: decorator
@inline
function mixed(gain: v128, mix: v128): v128 {
  const one = f64x2.splat(1.0);
  return f64x2.add(one, f64x2.mul(mix, f64x2.sub(gain, one)));
}

/** Step a frame that takes the linear gain from `start` to the end of a glide in dB. */
function slopeTo(decibels: Glide, start: f64): f64 {
  return decibels.moving ? (dbToLinear(decibels.value) - start) / CONTROL_FRAMES : 0.0;
}
