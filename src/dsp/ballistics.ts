import { GainCurve } from "./gain-curve";
import { Glide } from "./glide";
import { CONTROL_FRAMES } from "./layout";
import { onePole } from "./math";

/** Reductions below this many octaves (6e-7 dB) are forgotten. */
const FORGET: f64 = 1e-7;
/** Channels whose reductions differ by less (6e-6 dB) are taken as one once the link is full. */
const ALIKE: f64 = 1e-6;
/** Most by which a held reduction follows its curve within one control period, up or down. */
const MOST_RATIO: f64 = 2.0;
const CHARGE_MS: f64 = 500.0;
const SLOW_FACTOR: f64 = 8.0;
const SLOW_MIN_MS: f64 = 500.0;
const SLOW_MAX_MS: f64 = 4000.0;
/** Share of a long-held reduction that is let go slowly. */
const SLOW_SHARE: f64 = 0.7;
/** The second pole of the release, at most, as a share of the release time. */
const SECOND_POLE_SHARE: f64 = 0.4;

/**
 * Attack and release of a compressor, on reductions in octaves: smooth decoupled peak detector (D. Giannoulis,
 * M. Massberg, J. D. Reiss, JAES 60, 2012, equation 17), stereo-linked. Both times are those in which 63.2 % of
 * a step is done. The release passes two poles: its hold, and the attack's smoother, which in release is never
 * slower than 0.4 of the release time.
 *
 * With auto release, a second hold fills up over 500 ms and empties eight times as slowly as the release; 0.7
 * of it bounds the reduction from below. Short peaks do not fill it, so they are let go fast.
 *
 * While the curve moves, what is held moves with it, as far as it would have been held under the new curve: release is
 * for the sound, and a recall need not wait for it.
 */
export class Ballistics {
  /** Whether both channels share one reduction; set by `settle`. */
  linked: bool = false;
  /** Largest reduction since it was last cleared, lane by lane. */
  largest: v128 = f64x2.splat(0.0);
  /** The reduction, lane by lane. */
  reduction: v128 = f64x2.splat(0.0);
  private sampleRateHz: f64 = 0;
  private link: Glide = new Glide();
  private slowShare: Glide = new Glide();
  private linkNow: f64 = 0;
  private hold: v128 = f64x2.splat(0.0);
  private slowHold: v128 = f64x2.splat(0.0);
  /** By what the hold follows a moving curve, a frame. */
  private holdFactor: v128 = f64x2.splat(1.0);
  /** Least reduction, by the slow hold, and its step a frame. */
  private floor: v128 = f64x2.splat(0.0);
  private floorSlope: v128 = f64x2.splat(0.0);
  private attackMs: f64 = 0;
  private releaseMs: f64 = 0;
  private attackPole: f64 = 0;
  private releasePole: f64 = 0;
  private secondPole: f64 = 0;
  private chargePole: f64 = 0;
  private slowPole: f64 = 0;

  prepare(sampleRateHz: f64): void {
    this.sampleRateHz = sampleRateHz;
    this.link.prepare(sampleRateHz);
    this.slowShare.prepare(sampleRateHz);
    this.chargePole = onePole(CHARGE_MS, sampleRateHz, CONTROL_FRAMES);
  }

  reset(): void {
    this.link.reset();
    this.slowShare.reset();
    this.clear();
  }

  /** Lets go of everything at once. */
  clear(): void {
    this.hold = f64x2.splat(0.0);
    this.slowHold = f64x2.splat(0.0);
    this.floor = f64x2.splat(0.0);
    this.floorSlope = f64x2.splat(0.0);
    this.reduction = f64x2.splat(0.0);
    this.largest = f64x2.splat(0.0);
  }

  /**
   * Reads the parameters at the beginning of a control period; true while one glides.
   * @param link 0..1: share of the larger reduction of both channels in each
   */
  control(attackMs: f64, releaseMs: f64, autoRelease: bool, link: f64): bool {
    if (attackMs != this.attackMs || releaseMs != this.releaseMs) this.design(attackMs, releaseMs);
    this.link.next(link);
    this.slowShare.next(autoRelease ? SLOW_SHARE : 0.0);
    this.linkNow = this.link.start;
    return this.link.moving || this.slowShare.moving;
  }

  /** Lets what is held follow the curve through this control period; call after `control` of both. */
  follow(curve: GainCurve): void {
    this.holdFactor = f64x2.splat(1.0);
    if (!curve.moving) return;
    const ratios = followed(this.hold, curve);
    this.holdFactor = f64x2.replace_lane(f64x2.splat(perFrame(f64x2.extract_lane(ratios, 0))), 1, perFrame(f64x2.extract_lane(ratios, 1)));
    this.slowHold = f64x2.mul(this.slowHold, followed(this.slowHold, curve));
  }

  /** Keeps the states sound and moves the slow hold; once a control period, after `control`. */
  settle(): void {
    this.hold = forget(this.hold);
    this.reduction = forget(this.reduction);
    this.linked = this.link.start == 1.0 && this.link.value == 1.0 && (this.linked || this.unite());
    this.holdSlowly();
  }

  private design(attackMs: f64, releaseMs: f64): void {
    this.attackMs = attackMs;
    this.releaseMs = releaseMs;
    this.attackPole = onePole(attackMs, this.sampleRateHz);
    const secondMs = Math.min(attackMs, SECOND_POLE_SHARE * releaseMs);
    this.secondPole = onePole(secondMs, this.sampleRateHz);
    this.releasePole = onePole(firstPoleMs(releaseMs, secondMs), this.sampleRateHz);
    const slowMs = Math.max(SLOW_MIN_MS, Math.min(SLOW_MAX_MS, SLOW_FACTOR * releaseMs));
    this.slowPole = onePole(slowMs, this.sampleRateHz, CONTROL_FRAMES);
  }

