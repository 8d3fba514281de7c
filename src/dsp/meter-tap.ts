import { KWeighting } from "./k-weighting";
import {
  TAP_K_MEAN_SQUARE,
  TAP_MEAN_PRODUCT,
  TAP_MEAN_SQUARE,
  TAP_SAMPLE_PEAK,
  TAP_TRUE_PEAK,
} from "./layout";
import { TruePeak } from "./true-peak";

/** Measures a stereo signal at one point of the chain, bin by bin; see the TAP fields of the layout. */
export class MeterTap {
  private weighting: KWeighting = new KWeighting();
  private truePeak: TruePeak = new TruePeak();
  private peak: v128 = f64x2.splat(0.0);
  private squares: v128 = f64x2.splat(0.0);
  /** Left times right, in both lanes. */
  private products: v128 = f64x2.splat(0.0);

  prepare(sampleRateHz: f64): void {
    this.weighting.prepare(sampleRateHz);
    this.truePeak.prepare();
  }

  reset(): void {
    this.weighting.reset();
    this.truePeak.reset();
    this.clear();
  }

  /** Measures frames of the present bin. */
  run(io: usize, frames: i32): void {
    let peak = this.peak;
    let squares = this.squares;
    let products = this.products;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const x = v128.load(p);
      peak = f64x2.pmax(peak, f64x2.abs(x));
      squares = f64x2.add(squares, f64x2.mul(x, x));
      products = f64x2.add(products, f64x2.mul(x, v128.shuffle<f64>(x, x, 1, 0)));
    }
    this.peak = peak;
    this.squares = squares;
    this.products = products;
    this.weighting.run(io, frames);
    this.truePeak.run(io, frames);
  }

  /** Ends the bin: writes its TAP fields at `record` and starts the next. */
  endBin(record: usize, binFrames: i32): void {
    const scale = f64x2.splat(1.0 / <f64>binFrames);
    v128.store(record + TAP_SAMPLE_PEAK * 8, this.peak);
    v128.store(record + TAP_TRUE_PEAK * 8, f64x2.pmax(this.peak, this.truePeak.takePeak()));
    v128.store(record + TAP_MEAN_SQUARE * 8, f64x2.mul(this.squares, scale));
    v128.store(record + TAP_K_MEAN_SQUARE * 8, f64x2.mul(this.weighting.takeSum(), scale));
    store<f64>(record + TAP_MEAN_PRODUCT * 8, f64x2.extract_lane(this.products, 0) / <f64>binFrames);
    this.weighting.settle();
    this.clear();
  }

  private clear(): void {
    this.peak = f64x2.splat(0.0);
    this.squares = f64x2.splat(0.0);
    this.products = f64x2.splat(0.0);
  }
}
