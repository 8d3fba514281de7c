import { Glide } from "./glide";
import {
  INPUT_DC_BLOCK,
  INPUT_MONO,
  INPUT_POLARITY,
  INPUT_SWAP,
  INPUT_TRIM_DB,
} from "./layout";
import { dbToLinear, flush } from "./math";
import { param, paramChoice, paramOn } from "./memory";
import { Stage } from "./stage";

const DC_BLOCK_HZ: f64 = 5.0;

/**
 * Input conditioning: DC block (first-order high-pass, 5 Hz), trim, polarity, left/right swap and mono check.
 * All but the DC block are one 2 x 2 matrix whose entries glide.
 */
export class Input extends Stage {
  private fromSame: Glide = new Glide();
  private fromSameRight: Glide = new Glide();
  private fromOther: Glide = new Glide();
  private fromOtherRight: Glide = new Glide();
  private blocking: Glide = new Glide();
  private pole: f64 = 0;
  // Present matrix as lane pairs: [L from L, R from R], [L from R, R from L]; and the share of DC removed.
  private same: v128 = f64x2.splat(1.0);
  private other: v128 = f64x2.splat(0.0);
  private block: v128 = f64x2.splat(0.0);
  private dc: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.pole = 1.0 - Math.exp((-2.0 * Math.PI * DC_BLOCK_HZ) / sampleRateHz);
    this.fromSame.prepare(sampleRateHz);
    this.fromSameRight.prepare(sampleRateHz);
    this.fromOther.prepare(sampleRateHz);
    this.fromOtherRight.prepare(sampleRateHz);
    this.blocking.prepare(sampleRateHz);
  }

  reset(): void {
    this.fromSame.reset();
    this.fromSameRight.reset();
    this.fromOther.reset();
    this.fromOtherRight.reset();
    this.blocking.reset();
    this.dc = f64x2.splat(0.0);
  }

  control(): void {
    const gain = dbToLinear(param(INPUT_TRIM_DB));
    const polarity = paramChoice(INPUT_POLARITY);
    const left = (polarity & 1) != 0 ? -gain : gain;
    const right = (polarity & 2) != 0 ? -gain : gain;
    const mono = paramOn(INPUT_MONO);
    const swap = paramOn(INPUT_SWAP);
    // Polarity belongs to the input channels, before swap and sum.
    const direct: f64 = mono ? 0.5 : swap ? 0.0 : 1.0;
    const crossed: f64 = 1.0 - direct;
    this.fromSame.next(left * direct);
    this.fromSameRight.next(right * direct);
    this.fromOther.next(right * crossed);
    this.fromOtherRight.next(left * crossed);
    this.blocking.next(paramOn(INPUT_DC_BLOCK) ? 1.0 : 0.0);
    this.same = pair(this.fromSame.start, this.fromSameRight.start);
    this.other = pair(this.fromOther.start, this.fromOtherRight.start);
    this.block = f64x2.splat(this.blocking.start);
    this.dc = flush(this.dc);
  }

  run(io: usize, frames: i32): void {
    const pole = f64x2.splat(this.pole);
    const sameSlope = pair(this.fromSame.slope, this.fromSameRight.slope);
    const otherSlope = pair(this.fromOther.slope, this.fromOtherRight.slope);
    const blockSlope = f64x2.splat(this.blocking.slope);
    let same = this.same;
    let other = this.other;
    let block = this.block;
    let dc = this.dc;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      dc = f64x2.add(dc, f64x2.mul(pole, f64x2.sub(x, dc)));
      const y = f64x2.sub(x, f64x2.mul(block, dc));
      const crossed = v128.shuffle<f64>(y, y, 1, 0);
      v128.store(p, f64x2.add(f64x2.mul(same, y), f64x2.mul(other, crossed)));
      same = f64x2.add(same, sameSlope);
      other = f64x2.add(other, otherSlope);
      block = f64x2.add(block, blockSlope);
    }
    this.same = same;
    this.other = other;
    this.block = block;
    this.dc = dc;
  }
}

function pair(left: f64, right: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(left), 1, right);
}
