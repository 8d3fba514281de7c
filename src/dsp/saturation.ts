import { Glide } from "./glide";
import { CONTROL_FRAMES, SATURATION_CHARACTER, SATURATION_DRIVE_DB, SATURATION_MIX_PERCENT } from "./layout";
import { LoudnessMatch } from "./loudness-match";
import { dbToLinear, smootherStep } from "./math";
import { allocate, copyFrames, param, paramChoice } from "./memory";
import { OversampledShaper } from "./oversampled-shaper";
import { SaturationColour, TAPE, TRANSFORMER, TUBE } from "./saturation-colour";
import { Stage } from "./stage";

const MATCH_LIMIT_DB: f64 = 12.0;
const MATCH_GLIDE_MS: f64 = 50.0;
const FADE_MS: f64 = 20.0;
const SETTLE_MS: f64 = 50.0;
/** Drive up to which the wet sound fades in, so that no drive is no change. */
const FADE_IN_DB: f64 = 1.0;
/** Mean square of the programme for which the level is right at once: -18 dBFS RMS. */
const NOMINAL_POWER: f64 = 0.015848931924611134;
/** The tube's ends, in relation to a symmetric curve's: one wider, one narrower by this. */
const TUBE_ASYMMETRY: f64 = 0.25;
// Layout of the shape of one frame: the two numbers of the shaper, and the level.
const LEVEL: usize = 32;
const SHAPE_BYTES: usize = 48;

/**
 * Saturation with three characters: tape, tube and transformer (see `SaturationColour`), shaped without audible
 * aliases (see `OversampledShaper`).
 *
 * A drive of D dB bends x to y = x / sqrt(1 + c x^2), and the tube on to y + 0.25 sqrt(c) y^2, with c = c0 (10^(D/10) - 1)
 * and c0 0.25 for tape, 0.3 for the tube and 0.8 for the transformer: at 0 dB it is a straight line. The loudness of the wet sound follows that of the dry one: at once for
 * programme around -18 dBFS RMS, and within seconds for any other. The dry share of the mix is delayed as the wet
 * one is. A change of character fades the wet sound out, and in again when the new one has settled.
 */
