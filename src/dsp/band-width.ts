import { BandMix } from "./band-mix";
import { BAND_BYTES, BandSplit } from "./band-split";
import { Glide } from "./glide";
import {
  IMAGER_BAND_SLOTS,
  IMAGER_BAND_WIDTH_PERCENT,
  MULTIBAND_BANDS,
  MULTIBAND_CROSSOVER1_HZ,
  MULTIBAND_CROSSOVER2_HZ,
  MULTIBAND_CROSSOVER3_HZ,
  MULTIBAND_MAX_BANDS,
} from "./layout";
import { allocate, param, paramChoice } from "./memory";
import { WarmFade } from "./warm-fade";

const WARM_MS: f64 = 50.0;
const FADE_MS: f64 = 40.0;

/**
 * Width in bands: scales the side signal of each band of the multiband compressor's split. M passes the same split,
 * so that M and S stay in phase. While all widths are equal there is no split and no phase shift, and `width` is the
 * one width; from there the widths part once the split has faded in, 90 ms after they were set apart.
 */
export class BandWidth {
  private split: BandSplit = new BandSplit();
  private fade: WarmFade = new WarmFade();
  private widths: StaticArray<Glide> = new StaticArray<Glide>(MULTIBAND_MAX_BANDS);
  private mix: BandMix = new BandMix();
  /** Present width of all bands, while they have one. */
  private present: f64 = 1;
  private share: f64 = 0;
  private bands: usize = 0;
  private fresh: bool = true;

  prepare(sampleRateHz: f64): void {
    this.split.prepare(sampleRateHz);
    this.fade.prepare(sampleRateHz, WARM_MS, FADE_MS);
    this.bands = allocate(MULTIBAND_MAX_BANDS * BAND_BYTES);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.widths[b] = new Glide();
      this.widths[b].prepare(sampleRateHz);
    }
  }

  reset(): void {
    this.split.reset();
    this.fade.reset();
    this.fresh = true;
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) this.widths[b].reset();
  }

  /** Whether the split runs, heard or warming, in this control period. */
  get isActive(): bool {
    return !this.fade.isOff;
  }

  /** The one width while the split is not heard; 1 is as it came. */
  get width(): Glide {
    return this.widths[0];
  }

  /** Begins a control period. */
  control(): void {
    const bandCount = paramChoice(MULTIBAND_BANDS) == 0 ? 3 : 4;
    const common = targetOf(0);
    let apart = false;
    for (let b = 1; b < bandCount; b++) apart = apart || targetOf(b) != common;
    // Once apart, the split stays until the widths have met.
    for (let b = 1; b < MULTIBAND_MAX_BANDS && !this.fresh; b++) {
      apart = apart || this.widths[b].value != this.widths[0].value;
    }
    this.fresh = false;
    const started = this.fade.next(apart);
    const hold = apart && !this.fade.isOn;
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      const width = this.widths[b];
      width.next(hold ? width.value : targetOf(min(b, bandCount - 1)));
      this.mix.set(b, f64x2(1.0, width.start), f64x2(0.0, width.slope));
    }
    this.present = this.width.start;
    this.share = this.fade.start;
    if (started) this.split.reset();
    if (!this.isActive) return;
    this.split.control(
      param(MULTIBAND_CROSSOVER1_HZ),
      param(MULTIBAND_CROSSOVER2_HZ),
      param(MULTIBAND_CROSSOVER3_HZ),
      bandCount,
    );
  }

  /** Processes [M, S] frames in place; when active. */
  run(io: usize, frames: i32): void {
    this.split.run(io, frames, this.bands);
    if (this.fade.isOn && this.share == 1.0) {
      this.mix.run(this.bands, io, frames);
      return;
    }
    this.mix.run(this.bands, this.bands, frames);
    this.blend(io, frames);
  }

  private blend(io: usize, frames: i32): void {
    const slope = f64x2(0.0, this.widths[0].slope);
    const shareSlope = f64x2.splat(this.fade.slope);
    let scale = f64x2(1.0, this.present);
    let share = f64x2.splat(this.share);
    let band = this.bands;
    const end = io + (<usize>frames << 4);
    for (let p = io; p < end; p += 16) {
      const whole = f64x2.mul(scale, v128.load(p));
      v128.store(p, f64x2.add(whole, f64x2.mul(share, f64x2.sub(v128.load(band), whole))));
      scale = f64x2.add(scale, slope);
      share = f64x2.add(share, shareSlope);
      band += 16;
    }
    this.present = f64x2.extract_lane(scale, 1);
    this.share = f64x2.extract_lane(share, 0);
  }
}

function targetOf(band: i32): f64 {
  return param(IMAGER_BAND_WIDTH_PERCENT + band * IMAGER_BAND_SLOTS) * 0.01;
}
