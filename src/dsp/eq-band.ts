import { Biquad } from "./biquad";
import { BELL, EqDesign, NOTCH } from "./eq-design";
import { Glide } from "./glide";
import {
  CONTROL_FRAMES,
  EQ_BAND_CHANNEL,
  EQ_BAND_FREQ_HZ,
  EQ_BAND_GAIN_DB,
  EQ_BAND_ON,
  EQ_BAND_Q,
  EQ_BAND_SLOTS,
  EQ_BAND_TYPE,
} from "./layout";
import { exp2, smootherStep } from "./math";
import { param, paramChoice, paramOn } from "./memory";

const FADE_MS: f64 = 25.0;
const FREQ_GLIDE_MS: f64 = 20.0;
/** Fastest sweep of a band of Q 1, in octaves a second; a narrower one takes its time to pass a tone. */
const SWEEP_OCTAVES_PER_S: f64 = 60.0;

/**
 * One band of the equaliser: reads its parameters and keeps its section up to date.
 *
 * Frequency and Q glide in octaves. On, off and a new type fade the whole band out and in; the channel glides.
 */
export class EqBand {
  readonly biquad: Biquad = new Biquad();
  readonly freq: Glide = new Glide();
  readonly q: Glide = new Glide();
  /** Share of the own and of the other channel in what the band works on. */
  readonly same: Glide = new Glide();
  readonly other: Glide = new Glide();
  private readonly gain: Glide = new Glide();
  private type: i32 = BELL;
  private fadeTicks: i32 = 1;
  private fade: i32 = 0;
  private channel: i32 = 0;
  private fresh: bool = true;
  /** Everything stands where the parameters last seen want it. */
  private settled: bool = false;
  private sweepStep: f64 = 0;
  // The parameters last seen and their logarithms, which are not worth taking anew each period.
  private freqHz: f64 = 0;
  private qValue: f64 = 0;
  private log2Freq: f64 = 0;
  private log2Q: f64 = 0;
  private sweptTo: f64 = 0;
  private jumped: bool = true;

  /** @param slots distance of this band's parameter slots from those of the first band */
  constructor(private readonly slots: i32) {}

  prepare(sampleRateHz: f64): void {
    this.freq.prepare(sampleRateHz, FREQ_GLIDE_MS);
    this.q.prepare(sampleRateHz);
    this.gain.prepare(sampleRateHz);
    this.same.prepare(sampleRateHz);
    this.other.prepare(sampleRateHz);
    this.fadeTicks = <i32>Math.round((sampleRateHz * FADE_MS * 0.001) / CONTROL_FRAMES);
    this.sweepStep = (SWEEP_OCTAVES_PER_S * CONTROL_FRAMES) / sampleRateHz;
  }

  reset(): void {
    this.fresh = true;
    this.biquad.reset();
  }

  /**
   * Moves the glides by one control period and sets the section's next target.
   * @param moves whether the band's dynamic part is heard
   * @param shallMove whether it is asked for
   */
  control(design: EqDesign, moves: bool, shallMove: bool): void {
    const type = paramChoice(EQ_BAND_TYPE + this.slots);
    const on = paramOn(EQ_BAND_ON + this.slots);
    if (this.fresh) this.jump(type, on);
    else if (!moves && this.biquad.resting) {
      if (!shallMove && this.nothingAsked(type, on)) return;
      this.jump(type, on);
    } else if (this.settled && !this.changeAsked(type, on)) {
      return;
    }
    const faded = this.stepFade(type, on);
    const moved = this.stepGlides();
    this.settled = !faded && !moved && !this.same.moving && !this.other.moving;
    const share = smootherStep(<f64>this.fade / <f64>this.fadeTicks);
    const gainDb = this.gain.value * share;
    const silent = this.type == NOTCH ? share == 0.0 : gainDb == 0.0;
    if (silent && this.biquad.resting) return;
    this.biquad.toSame = this.same.value;
    this.biquad.toOther = this.other.value;
    if (!faded && !moved) return;
    design.section.tune(this.freq.value);
    design.design(this.type, gainDb, exp2(this.q.value));
    design.section.apply(this.biquad, this.type == NOTCH ? share : 1.0);
  }

  /** Whether a resting band may rest on. */
  private nothingAsked(type: i32, on: bool): bool {
    if (!on) return this.fade == 0;
    return type != NOTCH && this.gain.value == 0.0 && param(EQ_BAND_GAIN_DB + this.slots) == 0.0;
  }

  /** Whether a parameter differs from what a settled band stands at. */
  private changeAsked(type: i32, on: bool): bool {
    return (
      type != this.type ||
      on != (this.fade == this.fadeTicks) ||
      param(EQ_BAND_FREQ_HZ + this.slots) != this.freqHz ||
      param(EQ_BAND_Q + this.slots) != this.qValue ||
      param(EQ_BAND_GAIN_DB + this.slots) != this.gain.value ||
      paramChoice(EQ_BAND_CHANNEL + this.slots) != this.channel
    );
  }

  /** Takes everything but a gain that starts from nothing at once. */
  private jump(type: i32, on: bool): void {
    if (this.fresh) {
      this.fade = on ? this.fadeTicks : 0;
      this.gain.reset();
    } else if (type != this.type) {
      this.fade = 0;
    }
    if (this.fade == 0) this.gain.reset();
    this.fresh = false;
    this.jumped = true;
    this.type = type;
    this.freq.reset();
    this.q.reset();
    this.same.reset();
    this.other.reset();
  }

  /** Moves the fade toward what is asked, by way of silence when the type changes; true when it moved. */
  private stepFade(type: i32, on: bool): bool {
    const before = this.fade;
    if (this.fade == 0) this.type = type;
    const heard = on && type == this.type;
    if (heard && this.fade < this.fadeTicks) this.fade++;
    else if (!heard && this.fade > 0) this.fade--;
    return this.fade != before;
  }

  private stepGlides(): bool {
    const freqHz = param(EQ_BAND_FREQ_HZ + this.slots);
    if (freqHz != this.freqHz) {
      this.freqHz = freqHz;
      this.log2Freq = Math.log2(freqHz);
    }
    const q = param(EQ_BAND_Q + this.slots);
    if (q != this.qValue) {
      this.qValue = q;
      this.log2Q = Math.log2(q);
    }
    this.channel = paramChoice(EQ_BAND_CHANNEL + this.slots);
    const channel = this.channel;
    const movedQ = this.q.next(this.log2Q);
    const movedFreq = this.freq.next(this.sweep());
    const movedGain = this.gain.next(param(EQ_BAND_GAIN_DB + this.slots));
    this.same.next(channel == 0 ? 1.0 : 0.5);
    this.other.next(channel == 0 ? 0.0 : channel == 1 ? 0.5 : -0.5);
    return movedQ || movedFreq || movedGain;
  }

  /** Where the frequency glides to: the parameter's, no faster than the sweep allows. */
  private sweep(): f64 {
    const way = this.log2Freq - this.sweptTo;
    if (this.jumped || way == 0.0) {
      this.jumped = false;
      this.sweptTo = this.log2Freq;
      return this.sweptTo;
    }
    const step = this.sweepStep / Math.max(1.0, exp2(this.q.value));
    this.sweptTo = Math.abs(way) <= step ? this.log2Freq : this.sweptTo + (way > 0.0 ? step : -step);
    return this.sweptTo;
  }
}