export class Saturation extends Stage {
  private shaper: OversampledShaper = new OversampledShaper();
  private colour: SaturationColour = new SaturationColour();
  private match: LoudnessMatch = new LoudnessMatch(MATCH_LIMIT_DB);
  private drive: Glide = new Glide();
  private mix: Glide = new Glide();
  private matchGain: Glide = new Glide();
  private character: i32 = TAPE;
  private fresh: bool = true;
  private fadeTicks: i32 = 1;
  private settleTicks: i32 = 1;
  /** fadeTicks: heard; 0: unheard; below 0: settling. */
  private fadePosition: i32 = 0;
  private shapes: usize = 0;
  private shapeStride: usize = 0;
  private nextShape: usize = 0;
  private wetShare: f64 = 0;
  private wetSlope: f64 = 0;
  private endShare: f64 = 0;
  private gain: f64 = 1;
  private gainSlope: f64 = 0;
  /** The latency's worth of past input, and a block of it. */
  private dry: usize = 0;
  private wet: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.shaper.prepare(sampleRateHz);
    this.latencyFrames = this.shaper.latencyFrames;
    this.colour.prepare(sampleRateHz, this.latencyFrames);
    this.match.prepare(sampleRateHz);
    this.drive.prepare(sampleRateHz);
    this.mix.prepare(sampleRateHz);
    this.matchGain.prepare(sampleRateHz, MATCH_GLIDE_MS);
    const ticksPerMs = (sampleRateHz * 0.001) / CONTROL_FRAMES;
    this.fadeTicks = <i32>Math.ceil(FADE_MS * ticksPerMs);
    this.settleTicks = <i32>Math.ceil(SETTLE_MS * ticksPerMs);
    this.shapes = allocate(CONTROL_FRAMES * SHAPE_BYTES);
    this.dry = allocate(<usize>(this.latencyFrames + CONTROL_FRAMES) << 4);
    this.wet = allocate(CONTROL_FRAMES * 16);
  }

  reset(): void {
    this.drive.reset();
    this.mix.reset();
    this.matchGain.reset();
    this.match.reset();
    this.fresh = true;
    memory.fill(this.dry, 0, <usize>this.latencyFrames << 4);
  }

  control(): void {
    const moved = this.drive.next(param(SATURATION_DRIVE_DB));
    this.mix.next(param(SATURATION_MIX_PERCENT) * 0.01);
    const wasFresh = this.fresh;
    if (this.fadeCharacter(paramChoice(SATURATION_CHARACTER)) || moved || this.shapeStride != 0) this.design();
    if (wasFresh || this.fadePosition == -this.settleTicks) {
      this.shaper.isAsymmetric = this.character == TUBE;
      this.shaper.reset();
      this.colour.reset(this.character);
    }
    this.nextShape = this.shapes;
    this.colour.control();
    this.shaper.control();
    this.match.control();
    this.matchGain.next(dbToLinear(this.match.gainDb));
    this.gain = this.matchGain.start;
    this.gainSlope = this.matchGain.slope;
    const heard = this.fadePosition > 0 ? smootherStep(<f64>this.fadePosition / <f64>this.fadeTicks) : 0.0;
    const endShare = heard * this.mix.value * smootherStep(Math.min(1.0, this.drive.value / FADE_IN_DB));
    this.wetShare = wasFresh ? endShare : this.endShare;
    this.wetSlope = (endShare - this.wetShare) / CONTROL_FRAMES;
    this.endShare = endShare;
  }

  /** Moves the fade between characters by one control period; true when the character has changed. */
  private fadeCharacter(wanted: i32): bool {
    if (this.fresh) {
      this.fresh = false;
      this.character = wanted;
      this.fadePosition = this.fadeTicks;
      return true;
    }
    if (this.fadePosition < 0 || this.character == wanted) {
      if (this.fadePosition < this.fadeTicks) this.fadePosition++;
      return false;
    }
    this.fadePosition--;
    if (this.fadePosition > 0) return false;
    this.character = wanted;
    this.fadePosition = -this.settleTicks;
    return true;
  }

  /** Computes the shape of each frame of the control period, or the one of all of them. */
  private design(): void {
    const moving = this.drive.moving;
    this.shapeStride = moving ? SHAPE_BYTES : 0;
    let curvature = curvatureOf(this.character, this.drive.start);
    const slope = (curvatureOf(this.character, this.drive.value) - curvature) / CONTROL_FRAMES;
    const frames = moving ? CONTROL_FRAMES : 1;
    let shape = this.shapes;
    for (let i = 0; i < frames; i++) {
      const asymmetry = this.character == TUBE ? TUBE_ASYMMETRY : 0.0;
      const pull = this.character == TRANSFORMER ? 0.0 : 2.0 * NOMINAL_POWER;
      v128.store(shape, f64x2.splat(curvature));
      v128.store(shape, f64x2.splat(asymmetry * Math.sqrt(curvature)), 16);
      v128.store(shape, f64x2.splat(Math.sqrt(1.0 + pull * curvature)), LEVEL);
      shape += SHAPE_BYTES;
      curvature += slope;
    }
  }

  run(io: usize, frames: i32): void {
    const bytes = <usize>frames << 4;
    copyFrames(this.dry + (<usize>this.latencyFrames << 4), io, frames);
    copyFrames(this.wet, io, frames);
    this.colour.enter(this.wet, frames);
    this.shaper.run(this.wet, frames, this.nextShape, this.shapeStride);
    let shape = this.nextShape + LEVEL;
    for (let p = this.wet; p < this.wet + bytes; p += 16) {
      v128.store(p, f64x2.mul(v128.load(p), v128.load(shape)));
      shape += this.shapeStride;
    }
    this.nextShape = shape - LEVEL;
    this.colour.leave(this.wet, frames);
    this.match.run(this.dry, this.wet, frames);
    this.blend(io, frames);
    copyFrames(this.dry, this.dry + bytes, this.latencyFrames);
  }

  private blend(io: usize, frames: i32): void {
    let gain = f64x2.splat(this.gain);
    let share = f64x2.splat(this.wetShare);
    const gainSlope = f64x2.splat(this.gainSlope);
    const shareSlope = f64x2.splat(this.wetSlope);
    let dryAddress = this.dry;
    let wetAddress = this.wet;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const dry = v128.load(dryAddress);
      const wet = f64x2.mul(gain, v128.load(wetAddress));
      v128.store(p, f64x2.add(dry, f64x2.mul(share, f64x2.sub(wet, dry))));
      gain = f64x2.add(gain, gainSlope);
      share = f64x2.add(share, shareSlope);
      dryAddress += 16;
      wetAddress += 16;
    }
    this.gain = f64x2.extract_lane(gain, 0);
    this.wetShare = f64x2.extract_lane(share, 0);
  }
}

/** The shaper's c at a drive in dB. The characters differ so that none aliases more than the others. */
function curvatureOf(character: i32, driveDb: f64): f64 {
  const atThreeDb = character == TAPE ? 0.25 : character == TUBE ? 0.3 : 0.8;
  return atThreeDb * (Math.pow(10.0, 0.1 * driveDb) - 1.0);
}
