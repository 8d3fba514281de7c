import { BAND_BYTES, BandSplit } from "./band-split";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  MULTIBAND_CROSSOVER1_HZ,
  MULTIBAND_CROSSOVER2_HZ,
  MULTIBAND_CROSSOVER3_HZ,
  MULTIBAND_MAX_BANDS,
} from "./layout";
import { allocate, param } from "./memory";
import { WarmFade } from "./warm-fade";

/** A crossover settles within this; until then it runs unheard. */
const WARM_MS: f64 = 50.0;
const FADE_MS: f64 = 20.0;

/** Lets one of the four bands between the crossovers of the multiband compressor be heard alone. */
export class BandSolo {
  private split: BandSplit = new BandSplit();
  private fade: WarmFade = new WarmFade();
  private weights: StaticArray<Glide> = new StaticArray<Glide>(MULTIBAND_MAX_BANDS);
  private bands: usize = 0;
  private solo: i32 = 0;
  /** Frames of the control period that are done. */
  private done: i32 = 0;

  prepare(sampleRateHz: f64): void {
    this.split.prepare(sampleRateHz);
    this.fade.prepare(sampleRateHz, WARM_MS, FADE_MS);
    for (let band = 0; band < MULTIBAND_MAX_BANDS; band++) {
      this.weights[band] = new Glide();
      this.weights[band].prepare(sampleRateHz);
    }
    this.bands = allocate(MULTIBAND_MAX_BANDS * BAND_BYTES);
    this.reset();
  }

  /** Lets all of the sound pass; a band that is asked for next fades in. */
  reset(): void {
    this.fade.reset();
    this.fade.next(false);
    this.clear();
  }

  /** Whether all of the sound passes untouched. */
  get isOff(): bool {
    return this.fade.isOff;
  }

  /**
   * Begins a control period.
   * @param band 1 to 4 for one band alone, 0 for all
   */
  control(band: i32): void {
    this.done = 0;
    // The band that was heard last is the one that fades out.
    if (band > 0) this.solo = band;
    if (this.fade.next(band > 0)) this.clear();
    if (this.fade.isOff) return;
    for (let k = 0; k < MULTIBAND_MAX_BANDS; k++) this.weights[k].next(k + 1 == this.solo ? 1.0 : 0.0);
    const bands = MULTIBAND_MAX_BANDS;
    this.split.control(param(MULTIBAND_CROSSOVER1_HZ), param(MULTIBAND_CROSSOVER2_HZ), param(MULTIBAND_CROSSOVER3_HZ), bands);
  }

  /** Takes frames of the present control period in place. */
  run(io: usize, frames: i32): void {
    if (!this.fade.isOff) {
      this.split.run(io, frames, this.bands);
      for (let i = 0; i < frames; i++) {
        const at = <f64>(this.done + i);
        const frame = <usize>i << 4;
        let band = f64x2.splat(0.0);
        for (let k = 0; k < MULTIBAND_MAX_BANDS; k++) {
          const weight = this.weights[k].start + at * this.weights[k].slope;
          band = f64x2.add(band, f64x2.mul(f64x2.splat(weight), v128.load(this.bands + <usize>k * BAND_BYTES + frame)));
        }
        const whole = v128.load(io + frame);
        const share = f64x2.splat(this.fade.start + at * this.fade.slope);
        v128.store(io + frame, f64x2.add(whole, f64x2.mul(share, f64x2.sub(band, whole))));
      }
    }
    this.done += frames;
  }

  private clear(): void {
    this.split.reset();
    for (let k = 0; k < MULTIBAND_MAX_BANDS; k++) this.weights[k].reset();
    this.done = 0;
  }
}
