import { BandMix } from "./band-mix";
import { BAND_BYTES, BandSplit } from "./band-split";
import { Dynamics } from "./dynamics";
import { Glide } from "./glide";
import {
  MULTIBAND_BANDS,
  MULTIBAND_BAND_DYNAMICS,
  MULTIBAND_BAND_ON,
  MULTIBAND_BAND_SLOTS,
  MULTIBAND_BAND_SOLO,
  MULTIBAND_CROSSOVER1_HZ,
  MULTIBAND_CROSSOVER2_HZ,
  MULTIBAND_CROSSOVER3_HZ,
  MULTIBAND_MAX_BANDS,
  READOUT_MULTIBAND_REDUCTION_DB,
} from "./layout";
import { allocate, param, paramChoice, paramOn, readoutPeak } from "./memory";
import { Stage } from "./stage";

/**
 * Multiband compressor: three or four phase-compensated bands, each with its own dynamics; any of them can be
 * heard alone. Parallel mixes are against the band itself, so they never comb. A band that is off passes as the
 * split gives it.
 */
export class Multiband extends Stage {
  private split: BandSplit = new BandSplit();
  private dynamics: StaticArray<Dynamics> = new StaticArray<Dynamics>(MULTIBAND_MAX_BANDS);
  private audible: StaticArray<Glide> = new StaticArray<Glide>(MULTIBAND_MAX_BANDS);
  private mix: BandMix = new BandMix();
  private bands: usize = 0;

  prepare(sampleRateHz: f64): void {
    this.split.prepare(sampleRateHz);
    this.bands = allocate(<usize>MULTIBAND_MAX_BANDS * BAND_BYTES);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.dynamics[b] = new Dynamics(MULTIBAND_BAND_DYNAMICS + b * MULTIBAND_BAND_SLOTS);
      this.dynamics[b].prepare(sampleRateHz);
      this.audible[b] = new Glide();
      this.audible[b].prepare(sampleRateHz);
    }
  }

  reset(): void {
    this.split.reset();
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.dynamics[b].reset();
      this.audible[b].reset();
    }
  }

  control(): void {
    const bandCount = paramChoice(MULTIBAND_BANDS) == 0 ? 3 : 4;
    this.split.control(
      param(MULTIBAND_CROSSOVER1_HZ),
      param(MULTIBAND_CROSSOVER2_HZ),
      param(MULTIBAND_CROSSOVER3_HZ),
      bandCount,
    );
    let alone = false;
    for (let b = 0; b < bandCount; b++) alone = alone || this.soloed(b);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      readoutPeak(READOUT_MULTIBAND_REDUCTION_DB + b, this.dynamics[b].takeReductionDb());
      this.dynamics[b].control(b < bandCount && paramOn(MULTIBAND_BAND_ON + b * MULTIBAND_BAND_SLOTS));
      this.audible[b].next(!alone || this.soloed(b) ? 1.0 : 0.0);
      this.mix.set(b, f64x2.splat(this.audible[b].start), f64x2.splat(this.audible[b].slope));
    }
  }

  private soloed(band: i32): bool {
    return paramOn(MULTIBAND_BAND_SOLO + band * MULTIBAND_BAND_SLOTS);
  }

  run(io: usize, frames: i32): void {
    this.split.run(io, frames, this.bands);
    for (let b = 0; b < MULTIBAND_MAX_BANDS; b++) {
      this.dynamics[b].run(this.bands + <usize>b * BAND_BYTES, frames);
    }
    this.mix.run(this.bands, io, frames);
  }
}
