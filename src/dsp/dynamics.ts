import { AutoMakeup } from "./auto-makeup";
import { Ballistics } from "./ballistics";
import { GainCurve } from "./gain-curve";
import { GainRamp } from "./gain-ramp";
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
  DYNAMICS_SLOTS,
  DYNAMICS_THRESHOLD_DB,
} from "./layout";
import { LevelDetector } from "./level-detector";
import { DB_PER_OCTAVE } from "./math";
import { allocate, larger, param, paramChoice, paramOn } from "./memory";
import { gainBelow } from "./octaves";

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
  private makeup: GainRamp = new GainRamp();
  /** The automatic makeup. */
  private restored: GainRamp = new GainRamp();
  private restoring: bool = false;
  /** Whether every glide is at rest, so that only a changed parameter needs a look at them. */
  private settled: bool = false;
  /** Whether nothing of it is heard, at rest. */
  private idle: bool = false;
  /** Whether nothing of the dry sound is heard, at rest. */
  private whole: bool = false;
  private wasOn: bool = false;
  /** The parameters as they were at the last control. */
  private seen: usize = 0;
  private mixNow: f64 = 0;
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
    this.seen = allocate(DYNAMICS_SLOTS * 8);
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
    this.settled = false;
  }

  /** Largest reduction since the last call, in dB (0 or more). */
  takeReductionDb(): f64 {
    const largest = this.ballistics.largest;
    this.ballistics.largest = f64x2.splat(0.0);
    return DB_PER_OCTAVE * Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  }

  /** Largest power of either channel that the detector saw since the last call; 0 while nothing of it is heard. */
  takePower(): f64 {
    const power = larger(this.detector.largest);
    this.detector.largest = f64x2.splat(0.0);
    return power;
  }

  /** Makes it listen through a high-pass; call at each `control`. */
  listenAbove(highpassHz: f64): void {
    this.detector.listenAbove(highpassHz);
  }

  /** Begins a control period; when not `on` the sound passes unchanged, after a fade. */
  control(on: bool): void {
    if (this.changed(on)) this.settled = false;
    if (!this.settled) this.settled = !this.glide(on);
    if (this.idle) {
      this.ballistics.clear();
      return;
    }
    this.detector.settle();
    this.ballistics.settle();
  }

  /** Whether a parameter differs from what it was at the last call. */
  private changed(on: bool): bool {
    let differs = on != this.wasOn;
    this.wasOn = on;
    for (let i = 0; i < DYNAMICS_SLOTS; i++) {
      const at = this.seen + (<usize>i << 3);
      const value = param(this.base + i);
      if (value != load<f64>(at)) {
        store<f64>(at, value);
        differs = true;
      }
    }
    return differs;
  }

  /** Moves everything toward its parameter; false once all is at rest. */
  private glide(on: bool): bool {
    const base = this.base;
    this.controlAutoMakeup(on && paramOn(base + DYNAMICS_AUTO_MAKEUP));
    this.mix.next(on ? param(base + DYNAMICS_MIX_PERCENT) * 0.01 : 0.0);
    this.mixNow = this.mix.start;
    this.makeup.next(param(base + DYNAMICS_MAKEUP_DB));
    const steady = !this.mix.moving && this.makeup.slope == 0.0 && this.restored.slope == 0.0;
    this.whole = steady && this.mix.value == 1.0;
    this.idle = steady && this.mix.value == 0.0 && this.restored.now == 1.0;
    return this.controlGain() || !steady || this.restoring;
  }

  /** Hands the parameters of the gain on; true while it moves. */
  private controlGain(): bool {
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
    const detectorMoves = this.detector.control(rms, windowMs);
    const curveMoves = this.curve.control(
      param(base + DYNAMICS_THRESHOLD_DB),
      param(base + DYNAMICS_RATIO),
      param(base + DYNAMICS_KNEE_DB),
    );
    const link = param(base + DYNAMICS_LINK_PERCENT) * 0.01;
    const moves = this.ballistics.control(attackMs, releaseMs, paramOn(base + DYNAMICS_AUTO_RELEASE), link);
    this.ballistics.follow(this.curve);
    return moves || curveMoves || detectorMoves;
  }

  private controlAutoMakeup(wanted: bool): void {
    if (wanted && !this.restoring) this.autoMakeup.reset();
    if (wanted) {
      const gain = gainBelow(this.ballistics.reduction);
      this.autoMakeup.control(mixed(gain, f64x2.splat(this.mix.value)));
    }
    this.restoring = wanted;
    this.restored.next(wanted ? this.autoMakeup.gainDb : 0.0);
  }

  /** Compresses the frames at `io` in place. */
  run(io: usize, frames: i32): void {
    if (this.idle) return;
    const linked = this.ballistics.linked;
    this.detector.run(io, frames, this.levels, linked);
    this.curve.run(this.levels, frames, linked ? 1 : 2);
    this.ballistics.run(this.levels, frames);
    if (this.restoring) this.autoMakeup.run(io, frames);
    this.apply(io, frames, linked);
  }

  /** Multiplies the frames by the gains of the reductions, mixed and made up. */
  private apply(io: usize, frames: i32, linked: bool): void {
    if (!this.whole) this.applyMixed(io, frames, linked);
    else if (linked) this.applyPairs(io, frames);
    else this.applyApart(io, frames);
  }

  /** One gain a frame, two frames at a time; no share of the dry sound, a steady makeup. */
  private applyPairs(io: usize, frames: i32): void {
    const makeup = f64x2.splat(this.makeup.now * this.restored.now);
    const end = io + (<usize>(frames & ~1) << 4);
    let reductions = this.levels;
    for (; io < end; io += 32) {
      const gains = f64x2.mul(makeup, gainBelow(v128.load(reductions)));
      v128.store(io, f64x2.mul(v128.shuffle<f64>(gains, gains, 0, 0), v128.load(io)));
      v128.store(io, f64x2.mul(v128.shuffle<f64>(gains, gains, 1, 1), v128.load(io, 16)), 16);
      reductions += 16;
    }
    if ((frames & 1) == 0) return;
    const gains = f64x2.mul(makeup, gainBelow(v128.load64_splat(reductions)));
    v128.store(io, f64x2.mul(gains, v128.load(io)));
  }

  /** A gain for each channel; no share of the dry sound, a steady makeup. */
  private applyApart(io: usize, frames: i32): void {
    const makeup = f64x2.splat(this.makeup.now * this.restored.now);
    const end = io + (<usize>frames << 4);
    let reductions = this.levels;
    for (; io < end; io += 16) {
      const gains = f64x2.mul(makeup, gainBelow(v128.load(reductions)));
      v128.store(io, f64x2.mul(gains, v128.load(io)));
      reductions += 16;
    }
  }

  private applyMixed(io: usize, frames: i32, linked: bool): void {
    const mixSlope = f64x2.splat(this.mix.slope);
    const makeupSlope = f64x2.splat(this.makeup.slope);
    const restoredSlope = f64x2.splat(this.restored.slope);
    let mix = f64x2.splat(this.mixNow);
    let makeup = f64x2.splat(this.makeup.now);
    let restored = f64x2.splat(this.restored.now);
    const step: usize = linked ? 8 : 16;
    let reductions = this.levels;
    const end = io + (<usize>frames << 4);
    for (; io < end; io += 16) {
      const gain = gainBelow(linked ? v128.load64_splat(reductions) : v128.load(reductions));
      const whole = f64x2.mul(restored, mixed(f64x2.mul(makeup, gain), mix));
      v128.store(io, f64x2.mul(whole, v128.load(io)));
      mix = f64x2.add(mix, mixSlope);
      makeup = f64x2.add(makeup, makeupSlope);
      restored = f64x2.add(restored, restoredSlope);
      reductions += step;
    }
    this.mixNow = f64x2.extract_lane(mix, 0);
    this.makeup.now = f64x2.extract_lane(makeup, 0);
    this.restored.now = f64x2.extract_lane(restored, 0);
  }
}

/** The gain of a parallel mix: 1 + mix (gain - 1), which is exactly 1 where the gain is. */
// @ts-ignore: decorator
@inline
function mixed(gain: v128, mix: v128): v128 {
  const one = f64x2.splat(1.0);
  return f64x2.add(one, f64x2.mul(mix, f64x2.sub(gain, one)));
}
