import { CONTROL_FRAMES } from "./layout";
import { dbToLinear, flush } from "./math";
import { allocate, copyFrames } from "./memory";

export const TAPE: i32 = 0;
export const TUBE: i32 = 1;
export const TRANSFORMER: i32 = 2;

const EMPHASIS_DB: f64 = 4.0;
const EMPHASIS_HZ: f64 = 2000.0;
const CORE_HZ: f64 = 200.0;
const COUPLING_HZ: f64 = 5.0;

/**
 * What surrounds the waveshaper and makes the characters differ. All filters are one-poles.
 *
 * Tape: the treble is lifted by 4 dB above 2 kHz before the shaper and lowered by the exact inverse after it, as a
 * recorder's equalisation does, so that treble saturates first. Tube: 5 Hz high-pass after the shaper, the coupling
 * capacitor that takes the last DC off an asymmetric stage. Transformer: the shaper gets only what is below 200 Hz,
 * falling with 6 dB/oct as the flux of a core does; the rest goes around it, delayed as much.
 */
export class SaturationColour {
  private character: i32 = TAPE;
  private latencyFrames: i32 = 0;
  private emphasisPole: f64 = 0;
  private emphasisGain: f64 = 0;
  private coreStep: f64 = 0;
  private couplingStep: f64 = 0;
  /** What goes around the shaper: `latencyFrames` of the past and a block. */
  private around: usize = 0;
  // One-pole states: before the shaper, after it; and the last inputs of both shelves.
  private before: v128 = f64x2.splat(0.0);
  private beforeInput: v128 = f64x2.splat(0.0);
  private after: v128 = f64x2.splat(0.0);
  private afterInput: v128 = f64x2.splat(0.0);

  /** @param latencyFrames delay of the shaper */
  prepare(sampleRateHz: f64, latencyFrames: i32): void {
    this.latencyFrames = latencyFrames;
    this.around = allocate(<usize>(latencyFrames + CONTROL_FRAMES) << 4);
    const radians = (2.0 * Math.PI) / sampleRateHz;
    this.emphasisPole = Math.exp(-radians * EMPHASIS_HZ);
    this.emphasisGain = dbToLinear(EMPHASIS_DB);
    this.coreStep = 1.0 - Math.exp(-radians * CORE_HZ);
    this.couplingStep = 1.0 - Math.exp(-radians * COUPLING_HZ);
  }

  /** Takes on a character and forgets the past. */
  reset(character: i32): void {
    this.character = character;
    memory.fill(this.around, 0, <usize>this.latencyFrames << 4);
    this.before = f64x2.splat(0.0);
    this.beforeInput = f64x2.splat(0.0);
    this.after = f64x2.splat(0.0);
    this.afterInput = f64x2.splat(0.0);
  }

  /** Keeps the states clean; once a control period. */
  control(): void {
    this.before = flush(this.before);
    this.beforeInput = flush(this.beforeInput);
    this.after = flush(this.after);
    this.afterInput = flush(this.afterInput);
  }

  /** Turns the frames at `io` into the shaper's input. */
  enter(io: usize, frames: i32): void {
    if (this.character == TAPE) this.emphasise(io, frames);
    else if (this.character == TRANSFORMER) this.takeCore(io, frames);
  }

  /** Turns the shaper's output at `io` into the sound. */
  leave(io: usize, frames: i32): void {
    if (this.character == TAPE) this.deemphasise(io, frames);
    else if (this.character == TUBE) this.blockDc(io, frames);
    else this.addAround(io, frames);
  }

  // The shelf is 1 + (gain - 1) high, high the complement of the one-pole low-pass: a zero and a pole.
  private emphasise(io: usize, frames: i32): void {
    const pole = f64x2.splat(this.emphasisPole);
    const direct = f64x2.splat(1.0 + (this.emphasisGain - 1.0) * this.emphasisPole);
    const zero = f64x2.splat(this.emphasisGain * this.emphasisPole);
    let past = this.beforeInput;
    let y = this.before;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      y = f64x2.add(f64x2.mul(pole, y), f64x2.sub(f64x2.mul(direct, x), f64x2.mul(zero, past)));
      past = x;
      v128.store(p, y);
    }
    this.beforeInput = past;
    this.before = y;
  }

  private deemphasise(io: usize, frames: i32): void {
    const direct = 1.0 + (this.emphasisGain - 1.0) * this.emphasisPole;
    const gain = f64x2.splat(1.0 / direct);
    const zero = f64x2.splat(this.emphasisPole / direct);
    const pole = f64x2.splat((this.emphasisGain * this.emphasisPole) / direct);
    let past = this.afterInput;
    let y = this.after;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      y = f64x2.add(f64x2.mul(pole, y), f64x2.sub(f64x2.mul(gain, x), f64x2.mul(zero, past)));
      past = x;
      v128.store(p, y);
    }
    this.afterInput = past;
    this.after = y;
  }

  private blockDc(io: usize, frames: i32): void {
    const step = f64x2.splat(this.couplingStep);
    let dc = this.after;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      dc = f64x2.add(dc, f64x2.mul(step, f64x2.sub(x, dc)));
      v128.store(p, f64x2.sub(x, dc));
    }
    this.after = dc;
  }

  private takeCore(io: usize, frames: i32): void {
    const step = f64x2.splat(this.coreStep);
    let low = this.before;
    let around = this.around + (<usize>this.latencyFrames << 4);
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      low = f64x2.add(low, f64x2.mul(step, f64x2.sub(x, low)));
      v128.store(p, low);
      v128.store(around, f64x2.sub(x, low));
      around += 16;
    }
    this.before = low;
  }

  private addAround(io: usize, frames: i32): void {
    const bytes = <usize>frames << 4;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(io + at, f64x2.add(v128.load(io + at), v128.load(this.around + at)));
    }
    copyFrames(this.around, this.around + bytes, this.latencyFrames);
  }
}
