import { BandSplit } from "./band-split";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  MULTIBAND_BANDS,
  MULTIBAND_BAND_SLOTS,
  MULTIBAND_BAND_SOLO,
  MULTIBAND_CROSSOVER1_HZ,
  MULTIBAND_CROSSOVER2_HZ,
  MULTIBAND_CROSSOVER3_HZ,
  MULTIBAND_MAX_BANDS,
} from "./layout";
import { allocate, param, paramChoice, paramOn } from "./memory";
import { Stage } from "./stage";

/** Multiband stage: three or four phase-compensated bands, any of which can be heard alone. */
export class Multiband extends Stage {
  private split: BandSplit = new BandSplit();
  private audible: StaticArray<Glide> = new StaticArray<Glide>(MULTIBAND_MAX_BANDS);
  private gains: StaticArray<f64> = new StaticArray<f64>(MULTIBAND_MAX_BANDS);
  private bands: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.split.prepare(sampleRateHz);
    this.bands = allocate(MULTIBAND_MAX_BANDS * CONTROL_FRAMES * 16);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.audible[b] = new Glide();
      this.audible[b].prepare(sampleRateHz);
    }
  }

  reset(): void {
    this.split.reset();
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) this.audible[b].reset();
  }

  control(): void {
    const bandCount = paramChoice(MULTIBAND_BANDS) == 0 ? 3 : 4;
    this.split.control(
      param(MULTIBAND_CROSSOVER1_HZ),
      param(MULTIBAND_CROSSOVER2_HZ),
      param(MULTIBAND_CROSSOVER3_HZ),
      bandCount,
    );
    let solos = 0;
    for (let b = 0; b < bandCount; b++) solos += i32(this.soloed(b));
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.audible[b].next(solos == 0 || this.soloed(b) ? 1.0 : 0.0);
      this.gains[b] = this.audible[b].start;
    }
  }

  private soloed(band: i32): bool {
    return paramOn(MULTIBAND_BAND_SOLO + band * MULTIBAND_BAND_SLOTS);
  }

  run(io: usize, frames: i32): void {
    this.split.run(io, frames, this.bands);
    memory.fill(io, 0, <usize>frames << 4);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      let gain = this.gains[b];
      const slope = this.audible[b].slope;
      const band = this.bands + <usize>(b * CONTROL_FRAMES * 16);
      for (let i = 0; i < frames; i++) {
        const offset = <usize>i << 4;
        const sum = f64x2.add(v128.load(io + offset), f64x2.mul(f64x2.splat(gain), v128.load(band + offset)));
        v128.store(io + offset, sum);
        gain += slope;
      }
      this.gains[b] = gain;
    }
  }
}
