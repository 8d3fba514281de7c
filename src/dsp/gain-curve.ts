import { Glide } from "./glide";
import { CONTROL_FRAMES } from "./layout";
import { DB_PER_OCTAVE } from "./math";
import { octavesOf } from "./octaves";

/** Decibels of one octave of power: 10 log10(2). */
const DB_PER_POWER_OCTAVE: f64 = DB_PER_OCTAVE * 0.5;
/** Power below which all levels are alike, -100 dB: under the lowest threshold with the widest knee. */
const FLOOR: f64 = 1e-10;

/**
 * Static curve of a compressor with a quadratic soft knee (D. Giannoulis, M. Massberg, J. D. Reiss, "Digital
 * Dynamic Range Compressor Design", JAES 60, 2012, equation 4), as the reduction it asks for. With the level e
 * over the knee's lower edge, the knee's width W and s = 1 - 1/R the reduction is
 * s (min(max(e, 0), W)^2 / 2W + max(e - W, 0)). While a parameter glides, curves of its beginning and its end
 * of each control period cross-fade.
 */
export class GainCurve {
  private threshold: Glide = new Glide();
  private knee: Glide = new Glide();
  private firmness: Glide = new Glide();
  /** Whether the curve moves within the present control period. */
  moving: bool = false;
  private framesDone: f64 = 0;
  // The curve at the beginning of the control period: lower edge and width of the knee in octaves of power, and
  // the factors of its quadratic and linear parts; then the same at the end.
  private edge: f64 = 0;
  private width: f64 = 0;
  private bend: f64 = 0;
  private line: f64 = 0;
  private endEdge: f64 = 0;
  private endWidth: f64 = 0;
  private endBend: f64 = 0;
  private endLine: f64 = 0;

  prepare(sampleRateHz: f64): void {
    this.threshold.prepare(sampleRateHz);
    this.knee.prepare(sampleRateHz);
    this.firmness.prepare(sampleRateHz);
  }

  reset(): void {
    this.threshold.reset();
    this.knee.reset();
    this.firmness.reset();
  }

  /** Begins a control period, with `ratio` 1 or more and `kneeDb` 0 or more; true while the curve moves. */
  control(thresholdDb: f64, ratio: f64, kneeDb: f64): bool {
    const moved = this.moving;
    const thresholdMoved = this.threshold.next(thresholdDb);
    const kneeMoved = this.knee.next(kneeDb);
    const firmnessMoved = this.firmness.next(1.0 - 1.0 / ratio);
    this.moving = this.threshold.moving || this.knee.moving || this.firmness.moving;
    this.framesDone = 0;
    if (!moved && !thresholdMoved && !kneeMoved && !firmnessMoved) return false;
    const width = this.knee.start / DB_PER_POWER_OCTAVE;
    this.edge = (this.threshold.start - 0.5 * this.knee.start) / DB_PER_POWER_OCTAVE;
    this.width = width;
    this.line = 0.5 * this.firmness.start;
    this.bend = width > 0.0 ? (0.5 * this.line) / width : 0.0;
    if (!this.moving) return false;
    const endWidth = this.knee.value / DB_PER_POWER_OCTAVE;
    this.endEdge = (this.threshold.value - 0.5 * this.knee.value) / DB_PER_POWER_OCTAVE;
    this.endWidth = endWidth;
    this.endLine = 0.5 * this.firmness.value;
    this.endBend = endWidth > 0.0 ? (0.5 * this.endLine) / endWidth : 0.0;
    return true;
  }

  /** What a reduction of the beginning of this control period becomes at its end, at the level that asked for it. */
  moved(octaves: f64): f64 {
    if (!this.moving || this.line <= 0.0) return octaves;
    const ofKnee = 0.5 * this.line * this.width;
    const level = octaves >= ofKnee ? octaves / this.line + 0.5 * this.width : Math.sqrt(octaves / this.bend);
    const e = f64x2.splat(level + this.edge - this.endEdge);
    const end = reduction(e, f64x2.splat(this.endWidth), f64x2.splat(this.endBend), f64x2.splat(this.endLine));
    return f64x2.extract_lane(end, 0);
  }

  /**
   * Turns powers into reductions in octaves of amplitude (0 or more), in place.
   * @param levels address of f64, 16-byte aligned
   * @param frames frames that they stand for
   * @param perFrame 1 or 2 f64 a frame
   */
  run(levels: usize, frames: i32, perFrame: i32): void {
    if (this.moving) {
      this.runMoving(levels, frames, perFrame);
      return;
    }
    const floor = f64x2.splat(FLOOR);
    const edge = f64x2.splat(this.edge);
    const width = f64x2.splat(this.width);
    const bend = f64x2.splat(this.bend);
    const line = f64x2.splat(this.line);
    const end = levels + (<usize>(frames * perFrame) << 3);
    for (; levels < end; levels += 16) {
      const level = octavesOf(f64x2.pmax(floor, v128.load(levels)));
      v128.store(levels, reduction(f64x2.sub(level, edge), width, bend, line));
    }
  }

  private runMoving(levels: usize, frames: i32, perFrame: i32): void {
    const end = levels + (<usize>(frames * perFrame) << 3);
    const step = f64x2.splat(2.0 / (CONTROL_FRAMES * <f64>perFrame));
    let share = f64x2.splat(this.framesDone / CONTROL_FRAMES);
    if (perFrame == 1) share = f64x2.replace_lane(share, 1, (this.framesDone + 1.0) / CONTROL_FRAMES);
    for (; levels < end; levels += 16) {
      const level = octavesOf(f64x2.pmax(f64x2.splat(FLOOR), v128.load(levels)));
      const from = reduction(
        f64x2.sub(level, f64x2.splat(this.edge)),
        f64x2.splat(this.width),
        f64x2.splat(this.bend),
        f64x2.splat(this.line),
      );
      const to = reduction(
        f64x2.sub(level, f64x2.splat(this.endEdge)),
        f64x2.splat(this.endWidth),
        f64x2.splat(this.endBend),
        f64x2.splat(this.endLine),
      );
      v128.store(levels, f64x2.add(from, f64x2.mul(share, f64x2.sub(to, from))));
      share = f64x2.add(share, step);
    }
    this.framesDone += <f64>frames;
  }
}

/** Reduction for a level `e` over the knee's lower edge. */
// @ts-ignore: decorator
@inline
function reduction(e: v128, width: v128, bend: v128, line: v128): v128 {
  const zero = f64x2.splat(0.0);
  const inKnee = f64x2.pmin(f64x2.pmax(zero, e), width);
  const above = f64x2.pmax(zero, f64x2.sub(e, width));
  return f64x2.add(f64x2.mul(bend, f64x2.mul(inKnee, inKnee)), f64x2.mul(line, above));
}