  /** Moves the slow hold by one control period, and its share of the least reduction with it. */
  private holdSlowly(): void {
    const rising = f64x2.gt(this.hold, this.slowHold);
    const step = v128.bitselect(f64x2.splat(1.0 - this.chargePole), f64x2.splat(1.0 - this.slowPole), rising);
    this.slowHold = forget(f64x2.add(this.slowHold, f64x2.mul(step, f64x2.sub(this.hold, this.slowHold))));
    const end = f64x2.mul(f64x2.splat(this.slowShare.value), this.slowHold);
    this.floorSlope = f64x2.mul(f64x2.splat(1.0 / CONTROL_FRAMES), f64x2.sub(end, this.floor));
    if (!v128.any_true(end)) {
      this.floor = end;
      this.floorSlope = end;
    }
  }

  /** Makes one of both channels if their states are alike. */
  private unite(): bool {
    const apart = f64x2.max(
      distance(this.hold),
      f64x2.max(distance(this.slowHold), distance(this.reduction)),
    );
    if (f64x2.extract_lane(apart, 0) > ALIKE) return false;
    this.hold = f64x2.max(this.hold, swapped(this.hold));
    this.slowHold = f64x2.max(this.slowHold, swapped(this.slowHold));
    this.floor = f64x2.max(this.floor, swapped(this.floor));
    this.reduction = f64x2.max(this.reduction, swapped(this.reduction));
    return true;
  }

  /** Smooths reductions in place: one f64 a frame when `linked`, two otherwise. */
  run(reductions: usize, frames: i32): void {
    const attack = f64x2.splat(this.attackPole);
    const attackInput = f64x2.splat(1.0 - this.attackPole);
    const release = f64x2.mul(this.holdFactor, f64x2.splat(this.releasePole));
    const releaseInput = f64x2.splat(1.0 - this.releasePole);
    const second = f64x2.splat(this.secondPole);
    const secondInput = f64x2.splat(1.0 - this.secondPole);
    const floorSlope = this.floorSlope;
    const linked = this.linked;
    const linkSlope = f64x2.splat(this.link.slope);
    let link = f64x2.splat(this.linkNow);
    let floor = this.floor;
    let hold = this.hold;
    let reduction = this.reduction;
    let largest = this.largest;
    for (let i = 0; i < frames; i++) {
      let asked: v128;
      if (linked) {
        asked = v128.load64_splat(reductions);
      } else {
        asked = v128.load(reductions);
        const most = f64x2.pmax(asked, swapped(asked));
        asked = f64x2.add(asked, f64x2.mul(link, f64x2.sub(most, asked)));
        link = f64x2.add(link, linkSlope);
      }
      hold = f64x2.pmax(asked, f64x2.add(f64x2.mul(release, hold), f64x2.mul(releaseInput, asked)));
      const target = f64x2.pmax(hold, floor);
      floor = f64x2.add(floor, floorSlope);
      // The attack pole is never the faster one, so the smaller result is that of the pole that applies.
      reduction = f64x2.pmin(
        f64x2.add(f64x2.mul(attack, reduction), f64x2.mul(attackInput, target)),
        f64x2.add(f64x2.mul(second, reduction), f64x2.mul(secondInput, target)),
      );
      largest = f64x2.pmax(largest, reduction);
      if (linked) {
        v128.store64_lane(reductions, reduction, 0);
        reductions += 8;
      } else {
        v128.store(reductions, reduction);
        reductions += 16;
      }
    }
    this.linkNow = f64x2.extract_lane(link, 0);
    this.floor = floor;
    this.hold = hold;
    this.reduction = reduction;
    this.largest = largest;
  }
}

/**
 * Time constant which in series with one of `secondMs` does 63.2 % of a step in `totalMs`: a polynomial through
 * the roots of that condition, within 0.2 % while the second is at most 0.4 of the total.
 */
function firstPoleMs(totalMs: f64, secondMs: f64): f64 {
  const r = secondMs / totalMs;
  return totalMs * (1.0 - r - r * r * (0.61 + r * (0.948 - 3.674 * r)));
}

/** By what the curve moves held reductions within this control period, lane by lane. */
function followed(held: v128, curve: GainCurve): v128 {
  const left = f64x2.extract_lane(held, 0);
  const right = f64x2.extract_lane(held, 1);
  return f64x2.replace_lane(f64x2.splat(ratioOf(left, curve)), 1, ratioOf(right, curve));
}

/** What multiplies up to `ratio` over the frames of a control period. */
function perFrame(ratio: f64): f64 {
  return Math.pow(ratio, 1.0 / CONTROL_FRAMES);
}

function ratioOf(held: f64, curve: GainCurve): f64 {
  if (held <= 0.0) return 1.0;
  return Math.max(1.0 / MOST_RATIO, Math.min(MOST_RATIO, curve.moved(held) / held));
}

function forget(octaves: v128): v128 {
  return v128.and(octaves, f64x2.gt(octaves, f64x2.splat(FORGET)));
}

function swapped(pair: v128): v128 {
  return v128.shuffle<f64>(pair, pair, 1, 0);
}

function distance(pair: v128): v128 {
  return f64x2.abs(f64x2.sub(pair, swapped(pair)));
}
