import { Cascade } from "./cascade";
import {
  FILTERS_HIGHPASS_HZ,
  FILTERS_HIGHPASS_SLOPE,
  FILTERS_LOWPASS_HZ,
  FILTERS_LOWPASS_SLOPE,
} from "./layout";
import { MatchedSection } from "./matched-section";
import { PassFilter } from "./pass-filter";
import { Stage } from "./stage";

/**
 * High-pass and low-pass: Butterworth, 12 or 24 dB an octave, matched to the analog curve. No delay.
 * A filter that is off passes the sound bit for bit and costs nothing.
 */
export class Filters extends Stage {
  private readonly highpass: PassFilter = new PassFilter(true, FILTERS_HIGHPASS_HZ, FILTERS_HIGHPASS_SLOPE);
  private readonly lowpass: PassFilter = new PassFilter(false, FILTERS_LOWPASS_HZ, FILTERS_LOWPASS_SLOPE);
  private readonly section: MatchedSection = new MatchedSection();
  private readonly cascade: Cascade = new Cascade();

  constructor() {
    super();
    this.cascade.add(this.highpass.first);
    this.cascade.add(this.highpass.second);
    this.cascade.add(this.lowpass.first);
    this.cascade.add(this.lowpass.second);
  }

  prepare(sampleRateHz: f64): void {
    this.section.prepare(sampleRateHz);
    this.highpass.prepare(sampleRateHz);
    this.lowpass.prepare(sampleRateHz);
  }

  reset(): void {
    this.highpass.reset();
    this.lowpass.reset();
  }

  control(): void {
    this.highpass.control(this.section);
    this.lowpass.control(this.section);
    this.cascade.step();
  }

  run(io: usize, frames: i32): void {
    this.cascade.run(io, frames);
  }
}
