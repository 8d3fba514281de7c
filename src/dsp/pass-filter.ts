import { Biquad } from "./biquad";
import { Glide } from "./glide";
import { MatchedSection } from "./matched-section";
import { param, paramChoice } from "./memory";

const FREQ_GLIDE_MS: f64 = 20.0;
// Butterworth: Q of a filter of order 2, and of the two sections of order 4.
const Q_ORDER_2: f64 = Math.SQRT1_2;
const Q_ORDER_4_FIRST: f64 = 0.541196100146197;
const Q_ORDER_4_SECOND: f64 = 1.3065629648763766;
/** Where the low-pass meets its prototype besides the cutoff, as a share of Nyquist: the passband matters most. */
const LOWPASS_POINT: f64 = 0.4;

/**
 * A Butterworth high-pass or low-pass of order 0, 2 or 4. Between the orders, and between on and off, the sections
 * glide: each is mixed with its input by a share of its own, and the first one's Q moves.
 */
export class PassFilter {
  readonly first: Biquad = new Biquad();
  readonly second: Biquad = new Biquad();
  private readonly freq: Glide = new Glide();
  private readonly firstQ: Glide = new Glide();
  private readonly firstShare: Glide = new Glide();
  private readonly secondShare: Glide = new Glide();
  private freqHz: f64 = 0;
  private log2Freq: f64 = 0;

  /**
   * @param high whether it is a high-pass
   * @param freqSlot parameter slot of the cutoff in Hz
   * @param slopeSlot parameter slot of the slope: 0 off, 1 order 2, 2 order 4
   */
  constructor(
    private readonly high: bool,
    private readonly freqSlot: i32,
    private readonly slopeSlot: i32,
  ) {}

  prepare(sampleRateHz: f64): void {
    this.freq.prepare(sampleRateHz, FREQ_GLIDE_MS);
    this.firstQ.prepare(sampleRateHz);
    this.firstShare.prepare(sampleRateHz);
    this.secondShare.prepare(sampleRateHz);
  }

  reset(): void {
    this.firstShare.reset();
    this.secondShare.reset();
    this.first.reset();
    this.second.reset();
  }

  /** Moves the glides by one control period and sets the next targets of both sections. */
  control(section: MatchedSection): void {
    const order = paramChoice(this.slopeSlot);
    const freqHz = param(this.freqSlot);
    if (freqHz != this.freqHz) {
      this.freqHz = freqHz;
      this.log2Freq = Math.log2(freqHz);
    }
    if (this.first.resting && this.second.resting) {
      this.freq.reset();
      this.firstQ.reset();
    }
    const shared = this.firstShare.next(order > 0 ? 1.0 : 0.0);
    const steepened = this.secondShare.next(order > 1 ? 1.0 : 0.0);
    const tuned = this.freq.next(this.log2Freq);
    const bent = this.firstQ.next(order > 1 ? Q_ORDER_4_FIRST : Q_ORDER_2);
    if (this.firstShare.value == 0.0 && this.first.resting) return;
    if (!shared && !steepened && !tuned && !bent) return;
    section.tune(this.freq.value);
    this.design(section, this.firstQ.value);
    section.apply(this.first, this.firstShare.value);
    this.design(section, Q_ORDER_4_SECOND);
    section.apply(this.second, this.secondShare.value);
  }

  private design(section: MatchedSection, q: f64): void {
    section.numerator(this.high ? 1.0 : 0.0, 0.0, this.high ? 0.0 : 1.0);
    section.denominator(1.0, 1.0 / (q * q) - 2.0, 1.0);
    section.warp(LOWPASS_POINT);
  }
}
